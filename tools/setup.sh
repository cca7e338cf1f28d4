#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# tools/setup.sh demo|test: installs what ./dev needs and is missing. Debian packages through apt; with `test` also
# the Python packages of requirements-dev.txt in .venv and a kernel for QEMU in .guest-kernel. When nothing is missing
# it takes some 30 ms and says nothing.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
# shellcheck source=tools/say.sh
source tools/say.sh

build_packages=(cmake ninja-build g++ libboost1.81-dev libcli11-dev libdw-dev libgmock-dev libgtest-dev
  libjwt-dev libserialport-dev libspdlog-dev libsqlite3-dev libssl-dev libyaml-cpp-dev libzip-dev nlohmann-json3-dev pkg-config)
device_packages=(gcc-arm-none-eabi python3 qemu-system-arm)
check_packages=(arduino-builder busybox-static ca-certificates chromium clang clang-format curl gdb-multiarch libclang-rt-14-dev git
  libxml2-utils lld openocd openssl python3-dev python3-venv qemu-system-misc qemu-system-x86 shellcheck)

wanted_packages() {
  printf '%s\n' "${build_packages[@]}" "${device_packages[@]}"
  if [[ $1 == demo ]]; then return; fi
  printf '%s\n' "${check_packages[@]}"
  if ! command -v npm >/dev/null; then printf '%s\n' nodejs npm; fi # other packages of Node.js bring npm along
}

missing_packages() {
  local -A installed=()
  local name state
  while read -r name state; do
    if [[ $state == installed ]]; then installed[$name]=1; fi
  done < <(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
  for name in "$@"; do
    if [[ -z ${installed[$name]:-} ]]; then echo "$name"; fi
  done
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

apt_get() { # up to ten minutes behind another dpkg
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 "$@" </dev/null
}

update_lists() { # the lock on the lists has no timeout of its own; old lists may do when the update fails
  local try said
  for try in {1..60}; do
    if said=$(apt_get update 2>&1); then return; fi
    if [[ $said != *'Could not get lock'* ]]; then break; fi
    sleep 5
  done
  printf '%s\nsetup: apt-get update failed (try %d); going on with the lists there are\n' "$said" "$try"
}

install_packages() {
  if ((EUID != 0)) && ! command -v sudo >/dev/null; then
    fail "packages are missing, you are not root and there is no sudo" \
      "as root: apt-get install --no-install-recommends $*"
  fi
  say "installing $# Debian packages: compilers, libraries, QEMU, tools (a minute or two)"
  note "  $*"
  local log
  log=$(mktemp /tmp/tinyhil-setup.XXXXXX)
  if ! { update_lists && apt_get install --no-install-recommends "$@"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    fail "apt-get could not install the packages; all it said is in $log" \
      "mend what apt names above (mirror, network, disk; 'dpkg --configure -a' after an interruption), then run this again"
  fi
  rm -f "$log"
}

is_debian() {
  [[ -r /etc/os-release ]] && grep -qE '^ID(_LIKE)?=.*debian' /etc/os-release && command -v apt-get >/dev/null
}

setup_packages() {
  local wanted missing
  mapfile -t wanted < <(wanted_packages "$1")
  if ! is_debian; then
    fail "this is not Debian; nothing was installed" \
      "install what these Debian 12 packages hold, then set TINYHIL_SETUP=skip: ${wanted[*]}"
  fi
  mapfile -t missing < <(missing_packages "${wanted[@]}")
  if ((${#missing[@]})); then install_packages "${missing[@]}"; fi
}

# The digest of what the venv was made from is written last: a venv left half made is made again.
setup_venv() {
  local python=/usr/bin/python3 digest
  digest=$({ cat requirements-dev.txt; "$python" --version; pwd; } | sha256sum)
  if [[ -r .venv/made-from && $(<.venv/made-from) == "$digest" ]]; then return; fi
  say "making .venv from requirements-dev.txt (pytest, ruff, mypy, numpy, LiteRT, ...; about half a minute)"
  rm -rf .venv
  if ! { "$python" -m venv .venv &&
    .venv/bin/python -m pip install -q --disable-pip-version-check --use-pep517 --no-deps -r requirements-dev.txt >&2; }; then
    fail "the Python packages could not be installed into .venv" \
      "see pip's message above (network, or a pin in requirements-dev.txt that Python $("$python" --version) lacks), then run this again"
  fi
  echo "$digest" >.venv/made-from
}

# Not installed: a package of a kernel would make itself the one that the machine boots.
setup_guest_kernel() {
  if ! is_debian || [[ $(dpkg --print-architecture) != amd64 ]]; then return; fi
  /usr/bin/python3 tools/guest_kernel.py .guest-kernel
}

main() {
  case ${1:-} in demo | test) ;; *) fail "setup wants the group demo or test" "./dev setup" ;; esac
  exec 9<requirements-dev.txt # one setup at a time in one clone
  flock -n 9 || { note "waiting for another setup in this clone" && flock 9; }
  if [[ ${TINYHIL_SETUP:-} != skip ]]; then setup_packages "$1"; fi
  if [[ $1 == test ]]; then
    setup_venv
    setup_guest_kernel
  fi
}

main "$@"
