# SPDX-License-Identifier: Apache-2.0
"""Who may use a board: one process at a time, by a lock that the system frees when its holder dies.

Each board has two locks. Whoever waits for it holds the second one, the place at its door, and nobody takes
the board past him: so one who gives it back to let others go on does not get it again before them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from . import _core
from .errors import BoardBusy

_ASK_AGAIN = 0.05


@contextmanager
def first_free(keys: Sequence[str], wait: float, where: str = "") -> Iterator[int]:
    """Holds the first of the boards, by their keys, that comes free; yields its place in `keys`.

    Waits up to `wait` seconds, then raises BoardBusy, which says who holds them.
    """
    place, hold = _wait_for_one(keys, wait, where)
    try:
        yield place
    finally:
        hold.release()


def is_wanted(key: str) -> bool:
    """Whether somebody waits for the board."""
    door = _core.take(_core.door_key(key))
    if isinstance(door, str):
        return True
    door.release()
    return False


def _wait_for_one(keys: Sequence[str], wait: float, where: str) -> tuple[int, _core.BoardHold]:
    limit = time.monotonic() + wait
    doors: dict[str, _core.BoardHold] = {}
    try:
        while True:
            holders = []
            for place, key in enumerate(keys):
                taken = _try_take(key, doors)
                if not isinstance(taken, str):
                    return place, taken
                holders.append(taken)
            if time.monotonic() >= limit:
                raise BoardBusy(
                    f"no board is free; in use by {', '.join(sorted(set(holders)))}",
                    where,
                    "wait longer for it",
                )
            time.sleep(_ASK_AGAIN)
    finally:
        for door in doors.values():
            door.release()


def _try_take(key: str, doors: dict[str, _core.BoardHold]) -> _core.BoardHold | str:
    """The board, or who has it; the place at its door, where that is free, stays in `doors`."""
    if key not in doors:
        door = _core.take(_core.door_key(key))
        if isinstance(door, str):
            return f"{door}, which waits for it"
        doors[key] = door
    return _core.take(key)
