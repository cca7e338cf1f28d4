#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# tools/fuzz_smoke.sh TARGET: runs one libFuzzer target for a bounded time; quiet unless it finds something.
# Committed inputs are taken from the folder <name>_corpus beside the target's source, when there is one. A file
# <name>.runs there holds how many cases this target is worth: it then gets 150 s for them instead of 10.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

target=$1
name=$(basename "$target")
log=build/fuzz/$name.log
found=build/fuzz/corpus/$name # libFuzzer keeps here what it finds
mkdir -p "$found"
mapfile -t corpus < <(find device-agent harness -type d -name "${name}_corpus")

wanted=$(find device-agent harness -name "$name.runs" -exec cat {} +)
seconds=$([ -n "$wanted" ] && echo 150 || echo 10)

if timeout -k 5 $((seconds + 70)) "$target" -seed=1 -runs="${wanted:-2000000}" -max_total_time="$seconds" \
  -timeout=5 -rss_limit_mb=1024 -artifact_prefix="build/fuzz/$name-" "$found" "${corpus[@]}" >"$log" 2>&1; then
  echo "$name: $(grep -oE '^Done [0-9]+ runs in [0-9]+ second' "$log")s${wanted:+ of $wanted wanted}"
else
  tail -n 40 "$log" >&2
  echo "$name: FAILED; replay: $target build/fuzz/$name-{crash,leak,oom,timeout}-* (log: $log)" >&2
  exit 1
fi
