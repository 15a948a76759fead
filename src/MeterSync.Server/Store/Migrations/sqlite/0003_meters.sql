-- Service points stay when meters change; meters are tied to them by dated installations; registers by dated versions.
create table regions (
  id blob not null primary key,
  name text not null,
  name_key text not null,
  description text,
  status text not null check (status = 'active' or status = 'inactive' or status = 'maintenance'),
  -- A circle, or a polygon as a list of [longitude, latitude], or neither.
  latitude real check (latitude between -90 and 90),
  longitude real check (longitude between -180 and 180),
  radius_metres real check (radius_metres > 0 and radius_metres <= 20015115),
  polygon text check (json_type(polygon) = 'array'),
  created_at integer not null,
  updated_at integer not null,
  version integer not null,
  check ((latitude is null) = (radius_metres is null) and (longitude is null) = (radius_metres is null)),
  check (radius_metres is null or polygon is null)
) strict, without rowid;
create unique index ix_regions_name_key on regions (name_key);

-- row_id is SQLite's own key: the R*Tree needs a whole number that VACUUM does not renumber.
create table service_points (
  row_id integer not null primary key,
  id blob not null,
  address text,
  latitude real,
  longitude real,
  position_source text not null check (position_source = 'surveyed' or position_source = 'geocoded' or position_source = 'unknown'),
  location_id text,
  region_id blob references regions (id),
  owner text,
  time_zone text,
  access_notes text,
  hazard_notes text,
  key_number text,
  external_id text,
  created_at integer not null,
  updated_at integer not null,
  check ((latitude is null) = (longitude is null)),
  check (latitude between -90 and 90),
  check (longitude between -180 and 180)
) strict;
create unique index ix_service_points_id on service_points (id);
create index ix_service_points_location_id on service_points (location_id);
create index ix_service_points_region_id on service_points (region_id) where region_id is not null;

create virtual table service_point_positions using rtree (row_id, latitude_low, latitude_high, longitude_low, longitude_high);
create trigger service_points_inserted after insert on service_points when new.latitude is not null begin
  insert into service_point_positions values (new.row_id, new.latitude, new.latitude, new.longitude, new.longitude);
end;
create trigger service_points_moved after update of latitude, longitude on service_points when old.latitude is not new.latitude or old.longitude is not new.longitude begin
  delete from service_point_positions where row_id = old.row_id;
  insert into service_point_positions select new.row_id, new.latitude, new.latitude, new.longitude, new.longitude where new.latitude is not null;
end;
create trigger service_points_deleted after delete on service_points begin
  delete from service_point_positions where row_id = old.row_id;
end;

create table meters (
  id blob not null primary key,
  serial_number text not null,
  meter_type text not null check (meter_type = 'electric' or meter_type = 'water' or meter_type = 'gas' or meter_type = 'heat'),
  status text not null check (status = 'active' or status = 'inactive' or status = 'maintenance' or status = 'out_of_service'),
  priority text not null check (priority = 'low' or priority = 'medium' or priority = 'high' or priority = 'critical'),
  service_point_id blob references service_points (id),
  metadata text not null,
  estimated_minutes integer,
  requires_photo integer not null,
  search_text text not null,
  -- When an exchange put it where it is, and when one took it away: what was counted elsewhere is none of this place's use. Null for nearly all.
  segment_from integer,
  removed_at integer,
  created_at integer not null,
  updated_at integer not null,
  version integer not null
) strict, without rowid;
create index ix_meters_requires_photo on meters (requires_photo) where requires_photo;
create unique index ix_meters_serial_number on meters (serial_number);
create index ix_meters_service_point_id on meters (service_point_id);
create index ix_meters_created_at_id on meters (created_at, id);

create table meter_installations (
  meter_id blob not null references meters (id),
  installed_at integer not null,
  service_point_id blob not null references service_points (id),
  removed_at integer,
  primary key (meter_id, installed_at)
) strict, without rowid;
create unique index ix_meter_installations_meter_id on meter_installations (meter_id) where removed_at is null;
create index ix_meter_installations_service_point_id on meter_installations (service_point_id);

create table registers (
  id blob not null primary key,
  meter_id blob not null references meters (id),
  ordinal integer not null,
  label text not null,
  quantity text not null,
  kind text not null check (kind = 'cumulative' or kind = 'maximum_demand' or kind = 'instantaneous'),
  direction text not null check (direction = 'import' or direction = 'export'),
  obis_code text,
  runs_backwards integer not null,
  -- The register that counted the same at the same place before an exchange: its use is what is to be expected of this one.
  predecessor_id blob references registers (id),
  created_at integer not null
) strict, without rowid;
create unique index ix_registers_meter_id_ordinal on registers (meter_id, ordinal);
create index ix_registers_predecessor_id on registers (predecessor_id) where predecessor_id is not null;

create table register_versions (
  register_id blob not null references registers (id),
  effective_from integer not null,
  unit text not null,
  digits integer,
  decimals integer,
  multiplier integer not null,
  maximum_use_per_day integer,
  primary key (register_id, effective_from)
) strict, without rowid;

create table meter_last_readings (
  meter_id blob not null primary key references meters (id),
  reading_at integer not null,
  value integer not null,
  unit text not null
) strict, without rowid;
create index ix_meter_last_readings_reading_at on meter_last_readings (reading_at);
