-- Audit, jobs, idempotency keys, import batches.
create table audit_log (
  id uuid not null primary key,
  at timestamptz not null,
  actor_id uuid,
  actor text not null,
  action text not null,
  entity_type text not null,
  entity_id uuid not null,
  old_data jsonb,
  new_data jsonb,
  ip_address text,
  user_agent text
);
create index ix_audit_log_entity_type_entity_id on audit_log (entity_type, entity_id);
create index ix_audit_log_at on audit_log (at);

create table jobs (
  id uuid not null primary key,
  kind text not null,
  status text not null check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
  progress double precision not null,
  message text,
  input jsonb not null,
  input_file text,
  result jsonb,
  output_name text,
  output_content_type text,
  created_by uuid,
  created_by_name text not null,
  created_by_role text not null,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  lease_until timestamptz,
  attempts integer not null
);
create index ix_jobs_status_created_at on jobs (status, created_at);
create index ix_jobs_kind_created_at on jobs (kind, created_at);

create table idempotency_keys (
  caller_name text not null,
  key text not null,
  request_hash bytea not null,
  created_at timestamptz not null,
  status integer,
  body bytea,
  entity_tag text,
  location text,
  primary key (caller_name, key)
);
create index ix_idempotency_keys_created_at on idempotency_keys (created_at);

create table import_batches (
  id uuid not null primary key,
  kind text not null,
  job_id uuid not null,
  file_name text not null,
  file_hash bytea not null,
  created_count integer not null,
  updated_count integer not null,
  unchanged_count integer not null,
  refused_count integer not null,
  created_by_name text not null,
  created_at timestamptz not null,
  undone_at timestamptz
);
create unique index ix_import_batches_job_id on import_batches (job_id);
create index ix_import_batches_kind_created_at on import_batches (kind, created_at);

create table import_batch_items (
  batch_id uuid not null references import_batches (id),
  entity_id uuid not null,
  before jsonb,
  primary key (batch_id, entity_id)
);
