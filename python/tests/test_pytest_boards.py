# SPDX-License-Identifier: Apache-2.0
"""Who of several pytest processes holds which board, and for how long."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from itertools import pairwise
from typing import Any

import pytest

import tinyhil
from desk import FIRMWARE, WAKE_WORD, eventually
from plugin_desk import PluginDesk
from tinyhil.hold import is_wanted
from tinyhil.testing.keeper import Keeper

pytest_plugins = ["pytester"]

VECTORS = 200

ONE_TEST_A_VECTOR = f"""
    import os, time
    import numpy as np
    import pytest

    FOLDER = "{WAKE_WORD}"
    with np.load(FOLDER + "/vectors.npz") as file:
        INPUTS, GOLDEN = file["inputs"], file["golden_quick"]

    @pytest.fixture(autouse=True)
    def interval(board):
        begin = time.monotonic()
        yield
        with open("intervals", "a") as log:
            print(board.name, os.environ["PYTEST_XDIST_WORKER"], begin, time.monotonic(), file=log)

    @pytest.mark.parametrize("place", range({VECTORS}))
    def test_vector_is_golden(board, place):
        board.load(FOLDER + "/models/quick.tflite")
        output = board.infer(INPUTS[place]).raw
        assert output.tobytes() == GOLDEN[place].tobytes()
"""


@pytest.fixture
def desk(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> PluginDesk:
    return PluginDesk(pytester, monkeypatch)


def m4(name: str) -> dict[str, Any]:
    link = {"driver": "emulated", "machine": "mps2-an386"}
    return {"name": name, "provenance": "emulated", "image": str(FIRMWARE), "link": link}


def test_four_workers_share_two_emulated_boards_and_none_disturbs_another(desk: PluginDesk) -> None:
    desk.write_bench(m4("m4a"), m4("m4b"))
    desk.run(ONE_TEST_A_VECTOR, "-n", "4").assert_outcomes(passed=VECTORS)
    intervals = defaultdict(list)
    workers = set()
    for line in (desk.folder / "intervals").read_text().splitlines():
        board, worker, begin, end = line.split()
        intervals[board].append((float(begin), float(end)))
        workers.add(worker)
    assert sorted(intervals) == ["m4a", "m4b"]
    assert sum(map(len, intervals.values())) == VECTORS
    assert len(workers) == 4
    for of_a_board in intervals.values():
        of_a_board.sort()
        assert all(end <= begin for (_, end), (begin, _) in pairwise(of_a_board))
    recorded = [case.properties["tinyhil.board"] for case in desk.cases().values()]
    assert {board: recorded.count(board) for board in intervals} == {
        board: len(of_a_board) for board, of_a_board in intervals.items()
    }


def test_a_board_that_others_hold_is_an_error_that_says_who(desk: PluginDesk) -> None:
    with tinyhil.Bench(desk.bench).held_board():
        done = desk.run("def test_one(board): pass", "--tinyhil-wait=0.1")
    done.assert_outcomes(errors=1)
    text = desk.cases()["test_one"].text
    assert re.search(r"no board is free; in use by process \d+ of user \d+", text)
    assert "remedy: wait longer for it" in text


def test_a_test_without_a_board_finds_it_given_back(desk: PluginDesk) -> None:
    tests = """
        import tinyhil

        def test_with(board): pass

        def test_without(request):
            with tinyhil.Bench("bench.yaml").held_board():
                pass
    """
    desk.run(tests).assert_outcomes(passed=2)


@pytest.mark.parametrize("workers", [0, 2])
def test_an_interrupt_ends_a_hanging_test_and_frees_the_board(desk: PluginDesk, workers: int) -> None:
    tests = """
        import pathlib
        from conftest import vector

        def test_hang(model):
            pathlib.Path("hangs").touch()
            model.infer(vector(0xED), timeout=600)
    """
    desk.pytester.makepyfile(tests)
    command = [sys.executable, "-m", "pytest", "-n", str(workers), *desk.options()]
    running = desk.pytester.popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    eventually((desk.folder / "hangs").exists)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does
    out, _ = running.communicate(timeout=60)
    assert running.returncode == pytest.ExitCode.INTERRUPTED, out
    with tinyhil.Bench(desk.bench).held_board(wait=0):
        pass


# ---- turns ----


def test_a_board_goes_to_whoever_waits_once_the_turn_is_over(desk: PluginDesk) -> None:
    bench = tinyhil.Bench(desk.bench)
    short, long = Keeper(bench, wait=60, turn=0), Keeper(bench, wait=60, turn=600)
    key = bench.core.key("b1")
    first = short.opened(["b1"])
    short.end_of_test(["b1"])
    assert short.opened(["b1"]) is first  # nobody waits
    waiting = threading.Thread(target=lambda: long.opened(["b1"]))
    waiting.start()
    eventually(lambda: is_wanted(key))
    short.end_of_test(["b1"])
    waiting.join(60)
    assert not is_wanted(key)
    back = threading.Thread(target=lambda: short.opened(["b1"]))
    back.start()
    eventually(lambda: is_wanted(key))
    long.end_of_test(["b1"])  # its turn is not over
    assert is_wanted(key)
    long.end_of_test([])
    back.join(60)
    assert desk.starts == ["b1"] * 3
    short.give_back()


def test_who_gave_a_board_back_does_not_get_it_before_who_waits(desk: PluginDesk) -> None:
    bench = tinyhil.Bench(desk.bench)
    order: list[str] = []

    def take(name: str) -> None:
        with bench.held_board(wait=60):
            order.append(name)

    with bench.held_board():
        waiting = threading.Thread(target=take, args=("waited",))
        waiting.start()
        eventually(lambda: is_wanted(bench.core.key("b1")))
    take("gave it back")
    waiting.join(60)
    assert order == ["waited", "gave it back"]


def test_two_who_want_each_others_board_both_get_it(desk: PluginDesk) -> None:
    desk.write_bench(desk.process("b1"), desk.process("b2"))
    bench = tinyhil.Bench(desk.bench)
    one, two = Keeper(bench, wait=60), Keeper(bench, wait=60)
    one.held(["b1"])
    two.held(["b2"])
    crossing = threading.Thread(target=lambda: one.held(["b2"]))
    crossing.start()
    assert two.held(["b1"]).name == "b1"
    crossing.join(60)
    assert one.held(["b1", "b2"]).name == "b2"
    one.give_back()
    two.give_back()
