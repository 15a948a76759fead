-- A phone or tablet as one person uses it: its receipts hang on each other, so that none can be taken away or slipped in.
create table field_devices (
  id blob not null primary key,
  user_id blob not null references users (id),
  device_key text not null,
  name text,
  app_version text,
  session_id blob,
  seq integer not null,
  chain blob not null,
  -- The highest number of a receipt that the phone has and we lost.
  lost_seq integer,
  unsent_count integer,
  clock_error_ms integer,
  first_seen_at integer not null,
  last_seen_at integer not null,
  revoked_at integer,
  revoked_by blob
) strict;
create unique index ix_field_devices_user_id_device_key on field_devices (user_id, device_key);
create index ix_field_devices_last_seen_at on field_devices (last_seen_at);

-- The sessions a phone came with: all of them end when it is revoked.
create table field_device_sessions (
  device_id blob not null references field_devices (id),
  session_id blob not null references sessions (id) on delete cascade,
  first_seen_at integer not null,
  primary key (device_id, session_id)
) strict;
create index ix_field_device_sessions_session_id on field_device_sessions (session_id);

-- What was applied, with the first answer: whoever sends it again hears the same.
create table sync_items (
  client_id blob not null primary key,
  device_id blob not null references field_devices (id),
  server_seq integer not null,
  entity text not null,
  op text not null check (op = 'create' or op = 'update'),
  entity_id blob not null,
  content_hash blob not null,
  chain blob not null,
  mac blob not null,
  version integer,
  verdict text,
  wall_at integer,
  monotonic_ms integer,
  server_offset_ms integer,
  captured_at integer not null,
  received_at integer not null
) strict, without rowid;
create unique index ix_sync_items_device_id_server_seq on sync_items (device_id, server_seq);
create index ix_sync_items_entity_id on sync_items (entity_id);

-- What could not be applied, with the bytes as they came, until a person has dealt with it.
create table sync_faults (
  id blob not null primary key,
  kind text not null check (kind = 'conflict' or kind = 'quarantine'),
  device_id blob not null references field_devices (id),
  user_id blob not null,
  batch_id blob,
  client_id blob,
  entity text,
  raw blob not null,
  raw_hash blob not null,
  -- What the phone said of its clocks when it sent: JSON.
  sent_clock text,
  code text not null,
  message text not null,
  explanation text not null,
  received_at integer not null,
  times integer not null,
  status text not null check (status = 'open' or status = 'resolved'),
  resolution text check (resolution = 'dismissed' or resolution = 'retried' or resolution = 'taken'),
  resolved_at integer,
  resolved_by blob,
  note text,
  version integer not null
) strict;
create unique index ix_sync_faults_device_id_raw_hash on sync_faults (device_id, raw_hash);
create index ix_sync_faults_received_at_id on sync_faults (received_at, id);
create index ix_sync_faults_kind_status_received_at on sync_faults (kind, status, received_at);
create index ix_sync_faults_client_id on sync_faults (client_id) where client_id is not null;
create index ix_sync_faults_user_id on sync_faults (user_id);

-- What receipts are signed with, encrypted by keys in the data directory.
create table receipt_keys (
  number integer not null primary key,
  secret blob not null,
  created_at integer not null
) strict;
