-- Bytes in the storage and how many rows use them: deleted with their last use. The row is also the lock under which they are put there and deleted.
create table blobs (
  sha256 blob not null primary key,
  length integer not null,
  uses integer not null,
  created_at integer not null
) strict, without rowid;

create table photos (
  id blob not null primary key,
  user_id blob not null,
  -- What it belongs to, as its sender named it; photos come before and after.
  reading_client_id blob,
  skip_client_id blob,
  file_name text not null,
  content_type text not null,
  length integer not null,
  sha256 blob not null,
  state text not null check (state = 'pending' or state = 'complete'),
  thumbnail_sha256 blob,
  -- How often making the small picture failed for a reason that may pass; 0 where it was made or cannot be.
  thumbnail_tries integer not null default 0,
  width integer,
  height integer,
  orientation integer,
  taken_at integer,
  latitude real,
  longitude real,
  upload_id blob,
  -- Why the announced bytes were refused when they last came; null where they were not, and of a complete photo.
  refusal text,
  refused_at integer,
  expires_at integer not null,
  created_at integer not null,
  completed_at integer
) strict, without rowid;
create index ix_photos_user_id_created_at on photos (user_id, created_at);
create index ix_photos_reading_client_id on photos (reading_client_id) where reading_client_id is not null;
create index ix_photos_skip_client_id on photos (skip_client_id) where skip_client_id is not null;
create index ix_photos_sha256 on photos (sha256);
create index ix_photos_created_at on photos (created_at);
create index ix_photos_thumbnail_tries on photos (thumbnail_tries) where thumbnail_tries > 0;

create table photo_links (
  reading_id blob not null references readings (id),
  photo_id blob not null references photos (id),
  linked_at integer not null,
  primary key (reading_id, photo_id)
) strict, without rowid;
create index ix_photo_links_photo_id on photo_links (photo_id);

create table files (
  id blob not null primary key,
  name text not null,
  kind text not null check (kind = 'photo' or kind = 'document'),
  file_name text not null,
  content_type text not null,
  length integer not null,
  sha256 blob not null,
  user_id blob not null,
  created_at integer not null
) strict, without rowid;
create unique index ix_files_name on files (name);
create index ix_files_user_id on files (user_id);
