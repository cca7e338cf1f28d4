# SPDX-License-Identifier: Apache-2.0
"""The board that a test process holds, and for how long."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack

from ..bench import Bench
from ..board import Board
from ..errors import Error
from ..hold import is_wanted

TURN = 3.0
"""Seconds for which a board is kept though others wait: opening it and loading a model take up to one."""


class Keeper:
    """Holds one board at most, from test to test, so that it is opened once.

    It is given back when the next test has no use for it, and after a turn when others wait. Nothing is held
    while it waits for a board, so that no two processes can wait for each other.
    """

    def __init__(self, bench: Bench, wait: float, turn: float = TURN) -> None:
        """`wait`: seconds for a board that others hold. `turn`: see TURN."""
        self._bench, self._wait, self._turn = bench, wait, turn
        self._board: Board | None = None
        self._since = 0.0
        self._broken: dict[str, Error] = {}
        self._hold = ExitStack()

    def held(self, names: Sequence[str]) -> Board:
        """One of these boards, maybe not open; the one of the test before if it is among them.

        Raises BoardBusy when none came free in time.
        """
        if self._board is None or self._board.name not in names:
            self.give_back()
            self._board = self._hold.enter_context(self._bench.held_board(names, wait=self._wait))
            self._since = time.monotonic()
        return self._board

    def opened(self, names: Sequence[str]) -> Board:
        """As `held`, and open. Raises as Board.open; a board that cannot be opened is not tried again."""
        board = self.held(self._sound(names))
        try:
            return board.open()
        except Error as error:
            self._broken[board.name] = error
            self.give_back()
            raise

    def close_line(self) -> None:
        """The next to use the board opens it anew."""
        if self._board is not None:
            self._board.close()

    def end_of_test(self, next_names: Sequence[str]) -> None:
        """Keeps the board if the next test may use it; `next_names`: its boards, none when it needs none."""
        if self._board is None:
            return
        self._board.on_inferences = None
        self._board.forget()
        if self._board.name not in next_names or self._must_make_way():
            self.give_back()

    def give_back(self) -> None:
        """Closes the board and lets others hold it."""
        self._board = None
        self._hold.close()

    def _must_make_way(self) -> bool:
        assert self._board is not None
        is_over = time.monotonic() - self._since >= self._turn
        return is_over and is_wanted(self._bench.core.key(self._board.name))

    def _sound(self, names: Sequence[str]) -> list[str]:
        sound = [name for name in names if name not in self._broken]
        if not sound:
            error = self._broken[names[0]]
            raise type(error)(f"{error.what} (found before, not tried again)", error.where, error.remedy)
        return sound
