# SPDX-License-Identifier: Apache-2.0
"""What we hold ourselves to. The peers' figures stand beside; only ours are judged."""

from __future__ import annotations

from dataclasses import dataclass

from link_bench.cells import Cell
from link_bench.measure import Absent, Outcome

GOODPUT = {490: 0.93, 27_648: 0.95}
RERUN_RATIO = 20.0
CPU_US = {490: 50.0, 27_648: 540.0}  # 20 us for each KiB of a large vector


@dataclass(frozen=True)
class Target:
    what: str
    measured: float | None  # none: there is no number
    limit: float
    at_least: bool

    @property
    def met(self) -> bool:
        if self.measured is None:
            return False
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    def __str__(self) -> str:
        measured = "no number" if self.measured is None else f"{self.measured:.3f}"
        return f"{self.what}: {measured}, wanted {'>=' if self.at_least else '<='} {self.limit:g}"


def targets(cell: Cell, ours: Outcome) -> list[Target]:
    goodput, cpu_us, rerun_ratio = (
        (None, None, None) if isinstance(ours, Absent) else (ours.goodput, ours.cpu_us, ours.rerun_ratio)
    )
    return [
        Target(f"payload / line rate, {cell.label}", goodput, GOODPUT[cell.input], at_least=True),
        Target(f"host CPU us an inference, {cell.label}", cpu_us, CPU_US[cell.input], at_least=False),
        Target(f"first run / re-run in bytes, {cell.label}", rerun_ratio, RERUN_RATIO, at_least=True),
    ]
