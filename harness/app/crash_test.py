# SPDX-License-Identifier: Apache-2.0
"""Devices that crash and hang, for real: a process, and firmware on an emulated Cortex-M4."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from chaos import line_to
from cli import SOURCE
from fake_desk import CRASH, FAKE_AGENT, HANG, FakeDesk, noise, stored_rows

FIRMWARE = SOURCE / "build" / "firmware-mps2-an386" / "agent-fake.elf"
QUARANTINED = 4  # RowStatus


def desk_with(folder: Path, vector: int, first_byte: int, count: int = 60) -> FakeDesk:
    vectors = noise(count)
    vectors[vector, 0] = np.uint8(first_byte).view(np.int8)
    desk = FakeDesk(folder, vectors=vectors)
    sturdy = folder / "one.bin"  # the baseline gives its input back, whatever that begins with
    sturdy.write_bytes(sturdy.read_bytes() + b"\x01")
    policy = desk.read("gate.yaml")
    policy["rules"] = [rule for rule in policy["rules"] if rule["id"] == "no-faults"]
    desk.write("gate.yaml", policy)
    return desk


def on_emulator(desk: FakeDesk) -> None:
    link = {"driver": "emulated", "machine": "mps2-an386"}
    desk.link(link, provenance="emulated", image=str(FIRMWARE))


def assert_quarantined(desk: FakeDesk, vector: int) -> None:
    rows = stored_rows(desk)
    assert len(rows.found) == 2 * 60, "the run went on"
    status = {row: status for row, (status, _) in rows.found.items()}
    assert [row for row, value in status.items() if value == QUARANTINED] == [("two", vector, 0)]
    report = (desk.reports / "report.html").read_text()
    assert f"vector {vector}" in report


@pytest.mark.parametrize("board", ["process", "emulated"])
def test_a_vector_that_crashes_twice_is_quarantined_and_fails_the_gate(tmp_path: Path, board: str) -> None:
    desk = desk_with(tmp_path, 17, CRASH)
    if board == "emulated":
        on_emulator(desk)
    outcome = desk.call("run")
    assert outcome.code == 1, outcome.err
    assert_quarantined(desk, 17)
    assert "vector 17" in outcome.out
    (evidence,) = desk.stored("SELECT evidence FROM survived_fault WHERE vector = 17 LIMIT 1")[0]
    assert "processor fault" in evidence
    assert "PC 0x" in evidence
    assert evidence.split("PC ")[1][:10] in (desk.reports / "report.json").read_text()


def test_a_vector_that_hangs_is_found_and_quarantined(tmp_path: Path) -> None:
    desk = desk_with(tmp_path, 23, HANG)
    desk.change(inference_timeout="400 ms")
    outcome = desk.call("run")
    assert outcome.code == 1, outcome.err
    assert_quarantined(desk, 23)


def test_resets_from_outside_fail_nothing(tmp_path: Path) -> None:
    desk = FakeDesk(tmp_path, ["--invoke-us", "3000"], noise(200), repeats=3)
    board = [str(FAKE_AGENT), *desk.agent_options]
    with line_to(board, tmp_path / "line.json", "--listen", "0") as line:
        desk.link(line.link())
        with subprocess.Popen(desk.command("run"), stderr=subprocess.PIPE, stdout=subprocess.PIPE) as host:
            resets = 0
            while host.poll() is None:
                time.sleep(0.15)  # what is tested is what happens at any time, not at one
                if resets < 20 and host.poll() is None:
                    line.press_reset()
                    resets += 1
            assert host.returncode == 0, host.communicate()
    assert resets > 5
    assert stored_rows(desk).twice == 0
    assert len(stored_rows(desk).found) == 2 * 200 * 3
    whose = [row[0] for row in desk.stored("SELECT of_the_device FROM survived_fault")]
    assert whose
    assert not any(whose)
