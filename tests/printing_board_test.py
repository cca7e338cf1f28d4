# SPDX-License-Identifier: Apache-2.0
"""Boards that print on their agent's line, boot slowly, and have bootloaders that any byte stops."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from cli import TINYHIL, Outcome, call
from fake_desk import FAKE_AGENT, FakeDesk, noise, stored_rows

COUNT = 40
BANNER = "ets Jun  8 2016 00:22:57 rst:0x1 (POWERON_RESET)"

BOOTLOADER = """
import os, select, sys
os.write(1, b"Hit any key to stop autoboot\\r\\n")
if select.select([0], [], [], 0.7)[0]:
    os.write(1, b"=> stopped by a key\\r\\n")
    while os.read(0, 4096):
        pass
else:
    os.write(1, b"starting application\\r\\n")
    os.execv(sys.argv[1], sys.argv[1:])
"""


def desk_behind(folder: Path, *options: str, **board: Any) -> FakeDesk:
    folder.mkdir(exist_ok=True)
    desk = FakeDesk(folder, [], noise(COUNT, 16), repeats=3)
    line = [str(TINYHIL), "sim", "line", *options, "--", str(FAKE_AGENT)] if options else [str(FAKE_AGENT)]
    desk.link({"driver": "process", "command": line}, **board)
    return desk


def remarks(desk: FakeDesk) -> str:
    rows = desk.stored("SELECT evidence FROM survived_fault WHERE kind = 'remark' AND of_the_device = 0")
    return " ".join(row[0] for row in rows)


@pytest.mark.parametrize(
    "options",
    [
        ["--print-before", "1"],
        ["--print-before", "2"],
        ["--print-inside", "10"],
        ["--print-before", "1", "--print-inside", "10", "--banner", BANNER, "--boot", "3s"],
    ],
    ids=" ".join,
)
def test_what_a_board_prints_changes_no_row_and_no_verdict(tmp_path: Path, options: list[str]) -> None:
    clean = desk_behind(tmp_path / "clean")
    printing = desk_behind(tmp_path / "printing", *options)
    outcomes = [clean.call("run"), printing.call("run")]
    assert [outcome.code for outcome in outcomes] == [0, 0], outcomes
    wanted, found = stored_rows(clean), stored_rows(printing)
    assert found.twice == 0
    assert found.found == wanted.found
    assert remarks(clean) == ""
    assert "I (app): still here" in remarks(printing) or BANNER in remarks(printing)
    page = (printing.reports / "report.html").read_text()
    assert "What the board said" in page


def boards(desk: FakeDesk, *arguments: str) -> Outcome:
    return call([str(TINYHIL), "boards", str(desk.folder / "bench.yaml"), *arguments])


def test_a_board_that_boots_for_long_needs_a_longer_boot(tmp_path: Path) -> None:
    assert boards(desk_behind(tmp_path / "a", "--boot", "1500ms", boot="500 ms")).code == 4
    assert boards(desk_behind(tmp_path / "b", "--boot", "1500ms", boot="5 s")).code == 0


def test_a_bootloader_that_any_byte_stops_needs_a_quiet_boot(tmp_path: Path) -> None:
    script = tmp_path / "bootloader.py"
    script.write_text(BOOTLOADER)
    link = {"driver": "process", "command": [sys.executable, str(script), str(FAKE_AGENT)]}
    desk = desk_behind(tmp_path / "desk")
    desk.link(link, boot="1500 ms")
    stopped = boards(desk)
    assert stopped.code == 4
    assert "stopped by a key" in stopped.out
    desk.link(link, boot="15 s", quiet_boot="10 s")
    assert boards(desk).code == 0


def test_a_first_inference_longer_than_the_bench_expects_is_told(tmp_path: Path) -> None:
    desk = FakeDesk(tmp_path, ["--invoke-us", "300000"], noise(4, 16))
    link = {"driver": "process", "command": [str(FAKE_AGENT), "--invoke-us", "300000"]}
    desk.link(link, longest_inference="200 ms")
    desk.call("run").complains(2, "model `one` is slow", "`longest_inference`", "raise")


def console(desk: FakeDesk, *arguments: str) -> Outcome:
    return call([str(TINYHIL), "console", str(desk.folder / "bench.yaml"), *arguments])


def test_the_console_shows_text_and_frames_and_asks_only_when_told_to(tmp_path: Path) -> None:
    desk = desk_behind(tmp_path, "--print-before", "1", "--banner", BANNER)
    heard = console(desk, "--for", "10s", "--lines", "3")
    assert heard.code == 0, heard
    kinds = [line.split()[1] for line in heard.out.splitlines()]
    assert kinds == ["text", "text", "frame"]
    assert BANNER in heard.out
    assert "booted, epoch 0" in heard.out
    asked = console(desk, "--hello", "--for", "10s", "--lines", "5")
    assert "identity" in asked.out
    assert "engine fake" in asked.out


def test_the_console_ends_when_the_line_does(tmp_path: Path) -> None:
    desk = desk_behind(tmp_path)
    desk.link({"driver": "process", "command": ["/bin/echo", "good bye"]})
    ended = console(desk, "--for", "10s")
    assert ended.code == 4
    assert "good bye" in ended.out
