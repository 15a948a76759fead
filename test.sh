#!/usr/bin/env bash
# The one command that runs every test, on a machine where nothing but the .NET SDK and Node.js is installed.
# shellcheck disable=SC2317 # check calls functions by name
set -euo pipefail
exec </dev/null # no step may wait for a person

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root"
# shellcheck source=scripts/say.sh
source scripts/say.sh
# shellcheck source=scripts/tools.sh
source scripts/tools.sh
# shellcheck source=scripts/build.sh
source scripts/build.sh
# shellcheck source=scripts/services.sh
source scripts/services.sh
# shellcheck source=scripts/results.sh
source scripts/results.sh

usage() {
  cat <<'TEXT'
bash test.sh [--quick | --filter EXPRESSION]

Builds, starts the services the tests need, runs every suite and check, and ends with one line
    N passed, N failed, N skipped
A check that fails (build, format, types, lint) counts as one failed.

  --quick               no services and no browser: what a commit should pass
  --filter EXPRESSION   only the C# tests that match, as `dotnet test --filter`: a part of a name will do
  --help                this text

METERSYNC_TEST_POSTGRES   connection string of a superuser; when set, no PostgreSQL is started
METERSYNC_TEST_S3         endpoint, access key and secret key of an S3 service, separated by spaces; when set, no Ceph is started
METERSYNC_TEST_BROWSER    a Chromium to use instead of Debian's
TEXT
}

mode=all
filter=
format_pid= browser_pid=
while (($#)); do
  case $1 in
    --quick) mode=quick ;;
    --filter)
      mode=filter
      filter=${2:?--filter needs an expression}
      shift
      ;;
    --help | -h)
      usage
      exit 0
      ;;
    *) die "Unknown option $1." "bash test.sh --help" ;;
  esac
  shift
done

# Also where a step ended this script: the services stop, and the closing line tells of it.
leave() {
  local code=$?
  [[ -z $format_pid ]] || kill "$format_pid" 2>/dev/null || true
  [[ -z $browser_pid ]] || kill "$browser_pid" 2>/dev/null || true
  stop_services
  if [[ $results_closed == no ]]; then
    count_failure "test.sh stopped before its end, with exit code $code"
    close_results || exit "$((code == 0 ? 1 : code))"
  fi
}

trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
results=$root/TestResults
rm -rf "$results"
mkdir -p "$results"
export DOTNET_CLI_UI_LANGUAGE=en
# A build node that stays behind would hold this run's output open.
export MSBUILDDISABLENODEREUSE=1

# check NAME COMMAND...: a step that passes or fails as a whole.
check() {
  local name=$1
  shift
  say "$name"
  "$@" || count_failure "$name"
}

# run_csharp PROJECT [ARGUMENT...]: leaves PROJECT.trx.
run_csharp() {
  local project=$1
  shift
  dotnet test "tests/$project" -c Release --no-build --nologo --results-directory "$results" \
    --logger "trx;LogFileName=$project.trx" --logger "console;verbosity=minimal" \
    --blame-hang-timeout 10m --blame-hang-dump-type none "$@"
}

# csharp_suite PROJECT [ARGUMENT...]
csharp_suite() {
  local project=$1 code=0
  say "$project"
  run_csharp "$@" || code=$?
  count_trx "$project" "$results/$project.trx" "$code"
}

web_suite() {
  local code=0
  say "vitest"
  (cd web && npx --no-install vitest run --reporter=default --reporter=json --outputFile.json="$results/vitest.json") || code=$?
  count_vitest vitest "$results/vitest.json" "$code"
}

# A lock file that names a registry works only where that registry can be reached.
lock_names_no_registry() {
  ! grep -nE '"resolved": "[a-z+]+://' web/package-lock.json
}

whitespace_and_style() {
  dotnet format whitespace MeterSync.slnx --verify-no-changes --no-restore &&
    dotnet format style MeterSync.slnx --severity warn --verify-no-changes --no-restore
}

# Waits for the format check that was started beside others, and tells what it found.
format_ends() {
  local code=0
  wait "$format_pid" || code=$?
  format_pid=
  if ((code != 0)); then
    cat "$results/format.log" >&2
    count_failure "Format"
  fi
}

in_web() (cd web && npx --no-install "$@")

# Where tests may be skipped on a developer's machine, they may not in CI: close_results sees to that.
provide_postgres() {
  if [[ -n ${METERSYNC_TEST_POSTGRES:-} ]]; then
    say "PostgreSQL as METERSYNC_TEST_POSTGRES says"
  elif ! start_service postgres; then
    unset METERSYNC_TEST_POSTGRES
    count_skip "the tests on PostgreSQL: no server"
  fi
}

provide_s3() {
  if [[ -n ${METERSYNC_TEST_S3:-} ]]; then
    say "S3 as METERSYNC_TEST_S3 says"
  elif ! start_service s3; then
    unset METERSYNC_TEST_S3
    count_skip "the tests on S3: no server"
  fi
}

provide_browser() {
  local name
  if [[ -n ${METERSYNC_TEST_BROWSER:-} ]]; then return 0; fi
  for name in chromium google-chrome; do
    if METERSYNC_TEST_BROWSER=$(command -v "$name"); then
      export METERSYNC_TEST_BROWSER
      return 0
    fi
  done
  ensure_packages "The browser tests" chromium fonts-dejavu-core && export METERSYNC_TEST_BROWSER=/usr/bin/chromium
}

# The browser's tests wait more than they work: they run beside the others, and what they say comes after.
browser_begins() {
  if ! provide_browser; then
    count_skip "the browser tests: no browser"
    return 0
  fi
  say "MeterSync.Browser.Tests, beside what follows"
  run_csharp MeterSync.Browser.Tests >"$results/browser.log" 2>&1 &
  browser_pid=$!
}

browser_ends() {
  local code=0
  [[ -n $browser_pid ]] || return 0
  say "MeterSync.Browser.Tests"
  wait "$browser_pid" || code=$?
  browser_pid=
  cat "$results/browser.log"
  count_trx MeterSync.Browser.Tests "$results/MeterSync.Browser.Tests.trx" "$code"
}

# Ten runs of chaos on SQLite and ten on PostgreSQL, in which server and database are killed while phones send, and backups put back. Each run is a test.
chaos_suite() {
  local runs=10 database pid pids=()
  say "Chaos: $runs runs on SQLite, $runs on PostgreSQL"
  for database in sqlite postgres; do
    if [[ $database == postgres ]] && ! ensure_packages "The runs of chaos" postgresql postgresql-15-postgis-3; then
      count_skip "chaos on PostgreSQL: no server"
      continue
    fi
    dotnet bench/MeterSync.Bench/bin/Release/net10.0/MeterSync.Bench.dll chaos --metersync out/metersync --database "$database" --storage disk --runs "$runs" --seed 7 \
      --results "$results/chaos-$database.json" >"$results/chaos-$database.log" 2>&1 &
    pids+=("$! $database")
  done
  for pid in "${pids[@]}"; do
    local code=0
    wait "${pid% *}" || code=$?
    count_chaos "Chaos on ${pid#* }" "$runs" "$results/chaos-${pid#* }.log" "$code"
  done
}

finish() {
  close_results || exit 1
  exit 0
}

if ! ensure_dotnet; then
  count_failure "tools: no .NET SDK"
  finish
fi

if [[ $mode == filter ]]; then
  ensure_node && web_packages || say "Going on without libvips: the tests that decode photos will fail"
  check "Build" dotnet build tests/MeterSync.Tests -c Release -warnaserror --nologo -v quiet
  ((results_failed == 0)) || finish
  provide_postgres
  provide_s3
  csharp_suite MeterSync.Tests --filter "$filter"
  finish
fi

if ! { ensure_node && web_packages && web_redoc && web_field && vision_library; }; then
  count_failure "tools: the web workspace"
  finish
fi
check "Build" dotnet build MeterSync.slnx -c Release -warnaserror --nologo -v quiet
((results_failed == 0)) || finish
# It uses one core and several minutes of a small machine: the checks of the web run beside it.
say "Format, beside what follows"
whitespace_and_style >"$results/format.log" 2>&1 &
format_pid=$!
check "Lock file" lock_names_no_registry
check "TypeScript" in_web tsc --noEmit --project tsconfig.json
check "ESLint" in_web eslint --max-warnings 0 .
web_suite
format_ends

if [[ $mode == quick ]]; then
  unset METERSYNC_TEST_POSTGRES METERSYNC_TEST_S3
  csharp_suite MeterSync.Tests
  finish
fi

check "Publish" publish
provide_postgres
provide_s3
browser_begins
csharp_suite MeterSync.Tests
browser_ends
chaos_suite
finish
