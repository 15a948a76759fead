-- What an administrator has set over the configuration: one row, null where the configuration's value applies.
create table settings (
  id integer not null primary key check (id = 1),
  organisation_name text,
  organisation_address text,
  contact_email text,
  time_zone text,
  currency text,
  language text,
  anonymous_per_minute integer,
  api_key_per_minute integer,
  user_per_minute integer,
  ocr_per_minute integer,
  exports_per_five_minutes integer,
  refresh_per_minute integer,
  sign_in_failures_per_account integer,
  sign_in_failures_per_address integer,
  sign_in_window_minutes integer,
  blocked_addresses text,
  updated_at integer,
  version integer not null
) strict;

insert into settings (id, version) values (1, 1);
