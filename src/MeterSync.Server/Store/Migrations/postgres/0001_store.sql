-- Audit, keys of the audit log and of persons, jobs, idempotency keys, import batches, events.
create table audit_log (
  id uuid not null primary key,
  at timestamptz not null,
  actor_id uuid,
  actor text not null,
  action text not null,
  entity_type text not null,
  entity_id uuid not null,
  old_data text,
  new_data text,
  ip_address text,
  user_agent text,
  -- Null until the entry has its place in the chain.
  seq bigint,
  hash bytea,
  check ((seq is null) = (hash is null))
);
create index ix_audit_log_at on audit_log (at);
create index ix_audit_log_actor_id_at on audit_log (actor_id, at) where actor_id is not null;
create index ix_audit_log_entity_type_at on audit_log (entity_type, at);
create index ix_audit_log_entity_id on audit_log (entity_id);
create index ix_audit_log_action_at on audit_log (action, at) where action <> 'created';
create index ix_audit_log_at_id on audit_log (at, id) where seq is null;
create unique index ix_audit_log_seq on audit_log (seq) where seq is not null;

create function audit_log_is_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if old.seq is null and old.hash is null and new.seq is not null and new.hash is not null then
      old.seq := new.seq;
      old.hash := new.hash;
      if new is not distinct from old then
        return new;
      end if;
    end if;
  end if;
  raise exception 'audit_log is append-only: % refused', tg_op;
end
$$;
create trigger audit_log_keeps_rows before update or delete on audit_log for each row execute function audit_log_is_append_only();
create trigger audit_log_keeps_all before truncate on audit_log for each statement execute function audit_log_is_append_only();

-- Secrets are encrypted under the keys in the data directory.
create table audit_keys (
  number integer not null primary key,
  secret bytea not null,
  -- The first entry hashed with this key.
  from_seq bigint not null,
  created_at timestamptz not null
);

create table person_keys (
  id uuid not null primary key,
  person_id uuid not null,
  -- Null once the person is erased.
  secret bytea,
  created_at timestamptz not null,
  erased_at timestamptz
);
create index ix_person_keys_person_id on person_keys (person_id);
create index ix_person_keys_erased_at on person_keys (erased_at) where erased_at is not null;

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
create index ix_jobs_created_by on jobs (created_by) where created_by is not null;

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
  created_by uuid,
  created_by_name text not null,
  created_at timestamptz not null,
  undone_at timestamptz
);
create unique index ix_import_batches_job_id on import_batches (job_id);
create index ix_import_batches_kind_created_at on import_batches (kind, created_at);
create index ix_import_batches_created_by on import_batches (created_by) where created_by is not null;

create table import_batch_items (
  batch_id uuid not null references import_batches (id),
  entity_id uuid not null,
  before jsonb,
  primary key (batch_id, entity_id)
);

-- What happened, for channels that carry it on; written in the transaction of the change.
create table outbox_events (
  id uuid not null primary key,
  kind text not null,
  version integer not null,
  at timestamptz not null,
  actor_id uuid,
  user_id uuid,
  subject_type text not null,
  subject_id uuid not null,
  region_id uuid,
  body jsonb not null,
  claimed_until timestamptz,
  handled_at timestamptz
);
create index ix_outbox_events_at on outbox_events (at);
create index ix_outbox_events_at_id on outbox_events (at, id) where handled_at is null;

-- Which life of the data this is: another one begins when a backup is restored or acknowledged data turn out to be lost, and phones push again what they were told was held.
create table store_epochs (
  number integer not null primary key,
  id uuid not null,
  reason text not null check (reason = 'created' or reason = 'restored' or reason = 'tail_lost'),
  began_at timestamptz not null
);
insert into store_epochs (number, id, reason, began_at) values (1, gen_random_uuid(), 'created', now());
