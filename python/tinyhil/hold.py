# SPDX-License-Identifier: Apache-2.0
"""One user of a board at a time, across processes. The kernel frees a board when its holder dies."""

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
    limit = time.monotonic() + wait
    while True:
        holders = []
        for place, key in enumerate(keys):
            taken = _core.take(key)
            if not isinstance(taken, str):
                try:
                    yield place
                finally:
                    taken.release()
                return
            holders.append(taken)
        if time.monotonic() >= limit:
            raise BoardBusy(
                f"no board is free; in use by {', '.join(sorted(set(holders)))}", where, "wait longer for it"
            )
        time.sleep(_ASK_AGAIN)
