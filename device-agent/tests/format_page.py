# SPDX-License-Identifier: Apache-2.0
"""The worked examples of docs/formats: each fenced block ```hex NAME, every line of it "bytes | what"."""

from __future__ import annotations

import re
from pathlib import Path

PAGES = Path(__file__).parents[2] / "docs/formats"


def examples_of(page: str) -> dict[str, bytes]:
    blocks = re.findall(r"^```hex ([^\n]+)\n(.*?)^```$", (PAGES / page).read_text(), re.MULTILINE | re.DOTALL)
    return {
        name: bytes.fromhex("".join(line.partition("|")[0] for line in text.splitlines()))
        for name, text in blocks
    }
