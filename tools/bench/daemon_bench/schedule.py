# SPDX-License-Identifier: Apache-2.0
"""The cell `schedule`: one pass over a farm of 500 boards and 2,000 waiting requests, of several shapes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from compare_bench.judge import Target
from daemon_bench.cell import Cell

PROGRAM = "bench-schedule-host"
TYPICAL = {"one board comes free", "ten boards come free"}
TYPICAL_MS = 5.0
WORST_MS = 50.0


def measure(program: Path, boards: int, requests: int, passes: int) -> Cell:
    command = [str(program), str(boards), str(requests), str(passes)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    figures: dict[str, Any] = json.loads(said)
    return Cell("schedule", figures, table(figures), targets(figures))


def table(figures: dict[str, Any]) -> list[str]:
    title = f"{figures['boards']} boards, {figures['requests']:,} requests, ms of one core"
    lines = [f"{title:<48}{'median':>9}{'worst':>9}{'explain':>9}{'grants':>8}"]
    for row in figures["shapes"]:
        times = f"{row['median_ms']:>9.2f}{row['worst_ms']:>9.2f}{row['explain_median_ms']:>9.2f}"
        lines.append(f"  {row['shape']:<46}{times}{row['grants']:>8}")
    return lines


def targets(figures: dict[str, Any]) -> list[Target]:
    """The median of typical shapes and the worst pass of any."""
    typical = max(row["median_ms"] for row in figures["shapes"] if row["shape"] in TYPICAL)
    worst = max(row["worst_ms"] for row in figures["shapes"])
    return [
        Target("a typical pass in ms", typical, TYPICAL_MS, at_least=False),
        Target("the worst pass in ms", worst, WORST_MS, at_least=False),
    ]
