# SPDX-License-Identifier: Apache-2.0
"""Current measured of a board that is held open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from . import _core
from .errors import BenchFault, UsageError
from .recording import Windows

SHORTEST_S = 0.001
LONGEST_S = 3600.0


@dataclass(frozen=True)
class Energy:
    """Of one model on a board, a recording for each input; row i is of input i.

    `energy_uj` [n]: of an inference, gross; `low` and `high` [n]: hold the true one with 95 %; NaN where the
    window did not count: `windows` says why.
    """

    recordings: list[_core.RecordingRecord]

    @cached_property
    def energy_uj(self) -> NDArray[np.float64]:
        return self._of_each(lambda figure: figure.value)

    @cached_property
    def low(self) -> NDArray[np.float64]:
        return self._of_each(lambda figure: figure.low)

    @cached_property
    def high(self) -> NDArray[np.float64]:
        return self._of_each(lambda figure: figure.high)

    @cached_property
    def board(self) -> _core.BoardEnergy:
        """Over all inputs: meter, idle current, and the model's energy with its uncertainty and layers."""
        (board,) = _core.energies(self.recordings)
        return board

    @property
    def model(self) -> _core.ModelEnergy:
        return self.board.models[0]

    @cached_property
    def windows(self) -> list[Windows]:
        """Of each recording: an idle window, where one was asked for, and that of the input."""
        return [Windows.of(each.columns()) for each in self.recordings]

    def __len__(self) -> int:
        return len(self.recordings)

    def _of_each(self, value: Callable[[_core.Figure], float]) -> NDArray[np.float64]:
        figures = [_core.energies([each])[0].models[0].gross_uj for each in self.recordings]
        return np.array([np.nan if figure is None else value(figure) for figure in figures])


def resting_current(recording: _core.RecordingRecord) -> _core.Figure:
    """Of its only window, in microamperes; BenchFault with the reason when the window does not count."""
    (board,) = _core.energies([recording])
    figure = board.sleep_ua or board.idle_ua
    if figure is None:
        why = Windows.of(recording.columns()).why
        raise BenchFault(
            "the window was not measured" + "".join(f": {each}" for each in why),
            f"board {recording.board}",
            "measure again; look at the meter's wires when it says the same",
        )
    return figure


def seconds(what: str, value: float, least: float = SHORTEST_S) -> float:
    """The value; UsageError when no window can be so long."""
    if not least <= value <= LONGEST_S:
        raise UsageError(f"{what} of {value} s", "", f"choose {least:g} s to {LONGEST_S:.0f} s")
    return value
