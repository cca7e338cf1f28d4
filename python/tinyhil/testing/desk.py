# SPDX-License-Identifier: Apache-2.0
"""What the command line says about boards, for one test process."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import pytest

from ..bench import Bench
from ..board import Board
from ..errors import UsageError
from .choice import allowed_boards, uses_board, within
from .keeper import Keeper


class Desk:
    """Bench and boards of a test session; reads nothing and holds nothing until a test asks."""

    def __init__(self, config: pytest.Config) -> None:
        """Of the options and ini values of tinyhil.pytest_plugin."""
        self._chosen: list[str] = config.getoption("tinyhil_board")
        self._wait: float = config.getoption("tinyhil_wait")
        self.file = _bench_file(config)
        self.is_given = bool(config.getoption("tinyhil_bench") or self._chosen)
        """On the command line, and not only in the ini file."""
        store = config.getoption("tinyhil_store")
        self.store: Path | None = config.invocation_params.dir / store if store else None

    @cached_property
    def bench(self) -> Bench:
        """Raises UsageError when there is none or it is wrong."""
        if self.file is None:
            remedy = "name a bench file: --tinyhil-bench bench.yaml, or tinyhil_bench in the ini file"
            raise UsageError("no bench is given", "pytest", remedy)
        return Bench(self.file)

    @cached_property
    def keeper(self) -> Keeper:
        return Keeper(self.bench, self._wait)

    def check(self, items: list[pytest.Item]) -> None:
        """Raises UsageError for a bench that is wrong, and for boards that it lacks, chosen or asked for."""
        bench = self.bench
        for name in self._chosen:
            bench.core.key(name)
        for item in items:
            allowed_boards(bench, item)

    def held(self, item: pytest.Item) -> Board:
        """A board for this test, maybe not open. Skips a test for which no chosen board will do."""
        return self.keeper.held(self._names(item))

    def opened(self, item: pytest.Item) -> Board:
        """A board for this test; raises as Keeper.opened."""
        return self.keeper.opened(self._names(item))

    def end_of_test(self, after: pytest.Item | None) -> None:
        """Keeps or gives back the board, as the test `after` needs it."""
        if "keeper" in vars(self):
            needs_one = after is not None and uses_board(after)
            self.keeper.end_of_test(allowed_boards(self.bench, after) if after and needs_one else [])

    def close_line(self) -> None:
        """The line is not to be trusted: the next test opens it anew."""
        if "keeper" in vars(self):
            self.keeper.close_line()

    def close(self) -> None:
        """Lets others hold the board."""
        if "keeper" in vars(self):
            self.keeper.give_back()

    def _names(self, item: pytest.Item) -> list[str]:
        return within(allowed_boards(self.bench, item), self._chosen)


def _bench_file(config: pytest.Config) -> Path | None:
    given: str | None = config.getoption("tinyhil_bench")
    configured: str = config.getini("tinyhil_bench")
    if given:
        return config.invocation_params.dir / given
    if configured:
        return (config.inipath.parent if config.inipath else config.rootpath) / configured
    return None
