#!/usr/bin/env bash
# bash bench/run.sh [import] [import-xlsx] [export] [export-xlsx] [readings] [start] [sign-ins] [permissions] [workforce] [sync] [sync-storm] [photo-resume] [field] [field-app] [chaos]     (all of them without arguments)
# Measures MeterSync, and beside it a FastAPI server and a PouchDB server with the same calls, on this machine; and breaks it in every way that the field does. See bench/README.md.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

runs=${BENCH_RUNS:-3}
targets=${BENCH_TARGETS:-metersync fastapi}     # for the readings scenario
seconds=${BENCH_SECONDS:-8}
writes=${BENCH_WRITES:-3000}
warm_up_writes=${BENCH_WARM_UP_WRITES:-5000}
metersync=${METERSYNC:-$root/out/metersync}
pg_port=${BENCH_PG_PORT:-25433} ms_port=${BENCH_MS_PORT:-25480} peer_port=${BENCH_PEER_PORT:-25490}
end_month=$(date -u +%Y-%m)
stamp=$(date -u +%Y%m%dT%H%M%SZ)
email=bench@example.org password=Bench-Only-2026
database=${BENCH_DATABASE:-sqlite} storage=${BENCH_STORAGE:-disk}     # for the scenarios from sync on
pg_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1 || true)

# ---- how MeterSync is told what to do: the only place that knows ---------------------------------------------------
health=/health peer_health=/api/v1/health/ready
postgres_env=(
    METERSYNC__Database__Provider=postgres
    METERSYNC__Database__ConnectionString="Host=127.0.0.1;Port=$pg_port;Username=metersync;Database=metersync;Maximum Pool Size=16")
import_meters() { "$metersync" import meters "$@"; }         # FILE --data DIR
import_readings() { "$metersync" import readings "$@"; }
add_user() { printf '%s\n' "$password" | "$metersync" user add --email "$email" --name Bench --role manager --scope all --password-stdin "$@"; }
# Starts once with the demo's data and stops when it is healthy: what is measured then finds the data present.
load_demo() {
    "$metersync" serve --demo --data "$1" --urls "http://127.0.0.1:$ms_port" >"$work/demo.log" 2>&1 &
    local pid=$!
    started+=("$pid")
    wait_for "http://127.0.0.1:$ms_port$health" "$pid" "$work/demo.log"
    kill "$pid"
    wait "$pid" || true
}
# ----------------------------------------------------------------------------------------------------------------------

work=$(mktemp -d "${TMPDIR:-/tmp}/bench.XXXXXX")
chmod 711 "$work"
started=() s3_pid_file=
# What a scenario started is gone before the next one is measured.
stop_started() {
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
    started=()
    if [ -f "$work/pg/data/postmaster.pid" ]; then as_postgres "$pg_bin/pg_ctl" -D "$work/pg/data" -m fast -w stop >/dev/null; fi
}
clean() {
    stop_started
    if [ -n "$s3_pid_file" ]; then
        kill -KILL "$(cat "$s3_pid_file")" 2>/dev/null || true
        stop_services
    fi
    [ -n "${BENCH_KEEP:-}" ] || rm -rf "$work"
}
trap clean EXIT

say() { printf '\n== %s\n' "$*"; }
die() { echo "bench: $*" >&2; exit 1; }
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }
sql() { as_postgres "$pg_bin/psql" -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$pg_port" "$@"; }
bench() { dotnet "$work/bench/MeterSync.Bench.dll" "$@"; }
facts() { printf -- '--fact\ncommit=%s\n--fact\npostgres=%s\n--fact\npeer=%s\n' \
    "$(git rev-parse --short HEAD 2>/dev/null || echo unknown)" "$("${pg_bin:-/nowhere}/postgres" --version 2>/dev/null || echo none)" "${peer_versions:-none}"; }
measure() { local scenario=$1; shift; mapfile -t known < <(facts); local -a head=() ; while [ $# -gt 0 ] && [ "$1" != -- ]; do head+=("$1"); shift; done
    bench "$scenario" "${head[@]}" --runs "$runs" --results "bench/results/$stamp-${result:-$scenario}.json" "${known[@]}" "$@"; }
wait_for() { for _ in $(seq 600); do curl -sf -o /dev/null "$1" && return; kill -0 "$2" 2>/dev/null || die "the server for $1 ended: $(tail -5 "$3")"; sleep 0.1; done; die "$1 does not answer"; }

need_packages() {
    local missing=() package
    for package in "$@"; do dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package"); done
    [ ${#missing[@]} = 0 ] && return
    [ "$(id -u)" = 0 ] || die "install first: ${missing[*]}"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
    pg_bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
}

need_metersync() {
    [ -x "$metersync" ] || die "no $metersync: build it first (bash run.sh builds it), or name it in METERSYNC"
}

start_postgres() {
    say "PostgreSQL on 127.0.0.1:$pg_port, fsync on"
    if [ "$(id -u)" = 0 ]; then install -d -o postgres -g postgres "$work/pg"; else mkdir "$work/pg"; fi
    as_postgres "$pg_bin/initdb" -D "$work/pg/data" -A trust -U postgres -E UTF8 --locale=C.UTF-8 >"$work/initdb.log" 2>&1 || die "initdb: $(tail -3 "$work/initdb.log")"
    as_postgres tee -a "$work/pg/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = '127.0.0.1'
port = $pg_port
unix_socket_directories = '$work/pg'
fsync = on
synchronous_commit = on
full_page_writes = on
shared_buffers = 1GB
max_wal_size = 4GB
CONF
    as_postgres "$pg_bin/pg_ctl" -D "$work/pg/data" -l "$work/pg/log" -w start >/dev/null
    database_pid=$(head -1 "$work/pg/data/postmaster.pid")
}

seed_peer() {
    say "Peer: schema, COPY, indexes"
    sql -U postgres -c "CREATE ROLE peer LOGIN" -c "CREATE DATABASE peer OWNER peer"
    sql -U peer -d peer -f - <"bench/peers/fastapi/schema.sql"
    sql -U peer -d peer -c "\\copy meters (id,serial_number,type,status,address,latitude,longitude,owner,location_id,digits,decimals,unit,multiplier) FROM pstdin CSV" <"$work/fleet/peer-meters.csv"
    sql -U peer -d peer -c "\\copy readings (id,client_id,meter_id,reading_value,consumption,reading_timestamp,source,state,quality,flags,created_at) FROM pstdin CSV" <"$work/fleet/peer-readings.csv"
    sql -U peer -d peer -f - <"bench/peers/fastapi/indexes.sql"
    sql -U postgres -d peer -c "VACUUM ANALYZE"
}

start_peer() {                                   # name port...: one process a port, the connections dealt out evenly
    local name=$1 port addresses="" pids=""
    shift
    for port in "$@"; do
        local log=$work/$name-$port.log
        (cd bench/peers/fastapi && exec /usr/bin/python3 -m uvicorn meterpeer.main:app --host 127.0.0.1 --port "$port" \
            --loop uvloop --http httptools --no-access-log --log-level warning >"$log" 2>&1) &
        started+=($!)
        addresses+="+http://127.0.0.1:$port" pids+="+$!"
        wait_for "http://127.0.0.1:$port$peer_health" $! "$log"
    done
    target_options+=(--target "$name,${addresses#+},${pids#+},$email,$password")
}

seed_metersync() {
    say "MeterSync: its own import of the same meters and readings"
    sql -U postgres -c "CREATE ROLE metersync LOGIN SUPERUSER" -c "CREATE DATABASE metersync OWNER metersync"
    (export "${postgres_env[@]}"; import_meters "$work/fleet/meters.csv" --data "$work/server"; import_readings "$work/fleet/readings.csv" --data "$work/server"
        add_user --data "$work/server")
    sql -U postgres -d metersync -c "VACUUM ANALYZE"
}

scenario_import() {
    need_metersync
    say "Import of 100,000 meters, SQLite"
    bench generate --out "$work/many" --meters 100000 --months 0 --end-month "$end_month"
    result=import measure command --name "import meters" --max-seconds 6 --max-mebibytes 400 --reset "rm -rf '$work/import'" \
        -- "$metersync" import meters "$work/many/meters.csv" --data "$work/import"
}

scenario_export() {
    need_metersync
    say "Export of 1,000,000 readings, SQLite"
    bench generate --out "$work/fleet" --end-month "$end_month"
    import_meters "$work/fleet/meters.csv" --data "$work/export"
    import_readings "$work/fleet/readings.csv" --data "$work/export"
    result=export measure command --name "export readings" --max-seconds 8 --max-mebibytes 300 --reset "rm -f '$work/readings-out.csv'" \
        -- "$metersync" export readings -o "$work/readings-out.csv" --data "$work/export"
    local lines; lines=$(wc -l <"$work/readings-out.csv")
    [ "$lines" -ge 1000001 ] || die "the export has $lines lines, not 1,000,000 readings and a heading"
    echo "exported file: $lines lines, $(stat -c %s "$work/readings-out.csv") bytes"
}

scenario_import-xlsx() {
    need_metersync
    say "Import of 100,000 meters from a workbook, SQLite"
    bench generate --out "$work/many" --meters 100000 --months 0 --end-month "$end_month" --xlsx yes
    result=import-xlsx measure command --name "import meters from xlsx" --max-seconds 15 --max-mebibytes 400 --reset "rm -rf '$work/import'" \
        -- "$metersync" import meters "$work/many/meters.xlsx" --data "$work/import"
}

scenario_export-xlsx() {
    need_metersync
    say "Export of 1,000,000 readings as a workbook, SQLite"
    bench generate --out "$work/fleet" --end-month "$end_month"
    import_meters "$work/fleet/meters.csv" --data "$work/export"
    import_readings "$work/fleet/readings.csv" --data "$work/export"
    result=export-xlsx measure command --name "export readings as xlsx" --max-seconds 30 --max-mebibytes 400 --reset "rm -f '$work/readings-out.xlsx'" \
        -- "$metersync" export readings -o "$work/readings-out.xlsx" --data "$work/export"
    echo "exported file: $(stat -c %s "$work/readings-out.xlsx") bytes"
}

scenario_readings() {
    need_packages postgresql postgresql-15-postgis-3 curl
    start_postgres
    bench generate --out "$work/fleet" --end-month "$end_month" --peer yes
    target_options=()
    if [[ " $targets " == *" metersync "* ]]; then
        need_metersync
        seed_metersync
        env "${postgres_env[@]}" "$metersync" serve --data "$work/server" --urls "http://127.0.0.1:$ms_port" --set RateLimits:Enabled=false >"$work/metersync.log" 2>&1 &
        started+=($!)
        wait_for "http://127.0.0.1:$ms_port$health" $! "$work/metersync.log"
        target_options+=(--target "metersync,http://127.0.0.1:$ms_port,$!,$email,$password")
    fi
    if [[ " $targets " == *" fastapi "* ]]; then
        need_packages python3-fastapi python3-uvicorn python3-uvloop python3-httptools python3-ujson python3-sqlalchemy python3-sqlalchemy-ext python3-asyncpg python3-jwt
        peer_versions="$(dpkg-query -W -f='${Package} ${Version}; ' python3-fastapi python3-uvicorn python3-uvloop python3-sqlalchemy python3-asyncpg python3-pydantic)$(/usr/bin/python3 -V)"
        export DATABASE_URL="postgresql+asyncpg://peer@127.0.0.1:$pg_port/peer" JWT_SECRET=bench-signing-key-of-sufficient-length-0001 PYTHONDONTWRITEBYTECODE=1
        seed_peer
        (cd bench/peers/fastapi && /usr/bin/python3 -m meterpeer.add_user "$email" "$password" manager)
        start_peer fastapi-1 "$peer_port"
        start_peer fastapi-2 "$((peer_port + 1))" "$((peer_port + 2))"
    fi
    sql -U postgres -c CHECKPOINT
    say "GET and POST /api/v1/readings, 1,000,000 readings of 10,000 meters, 8 connections"
    result=readings measure readings "${target_options[@]}" --database-pid "$database_pid" --end-month "$end_month" --seconds "$seconds" --writes "$writes" --warm-up-writes "$warm_up_writes" \
        --only "${BENCH_ONLY:-}"
    stop_started
}

scenario_start() {
    need_metersync
    say "Start to healthy and idle memory, demo data, SQLite"
    load_demo "$work/demo"
    result=start measure start --health "http://127.0.0.1:$ms_port$health" -- \
        "$metersync" serve --demo --data "$work/demo" --urls "http://127.0.0.1:$ms_port"
}

scenario_sign-ins() {
    need_metersync
    say "200 reads/s while 50 sign-ins/s are wanted, bcrypt cost 12, demo data, SQLite"
    load_demo "$work/demo-sign-ins"
    "$metersync" serve --demo --data "$work/demo-sign-ins" --urls "http://127.0.0.1:$ms_port" --set RateLimits:Enabled=false >"$work/sign-ins.log" 2>&1 &
    started+=($!)
    wait_for "http://127.0.0.1:$ms_port$health" $! "$work/sign-ins.log"
    result=sign-ins measure sign-ins --target "metersync,http://127.0.0.1:$ms_port,$!,admin@example.com,admin123" --names "user,agent1,agent2,agent3,agent4,agent5,viewer,manager" --seconds "${BENCH_SECONDS:-20}"
    stop_started
}

scenario_permissions() {
    say "Permission checks with 1,000 people signed in"
    result=permissions measure permissions
}

scenario_workforce() {
    need_metersync
    say "A cycle of 20,000 meters over 1,000,000 readings, SQLite; 500 agents"
    bench generate --out "$work/town" --meters 20000 --months 50 --end-month "$end_month"
    import_meters "$work/town/meters.csv" --data "$work/workforce"
    import_readings "$work/town/readings.csv" --data "$work/workforce"
    printf '%s\n' "$password" | "$metersync" user add --email "$email" --name Bench --role admin --password-stdin --data "$work/workforce"
    "$metersync" serve --data "$work/workforce" --urls "http://127.0.0.1:$ms_port" --set RateLimits:Enabled=false --set Accounts:BcryptCost=4 --set Workforce:WorkStart=00:00 --set Workforce:WorkEnd=00:00 >"$work/workforce.log" 2>&1 &
    started+=($!)
    wait_for "http://127.0.0.1:$ms_port$health" $! "$work/workforce.log"
    local last; last=$(date -u -d "$end_month-01 -1 month" +%Y-%m-01)
    result=workforce measure workforce --target "metersync,http://127.0.0.1:$ms_port,$!,$email,$password" --window-from "$last" --window-to "$end_month-01" --seconds "${BENCH_SECONDS:-30}"
    stop_started
}

# Fills $ground: what the programs below stand on, started by them, and killed by them where that is the point.
prepare_ground() {
    need_metersync
    ground=(--metersync "$metersync" --database "$database" --storage "$storage")
    if [ "$database" = postgres ]; then need_packages postgresql postgresql-15-postgis-3; fi
    if [ "$storage" = s3 ] && [ -z "$s3_pid_file" ]; then start_s3; fi
    if [ "$storage" = s3 ]; then ground+=("${s3_ground[@]}"); fi
}

# The S3 server that the tests use, with a bucket.
start_s3() {
    # shellcheck source=/dev/null
    source scripts/say.sh; source scripts/tools.sh; source scripts/services.sh
    die() { echo "bench: $*" >&2; exit 1; } # theirs wants two words
    need_packages curl
    start_service s3 || exit 1
    local directory=$services_data/s3 endpoint access secret
    read -r endpoint access secret <<<"$METERSYNC_TEST_S3"
    # Older curls sign a hash of the body that they do not send.
    curl -sf -X PUT -H "x-amz-content-sha256: $(printf '' | sha256sum | cut -d' ' -f1)" --aws-sigv4 aws:amz:us-east-1:s3 --user "$access:$secret" "$endpoint/bench" || die "the bucket could not be made" "see $directory/gateway.log"
    s3_pid_file=$directory/gateway.pid
    echo "$service_pid" >"$s3_pid_file"
    s3_ground=(--s3 "$endpoint,bench,$access,$secret" --s3-pid "$s3_pid_file"
        --s3-start "radosgw -c '$directory/ceph.conf' -n client.rgw.a -f --setuser root --setgroup root >>'$directory/gateway.log' 2>&1 </dev/null & echo \$! >'$s3_pid_file'")
}

scenario_sync() {
    say "10,000 readings pushed, pulled and a sync with nothing to do, beside PouchDB; $database"
    prepare_ground
    (cd bench/peers/pouchdb && npm ci --no-audit --no-fund --loglevel=error)
    peer_versions="PouchDB 9.0.0, express-pouchdb 4.2.0, leveldown; Node.js $(node --version)"
    local log=$work/pouchdb.log
    mkdir -p "$work/pouchdb"
    NODE_ENV=production node bench/peers/pouchdb/server.js "$peer_port" "$work/pouchdb" >"$log" 2>&1 &
    local pid=$!
    started+=("$pid")
    wait_for "http://127.0.0.1:$peer_port/" "$pid" "$log"
    result=sync measure sync "${ground[@]}" --peer "http://127.0.0.1:$peer_port,$pid" --peer-client "$root/bench/peers/pouchdb/client.js"
    stop_started
}

scenario_sync-storm() {
    say "50 identical batches at once; 500 agents x 200 readings within a minute; $database"
    prepare_ground
    result=sync-storm measure sync-storm "${ground[@]}"
}

scenario_photo-resume() {
    say "A photo of 5 MiB whose connection breaks three times behind 4 MB; $database, $storage"
    prepare_ground
    result=photo-resume measure photo-resume "${ground[@]}"
}

scenario_field() {
    prepare_ground
    local cut
    for cut in 0.1 0.3 0.5; do
        say "20 phones, 10,000 readings, 500 photos, $cut of the answers cut; $database, $storage"
        result=field-$cut measure field "${ground[@]}" --cut "$cut" --seed "${BENCH_SEED:-1}"
    done
}

# The browser's own numbers: it takes two minutes to sign in and fill each of its phones. BENCH_ONLY names parts of it.
scenario_field-app() {
    need_metersync
    need_packages chromium fonts-dejavu-core
    say "The field app on a phone slowed down 6 times: cold start, saving, searching, draining; installable, offline, contrast"
    (cd web && npm ci --no-audit --no-fund --loglevel=error)
    dotnet build bench/field-app -c Release -o "$work/field-app" --nologo -v quiet -clp:NoSummary
    mapfile -t known < <(facts)
    METERSYNC_TEST_EXECUTABLE=$metersync dotnet "$work/field-app/MeterSync.FieldApp.Bench.dll" self-check
    METERSYNC_TEST_EXECUTABLE=$metersync dotnet "$work/field-app/MeterSync.FieldApp.Bench.dll" measure --runs "$runs" --only "${BENCH_ONLY:-}" \
        --results "bench/results/$stamp-field-app.json" "${known[@]}"
}

scenario_chaos() {
    prepare_ground
    say "${BENCH_CHAOS_RUNS:-200} runs in which everything is killed; $database, $storage"
    bench chaos "${ground[@]}" --seed "${BENCH_SEED:-1}" --runs "${BENCH_CHAOS_RUNS:-200}" --results "bench/results/$stamp-chaos.json"
}

dotnet build bench/MeterSync.Bench -c Release -o "$work/bench" --nologo -v quiet -clp:NoSummary
[ $# -gt 0 ] || set -- import import-xlsx export export-xlsx readings start sign-ins permissions workforce sync sync-storm photo-resume field field-app chaos
for scenario in "$@"; do
    case $scenario in
        import | import-xlsx | export | export-xlsx | readings | start | sign-ins | permissions | workforce | sync | sync-storm | photo-resume | field | field-app | chaos) "scenario_$scenario" ;;
        *) die "there is no scenario '$scenario' (import, import-xlsx, export, export-xlsx, readings, start, sign-ins, permissions, workforce, sync, sync-storm, photo-resume, field, field-app, chaos)" ;;
    esac
done
