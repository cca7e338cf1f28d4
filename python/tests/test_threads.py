# SPDX-License-Identifier: Apache-2.0
"""Several threads, and nothing that grows: under ./dev test these also run with AddressSanitizer."""

from __future__ import annotations

import gc
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import tinyhil
from desk import CRASH, FAKE_AGENT, HANG, fake_model, vectors, write_wake_word


def test_python_goes_on_while_a_board_is_waited_for() -> None:
    beats = 0
    done = threading.Event()

    def beat() -> None:
        nonlocal beats
        while not done.is_set():
            beats += 1
            time.sleep(0.001)

    with tinyhil.Board.process([FAKE_AGENT]) as board:
        board.load(fake_model())
        thread = threading.Thread(target=beat)
        thread.start()
        with pytest.raises(tinyhil.DeviceTimeout):
            board.infer(vectors(HANG), timeout=0.3)
        done.set()
        thread.join()
    assert beats > 20


def test_threads_take_turns_on_one_board() -> None:
    with tinyhil.Board.process([FAKE_AGENT]) as board, ThreadPoolExecutor(4) as pool:
        models = [board.load(fake_model(bias=bias)) for bias in range(4)]

        def many(place: int) -> list[int]:
            return [int(models[place].predict(vectors(first))[0, 0]) for first in range(25)]

        answers = list(pool.map(many, range(4)))
    assert answers == [[first + bias for first in range(25)] for bias in range(4)]


def test_threads_use_boards_of_their_own_at_the_same_time() -> None:
    def whole(bias: int) -> np.ndarray:
        with tinyhil.Board.process([FAKE_AGENT]) as board:
            board.load(fake_model(bias=bias))
            return board.infer(vectors(*range(100))).raw[:, 0]

    with ThreadPoolExecutor(4) as pool:
        for bias, outputs in enumerate(pool.map(whole, range(8))):
            assert outputs.tolist() == [first + bias for first in range(100 - bias)] + [
                (first + bias + 128) % 256 - 128 for first in range(100 - bias, 100)
            ]


def test_a_store_is_read_by_several_threads(tmp_path: Path) -> None:
    tinyhil.Campaign(write_wake_word(tmp_path), ["slim"]).run(store=tmp_path / "r.db")
    store = tinyhil.Store(tmp_path / "r.db")

    def total(_: int) -> int:
        return sum(int(trial.inferences.raw.astype(np.int64).sum()) for trial in store.run().trials)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(total, range(12)))) == 1


def test_nothing_is_kept_of_calls_that_ended_well_or_badly() -> None:
    x = vectors(*[1] * 2000, size=64)

    def work(times: int) -> int:
        for _ in range(times):
            with tinyhil.Board.process([FAKE_AGENT]) as board:
                board.load(fake_model(inputs=64, outputs=400))
                board.infer(x)
                with pytest.raises(tinyhil.DeviceCrash):
                    board.infer(vectors(CRASH, size=64))
                with pytest.raises(tinyhil.UsageError):
                    board.infer(np.zeros((1, 5)))
        gc.collect()
        resident = int(Path("/proc/self/statm").read_text().split()[1])
        return resident * os.sysconf("SC_PAGE_SIZE")

    work(3)
    before = work(2)
    grown = work(10) - before
    assert grown < 4 << 20, f"{grown} bytes more after ten rounds of 0.9 MB each"
