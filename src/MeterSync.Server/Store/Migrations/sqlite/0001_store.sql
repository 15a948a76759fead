-- Audit, jobs, idempotency keys, import batches. Ids are 16 bytes; times are microseconds since 1970 UTC.
create table audit_log (
  id blob not null primary key,
  at integer not null,
  actor_id blob,
  actor text not null,
  action text not null,
  entity_type text not null,
  entity_id blob not null,
  old_data text,
  new_data text,
  ip_address text,
  user_agent text
) strict, without rowid;
create index ix_audit_log_entity_type_entity_id on audit_log (entity_type, entity_id);
create index ix_audit_log_at on audit_log (at);

create table jobs (
  id blob not null primary key,
  kind text not null,
  status text not null check (status = 'queued' or status = 'running' or status = 'completed' or status = 'failed' or status = 'cancelled'),
  progress real not null,
  message text,
  input text not null,
  input_file text,
  result text,
  output_name text,
  output_content_type text,
  created_by blob,
  created_by_name text not null,
  created_by_role text not null,
  created_at integer not null,
  started_at integer,
  finished_at integer,
  lease_until integer,
  attempts integer not null
) strict;
create index ix_jobs_status_created_at on jobs (status, created_at);
create index ix_jobs_kind_created_at on jobs (kind, created_at);

create table idempotency_keys (
  caller_name text not null,
  key text not null,
  request_hash blob not null,
  created_at integer not null,
  status integer,
  body blob,
  entity_tag text,
  location text,
  primary key (caller_name, key)
) strict;
create index ix_idempotency_keys_created_at on idempotency_keys (created_at);

create table import_batches (
  id blob not null primary key,
  kind text not null,
  job_id blob not null,
  file_name text not null,
  file_hash blob not null,
  created_count integer not null,
  updated_count integer not null,
  unchanged_count integer not null,
  refused_count integer not null,
  created_by_name text not null,
  created_at integer not null,
  undone_at integer
) strict;
create unique index ix_import_batches_job_id on import_batches (job_id);
create index ix_import_batches_kind_created_at on import_batches (kind, created_at);

create table import_batch_items (
  batch_id blob not null references import_batches (id),
  entity_id blob not null,
  before text,
  primary key (batch_id, entity_id)
) strict, without rowid;
