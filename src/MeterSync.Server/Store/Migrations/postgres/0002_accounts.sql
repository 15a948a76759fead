create table users (
  id uuid not null primary key,
  email text not null,
  username text,
  name text not null,
  phone text,
  department text,
  region text,
  password_hash text not null,
  roles text not null,
  scope text not null check (scope in ('regions', 'all')),
  regions text not null,
  status text not null check (status in ('active', 'inactive', 'suspended', 'pending')),
  is_demo boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  last_login_at timestamptz,
  deleted_at timestamptz,
  version integer not null
);
create unique index ix_users_email on users (email) where deleted_at is null;
create unique index ix_users_username on users (username) where username is not null and deleted_at is null;
create index ix_users_updated_at on users (updated_at);

create table roles (
  id uuid not null primary key,
  name text not null,
  description text,
  permissions text not null,
  sees text not null check (sees in ('scope', 'own')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null
);
create unique index ix_roles_name on roles (name);

create table sessions (
  id uuid not null primary key,
  user_id uuid not null references users (id),
  generation integer not null,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  end_reason text check (end_reason in ('signed_out', 'reuse', 'password_changed', 'withdrawn')),
  is_remembered boolean not null,
  ip_address text,
  user_agent text
);
create index ix_sessions_user_id on sessions (user_id);
create index ix_sessions_revoked_at on sessions (revoked_at) where revoked_at is not null;
create index ix_sessions_expires_at on sessions (expires_at);

create table signing_keys (
  kid text not null primary key,
  secret bytea not null,
  created_at timestamptz not null
);

create table api_keys (
  id uuid not null primary key,
  user_id uuid not null references users (id),
  name text not null,
  hash bytea not null,
  permissions text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  updated_at timestamptz not null
);
create index ix_api_keys_user_id on api_keys (user_id);
create index ix_api_keys_updated_at on api_keys (updated_at);

create table one_time_tokens (
  hash bytea not null primary key,
  user_id uuid not null references users (id),
  purpose text not null check (purpose in ('password', 'email')),
  email text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index ix_one_time_tokens_user_id on one_time_tokens (user_id);
create index ix_one_time_tokens_expires_at on one_time_tokens (expires_at);

create table mails (
  id uuid not null primary key,
  kind text not null check (kind in ('invitation', 'confirm_email', 'already_registered', 'password_reset', 'password_changed', 'session_ended')),
  recipient text not null,
  detail text,
  created_at timestamptz not null,
  due_at timestamptz not null,
  attempts integer not null,
  done_at timestamptz,
  last_error text
);
create index ix_mails_due_at on mails (due_at) where done_at is null;
create index ix_mails_recipient on mails (recipient);
