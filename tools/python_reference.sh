#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# tools/python_reference.sh [FOLDER]: the API reference of the Python package as HTML, made from its docstrings
# (build/docs/python). Needs the module of the dev preset.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
out=${1:-build/docs/python}
export PYTHONPATH=$PWD/build/dev/python
exec .venv/bin/python -W error -m pdoc --output-directory "$out" --docformat markdown \
  tinyhil tinyhil.oracle tinyhil.tflite tinyhil.export tinyhil.errors '!tinyhil._core'
