# SPDX-License-Identifier: Apache-2.0
"""The wake-word campaign on real firmware: the agent's images on emulated Cortex-M3, M4 and M7."""

from __future__ import annotations

import shutil
import socket
import struct
import subprocess
import time
from pathlib import Path

import pytest

from cli import SOURCE, TINYHIL, WAKE_WORD, WAKE_WORD_VECTORS, Workspace, assert_every_output_is_golden

MACHINES = {"m3": "mps2-an385", "m4": "mps2-an386", "m7": "mps2-an500"}


def emulated(folder: Path, board: str) -> Workspace:
    desk = Workspace(folder)
    machine = MACHINES[board]
    image = SOURCE / "build" / f"firmware-{machine}" / "agent.elf"
    link = {"driver": "emulated", "machine": machine}
    meter = {"simulate": "ppk2", "supply": "3 V"}
    entry = {"name": board, "provenance": "emulated", "image": str(image), "link": link, "meter": meter}
    desk.write("bench.yaml", {"bench": "emulated", "boards": [entry]})
    shutil.copy(WAKE_WORD / "gate.yaml", folder)
    return desk


def latencies(desk: Workspace) -> dict[str, list[int]]:
    """Ticks of every vector, by model, without the control, straight from the stored blocks."""
    query = """SELECT trial.model_name, block.clock FROM block JOIN trial ON trial.id = block.trial
               WHERE role IS NULL ORDER BY trial.id, block.first_vector"""
    ticks: dict[str, list[int]] = {}
    for model, clock in desk.stored(query):
        ticks.setdefault(model, []).extend(struct.unpack(f"<{len(clock) // 4}I", clock))
    return ticks


@pytest.mark.parametrize("board", MACHINES)
def test_real_firmware_is_golden_and_its_ticks_repeat(tmp_path: Path, board: str) -> None:
    desk = emulated(tmp_path, board)
    assert desk.call("run").code == 1
    assert_every_output_is_golden(desk)
    first = latencies(desk)
    assert {len(ticks) for ticks in first.values()} == {WAKE_WORD_VECTORS}
    desk.store.rename(desk.folder / "first.db")
    assert desk.call("run").code == 1
    assert latencies(desk) == first


def test_an_emulated_board_on_a_tcp_port_is_a_board_like_any_other(tmp_path: Path) -> None:
    desk = emulated(tmp_path, "m4")
    (board,) = desk.read("bench.yaml")["boards"]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(TINYHIL), "sim", "board", "--machine", "mps2-an386", "--image", board["image"]]
    server = subprocess.Popen([*command, "--tcp", str(port)])
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        board["link"] = {"driver": "tcp", "port": port}
        del board["meter"]  # a simulated one follows boards that this program starts
        policy = desk.read("gate.yaml")
        policy["rules"] = [rule for rule in policy["rules"] if rule["id"] not in ("energy", "battery-life")]
        desk.write("gate.yaml", policy)
        desk.write("bench.yaml", {"bench": "tcp", "boards": [board]})
        done = desk.call("run", "--candidate", "slim")
        assert done.code == 0, done.err
    finally:
        server.kill()
        server.wait()
