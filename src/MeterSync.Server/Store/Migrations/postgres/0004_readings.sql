-- One reading a visit, one value a register.
create table readings (
  id uuid not null primary key,
  client_id uuid,
  content_hash bytea,
  meter_id uuid not null references meters (id),
  reading_at timestamptz not null,
  received_at timestamptz not null,
  source text not null check (source in ('manual', 'photo', 'ocr', 'telemetry', 'customer', 'import', 'estimate')),
  agent_id uuid,
  device_id text,
  latitude double precision,
  longitude double precision,
  accuracy_metres double precision,
  notes text,
  -- When the notes were last changed, and under which client_id a phone said so: the later one holds. Null while they are as they came.
  notes_at timestamptz,
  notes_client_id uuid,
  photo_url text,
  photos jsonb,
  -- Whether the photos it names are here; null where it names none and none came.
  evidence text check (evidence in ('none', 'pending', 'complete', 'missing')),
  double_entered boolean not null,
  state text not null check (state in ('captured', 'held', 'accepted', 'rejected', 'superseded')),
  verified_at timestamptz,
  verified_by uuid,
  decided_at timestamptz,
  decided_by uuid,
  decision_note text,
  import_batch_id uuid references import_batches (id),
  version integer not null
);
create unique index ix_readings_client_id on readings (client_id) where client_id is not null;
create index ix_readings_reading_at_id on readings (reading_at, id);
create index ix_readings_meter_id_reading_at_id on readings (meter_id, reading_at, id);
create index ix_readings_state_reading_at_id on readings (state, reading_at, id) where state <> 'accepted';
create index ix_readings_source_reading_at on readings (source, reading_at) where source = 'estimate';
create index ix_readings_agent_id_reading_at_id on readings (agent_id, reading_at, id) where agent_id is not null;
create index ix_readings_evidence_reading_at_id on readings (evidence, reading_at, id) where evidence is not null;
create index ix_readings_import_batch_id on readings (import_batch_id) where import_batch_id is not null;

create table reading_values (
  id uuid not null,
  reading_id uuid not null references readings (id),
  -- The reading and the register have the meter. A key of its own would be looked up, without an index, for every meter that is deleted.
  meter_id uuid not null,
  register_id uuid not null references registers (id),
  ordinal integer not null,
  reading_at timestamptz not null,
  value numeric(18,6) not null,
  state text not null check (state in ('captured', 'held', 'accepted', 'rejected', 'superseded')),
  quality text not null check (quality in ('valid', 'estimated', 'edited', 'suspect', 'rejected')),
  flags text not null,
  findings jsonb,
  expected jsonb,
  read_by text,
  previous_value_id uuid,
  consumption numeric(18,6),
  days numeric(18,6),
  supersedes_id uuid,
  -- How it was estimated: method, numbers, sentence. Null for what was read.
  estimate jsonb,
  primary key (reading_id, id)
);
create unique index ix_reading_values_id on reading_values (id);
create index ix_reading_values_register_id_reading_at on reading_values (register_id, reading_at);

create table re_reads (
  id uuid not null primary key,
  reading_id uuid not null references readings (id),
  meter_id uuid not null references meters (id),
  reason text not null,
  requested_by uuid,
  requested_at timestamptz not null
);
create index ix_re_reads_reading_id on re_reads (reading_id);
create index ix_re_reads_meter_id_requested_at on re_reads (meter_id, requested_at);
create index ix_re_reads_requested_at on re_reads (requested_at);

-- A meter taken from its service point and another put there. Undone ones stay.
create table meter_exchanges (
  id uuid not null primary key,
  client_id uuid,
  content_hash bytea not null,
  service_point_id uuid not null references service_points (id),
  old_meter_id uuid not null references meters (id),
  new_meter_id uuid not null references meters (id),
  exchanged_at timestamptz not null,
  removal_reading_id uuid not null references readings (id),
  install_reading_id uuid not null references readings (id),
  -- What the two meters were before, for undoing.
  old_status text not null check (old_status in ('active', 'inactive', 'maintenance', 'out_of_service')),
  new_status text check (new_status in ('active', 'inactive', 'maintenance', 'out_of_service')),
  reason text,
  notes text,
  exchanged_by uuid,
  recorded_at timestamptz not null,
  undone_at timestamptz,
  undone_by uuid
);
create unique index ix_meter_exchanges_client_id on meter_exchanges (client_id) where client_id is not null;
create index ix_meter_exchanges_service_point_id_exchanged_at on meter_exchanges (service_point_id, exchanged_at);
create index ix_meter_exchanges_old_meter_id_exchanged_at on meter_exchanges (old_meter_id, exchanged_at);
create index ix_meter_exchanges_new_meter_id_exchanged_at on meter_exchanges (new_meter_id, exchanged_at);
create index ix_meter_exchanges_removal_reading_id on meter_exchanges (removal_reading_id);
create index ix_meter_exchanges_install_reading_id on meter_exchanges (install_reading_id);
