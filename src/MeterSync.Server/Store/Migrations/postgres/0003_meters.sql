-- Service points stay when meters change; meters are tied to them by dated installations; registers by dated versions.
create extension if not exists postgis;
create extension if not exists pg_trgm;

create table regions (
  id uuid not null primary key,
  name text not null,
  name_key text not null,
  description text,
  status text not null check (status in ('active', 'inactive', 'maintenance')),
  -- A circle, or a polygon as a list of [longitude, latitude], or neither.
  latitude double precision check (latitude between -90 and 90),
  longitude double precision check (longitude between -180 and 180),
  radius_metres double precision check (radius_metres > 0 and radius_metres <= 20015115),
  polygon jsonb check (jsonb_typeof(polygon) = 'array'),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null,
  check ((latitude is null) = (radius_metres is null) and (longitude is null) = (radius_metres is null)),
  check (radius_metres is null or polygon is null)
);
create unique index ix_regions_name_key on regions (name_key);

create table service_points (
  id uuid not null primary key,
  address text,
  latitude double precision check (latitude between -90 and 90),
  longitude double precision check (longitude between -180 and 180),
  position_source text not null check (position_source in ('surveyed', 'geocoded', 'unknown')),
  location_id text,
  region_id uuid references regions (id),
  owner text,
  time_zone text,
  access_notes text,
  hazard_notes text,
  key_number text,
  external_id text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  position geography(point, 4326) generated always as (st_setsrid(st_makepoint(longitude, latitude), 4326)::geography) stored,
  check ((latitude is null) = (longitude is null))
);
create index ix_service_points_location_id on service_points (location_id);
create index ix_service_points_region_id on service_points (region_id) where region_id is not null;
create index ix_service_points_position on service_points using gist (position);

create table meters (
  id uuid not null primary key,
  serial_number text not null,
  meter_type text not null check (meter_type in ('electric', 'water', 'gas', 'heat')),
  status text not null check (status in ('active', 'inactive', 'maintenance', 'out_of_service')),
  priority text not null check (priority in ('low', 'medium', 'high', 'critical')),
  service_point_id uuid references service_points (id),
  metadata jsonb not null,
  estimated_minutes integer,
  requires_photo boolean not null,
  search_text text not null,
  -- When an exchange put it where it is, and when one took it away: what was counted elsewhere is none of this place's use. Null for nearly all.
  segment_from timestamptz,
  removed_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null
);
create index ix_meters_requires_photo on meters (requires_photo) where requires_photo;
create unique index ix_meters_serial_number on meters (serial_number);
create index ix_meters_service_point_id on meters (service_point_id);
create index ix_meters_created_at_id on meters (created_at, id);
create index ix_meters_search_text on meters using gin (search_text gin_trgm_ops);

create table meter_installations (
  meter_id uuid not null references meters (id),
  installed_at timestamptz not null,
  service_point_id uuid not null references service_points (id),
  removed_at timestamptz,
  primary key (meter_id, installed_at)
);
create unique index ix_meter_installations_meter_id on meter_installations (meter_id) where removed_at is null;
create index ix_meter_installations_service_point_id on meter_installations (service_point_id);

create table registers (
  id uuid not null primary key,
  meter_id uuid not null references meters (id),
  ordinal integer not null,
  label text not null,
  quantity text not null,
  kind text not null check (kind in ('cumulative', 'maximum_demand', 'instantaneous')),
  direction text not null check (direction in ('import', 'export')),
  obis_code text,
  runs_backwards boolean not null,
  -- The register that counted the same at the same place before an exchange: its use is what is to be expected of this one.
  predecessor_id uuid references registers (id),
  created_at timestamptz not null
);
create unique index ix_registers_meter_id_ordinal on registers (meter_id, ordinal);
create index ix_registers_predecessor_id on registers (predecessor_id) where predecessor_id is not null;

create table register_versions (
  register_id uuid not null references registers (id),
  effective_from timestamptz not null,
  unit text not null,
  digits integer,
  decimals integer,
  multiplier numeric(18,6) not null,
  maximum_use_per_day numeric(18,6),
  primary key (register_id, effective_from)
);

create table meter_last_readings (
  meter_id uuid not null primary key references meters (id),
  reading_at timestamptz not null,
  value numeric(18,6) not null,
  unit text not null
);
create index ix_meter_last_readings_reading_at on meter_last_readings (reading_at);
