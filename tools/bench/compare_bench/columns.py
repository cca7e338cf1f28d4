# SPDX-License-Identifier: Apache-2.0
"""The pairs as every engine gets them: columns that lie in memory, and what a comparison of them says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

CLASSES = 10
SLICES = 16
Counts: TypeAlias = dict[int, int]


@dataclass(frozen=True)
class Side:
    prediction: np.ndarray[Any, Any]
    ticks: np.ndarray[Any, Any]
    outputs: np.ndarray[Any, Any]  # [pairs, CLASSES]


@dataclass(frozen=True)
class Columns:
    label: np.ndarray[Any, Any]
    slice: np.ndarray[Any, Any]
    candidate: Side
    baseline: Side

    @property
    def pairs(self) -> int:
        return len(self.label)


def load_columns(folder: Path) -> Columns:
    def side(name: str) -> Side:
        return Side(
            np.fromfile(folder / f"{name}.prediction.u8", "u1"),
            np.fromfile(folder / f"{name}.ticks.u32", "<u4"),
            np.fromfile(folder / f"{name}.outputs.i8", "i1").reshape(-1, CLASSES),
        )

    label, slice_ = (np.fromfile(folder / f"{name}.u8", "u1") for name in ("label", "slice"))
    return Columns(label, slice_, side("candidate"), side("baseline"))


@dataclass(frozen=True)
class Result:
    """The part of a comparison that every engine is asked for."""

    outcomes: Counts  # (slice * CLASSES + label) * 4 + 2 * baseline right + candidate right
    flipped: int
    largest_step: Counts
    tick_change: Counts
    candidate_ticks: Counts
    baseline_ticks: Counts


def our_result(said: dict[str, Any]) -> Result:
    outcomes: Counts = {}
    for cell, (both_right, lost, gained, both_wrong) in enumerate(said["by_label"]):
        for outcome, count in enumerate((both_wrong, gained, lost, both_right)):
            if count:
                outcomes[cell * 4 + outcome] = count
    histograms = (
        dict(said[name]) for name in ("largest_step", "tick_change", "candidate_ticks", "baseline_ticks")
    )
    return Result(outcomes, said["flipped"], *histograms)
