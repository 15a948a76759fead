# shellcheck shell=bash
# PostgreSQL with PostGIS: 15 where the distribution has it, else its own version.

postgres_packages() {
  has_package postgresql-15-postgis-3 || refresh_package_lists
  if has_package postgresql-15-postgis-3 || offers_package postgresql-15-postgis-3; then
    echo postgresql-15 postgresql-15-postgis-3
  else
    echo postgresql postgresql-postgis
  fi
}

# Prints the folder of the server programs, which Debian keeps off the PATH.
postgres_programs() {
  local folder
  for folder in /usr/lib/postgresql/15/bin $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -Vr); do
    if [[ -x $folder/postgres ]]; then
      echo "$folder"
      return 0
    fi
  done
  return 1
}

postgres_start() {
  local directory=$1 port=$2 programs
  programs=$(postgres_programs) || return 1
  if ((EUID == 0)); then chown postgres:postgres "$directory"; fi
  head -c 24 /dev/urandom | base64 | tr -d '/+=' >"$directory/password"
  chmod 644 "$directory/password" # read once by initdb, and gone before the server listens

  (run_as postgres "$programs/initdb" -D "$directory/data" -U postgres -A scram-sha-256 --pwfile="$directory/password" \
    -E UTF8 --locale=C.UTF-8 --no-sync) >"$directory/initdb.log" 2>&1 || return 1
  postgres_password=$(cat "$directory/password")
  rm "$directory/password"

  # The cluster is thrown away after the run: it need not survive a power cut.
  (run_as postgres "$programs/postgres" -D "$directory/data" -c listen_addresses=127.0.0.1 -c port="$port" \
    -c unix_socket_directories= -c max_connections=200 \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off) >"$directory/server.log" 2>&1 &
  # shellcheck disable=SC2034 # start_service reads it
  service_pid=$!
}

postgres_ready() {
  local programs answer
  programs=$(postgres_programs) || return 1
  answer=$(PGPASSWORD=$postgres_password "$programs/psql" -h 127.0.0.1 -p "$2" -U postgres -d postgres -At \
    -c "select count(*) from pg_available_extensions where name = 'postgis'")
  [[ $answer == 1 ]]
}

postgres_export() {
  export METERSYNC_TEST_POSTGRES="Host=127.0.0.1;Port=$2;Username=postgres;Password=$postgres_password;Database=postgres;Include Error Detail=true"
}

# A fast shutdown: TERM would wait for clients to leave.
postgres_stop_signal() { echo INT; }
