# SPDX-License-Identifier: Apache-2.0
"""What a current meter recorded of a board during a run, window by window."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from .trace import Trace


@dataclass(frozen=True)
class Windows:
    """Columns of equal length n, one row a window, in the order in which they were made."""

    kind: NDArray[np.str_]
    """inference: many of one vector; idle: awake and waiting; or sleep."""
    model: NDArray[np.str_]
    """Empty where there were no inferences."""
    vector: NDArray[np.int64]
    """Masked where there were no inferences."""
    block: NDArray[np.uint32]
    """Windows of one block were measured side by side, in turns."""
    asked: NDArray[np.uint32]
    """Inferences that it was to hold."""
    proven: NDArray[np.uint32]
    """Inferences that succeeded."""
    counts: NDArray[np.bool_]
    """Whether figures are made of it: it is complete, and holds proven inferences if any."""
    state: NDArray[np.str_]
    """complete, or incomplete: `why` says why."""
    why: NDArray[np.str_]
    begin_s: NDArray[np.float64]
    """In the trace."""
    length_s: NDArray[np.float64]
    missing_s: NDArray[np.float64]
    """Of the length, without samples; the charge has the mean current of the rest in its place."""
    charge_c: NDArray[np.float64]
    current_ua: NDArray[np.float64]
    """Mean; NaN where it does not count."""
    energy_uj: NDArray[np.float64]
    """Of an inference, gross; NaN where it does not count or holds none."""

    @classmethod
    def of(cls, columns: dict[str, Any]) -> Windows:
        """From what `_core` says, which may know more than this version."""
        columns["vector"] = np.ma.masked_equal(columns["vector"], -1, copy=False)
        texts = {name: np.array(each, np.str_) for name, each in columns.items() if isinstance(each, list)}
        known = columns | texts
        return cls(**{each.name: known[each.name] for each in fields(cls)})

    def columns(self) -> dict[str, NDArray[Any]]:
        """By name, for `pandas.DataFrame` and the like."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def __len__(self) -> int:
        return len(self.kind)


class Recording:
    """One board, as one meter recorded it without a break."""

    def __init__(self, store: Path, record: _core.RecordingRecord) -> None:
        """Made by `Run.recordings`."""
        self._store, self.record = store, record

    @property
    def board(self) -> str:
        return self.record.board

    @property
    def meter(self) -> _core.Meter:
        return self.record.meter

    @property
    def state(self) -> str:
        """running, complete, lost (unplugged, or silent) or interrupted."""
        return self.record.state

    @cached_property
    def windows(self) -> Windows:
        return Windows.of(self.record.columns())

    @property
    def trace_file(self) -> Path | None:
        """Beside the store, where it may have been deleted; None: none was kept."""
        return self._store.parent / self.record.trace if self.record.trace else None

    def trace(self) -> Trace:
        """The samples; UsageError when they are gone."""
        return Trace(self.trace_file or self._store.parent / "traces")

    def __repr__(self) -> str:
        return f"<Recording {self.record.id}: {len(self.record)} windows on {self.board}, {self.state}>"
