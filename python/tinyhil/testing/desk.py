# SPDX-License-Identifier: Apache-2.0
"""What the command line says about boards, for one test process."""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from functools import cached_property
from pathlib import Path

import pytest

from ..bench import Bench
from ..board import Board
from ..daemon import lease
from ..errors import Error, LeaseLostError, UsageError
from .choice import allowed_boards, uses_board, within
from .keeper import Keeper


class Desk:
    """Bench and boards of a test session; reads nothing and holds nothing until a test asks."""

    def __init__(self, config: pytest.Config) -> None:
        """Of the options and ini values of tinyhil.pytest_plugin."""
        self._chosen: list[str] = config.getoption("tinyhil_board")
        self._wait: float = config.getoption("tinyhil_wait")
        self._selector: str | None = config.getoption("tinyhil_lease")
        self._no_lease: Error | None = None
        self._lease = ExitStack()
        given: str | None = config.getoption("tinyhil_bench")
        if self.is_leasing and (given or self._chosen):
            remedy = "say all in the selector: --tinyhil-lease board=NAME"
            raise UsageError("--tinyhil-lease has a bench and a board of its own", "pytest", remedy)
        self.file = None if self.is_leasing else _bench_file(config)
        self._chooser = "--tinyhil-board"
        if not (given or self._chosen or self.is_leasing) and os.environ.get("TINYHIL_BENCH"):
            self._chooser = "TINYHIL_BOARD"
            self._chosen = list(filter(None, [os.environ.get("TINYHIL_BOARD")]))  # inside `tinyhil lease`
        self.is_given = bool(given or config.getoption("tinyhil_board"))
        """A bench or a board on the command line, and not only in the environment or the ini file."""
        store = config.getoption("tinyhil_store")
        self.store: Path | None = config.invocation_params.dir / store if store else None

    @property
    def is_leasing(self) -> bool:
        """Whether the session's board is one that a daemon leases."""
        return self._selector is not None

    @cached_property
    def bench(self) -> Bench:
        """Raises UsageError when there is none or it is wrong; of a lease, also as `tinyhil.lease`."""
        if self._selector is not None:
            return self._leased_bench(self._selector)
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
        with suppress(LeaseLostError):  # each use of the board has said so
            self._lease.close()

    def _leased_bench(self, selector: str) -> Bench:
        if self._no_lease is not None:
            raise self._no_lease  # not waited for again
        try:
            held = self._lease.enter_context(lease(selector, wait=self._wait, purpose="pytest"))
        except Error as error:
            self._no_lease = error
            raise
        self._chosen, self._chooser = [held.board], "the lease"
        return held.open_bench()

    def _names(self, item: pytest.Item) -> list[str]:
        allowed = allowed_boards(self.bench, item)  # first: a lease chooses the board
        return within(allowed, self._chosen, self._chooser)


def _bench_file(config: pytest.Config) -> Path | None:
    given: str | None = config.getoption("tinyhil_bench")
    leased = os.environ.get("TINYHIL_BENCH")
    configured: str = config.getini("tinyhil_bench")
    if given or leased:
        return config.invocation_params.dir / str(given or leased)
    if configured:
        return (config.inipath.parent if config.inipath else config.rootpath) / configured
    return None
