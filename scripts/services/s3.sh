# shellcheck shell=bash
# Ceph's S3 gateway with one monitor and one memory store, and a user for the tests. Needs root: Ceph's programs change to users of their own.

s3_packages() { echo ceph-mon ceph-osd ceph-common radosgw; }

s3_ceph() { ceph -c "$s3_configuration" --connect-timeout 5 "$@"; }

s3_start() {
  local directory=$1 port=$2 monitor fsid osd_id attempt
  s3_configuration=$directory/ceph.conf
  s3_first=$(((port % 5000) * 2 + 10000)) # monitor and daemons, away from the ports of other services
  monitor=$(free_port) || return 1
  fsid=$(cat /proc/sys/kernel/random/uuid)
  osd_id=$(cat /proc/sys/kernel/random/uuid)
  mkdir -p "$directory"/{mon,osd,rgw,run,log}
  cat >"$s3_configuration" <<CONF
[global]
fsid = $fsid
mon host = v1:127.0.0.1:$monitor
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv4 = true
ms bind msgr2 = false
ms bind port min = $s3_first
ms bind port max = $((s3_first + 99))
auth cluster required = none
auth service required = none
auth client required = none
auth supported = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 1000
run dir = $directory/run
admin socket = $directory/run/\$cluster-\$name.asok
pid file = $directory/run/\$name.pid
log file = $directory/log/\$name.log
keyring = $directory/keyring
rgw enable ops log = false
[mon.a]
mon data = $directory/mon/a
[osd.0]
osd data = $directory/osd/0
osd objectstore = memstore
osd class update on start = false
memstore device bytes = 1073741824
[client.rgw.a]
rgw frontends = beast endpoint=127.0.0.1:$port
rgw data = $directory/rgw
rgw dns name = localhost
debug rgw = 1
CONF
  {
    ceph-authtool --create-keyring "$directory/keyring" --gen-key -n mon. --cap mon 'allow *' &&
      ceph-authtool "$directory/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' &&
      monmaptool --create --addv a "v1:127.0.0.1:$monitor" --fsid "$fsid" "$directory/monmap" &&
      ceph-mon -c "$s3_configuration" --mkfs -i a --monmap "$directory/monmap" --keyring "$directory/keyring" --setuser root --setgroup root
  } >"$directory/prepare.log" 2>&1 || return 1
  mkdir -p "$directory/osd/0"

  # In the foreground of a background job each, so that their process ids are ours to end.
  ceph-mon -c "$s3_configuration" -i a -f --setuser root --setgroup root >"$directory/mon.log" 2>&1 &
  services_running+=("$! TERM s3-monitor")
  for ((attempt = 0; attempt < 50; attempt++)); do
    if s3_ceph osd new "$osd_id" >>"$directory/prepare.log" 2>&1; then break; fi
    sleep 0.2
  done
  ceph-osd -c "$s3_configuration" -i 0 --mkfs --osd-uuid "$osd_id" --setuser root --setgroup root >>"$directory/prepare.log" 2>&1 || return 1
  ceph-osd -c "$s3_configuration" -i 0 -f --setuser root --setgroup root >"$directory/osd.log" 2>&1 &
  services_running+=("$! KILL s3-store") # a memory store has nothing to write down
  radosgw -c "$s3_configuration" -n client.rgw.a -f --setuser root --setgroup root >"$directory/gateway.log" 2>&1 &
  # shellcheck disable=SC2034 # start_service reads it
  service_pid=$!
}

s3_ready() {
  curl -fsS -o /dev/null "http://127.0.0.1:$2/" || return 1
  s3_access=metersync-test
  s3_secret=$(head -c 24 /dev/urandom | base64 | tr -d '/+=')
  radosgw-admin -c "$s3_configuration" user create --uid=metersync --display-name=MeterSync --access-key="$s3_access" --secret-key="$s3_secret"
}

# Endpoint, access key and secret key.
s3_export() {
  export METERSYNC_TEST_S3="http://127.0.0.1:$2 $s3_access $s3_secret"
}

s3_stop_signal() { echo KILL; }
