# shellcheck shell=bash
# Finds the tools the scripts need and installs what is missing from the distribution's own packages. Needs say.sh.

# Prints the command that gives root rights: nothing for root, sudo on a build machine that allows it without a password.
# Fails for everybody else: a script does not ask a person for a password half way.
root_command() {
  if ((EUID == 0)); then return 0; fi
  if [[ ${CI:-} == true ]] && sudo -n true 2>/dev/null; then
    echo "sudo -n"
    return 0
  fi
  return 1
}

has_package() { [[ $(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null) == ii* ]]; }

# Succeeds when the distribution offers the package.
offers_package() { [[ -n $(apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: \([0-9].*\)$/\1/p') ]]; }

refresh_package_lists() {
  [[ -z ${package_lists_are_fresh:-} ]] || return 0
  local root
  root=$(root_command) || return 0
  # shellcheck disable=SC2086 # the command may be two words, or none
  $root apt-get update -qq >&2 </dev/null || complain "apt-get update failed." "Check the package sources; going on with the old lists."
  package_lists_are_fresh=yes
}

# ensure_packages PURPOSE PACKAGE...: installs those of the packages that are missing.
ensure_packages() {
  local purpose=$1 package root missing=()
  shift
  for package in "$@"; do has_package "$package" || missing+=("$package"); done
  ((${#missing[@]})) || return 0

  if ! command -v apt-get >/dev/null; then
    complain "$purpose needs ${missing[*]}, and there is no apt-get." "Install the same with your system's package tool."
    return 1
  fi
  if ! root=$(root_command); then
    complain "$purpose needs packages that are not installed." "sudo apt-get install -y --no-install-recommends ${missing[*]}"
    return 1
  fi
  say "Installing ${missing[*]}"
  refresh_package_lists
  # shellcheck disable=SC2086 # the command may be two words, or none
  if ! DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null; then
    complain "apt-get could not install ${missing[*]}." "Run it by hand to see why: apt-get install ${missing[*]}"
    return 1
  fi
}

ensure_dotnet() {
  if command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.'; then
    ensure_runtime_parts
    return
  fi
  refresh_package_lists
  offers_package dotnet-sdk-10.0 || {
    complain "The .NET SDK 10 is missing." "Install it as https://learn.microsoft.com/dotnet/core/install/linux says, then run this again."
    return 1
  }
  ensure_packages "The build" dotnet-sdk-10.0
}

# What an SDK that was unpacked by hand does not bring along.
ensure_runtime_parts() {
  local icu
  if ! PATH=$PATH:/sbin:/usr/sbin ldconfig -p | grep -q 'libicuuc\.so'; then
    refresh_package_lists
    icu=$(apt-cache search --names-only '^libicu[0-9]+$' 2>/dev/null | sed 's/ .*//' | sort -V | tail -n 1)
    ensure_packages "The .NET runtime" "${icu:-libicu-dev}" || return
  fi
  [[ -e /usr/share/zoneinfo/Europe/Amsterdam ]] || ensure_packages "Local time" tzdata
}

node_is_recent() {
  command -v node >/dev/null && command -v npm >/dev/null &&
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
}

ensure_node() {
  node_is_recent && return
  if ! command -v node >/dev/null; then
    refresh_package_lists
    if [[ $(apt-cache policy nodejs 2>/dev/null | sed -n 's/^ *Candidate: \([0-9]*\).*/\1/p') -ge 20 ]]; then
      ensure_packages "The web build" nodejs npm && node_is_recent && return
    fi
  fi
  complain "Node.js 20.19 or newer with npm is missing (found: $(node --version 2>/dev/null || echo none))." \
    "Install it as https://nodejs.org/en/download says, then run this again."
  return 1
}
