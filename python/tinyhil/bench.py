# SPDX-License-Identifier: Apache-2.0
"""What is on the desk: bench.yaml."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from . import _core
from .board import Board, Claim
from .hold import first_free


class Bench:
    """The boards of a bench file, by name. Opens nothing by itself."""

    def __init__(self, file: str | os.PathLike[str], *, check: Callable[[], object] | None = None) -> None:
        """Reads and checks the file; raises UsageError with file and line. `check`: see Board."""
        self.core = _core.Bench(Path(file))
        self.file = Path(file)
        self._check = check

    @property
    def name(self) -> str:
        return self.core.name

    @property
    def boards(self) -> list[str]:
        """Names, in the file's order."""
        return [board.name for board in self.core.boards]

    def board(self, name: str | None = None, *, wait: float = 0.0) -> Board:
        """One of them, the first if none is named; to be opened by `with`."""
        name = self.boards[0] if name is None else name
        self.core.key(name)  # raises for one that is not there
        return Board(self.core, name, Claim(wait, check=self._check))

    @contextmanager
    def free_board(self, names: Sequence[str] = (), *, wait: float = 0.0) -> Iterator[Board]:
        """Holds and opens the first of these boards (none named: of all) that nobody else holds.

        Waits up to `wait` seconds for one; then raises BoardBusy.
        """
        with self.held_board(names, wait=wait) as board, board:
            yield board

    @contextmanager
    def held_board(self, names: Sequence[str] = (), *, wait: float = 0.0) -> Iterator[Board]:
        """As `free_board`, but leaves it to the caller to open and close the board, as often as he likes."""
        wanted = list(names) or self.boards
        with first_free([self.core.key(name) for name in wanted], wait, str(self.file)) as place:
            board = Board(self.core, wanted[place], Claim(is_held=True, check=self._check))
            try:
                yield board
            finally:
                board.close()

    def __repr__(self) -> str:
        return f"<Bench {self.name}: {', '.join(self.boards)}>"
