-- Files that come in pieces. received_bytes says how much is durable, never more; what the bytes are for is told by purpose and subject.
create table uploads (
  id uuid not null primary key,
  user_id uuid not null references users (id),
  purpose text not null,
  subject_id uuid,
  length bigint not null,
  received_bytes bigint not null check (received_bytes between 0 and length),
  sha256 bytea,
  file_name text,
  content_type text,
  metadata text,
  pieces text,
  status text not null check (status = 'open' or status = 'finished'),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  finished_at timestamptz
);
create index ix_uploads_user_id_status on uploads (user_id, status);
create index ix_uploads_status_expires_at on uploads (status, expires_at);
