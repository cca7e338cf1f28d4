# SPDX-License-Identifier: Apache-2.0
"""Which boards of the bench a test may use: its markers, within what the command line allows."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pytest

from ..bench import Bench
from ..errors import UsageError

MARKER = "tinyhil_board"
_KEYWORDS = ("provenance", "driver")
_FIXTURES = {"board", "campaign"}


def uses_board(item: pytest.Item) -> bool:
    """Whether the test asks for one, itself or through a fixture."""
    return not _FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


def allowed_boards(bench: Bench, item: pytest.Item) -> list[str]:
    """In the bench's order, those that all markers of the test allow, its class's and module's too.

    Raises UsageError for a board or a keyword that there is not, and when no board is left.
    """
    names = bench.boards
    for marker in item.iter_markers(MARKER):
        matching = set(_matching(bench, marker, item.nodeid))
        names = [name for name in names if name in matching]
    if not names:
        raise UsageError(f"no board of {bench.file} is what the test asks for", item.nodeid, _remedy(bench))
    return names


def within(names: Collection[str], chosen: Collection[str], chooser: str) -> list[str]:
    """Of these boards the chosen ones, all when nobody chose. Skips the test when none is left.

    `chooser`: what chose them, for who reads why a test was skipped.
    """
    left = [name for name in names if not chosen or name in chosen]
    if not left:
        pytest.skip(f"runs on {', '.join(names)}; {chooser} allows {', '.join(chosen)}")
    return left


def _matching(bench: Bench, marker: pytest.Mark, where: str) -> Iterator[str]:
    for name in marker.args:
        bench.core.key(name)  # raises for one that is not there, and names the nearest
    for keyword in marker.kwargs:
        if keyword not in _KEYWORDS:
            raise UsageError(
                f"the marker {MARKER} has no keyword `{keyword}`",
                where,
                f"choose from {', '.join(_KEYWORDS)}",
            )
    for board in bench.core.boards:
        is_named = not marker.args or board.name in marker.args
        if is_named and all(getattr(board, key) == value for key, value in marker.kwargs.items()):
            yield board.name


def _remedy(bench: Bench) -> str:
    there = [f"{board.name} ({board.provenance}, {board.driver})" for board in bench.core.boards]
    return f"mark it with what is there: {', '.join(there)}; or name another bench"
