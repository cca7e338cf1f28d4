# SPDX-License-Identifier: Apache-2.0
"""The circumstances under which every protocol is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """One line and one workload."""

    baud: int
    latency_ms: int
    input: int  # bytes of a vector
    output: int  # bytes of its result
    invoke_us: int

    @property
    def label(self) -> str:
        return f"{self.input:,} B, {self.baud:,} baud, {self.latency_ms} ms"

    def wire_seconds(self, count: float) -> float:
        """How long so many bytes take: ten bits each, a start and a stop bit included."""
        return count * 10 / self.baud


KEYWORDS = {"input": 490, "output": 12, "invoke_us": 2_000}
IMAGES = {"input": 27_648, "output": 2, "invoke_us": 50_000}

CELLS = [
    Cell(baud=baud, latency_ms=latency, **workload)
    for workload in (KEYWORDS, IMAGES)
    for baud in (115_200, 921_600)
    for latency in (1, 16)
]
QUICK = [Cell(baud=921_600, latency_ms=1, **workload) for workload in (KEYWORDS, IMAGES)]

# Real features, to see what compression makes of them; seeded noise shows nothing.
FEATURES = [Cell(baud=baud, latency_ms=1, **KEYWORDS) for baud in (115_200, 921_600)]
