# SPDX-License-Identifier: Apache-2.0
"""The results database, for reading: runs, their trials, and every inference as arrays."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from . import _core
from .board_info import BoardInfo
from .errors import UsageError
from .inferences import Inferences
from .recording import Recording


class Trial:
    """One model on one board over one vector set."""

    def __init__(self, store: _core.Store, record: _core.TrialRecord) -> None:
        """Made by `Run.trials`; its rows are read when they are first asked for."""
        self._store, self.record = store, record

    @property
    def model(self) -> str:
        return self.record.model

    @cached_property
    def board(self) -> BoardInfo:
        """As it introduced itself then."""
        return BoardInfo.of(self.record.board)

    @property
    def is_control(self) -> bool:
        """The baseline a second time, for the A/A control."""
        return self.record.is_control

    @property
    def state(self) -> str:
        """running, complete, faulted or interrupted."""
        return self.record.state

    @cached_property
    def inferences(self) -> Inferences:
        """All rows, by vector and repeat: read once, then views of that memory."""
        return self.read()

    def read(self) -> Inferences:
        """All rows, read anew: their memory is free once the caller lets go of them."""
        rows = self._store.rows(self.record)
        return Inferences(rows, self.board.clock_hz, is_measured=self.record.mode == "measure")

    def __repr__(self) -> str:
        role = " (control)" if self.is_control else ""
        return f"<Trial {self.record.id}: {self.model}{role} on {self.board.name}, {self.state}>"


class FailedAttempt(NamedTuple):
    """A try at the campaign that failed for the sake of the bench or a board, and was made again."""

    boards: list[str]
    failure_class: str
    what: str


class Run:
    """One execution of a campaign."""

    def __init__(self, store: _core.Store, record: _core.RunRecord, place: Path) -> None:
        """Made by `Store`, whose file is `place`."""
        self._store, self.record, self._place = store, record, place

    @property
    def id(self) -> int:
        return self.record.id

    @property
    def campaign(self) -> str:
        return self.record.campaign

    @property
    def failed_attempts(self) -> list[FailedAttempt]:
        """Oldest first; none where the first attempt came to its end."""
        return [FailedAttempt(*each) for each in self.record.failed_attempts]

    @cached_property
    def trials(self) -> list[Trial]:
        """In the order they began, the control among them; BenchFault when they are not what was stored."""
        return [Trial(self._store, each) for each in self._store.trials(self.id)]

    def trial(self, model: str, board: str | None = None) -> Trial:
        """Of a model, on a board where several divided the vectors; KeyError when there is none."""
        for each in self.trials:
            if each.model == model and not each.is_control and board in (None, each.board.name):
                return each
        raise KeyError(model)

    @cached_property
    def recordings(self) -> list[Recording]:
        """Of current meters, oldest first; none where nothing measured current. Errors as of `trials`."""
        return [Recording(self._place, each) for each in self._store.recordings(self.id)]

    @cached_property
    def energies(self) -> list[_core.BoardEnergy]:
        """What the recordings amount to, by board and meter: of every model that was measured."""
        return self._store.energies(self.id)

    def verify(self) -> None:
        """Recomputes the run's chain of digests; raises UsageError at the first row that was changed."""
        broken = self._store.broken_link(self.id)
        if broken is not None:
            raise UsageError(
                f"the run was changed after it was stored: {broken}", f"run {self.id}", "do not use it"
            )

    def __repr__(self) -> str:
        return f"<Run {self.id} of {self.campaign}, {self.record.started_at}>"


class Store:
    """A results database that exists. Opening reads no inference, whatever its size."""

    def __init__(self, file: str | os.PathLike[str] = "results/tinyhil.db") -> None:
        """Raises UsageError for a file that is no such database, BenchFault for one that cannot be read."""
        self.file = Path(file)
        self.core = _core.Store(self.file)

    @property
    def runs(self) -> list[Run]:
        """Newest first."""
        return [Run(self.core, each, self.file) for each in self.core.runs()]

    def run(self, id: int | None = None) -> Run:
        """By its number; the newest if none is given. KeyError when there is none."""
        if id is None:
            runs = self.runs
            if not runs:
                raise KeyError("the store holds no run")
            return runs[0]
        record = self.core.run(id)
        if record is None:
            raise KeyError(id)
        return Run(self.core, record, self.file)

    def __repr__(self) -> str:
        return f"<Store {self.file}>"
