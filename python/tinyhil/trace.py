# SPDX-License-Identifier: Apache-2.0
"""A recording of current as arrays, whatever its length: nothing is read before it is asked for."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from . import _core


@dataclass(frozen=True)
class TraceColumns:
    """Stretches of equal length, to be drawn: amperes, NaN where nothing was recorded.

    `begin_s` [n]: where each begins; `low`, `high`, `mean` [n]; `covered_s` [n]: how much of it is there.
    """

    begin_s: NDArray[np.float64]
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    mean: NDArray[np.float64]
    covered_s: NDArray[np.float64]


class Trace:
    """A .trace file. Times are seconds of the meter's clock since the first sample, as in `Windows`.

    What was lost counts as time: sample k lies at k * sample_s. Outside of the recording there is nothing.
    """

    def __init__(self, file: str | os.PathLike[str]) -> None:
        """Raises UsageError for a file that is no trace. One that was cut off opens as far as it is whole."""
        self.file = Path(file)
        self.core = _core.TraceFile(self.file)

    @property
    def meter(self) -> _core.Meter:
        return self.core.meter

    @property
    def start_ns(self) -> int:
        """Of the first sample on the host's clock, nanoseconds since 1970: as near as the host knows."""
        return self.core.start_ns

    @property
    def sample_s(self) -> float:
        """Seconds from one sample to the next."""
        return self.core.sample_s

    @property
    def samples(self) -> int:
        """That are there; `len()` counts the lost ones, too."""
        return self.core.samples

    @property
    def length_s(self) -> float:
        return len(self) * self.sample_s

    @property
    def gaps(self) -> list[_core.Gap]:
        """Samples that are missing: number of the first, how many at best knowledge, and why."""
        return self.core.gaps

    def current(self, first: int = 0, count: int | None = None) -> NDArray[np.float32]:
        """Amperes, one a sample; NaN where one is missing. Ends where the recording does, as a slice."""
        return self.core.current(first, count)

    def columns(self, begin_s: float = 0.0, end_s: float | None = None, n: int = 1000) -> TraceColumns:
        """What a plot of `n` columns shows, at most 100,000, without reading all samples of a long stretch.

        Where a column is longer than some thirty samples, its ends may be off by up to a quarter of it.
        """
        end = self.length_s if end_s is None else min(end_s, self.length_s)
        low, high, mean, covered = self.core.columns(begin_s, end, n)
        return TraceColumns(np.linspace(max(begin_s, 0.0), end, n, endpoint=False), low, high, mean, covered)

    def charge_c(self, begin_s: float, end_s: float) -> float:
        """Coulombs of what was recorded between the two; `covered_s` says how much of the time that is."""
        return self.core.charge_c(begin_s, end_s)

    def covered_s(self, begin_s: float, end_s: float) -> float:
        return self.core.covered_s(begin_s, end_s)

    def __len__(self) -> int:
        return self.core.end

    def __repr__(self) -> str:
        return f"<Trace {self.file.name}: {self.length_s:.3f} s by {self.meter.driver}>"
