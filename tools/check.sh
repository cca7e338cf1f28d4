#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# tools/check.sh [--all]: every check that needs no build; goes through all of them, then names those that failed.
# clang-tidy reads what differs from origin/main and, on main itself, what the last hundred commits changed.
# --all: clang-tidy reads every source, and the wheel is built in isolation; needs build/dev built.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
# shellcheck source=tools/say.sh
source tools/say.sh

everything=no
case ${1:-} in '') ;; --all) everything=yes ;; *) fail "check knows no '$1'" "./dev check [--all]" ;; esac

# sources PATTERN...: the files of the repository, new ones too, that are there.
sources() {
  local file
  git ls-files -co --exclude-standard -- "$@" | while read -r file; do
    if [[ -f $file ]]; then echo "$file"; fi
  done
}

failed=()
# step NAME REMEDY COMMAND...
step() {
  local begin=$SECONDS
  if "${@:3}"; then
    note "check: $1: good ($((SECONDS - begin)) s)"
  else
    note "check: $1: FAILED; remedy: $2"
    failed+=("$1")
  fi
}

c_format() { sources '*.c' '*.h' '*.cpp' '*.hpp' | xargs -r clang-format --dry-run -Werror; }

licences() {
  local bare
  bare=$(sources '*.c' '*.h' '*.cpp' '*.hpp' '*.def' '*.S' '*.ld' '*.py' '*.pyi' '*.sh' '*.sql' '*.js' '*.mjs' '*.ts' \
    '*.tsx' '*.cmake' \
    '*CMakeLists.txt' dev .ci/run ':(glob)tools/bench/*' | while read -r file; do
    head -n 5 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' || echo "  $file"
  done)
  if [[ -n $bare ]]; then printf 'no SPDX line in\n%s\n' "$bare" && return 1; fi
}

# Tests and what only they use may be longer.
file_sizes() {
  local long
  long=$(sources '*.c' '*.h' '*.cpp' '*.hpp' '*.py' '*.ts' '*.tsx' '*.css' ':!*_test.*' ':!*test_*.py' ':!*fuzz_*' ':!tests/' ':!*/tests/*' \
    ':!harness/testing/' ':!tools/bench/' | xargs wc -l | awk '$1 > 300 && $2 != "total" { print "  " $2 ": " $1 }')
  if [[ -n $long ]]; then printf 'more than 300 lines in\n%s\n' "$long" && return 1; fi
}

scripts() {
  local files file
  mapfile -t files < <(sources '*.sh' dev .ci/run)
  for file in "${files[@]}"; do bash -n "$file" || return 1; done
  shellcheck -x "${files[@]}"
}

python_types() {
  local folder code=0
  for folder in device-agent docs harness python tests tools; do
    if [[ -n $(sources "$folder/*.py") ]]; then .venv/bin/mypy "$folder" || code=1; fi
  done
  return $code
}

# What differs from main, or on main what is new there, with the sources beside a changed header; everything when the
# history does not tell or the rules themselves changed.
changed_sources() {
  local base changed file
  base=$(git merge-base HEAD origin/main 2>/dev/null || git merge-base HEAD main 2>/dev/null || true)
  if [[ $base == "$(git rev-parse HEAD)" ]]; then base=$(git rev-parse --quiet --verify HEAD~100 || true); fi
  changed=$(git diff --name-only --diff-filter=d ${base:+"$base"} && git ls-files -o --exclude-standard)
  if [[ $everything == yes || -z $base || $'\n'$changed == *$'\n.clang-tidy'* ]]; then
    sources '*.c' '*.cpp'
    return
  fi
  while read -r file; do
    case $file in
      *.c | *.cpp) echo "$file" ;;
      *.h | *.hpp) sources "${file%.*}.c" "${file%.*}.cpp" "${file%.*}_test.cpp" ;;
    esac
  done <<<"$changed" | sort -u
}

# The web page's types, with what the build has fetched.
page_types() {
  local folder=build/dev/harness/daemon/page
  if [[ ! -x $folder/node_modules/.bin/tsc ]]; then
    note "the page's types were not checked: build/dev has not fetched its packages yet (./dev build dev)"
    return
  fi
  cp harness/daemon/page/tsconfig.json $folder && (cd $folder && node_modules/.bin/tsc -p .)
}

# Each file for itself, without precompiled headers: it has to include what it uses.
tidy() {
  local files
  if ! cmake --preset dev -B build/tidy -DCMAKE_UNITY_BUILD=OFF -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON \
    >build/tidy.configure.log 2>&1; then
    tail -n 30 build/tidy.configure.log && return 1
  fi
  mapfile -t files < <(changed_sources | while read -r file; do
    if grep -qF "\"file\": \"$PWD/$file\"" build/tidy/compile_commands.json; then echo "$file"; fi
  done)
  note "check: clang-tidy reads ${#files[@]} files"
  if ((${#files[@]} == 0)); then return; fi
  # GCC's own warning flags and -Werror are the compiler's business.
  printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 2 .venv/bin/clang-tidy -p build/tidy --quiet \
    --extra-arg=-Wno-error --extra-arg=-Wno-unknown-warning-option 2> >(grep -vE '^([0-9]+ warnings? generated|\[[0-9]+/[0-9]+\] Processing file)' >&2)
}

# From the sources alone, as a user's pip does; the tests wrap the module that is built already.
wheel() { TINYHIL_WHEEL=isolated ctest --preset dev -R '^python_wheel$' --no-tests=error; }

step "C and C++ format" "./dev fmt" c_format
step "Python format" "./dev fmt" .venv/bin/ruff format --check --quiet .
step "Python lint" "./dev fmt mends some of it" .venv/bin/ruff check --quiet .
step "Python types" "give the types mypy asks for" python_types
step "types of the web page" "give the types tsc asks for" page_types
step "include rule" "tools/layers.py says who may include whom" .venv/bin/python -B tools/layers.py
step "licence lines" "one SPDX line at the top of each file" licences
step "file sizes" "a file stops at 300 lines (docs/style.md): move a part of it into a file of its own" file_sizes
step "shell scripts" "see shellcheck's message" scripts
step "clang-tidy" "mend what it names; .clang-tidy lists the checks" tidy
if [[ $everything == yes ]]; then step "wheel in isolation" "see pip's message: pip wheel ./python" wheel; fi

if ((${#failed[@]})); then
  fail "check: $(printf '%s, ' "${failed[@]}" | sed 's/, $//') failed" "each one's remedy stands above"
fi
say "check: everything is good ($SECONDS s)"
