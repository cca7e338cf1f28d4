# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# How the developer scripts talk: sourced, never run. Talk goes to stderr, so stdout stays data.

bold='' red='' plain=''
if [[ -t 2 && -z ${NO_COLOR:-} ]]; then bold=$'\e[1m' red=$'\e[31m' plain=$'\e[0m'; fi

say() { printf '%s%s%s\n' "$bold" "$*" "$plain" >&2; }
note() { printf '%s\n' "$*" >&2; }

# fail WHAT REMEDY: ends the script.
fail() {
  printf '%serror:%s %s\n  remedy: %s\n' "$red" "$plain" "$1" "$2" >&2
  exit 1
}
