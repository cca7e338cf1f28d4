# SPDX-License-Identifier: Apache-2.0
"""Boards that pytest has of a daemon: one for the session, or that of the lease it runs in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import tinyhil
from farm import Farm, farm_in
from means import Means
from plugin_desk import PluginDesk

pytest_plugins = ["pytester"]

SAYS_ITS_BOARD = """
    def test_one(board, bench):
        assert board.name == "b2", board.name
        assert bench.boards == ["b1", "b2"]
"""


@pytest.fixture
def desk(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> PluginDesk:
    return PluginDesk(pytester, monkeypatch)


@pytest.fixture
def farm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Farm]:
    with farm_in(tmp_path, ["b1", "b2"], "--time-to-live", "3s") as started:
        for name in ("TINYHIL_DAEMON", "TINYHIL_LOCKS"):
            monkeypatch.setenv(name, started.environment[name])
        assert started.becomes("b1", "free")
        assert started.becomes("b2", "free")
        yield started


def run(desk: PluginDesk, tests: str, *options: str) -> pytest.RunResult:
    """Without the bench that the desk has."""
    desk.pytester.makepyfile(tests)
    return desk.pytester.runpytest_subprocess("--junitxml=junit.xml", *options)


def test_a_board_is_leased_for_the_session_and_returned(desk: PluginDesk, farm: Farm) -> None:
    done = run(desk, SAYS_ITS_BOARD, "--tinyhil-lease=board=b2")
    done.assert_outcomes(passed=1)
    done.stdout.fnmatch_lines("tinyhil: a lease of `board=b2`")
    assert desk.cases()["test_one"].properties["tinyhil.board"] == "b2"
    (lease,) = tinyhil.Daemon().leases(ended=5)
    assert (lease.board, lease.end, lease.purpose) == ("b2", "released", "pytest")
    assert farm.becomes("b2", "free")


def test_no_board_is_leased_for_tests_that_need_none(desk: PluginDesk, farm: Farm) -> None:
    run(desk, "def test_one(): pass", "--tinyhil-lease=board=b2").assert_outcomes(passed=1)
    assert tinyhil.Daemon().leases(ended=5) == []
    listed = run(desk, SAYS_ITS_BOARD, "--tinyhil-lease=board=b2", "--collect-only")
    assert listed.ret == 0
    assert tinyhil.Daemon().leases(ended=5) == []
    assert farm.board("b2")["leases"] == 0


@pytest.mark.usefixtures("farm")
def test_a_board_that_somebody_has_ends_the_session_and_says_who(desk: PluginDesk) -> None:
    with tinyhil.lease("board=b2") as lease:
        done = run(desk, SAYS_ITS_BOARD, "--tinyhil-lease=board=b2", "--tinyhil-wait=0.1")
        assert done.ret == pytest.ExitCode.USAGE_ERROR
        done.stderr.fnmatch_lines(f"*no board came free in time*b2 is leased by {lease.status.owner}*")


@pytest.mark.usefixtures("farm")
def test_workers_lease_a_board_each(desk: PluginDesk) -> None:
    tests = """
        import pytest

        @pytest.mark.parametrize("place", range(8))
        def test_one(board, place):
            assert board.info.kind == "host"
    """
    run(desk, tests, "--tinyhil-lease=kind=host", "-n", "2").assert_outcomes(passed=8)
    boards = [lease.board for lease in tinyhil.Daemon().leases(ended=5)]
    assert sorted(map(str, boards)) == ["b1", "b2"]


@pytest.mark.usefixtures("farm")
def test_a_lease_that_is_lost_in_the_middle_is_an_error_of_the_bench(desk: PluginDesk) -> None:
    tests = """
        import time
        import tinyhil

        def test_before(board): pass

        def test_loses(board):
            daemon = tinyhil.Daemon()
            daemon.release(daemon.leases()[0].number)
            end = time.monotonic() + 60
            while time.monotonic() < end:
                board.check()
                time.sleep(0.05)

        def test_after(board): pass
    """
    run(desk, tests, "--tinyhil-lease=board=b2").assert_outcomes(passed=1, errors=2)
    for name in ("test_loses", "test_after"):
        assert "is over" in desk.cases()[name].text


@pytest.mark.parametrize("other", ["--tinyhil-bench=bench.yaml", "--tinyhil-board=b1"])
def test_a_lease_and_a_bench_at_once_are_a_mistake(desk: PluginDesk, other: str) -> None:
    done = run(desk, SAYS_ITS_BOARD, "--tinyhil-lease=board=b2", other)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines("*--tinyhil-lease has a bench and a board of its own*")


def test_inside_a_lease_its_board_is_found(desk: PluginDesk, farm: Farm) -> None:
    desk.pytester.makeini((desk.folder / "tox.ini").read_text() + "\ntinyhil_bench = bench.yaml\n")
    desk.pytester.makepyfile(SAYS_ITS_BOARD)
    command = ["lease", "board=b2", "--", sys.executable, "-m", "pytest", str(desk.folder)]
    told = farm.call(*command)
    assert told.returncode == 0, told.stdout + told.stderr


def test_an_option_goes_before_the_environment(desk: PluginDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINYHIL_BENCH", str(desk.folder / "none.yaml"))
    monkeypatch.setenv("TINYHIL_BOARD", "b9")
    desk.run("def test_one(board): assert board.name == 'b1'").assert_outcomes(passed=1)
    refused = run(desk, "def test_one(board): pass")
    assert refused.ret == pytest.ExitCode.USAGE_ERROR
    refused.stderr.fnmatch_lines("*none.yaml*")


def test_a_board_of_the_environment_that_a_test_cannot_use_skips_it(
    desk: PluginDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write_bench(desk.process("b1"), desk.process("b2"))
    monkeypatch.setenv("TINYHIL_BENCH", str(desk.bench))
    monkeypatch.setenv("TINYHIL_BOARD", "b1")
    tests = """
        import pytest

        def test_any(board): assert board.name == "b1"

        @pytest.mark.tinyhil_board("b2")
        def test_two(board): pass
    """
    done = run(desk, tests, "-rs")
    done.assert_outcomes(passed=1, skipped=1)
    done.stdout.fnmatch_lines("*runs on b2; TINYHIL_BOARD allows b1")


@pytest.mark.parametrize("place", ["--local", "--remote"])
def test_a_test_resets_switches_and_flashes_the_leased_board(
    desk: PluginDesk, farm: Farm, place: str
) -> None:
    means = Means(farm.folder)
    farm.write_bench([means.board("b1"), "b2"])
    farm.stop()
    farm.start()
    assert farm.becomes("b1", "free")
    desk.pytester.makepyfile("""
        def test_one(board):
            board.reset()
            board.power_cycle()
            assert board.flash()
            assert board.info.kind == "host"
    """)
    command = ["lease", "board=b1", place, "--", sys.executable, "-m", "pytest", str(desk.folder)]
    told = farm.call(*command)
    assert told.returncode == 0, told.stdout + told.stderr
    assert [note.split()[0] for note in means.notes()] == ["tool", "switch", "tool", "tool"]
