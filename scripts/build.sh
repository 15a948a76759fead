# shellcheck shell=bash
# Steps that build the product. They work in the repository, which the sourcing script names in $root. Needs say.sh.
: "${root:?}"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# Installs the web workspace's packages exactly as locked; does nothing when that was done for the same lock file.
web_packages() {
  local stamp=$root/web/node_modules/.installed-for wanted
  wanted=$(cat "$root/web/package-lock.json" "$root"/web/package.json "$root"/web/*/package.json | sha256sum)
  [[ $(cat "$stamp" 2>/dev/null) != "$wanted" ]] || return 0
  say "Installing the web workspace's packages"
  if ! (cd "$root/web" && npm ci --no-audit --no-fund --loglevel=error </dev/null); then
    complain "npm ci failed in web/." "Check that the npm registry is reachable, and that web/package-lock.json belongs to the package.json files."
    return 1
  fi
  echo "$wanted" >"$stamp"
}

# Succeeds where a build will find libvips, which decodes photos. npm leaves a package for this machine out without a word when it cannot fetch it.
vision_library() {
  local files
  files=$(compgen -G "$root/web/node_modules/@img/sharp-libvips-linux-*/lib/libvips-cpp.so.*") && [[ -n $files ]] && return
  complain "npm brought no libvips for this machine, so photos would get no thumbnails." "Delete web/node_modules and run this again; or install libvips42 with apt-get, which the program finds too."
  return 1
}

# Puts ReDoc's bundle where the server serves it from.
web_redoc() {
  (cd "$root/web" && npm run --silent redoc </dev/null) && return
  complain "ReDoc's bundle could not be copied." "Delete web/node_modules and run this again."
  return 1
}

# Builds the field app into the folder the server serves it from.
web_field() {
  say "Building the field app"
  (cd "$root/web" && npm run --silent field </dev/null) && return
  complain "The field app could not be built." "The messages above say why. If a package is missing, delete web/node_modules and run this again."
  return 1
}

runtime_identifier() {
  case $(uname -m) in
    x86_64) echo linux-x64 ;;
    aarch64 | arm64) echo linux-arm64 ;;
    *) return 1 ;;
  esac
}

# Publishing leaves the files of earlier builds where they are, and their names change with every build.
forget_old_pages() {
  local file
  while IFS= read -r -d '' file; do
    [[ -e $root/src/MeterSync.Server/wwwroot/$file ]] || rm -f "$root/out/wwwroot/$file"
  done < <(cd "$root/out/wwwroot" && find . -type f -print0)
}

# Makes out/metersync. Its intermediate files stay apart from those of dotnet build, which would undo each other's work.
publish() {
  local rid
  rid=$(runtime_identifier) || {
    complain "No build for $(uname -m)." "Use an x86-64 or 64-bit ARM machine."
    return 1
  }
  say "Building out/metersync"
  if ! (cd "$root" && dotnet publish src/MeterSync.Server -c Release -r "$rid" --self-contained false \
    -p:PublishReadyToRun=true --artifacts-path out/.build -o out --nologo -v quiet </dev/null); then
    complain "dotnet publish failed." "The messages above say why. If a package could not be restored, check the network and try again."
    return 1
  fi
  forget_old_pages
}
