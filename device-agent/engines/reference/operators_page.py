# SPDX-License-Identifier: Apache-2.0
"""Writes docs/operators.md from ops.def; a test holds the page to it."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[2] / "docs" / "operators.md"
LINE = re.compile(r"^THIL_OP\((\w+), \d+, \w+, (\d+), (\d+)\) /\* (.+) \*/$", re.MULTILINE)
HEAD = """# Operators of the reference engine

`tinyhil check MODEL.tflite` says of a model what it lacks, all of it at once: operators, types, shapes and,
with `--bench`, what the board has no room for. `--operators` prints the first column.

Any type: int8, uint8, int16, int32 or float32, whose bytes move unchanged. What is not named is refused.
Tensors have at most four dimensions, models at most eight inputs and outputs, 1,024 tensors and 512 nodes.

This page is made of `device-agent/engines/reference/ops.def` by `operators_page.py` beside it.

| operator | takes | inputs, outputs at most |
|---|---|---|
"""


def page() -> str:
    """As it has to be."""
    rows = LINE.findall((HERE / "ops.def").read_text())
    return HEAD + "".join(
        f"| {name} | {takes} | {inputs}, {outputs} |\n" for name, inputs, outputs, takes in rows
    )


if __name__ == "__main__":
    PAGE.write_text(page())
