# SPDX-License-Identifier: Apache-2.0
"""Who may use a board: one process at a time, by a lock that the system frees when its holder dies.

Each board has two locks. Whoever waits for it holds the second one, its queue, and nobody takes
the board past him: so one who gives it back to let others go on does not get it again before them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from . import _core

is_wanted = _core.is_wanted  # whether somebody waits for the board of this key


@contextmanager
def first_free(keys: Sequence[str], wait: float, where: str = "") -> Iterator[int]:
    """Holds the first of the boards, by their keys, that comes free; yields its place in `keys`.

    Waits up to `wait` seconds, then raises BoardBusy, which says who holds them. Other threads go on
    meanwhile, and Ctrl-C ends the wait.
    """
    place, hold = _core.hold_first_free(list(keys), wait, where)
    try:
        yield place
    finally:
        hold.release()
