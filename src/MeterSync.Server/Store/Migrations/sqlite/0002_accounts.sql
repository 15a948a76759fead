create table users (
  id blob not null primary key,
  email text not null,
  username text,
  name text not null,
  phone text,
  department text,
  region text,
  password_hash text not null,
  roles text not null,
  scope text not null check (scope = 'regions' or scope = 'all'),
  regions text not null,
  status text not null check (status = 'active' or status = 'inactive' or status = 'suspended' or status = 'pending'),
  is_demo integer not null,
  created_at integer not null,
  updated_at integer not null,
  last_login_at integer,
  deleted_at integer,
  version integer not null
) strict;
create unique index ix_users_email on users (email) where deleted_at is null;
create unique index ix_users_username on users (username) where username is not null and deleted_at is null;
create index ix_users_updated_at on users (updated_at);

create table roles (
  id blob not null primary key,
  name text not null,
  description text,
  permissions text not null,
  sees text not null check (sees = 'scope' or sees = 'own'),
  created_at integer not null,
  updated_at integer not null,
  version integer not null
) strict;
create unique index ix_roles_name on roles (name);

create table sessions (
  id blob not null primary key,
  user_id blob not null references users (id),
  generation integer not null,
  created_at integer not null,
  last_used_at integer not null,
  expires_at integer not null,
  revoked_at integer,
  end_reason text check (end_reason = 'signed_out' or end_reason = 'reuse' or end_reason = 'password_changed' or end_reason = 'withdrawn'),
  is_remembered integer not null,
  ip_address text,
  user_agent text
) strict;
create index ix_sessions_user_id on sessions (user_id);
create index ix_sessions_revoked_at on sessions (revoked_at) where revoked_at is not null;
create index ix_sessions_expires_at on sessions (expires_at);

create table signing_keys (
  kid text not null primary key,
  secret blob not null,
  created_at integer not null
) strict;

create table api_keys (
  id blob not null primary key,
  user_id blob not null references users (id),
  name text not null,
  hash blob not null,
  permissions text not null,
  created_at integer not null,
  expires_at integer,
  last_used_at integer,
  revoked_at integer,
  updated_at integer not null
) strict;
create index ix_api_keys_user_id on api_keys (user_id);
create index ix_api_keys_updated_at on api_keys (updated_at);

create table one_time_tokens (
  hash blob not null primary key,
  user_id blob not null references users (id),
  purpose text not null check (purpose = 'password' or purpose = 'email'),
  email text not null,
  created_at integer not null,
  expires_at integer not null,
  used_at integer
) strict;
create index ix_one_time_tokens_user_id on one_time_tokens (user_id);
create index ix_one_time_tokens_expires_at on one_time_tokens (expires_at);

create table mails (
  id blob not null primary key,
  kind text not null check (kind = 'invitation' or kind = 'confirm_email' or kind = 'already_registered' or kind = 'password_reset' or kind = 'password_changed' or kind = 'session_ended'),
  recipient text not null,
  detail text,
  created_at integer not null,
  due_at integer not null,
  attempts integer not null,
  done_at integer,
  last_error text
) strict;
create index ix_mails_due_at on mails (due_at) where done_at is null;
create index ix_mails_recipient on mails (recipient);
