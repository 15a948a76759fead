create table users (
  id blob not null primary key,
  email text not null,
  username text,
  name text not null,
  password_hash text not null,
  role text not null,
  status text not null check (status = 'active' or status = 'inactive' or status = 'suspended'),
  is_demo integer not null,
  created_at integer not null,
  updated_at integer not null,
  last_login_at integer,
  version integer not null
) strict;
create unique index ix_users_email on users (email);
create unique index ix_users_username on users (username) where username is not null;

create table sessions (
  id blob not null primary key,
  user_id blob not null references users (id),
  generation integer not null,
  created_at integer not null,
  last_used_at integer not null,
  expires_at integer not null,
  revoked_at integer,
  ip_address text,
  user_agent text
) strict;
create index ix_sessions_user_id on sessions (user_id);
create index ix_sessions_revoked_at on sessions (revoked_at) where revoked_at is not null;

create table signing_keys (
  kid text not null primary key,
  secret blob not null,
  created_at integer not null
) strict;
