#!/usr/bin/env bash
# The one command that runs MeterSync: installs what it needs, builds, and starts it with demo data.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/say.sh
source "$root/scripts/say.sh"
# shellcheck source=scripts/tools.sh
source "$root/scripts/tools.sh"
# shellcheck source=scripts/build.sh
source "$root/scripts/build.sh"

usage() {
  cat <<'TEXT'
bash run.sh [--build-only] [OPTION...]

Installs what is missing (as root; else says what to install), builds out/metersync and starts
    out/metersync serve --demo --urls http://127.0.0.1:8000 --data demo-data
Options are handed to `metersync serve` and win over these, for example
    bash run.sh --urls http://127.0.0.1:8001

  --build-only   build, do not start
  --help         this text
TEXT
}

build_only=no
serve_arguments=()
for argument in "$@"; do
  case $argument in
    --build-only) build_only=yes ;;
    --help | -h)
      usage
      exit 0
      ;;
    --) ;;
    *) serve_arguments+=("$argument") ;;
  esac
done

# given NAME: whether the caller set this option.
given() {
  local argument
  for argument in ${serve_arguments[@]+"${serve_arguments[@]}"}; do
    [[ $argument == "$1" || $argument == "$1="* ]] && return 0
  done
  return 1
}

# Prints the addresses the server is going to listen on, one a line.
addresses() {
  local i
  for ((i = 0; i < ${#serve_arguments[@]}; i++)); do
    case ${serve_arguments[i]} in
      --urls=*) tr ';' '\n' <<<"${serve_arguments[i]#--urls=}" ;;
      --urls) tr ';' '\n' <<<"${serve_arguments[i + 1]:-}" ;;
    esac
  done
}

refuse_busy_port() {
  local address port
  while read -r address; do
    [[ $address =~ ^https?://[^/]*:([0-9]+) ]] || continue
    port=${BASH_REMATCH[1]}
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      die "Port $port is in use." "Stop the program that uses it, or choose another port: bash run.sh --urls http://127.0.0.1:$((port + 1))"
    fi
  done < <(addresses)
}

given --urls || serve_arguments+=(--urls http://127.0.0.1:8000)
given --data || serve_arguments+=(--data "$root/demo-data")
given --demo || serve_arguments=(--demo "${serve_arguments[@]}")

[[ $build_only == yes ]] || refuse_busy_port
ensure_dotnet
ensure_node
web_packages
web_redoc
web_field
vision_library || say "Going on without it"
publish

if [[ $build_only == yes ]]; then
  say "Built out/metersync"
  exit 0
fi
refuse_busy_port
say "Starting on $(addresses | paste -sd ' ')"
exec "$root/out/metersync" serve "${serve_arguments[@]}"
