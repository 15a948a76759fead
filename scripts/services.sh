# shellcheck shell=bash
# Starts the real services that tests run against, each for this run only: on a free loopback port, in a temporary
# directory. Needs say.sh and tools.sh.
#
# A service is a file services/NAME.sh that defines
#   NAME_packages          prints the Debian packages it needs
#   NAME_start DIR PORT    writes its configuration into DIR, starts in the background, sets service_pid
#   NAME_ready DIR PORT    succeeds once it answers as the tests need it
#   NAME_export DIR PORT   exports what the tests read
# and may define
#   NAME_stop_signal       prints the signal that ends it quickly (TERM when left out)

services_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/services" && pwd)
services_running=()
services_data=

# start_service NAME: succeeds when the service is up; its variables are then exported.
start_service() {
  local name=$1 directory port
  # shellcheck source=/dev/null
  source "$services_folder/$name.sh"
  # shellcheck disable=SC2046 # one word per package
  ensure_packages "The test service $name" $("${name}_packages") || return 1

  if [[ -z $services_data ]]; then
    services_data=$(mktemp -d "${TMPDIR:-/tmp}/metersync-test.XXXXXX")
    chmod 755 "$services_data" # services run as users of their own
  fi
  directory=$services_data/$name
  mkdir "$directory"
  port=$(free_port) || return 1

  service_pid=
  if ! "${name}_start" "$directory" "$port" || [[ -z $service_pid ]]; then
    service_failed "$name" "$directory" "could not be started"
    return 1
  fi
  services_running+=("$service_pid $(service_stop_signal "$name") $name")
  wait_until_ready "$name" "$directory" "$port" || return 1
  "${name}_export" "$directory" "$port"
  say "$name answers on port $port"
}

wait_until_ready() {
  local name=$1 directory=$2 port=$3 attempt
  for ((attempt = 0; attempt < 300; attempt++)); do
    if "${name}_ready" "$directory" "$port" >/dev/null 2>&1; then return 0; fi
    if ! kill -0 "$service_pid" 2>/dev/null; then
      service_failed "$name" "$directory" "ended while starting"
      return 1
    fi
    sleep 0.2
  done
  service_failed "$name" "$directory" "did not answer within a minute"
  return 1
}

service_failed() {
  tail -n 20 "$2"/*.log >&2 2>/dev/null || true
  complain "The test service $1 $3." "The lines above are the end of its log."
}

service_stop_signal() {
  if declare -F "${1}_stop_signal" >/dev/null; then "${1}_stop_signal"; else echo TERM; fi
}

# Stops what was started, last first, and removes its data. Call it from an EXIT trap.
stop_services() {
  local i pid signal name
  for ((i = ${#services_running[@]} - 1; i >= 0; i--)); do
    read -r pid signal name <<<"${services_running[i]}"
    stop_process "$pid" "$signal" || complain "$name (process $pid) did not stop." "kill -KILL $pid"
  done
  services_running=()
  if [[ -n $services_data ]]; then rm -rf "$services_data"; fi
  services_data=
}

# stop_process PID SIGNAL: asks, waits ten seconds, then insists.
stop_process() {
  local pid=$1 signal=$2 attempt
  kill -"$signal" "$pid" 2>/dev/null || return 0
  for ((attempt = 0; attempt < 100; attempt++)); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || return 0
  sleep 0.5
  ! kill -0 "$pid" 2>/dev/null
}

# Prints a loopback port nobody listens on, below the range the kernel takes for outgoing connections.
free_port() {
  local attempt port
  for ((attempt = 0; attempt < 50; attempt++)); do
    port=$((20000 + RANDOM % 10000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return 0
    fi
  done
  complain "No free port between 20000 and 29999." "See what holds them: ss -ltn"
  return 1
}

# run_as USER COMMAND...: as USER when we are root (servers refuse to run as root), else as ourselves. Takes the place of
# the calling process, so that the background job's process id is the command's own.
run_as() {
  local user=$1
  shift
  if ((EUID == 0)); then
    exec setpriv --reuid="$user" --regid="$user" --init-groups "$@"
  fi
  exec "$@"
}
