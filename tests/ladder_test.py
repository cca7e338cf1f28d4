# SPDX-License-Identifier: Apache-2.0
"""The baud ladder over a pseudo-terminal: a campaign runs at the fastest rate that the cable carries."""

from __future__ import annotations

import os
import termios
from pathlib import Path

import pytest

from chaos import line_to
from fake_desk import FAKE_AGENT, FakeDesk, golden, noise, stored_rows


def rate_of(port: str) -> int:
    """That a host has set on the terminal, and left there."""
    terminal = os.open(port, os.O_RDWR | os.O_NOCTTY)
    try:
        return int(termios.tcgetattr(terminal)[5])
    finally:
        os.close(terminal)


def desk_with(folder: Path, ladder: list[int | str], port: str) -> FakeDesk:
    folder.mkdir(exist_ok=True)
    desk = FakeDesk(folder, [], noise(60))
    desk.link({"driver": "serial", "port": port, "baud": 115200, "ladder": ladder})
    return desk


@pytest.mark.parametrize(
    ("ladder", "fastest", "runs"),
    [
        ([921600, 3000000], termios.B921600, 1),  # the second rung garbles, and it goes back to the first
        ([460800, 921600], termios.B921600, 2),  # all are good; the second host finds the device up there
        ([3000000], termios.B115200, 1),  # none is
    ],
)
def test_a_campaign_runs_at_the_fastest_good_rate(
    tmp_path: Path, ladder: list[int], fastest: int, runs: int
) -> None:
    port = str(tmp_path / "port")
    options = ["--pty", "--link", port, "--max-baud", "1000000"]
    with line_to([str(FAKE_AGENT)], tmp_path / "line.json", *options) as line:
        desk = desk_with(tmp_path / "desk", [*ladder], port)
        for _ in range(runs):
            done = desk.call("run")
            assert done.code == 0, done.err
            assert rate_of(line.address) == fastest
        vectors = noise(60)
        outputs = {place: output for place, (_, output) in stored_rows(desk).found.items()}
        assert len(outputs) == 120
        assert outputs["one", 5, 0] == golden(vectors[5:6], 7).tobytes()


def test_a_line_that_is_late_and_sound_is_as_fast_as_any(tmp_path: Path) -> None:
    port = str(tmp_path / "port")
    late = ["--stall", "1%", "--stall-for", "400ms", "--faults-in", "to-host"]
    with line_to([str(FAKE_AGENT)], tmp_path / "line.json", "--pty", "--link", port, *late) as line:
        desk = desk_with(tmp_path / "desk", [460800, 921600], port)
        done = desk.call("run")
        assert done.code == 0, done.err
        assert rate_of(line.address) == termios.B921600
        assert line.stats()["to_host"]["stalls"] > 3


@pytest.mark.parametrize("rung", ["fast", 12, 99999999, -5])
def test_a_rung_that_is_no_rate_is_a_usage_error(tmp_path: Path, rung: int | str) -> None:
    desk = desk_with(tmp_path / "desk", [921600, rung], str(tmp_path / "port"))
    desk.call("run").complains(2, f"`{rung}` in `ladder` is no baud rate", "bench.yaml:")
