# SPDX-License-Identifier: Apache-2.0
"""A line that stalls, damages or babbles is never the candidate's failure; a failure says what is known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli import TINYHIL
from fake_desk import CRASH, FAKE_AGENT, MODELS, FakeDesk, noise

COUNT = 60
LINE = [str(TINYHIL), "sim", "line", "--faults-in", "to-host"]


def desk_behind(folder: Path, *options: str, timeout: str = "1 s") -> FakeDesk:
    desk = FakeDesk(folder, [], noise(COUNT, 16), repeats=20)
    desk.change(inference_timeout=timeout)
    desk.link({"driver": "process", "command": [*LINE, *options, "--", str(FAKE_AGENT)]})
    return desk


def blamed(desk: FakeDesk) -> list[tuple[str, str]]:
    """What the device was blamed for."""
    return desk.stored("SELECT kind, what FROM survived_fault WHERE of_the_device = 1")


def test_a_line_that_stalls_is_no_hang(tmp_path: Path) -> None:
    desk = desk_behind(tmp_path, "--stall", "0.5%", "--stall-for", "1200ms", "--seed", "3", timeout="400 ms")
    done = desk.call("run")
    assert done.code in (0, 4), done
    assert blamed(desk) == []


def test_a_line_that_damages_frames_is_no_hang_and_the_report_counts_them(tmp_path: Path) -> None:
    desk = desk_behind(tmp_path, "--bit-errors", "5e-4", "--seed", "5")
    done = desk.call("run")
    assert done.code in (0, 4), done
    assert blamed(desk) == []
    if done.code == 0:
        told = json.dumps(desk.report())
        assert "frames arrived damaged and were asked for again" in told
        assert "not held against it" in told


def test_a_model_slower_than_the_limit_is_told_to_raise_it(tmp_path: Path) -> None:
    desk = FakeDesk(tmp_path, ["--invoke-us", "300000"], noise(4, 16))
    desk.change(inference_timeout="200 ms")
    desk.call("run").complains(2, "model `one` is slow", "longer than `inference_timeout`", "raise")


@pytest.mark.parametrize("model", MODELS)
def test_a_crash_in_a_load_shows_its_record_and_names_the_model(tmp_path: Path, model: str) -> None:
    desk = FakeDesk(tmp_path, [], noise(COUNT, 16))
    file = tmp_path / f"{model}.bin"
    file.write_bytes(b"F" + bytes([CRASH]) + file.read_bytes()[2:])
    done = desk.call("run")
    if model == "one":
        done.complains(4, "the baseline cannot run", "while it prepared model `one`", "PC 0x")
        assert "check its supply" not in done.err
    else:
        assert done.code == 1, done
        for text in ("while it prepared model `two`", "processor fault", "PC 0x"):
            assert text in done.out
