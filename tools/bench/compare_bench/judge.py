# SPDX-License-Identifier: Apache-2.0
"""What we hold ourselves to, at ten million pairs."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Any

JUDGED_PAIRS = 10_000_000
RESIDENT_S = 0.1
COLD_S = 0.5
HASH_JOIN_RATIO = 25.0
READING_RATIO = 4.0


@dataclass(frozen=True)
class Target:
    what: str
    measured: float
    limit: float
    at_least: bool

    @property
    def met(self) -> bool:
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    def __str__(self) -> str:
        return f"{self.what}: {self.measured:.3g}, wanted {'>=' if self.at_least else '<='} {self.limit:g}"


def targets(ours: dict[str, Any], hash_join_s: float) -> list[Target]:
    resident = median(ours["memory"]["resident"])
    cold = median(ours["store"]["cold"]["whole"])
    return [
        Target("seconds from memory", resident, RESIDENT_S, at_least=False),
        Target("seconds from a cold store", cold, COLD_S, at_least=False),
        Target("DuckDB's hash join / ours", hash_join_s / resident, HASH_JOIN_RATIO, at_least=True),
        Target(
            "ours / plain reading",
            resident / median(ours["memory"]["reading"]),
            READING_RATIO,
            at_least=False,
        ),
    ]
