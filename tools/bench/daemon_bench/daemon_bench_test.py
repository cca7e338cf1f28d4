# SPDX-License-Identifier: Apache-2.0
"""That the schedule's cell measures every shape, and what is judged."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from daemon_bench import schedule

PROGRAM = Path(os.environ["TINYHIL_BINARY_DIR"]) / "bin" / schedule.PROGRAM


def test_every_shape_is_measured() -> None:
    cell = schedule.measure(PROGRAM, boards=20, requests=50, passes=2)
    rows = {row["shape"]: row for row in cell.figures["shapes"]}
    assert set(rows) > schedule.TYPICAL
    assert rows["one board comes free"]["grants"] == 1
    assert rows["all free, all alike"]["grants"] == 20
    assert rows["all free, none wanted"]["grants"] == 0
    assert len(cell.table) == 1 + len(rows)


def figures(typical_ms: float, other_ms: float) -> dict[str, Any]:
    times = {"one board comes free": typical_ms, "ten boards come free": 0.1, "all free": other_ms}
    return {"shapes": [{"shape": s, "median_ms": ms, "worst_ms": 2 * ms} for s, ms in times.items()]}


def test_typical_passes_are_judged_by_their_median_and_all_by_the_worst() -> None:
    typical, worst = schedule.targets(figures(4.0, 24.0))
    assert (typical.measured, worst.measured) == (4.0, 48.0)
    assert typical.met
    assert worst.met
    assert not schedule.targets(figures(6.0, 24.0))[0].met
    assert not schedule.targets(figures(4.0, 26.0))[1].met
