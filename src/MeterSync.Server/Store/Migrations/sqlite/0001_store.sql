-- Audit, keys of the audit log and of persons, jobs, idempotency keys, import batches, events. Ids are 16 bytes; times are microseconds since 1970 UTC.
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
  user_agent text,
  -- Null until the entry has its place in the chain.
  seq integer,
  hash blob,
  check ((seq is null) = (hash is null))
) strict, without rowid;
create index ix_audit_log_at on audit_log (at);
create index ix_audit_log_actor_id_at on audit_log (actor_id, at) where actor_id is not null;
create index ix_audit_log_entity_type_at on audit_log (entity_type, at);
create index ix_audit_log_entity_id on audit_log (entity_id);
create index ix_audit_log_action_at on audit_log (action, at) where action <> 'created';
create index ix_audit_log_at_id on audit_log (at, id) where seq is null;
create unique index ix_audit_log_seq on audit_log (seq) where seq is not null;

create trigger audit_log_keeps_rows before delete on audit_log
begin
  select raise(abort, 'audit_log is append-only: DELETE refused');
end;
create trigger audit_log_keeps_content before update on audit_log
when not (old.seq is null and old.hash is null and new.seq is not null and new.hash is not null
  and new.id is old.id and new.at is old.at and new.actor_id is old.actor_id and new.actor is old.actor and new.action is old.action and new.entity_type is old.entity_type
  and new.entity_id is old.entity_id and new.old_data is old.old_data and new.new_data is old.new_data and new.ip_address is old.ip_address and new.user_agent is old.user_agent)
begin
  select raise(abort, 'audit_log is append-only: UPDATE refused');
end;

-- Secrets are encrypted under the keys in the data directory.
create table audit_keys (
  number integer not null primary key,
  secret blob not null,
  -- The first entry hashed with this key.
  from_seq integer not null,
  created_at integer not null
) strict;

create table person_keys (
  id blob not null primary key,
  person_id blob not null,
  -- Null once the person is erased.
  secret blob,
  created_at integer not null,
  erased_at integer
) strict;
create index ix_person_keys_person_id on person_keys (person_id);
create index ix_person_keys_erased_at on person_keys (erased_at) where erased_at is not null;

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
create index ix_jobs_created_by on jobs (created_by) where created_by is not null;

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
  created_by blob,
  created_by_name text not null,
  created_at integer not null,
  undone_at integer
) strict;
create unique index ix_import_batches_job_id on import_batches (job_id);
create index ix_import_batches_kind_created_at on import_batches (kind, created_at);
create index ix_import_batches_created_by on import_batches (created_by) where created_by is not null;

create table import_batch_items (
  batch_id blob not null references import_batches (id),
  entity_id blob not null,
  before text,
  primary key (batch_id, entity_id)
) strict, without rowid;

-- What happened, for channels that carry it on; written in the transaction of the change.
create table outbox_events (
  id blob not null primary key,
  kind text not null,
  version integer not null,
  at integer not null,
  actor_id blob,
  user_id blob,
  subject_type text not null,
  subject_id blob not null,
  region_id blob,
  body text not null,
  claimed_until integer,
  handled_at integer
) strict;
create index ix_outbox_events_at on outbox_events (at);
create index ix_outbox_events_at_id on outbox_events (at, id) where handled_at is null;

-- Which life of the data this is: another one begins when a backup is restored or acknowledged data turn out to be lost, and phones push again what they were told was held.
create table store_epochs (
  number integer not null primary key,
  id blob not null,
  reason text not null check (reason = 'created' or reason = 'restored' or reason = 'tail_lost'),
  began_at integer not null
) strict;
insert into store_epochs (number, id, reason, began_at) values (1, randomblob(16), 'created', cast(unixepoch('subsec') * 1000000 as integer));
