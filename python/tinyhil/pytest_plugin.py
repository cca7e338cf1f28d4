# SPDX-License-Identifier: Apache-2.0
"""Models tested on boards by pytest: the fixtures bench, board and campaign; docs/pytest.md."""

from __future__ import annotations

import math
from argparse import ArgumentTypeError
from collections.abc import Generator, Iterator

import pytest

from .bench import Bench
from .board import Board
from .errors import DeviceFault, Error
from .testing.campaigns import CampaignOnBoard
from .testing.choice import MARKER, uses_board
from .testing.desk import Desk
from .testing.measurements import Measurements
from .testing.outcome import classify, cut_traceback, is_bench_fault

WAIT = 300.0

_desk = pytest.StashKey[Desk]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("tinyhil", "models on boards (tinyhil)")
    group.addoption("--tinyhil-bench", metavar="FILE", help="bench.yaml: the boards that tests may use")
    group.addoption(
        "--tinyhil-board",
        metavar="NAME",
        action="append",
        default=[],
        help="use only this board of the bench; may be given again",
    )
    group.addoption(
        "--tinyhil-lease",
        metavar="SELECTOR",
        help="lease a board from the daemon for the session, such as chip=stm32f4; '' for any",
    )
    group.addoption(
        "--tinyhil-wait",
        metavar="SECONDS",
        type=_seconds,
        default=WAIT,
        help=f"longest wait for a board that others hold (default: {WAIT:g})",
    )
    group.addoption(
        "--tinyhil-store",
        metavar="FILE",
        help="database that keeps the results of campaigns (default: one in the temporary folder)",
    )
    parser.addini(
        "tinyhil_bench",
        "bench.yaml, from the folder of this file, unless --tinyhil-bench or TINYHIL_BENCH is given",
    )


def pytest_configure(config: pytest.Config) -> None:
    said = f"{MARKER}(*names, provenance=..., driver=...): boards of the bench that the test may run on"
    config.addinivalue_line("markers", said)
    try:
        config.stash[_desk] = desk = Desk(config)
    except Error as error:
        raise pytest.UsageError(str(error)) from error
    config.add_cleanup(desk.close)
    if desk.is_given:
        _check(desk, [])


def pytest_report_header(config: pytest.Config) -> str | None:
    selector, file = config.getoption("tinyhil_lease"), config.stash[_desk].file
    if selector is not None:
        return f"tinyhil: a lease of `{selector}`"
    return None if file is None else f"tinyhil: {file}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A board that is not there, or that no lease is given of, ends the session before any test runs.

    Not so in a worker of xdist, which could not say why it ended: there each of those tests is an error.
    """
    using = [item for item in items if uses_board(item)]
    desk = config.stash[_desk]
    is_known = desk.file is not None or (desk.is_leasing and not config.option.collectonly)
    if using and is_known and not hasattr(config, "workerinput"):
        _check(desk, using)


@pytest.fixture(scope="session")
def bench(pytestconfig: pytest.Config) -> Bench:
    """The bench of --tinyhil-bench, or of the lease."""
    return pytestconfig.stash[_desk].bench


@pytest.fixture
def board(request: pytest.FixtureRequest) -> Iterator[Board]:
    """A board for this test alone, open, with no model loaded.

    It stays open from test to test, and what was pushed stays on the device: loading a model again costs
    nothing. What the test infers becomes properties of the test.
    """
    held = request.config.stash[_desk].opened(request.node)
    described, measured = held.info, Measurements()
    held.on_inferences = measured.add
    yield held
    request.node.user_properties.extend(measured.properties(described))


@pytest.fixture
def campaign(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> CampaignOnBoard:
    """A function that runs a campaign on a board and judges it: campaign("campaign.yaml").passed.

    Its results go to --tinyhil-store, and its verdicts become properties of the test.
    """
    desk = request.config.stash[_desk]
    store = desk.store or tmp_path_factory.mktemp("tinyhil") / "results.db"
    return CampaignOnBoard(desk, request.node, store)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """See tinyhil.testing.outcome; outermost, so that no xfail hides a fault of the bench."""
    if call.excinfo is None or not isinstance(call.excinfo.value, (Error, DeviceFault)):
        return (yield)
    has_test_code = item.config.getoption("fulltrace") or cut_traceback(call)
    report = yield
    if not has_test_code:
        report.longrepr = call.excinfo.getrepr(style="value")
    classify(item, call, report)
    if is_bench_fault(call.excinfo.value):
        item.config.stash[_desk].close_line()
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None]:
    try:
        return (yield)
    finally:
        item.config.stash[_desk].end_of_test(nextitem)


def _check(desk: Desk, items: list[pytest.Item]) -> None:
    try:
        desk.check(items)
    except Error as error:
        raise pytest.UsageError(str(error)) from error


def _seconds(text: str) -> float:
    seconds = float(text)
    if not math.isfinite(seconds) or seconds < 0:
        raise ArgumentTypeError(f"{text} seconds")
    return seconds
