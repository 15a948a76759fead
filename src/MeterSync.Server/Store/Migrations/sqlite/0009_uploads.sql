-- Files that come in pieces. received_bytes says how much is durable, never more; what the bytes are for is told by purpose and subject.
create table uploads (
  id blob not null primary key,
  user_id blob not null references users (id),
  purpose text not null,
  subject_id blob,
  length integer not null,
  received_bytes integer not null check (received_bytes between 0 and length),
  sha256 blob,
  file_name text,
  content_type text,
  metadata text,
  pieces text,
  status text not null check (status = 'open' or status = 'finished'),
  created_at integer not null,
  expires_at integer not null,
  finished_at integer
) strict;
create index ix_uploads_user_id_status on uploads (user_id, status);
create index ix_uploads_status_expires_at on uploads (status, expires_at);
