#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# tools/pytest.sh ARGS: pytest from the repository's venv; a missing venv is a failure, never a skip.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
# shellcheck source=tools/say.sh
source tools/say.sh

if [[ ! -r .venv/made-from ]]; then fail "there is no Python environment at $PWD/.venv" "./dev setup"; fi
exec .venv/bin/python -B -m pytest -q "$@"
