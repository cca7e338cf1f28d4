#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# tools/package_proof.sh [PRESET]: builds the Debian package and installs it in a new Debian 12 that a real systemd has
# booted (debootstrap, systemd-nspawn): does the service start, lease boards, run a campaign, reload, come back when it is
# killed or hangs, and leave nothing that runs when it is removed? As root; some three minutes after the build.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
# shellcheck source=tools/say.sh
source tools/say.sh

# What the new Debian does by itself, once it has booted. `expect` is a command that must succeed within a minute.
inside() {
  cat <<'PROOF'
#!/bin/bash
set -uo pipefail
export DEBIAN_FRONTEND=noninteractive TINYHIL_DAEMON=unix:/run/tinyhil/daemon.sock
end() { echo "$1" >/proof/outcome; systemctl poweroff --no-block; exit; }
expect() {
  local _ said
  for _ in {1..60}; do
    if said=$(eval "$2" 2>&1); then echo "ok      $1"; return; fi
    sleep 1
  done
  printf 'FAILED  %s: %s\n%s\n' "$1" "$2" "$said"
  journalctl -u tinyhil --no-pager | tail -n 20
  end failed
}
main_process() { systemctl show -p MainPID --value tinyhil; }
restarts() { systemctl show -p NRestarts --value tinyhil; }
code_of() { "$@"; echo $?; }

mkdir -p /etc/tinyhil && cp -r /proof/bench.d /etc/tinyhil/
systemctl is-system-running --wait >/dev/null # degraded will do: a container has not all there is
apt-get -q update && apt-get -q -y install --no-install-recommends /proof/tinyhil.deb || end failed
expect "the service is up" 'systemctl is-active tinyhil'
expect "its boards are free" '[[ $(tinyhil boards | grep -c " free ") == 2 ]]'
expect "a lease passes the exit code on" '[[ $(code_of tinyhil lease board=b1 -- sh -c "exit 5" | tail -n 1) == 5 ]]'
cd /proof/campaign
expect "a campaign on two boards passes" 'tinyhil run campaign.yaml --boards 2 --candidate slim --store /tmp/run.db --report /tmp/report'
sed -i s/b2/b3/ /etc/tinyhil/bench.d/desk.yaml
expect "a changed bench file is read again" 'systemctl reload tinyhil && tinyhil boards | grep "^b3 "'
kill -9 "$(main_process)"
expect "it comes back when it is killed" '[[ $(restarts) == 1 ]] && tinyhil boards'
kill -STOP "$(main_process)"
expect "the watchdog starts it again when it hangs" '[[ $(restarts) == 2 ]] && tinyhil boards'
expect "the manual is there" '[[ -e /usr/share/man/man1/tinyhil-daemon.1 || -e /usr/share/man/man1/tinyhil-daemon.1.gz ]]'
expect "it is removed" 'apt-get -q -y remove tinyhil'
expect "nothing of it runs" '! pgrep -x tinyhil && ! pgrep -f thil-agent'
expect "what was measured is kept" '[[ -e /var/lib/tinyhil/daemon.db ]]'
expect "it is purged" 'apt-get -q -y purge tinyhil && [[ ! -e /var/lib/tinyhil ]] && ! getent passwd tinyhil'
end passed
PROOF
}

lay_out() { # ROOT PRESET
  mkdir -p "$1/proof/bench.d"
  cp build/"$2"/tinyhil_*_amd64.deb "$1/proof/tinyhil.deb"
  cp build/"$2"/bin/thil-agent-host "$1/proof/"
  cp -r scenarios/wake_word "$1/proof/campaign"
  # Boards that are processes have no flash and no meter, and their latency depends on their neighbours.
  sed -i -E '/id: (latency-p99|firmware-size|energy|battery-life),/d' "$1/proof/campaign/gate.yaml"
  cat >"$1/proof/bench.d/desk.yaml" <<'BENCH'
bench: desk
boards:
  - {name: b1, provenance: process, link: {driver: process, command: [/proof/thil-agent-host]}}
  - {name: b2, provenance: process, link: {driver: process, command: [/proof/thil-agent-host]}}
BENCH
  inside >"$1/proof/run"
  chmod +x "$1/proof/run"
  cat >"$1/etc/systemd/system/proof.service" <<'UNIT'
[Service]
ExecStart=/proof/run
StandardOutput=append:/proof/log
StandardError=append:/proof/log
UNIT
  mkdir -p "$1/etc/systemd/system/multi-user.target.wants"
  ln -s ../proof.service "$1/etc/systemd/system/multi-user.target.wants/"
  cp /etc/resolv.conf "$1/etc/"
}

main() {
  local preset=${1:-release} missing=() name
  if ((EUID != 0)); then fail "a Debian is made and booted by root only" "sudo tools/package_proof.sh"; fi
  for name in debootstrap systemd-nspawn; do command -v "$name" >/dev/null || missing+=("$name"); done
  if ((${#missing[@]})); then fail "missing: ${missing[*]}" "apt-get install debootstrap systemd-container"; fi
  root=$(mktemp -d /var/tmp/tinyhil-package.XXXXXX)
  chmod 755 "$root" # it is the root folder of others than root, too
  trap 'rm -rf --one-file-system "$root"' EXIT
  rm -f build/"$preset"/tinyhil_*_amd64.deb
  cmake --build "build/$preset" --target package bin/thil-agent-host >&2
  say "making a Debian 12"
  debootstrap --variant=minbase --include=systemd-sysv,dbus,ca-certificates,procps bookworm "$root" >"$root.log" 2>&1 ||
    fail "debootstrap failed" "see $root.log"
  rm "$root.log"
  lay_out "$root" "$preset"
  say "booting it"
  timeout 900 systemd-nspawn --quiet -D "$root" --register=no --keep-unit --boot --console=pipe </dev/null >/dev/null 2>&1 || true
  grep -E '^(ok|FAILED) ' -A 40 "$root/proof/log" || cat "$root/proof/log"
  if [[ $(cat "$root/proof/outcome" 2>/dev/null) != passed ]]; then
    cp "$root/proof/log" build/package_proof.log 2>/dev/null
    fail "the package does not hold what it promises" "all that was said: build/package_proof.log"
  fi
  say "package: passed"
}

main "$@"
