-- One reading a visit, one value a register. Values and consumption are millionths.
create table readings (
  id blob not null primary key,
  client_id blob,
  content_hash blob,
  meter_id blob not null references meters (id),
  reading_at integer not null,
  received_at integer not null,
  source text not null check (source = 'manual' or source = 'photo' or source = 'ocr' or source = 'telemetry' or source = 'customer' or source = 'import' or source = 'estimate'),
  agent_id blob,
  device_id text,
  latitude real,
  longitude real,
  accuracy_metres real,
  notes text,
  -- When the notes were last changed, and under which client_id a phone said so: the later one holds. Null while they are as they came.
  notes_at integer,
  notes_client_id blob,
  photo_url text,
  photos text,
  -- Whether the photos it names are here; null where it names none and none came.
  evidence text check (evidence = 'none' or evidence = 'pending' or evidence = 'complete' or evidence = 'missing'),
  double_entered integer not null,
  state text not null check (state = 'captured' or state = 'held' or state = 'accepted' or state = 'rejected' or state = 'superseded'),
  verified_at integer,
  verified_by blob,
  decided_at integer,
  decided_by blob,
  decision_note text,
  import_batch_id blob references import_batches (id),
  version integer not null
) strict, without rowid;
create unique index ix_readings_client_id on readings (client_id) where client_id is not null;
create index ix_readings_reading_at_id on readings (reading_at, id);
create index ix_readings_meter_id_reading_at_id on readings (meter_id, reading_at, id);
create index ix_readings_state_reading_at_id on readings (state, reading_at, id) where state <> 'accepted';
create index ix_readings_source_reading_at on readings (source, reading_at) where source = 'estimate';
create index ix_readings_agent_id_reading_at_id on readings (agent_id, reading_at, id) where agent_id is not null;
create index ix_readings_evidence_reading_at_id on readings (evidence, reading_at, id) where evidence is not null;
create index ix_readings_import_batch_id on readings (import_batch_id) where import_batch_id is not null;

create table reading_values (
  id blob not null,
  reading_id blob not null references readings (id),
  -- The reading and the register have the meter. A key of its own would be looked up, without an index, for every meter that is deleted.
  meter_id blob not null,
  register_id blob not null references registers (id),
  ordinal integer not null,
  reading_at integer not null,
  value integer not null,
  state text not null check (state = 'captured' or state = 'held' or state = 'accepted' or state = 'rejected' or state = 'superseded'),
  quality text not null check (quality = 'valid' or quality = 'estimated' or quality = 'edited' or quality = 'suspect' or quality = 'rejected'),
  flags text not null,
  findings text,
  expected text,
  read_by text,
  previous_value_id blob,
  consumption integer,
  days integer,
  supersedes_id blob,
  -- How it was estimated: method, numbers, sentence. Null for what was read.
  estimate text,
  primary key (reading_id, id)
) strict, without rowid;
create unique index ix_reading_values_id on reading_values (id);
create index ix_reading_values_register_id_reading_at on reading_values (register_id, reading_at);

create table re_reads (
  id blob not null primary key,
  reading_id blob not null references readings (id),
  meter_id blob not null references meters (id),
  reason text not null,
  requested_by blob,
  requested_at integer not null
) strict;
create index ix_re_reads_reading_id on re_reads (reading_id);
create index ix_re_reads_meter_id_requested_at on re_reads (meter_id, requested_at);
create index ix_re_reads_requested_at on re_reads (requested_at);

-- A meter taken from its service point and another put there. Undone ones stay.
create table meter_exchanges (
  id blob not null primary key,
  client_id blob,
  content_hash blob not null,
  service_point_id blob not null references service_points (id),
  old_meter_id blob not null references meters (id),
  new_meter_id blob not null references meters (id),
  exchanged_at integer not null,
  removal_reading_id blob not null references readings (id),
  install_reading_id blob not null references readings (id),
  -- What the two meters were before, for undoing.
  old_status text not null check (old_status = 'active' or old_status = 'inactive' or old_status = 'maintenance' or old_status = 'out_of_service'),
  new_status text check (new_status = 'active' or new_status = 'inactive' or new_status = 'maintenance' or new_status = 'out_of_service'),
  reason text,
  notes text,
  exchanged_by blob,
  recorded_at integer not null,
  undone_at integer,
  undone_by blob
) strict;
create unique index ix_meter_exchanges_client_id on meter_exchanges (client_id) where client_id is not null;
create index ix_meter_exchanges_service_point_id_exchanged_at on meter_exchanges (service_point_id, exchanged_at);
create index ix_meter_exchanges_old_meter_id_exchanged_at on meter_exchanges (old_meter_id, exchanged_at);
create index ix_meter_exchanges_new_meter_id_exchanged_at on meter_exchanges (new_meter_id, exchanged_at);
create index ix_meter_exchanges_removal_reading_id on meter_exchanges (removal_reading_id);
create index ix_meter_exchanges_install_reading_id on meter_exchanges (install_reading_id);
