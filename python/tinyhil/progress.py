# SPDX-License-Identifier: Apache-2.0
"""Bars for work that takes a while: on a terminal or in a notebook, unless the caller decides."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of a notebook without widgets: text will do
    from tqdm.auto import tqdm


@contextmanager
def bar(
    total: int, name: str, wanted: bool | None, *, delay: float = 0
) -> Iterator[Callable[[int], object] | None]:
    """What is to be told of rows that arrived; nothing where nobody looks, for a bar costs more than a call.

    `delay`: seconds until an unasked bar appears, so that quick work shows none.
    """
    if not (_is_watched() if wanted is None else wanted):
        yield None
        return
    with tqdm(total=total, desc=name, unit="inf", delay=0 if wanted else delay) as shown:
        yield shown.update


def _is_watched() -> bool:
    return sys.stderr.isatty() or "ipykernel" in sys.modules
