# SPDX-License-Identifier: Apache-2.0
"""What one cell of `./dev bench daemon` hands back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from compare_bench.judge import Target


@dataclass(frozen=True)
class Cell:
    """Its name in the record, its figures, the lines of the table and what is judged."""

    name: str
    figures: dict[str, Any]
    table: list[str]
    targets: list[Target]
