# shellcheck shell=bash
# How the entry scripts talk: what they do now, and what to do when something fails.

say() { printf '==> %s\n' "$*"; }

# complain WHAT FIX
complain() { printf 'error: %s\n  fix: %s\n' "$1" "$2" >&2; }

# die WHAT FIX
die() {
  complain "$1" "$2"
  exit 1
}
