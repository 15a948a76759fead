#!/usr/bin/env bash
# Draws public/icons/*.png from icon.svg with Chromium. Run it after a change of the drawing.
set -euo pipefail
icons=$(cd "$(dirname "$0")/../public/icons" && pwd)
page=$(mktemp --suffix=.html)
trap 'rm -f "$page"' EXIT
draw() { # file, size, background, part of the side that the sign takes
  printf '<body style="margin:0;background:%s;display:grid;place-items:center;height:100vh"><img src="file://%s" style="width:%s">' "$3" "$icons/icon.svg" "$4" >"$page"
  chromium --headless --no-sandbox --hide-scrollbars --allow-file-access-from-files --default-background-color=00000000 \
    --window-size="$2,$2" --screenshot="$icons/$1" "file://$page" 2>/dev/null
}
draw icon-192.png 192 transparent 100%
draw icon-512.png 512 transparent 100%
# A launcher may cut a maskable one down to the inner 80 %.
draw maskable-512.png 512 '#00566A' 78%
draw apple-touch-icon.png 180 '#00566A' 86%
