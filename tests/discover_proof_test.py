# SPDX-License-Identifier: Apache-2.0
"""`tinyhil discover --greet` proves which port and which probe are one board: emulated boards, a simulated
probe, the OpenOCD that is installed."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chaos import line_to
from cli import AGENT, SOURCE, TINYHIL
from made_up_machine import Machine

FIRMWARE = SOURCE / "build" / "firmware-mps2-an386" / "agent.elf"


@contextlib.contextmanager
def board(folder: Path) -> Iterator[dict[str, Any]]:
    """An emulated board with a UART and a probe, which runs the agent: its addresses."""
    command = [str(TINYHIL), "sim", "probe", "--machine", "mps2-an386", "--firmware", str(FIRMWARE)]
    command += ["--as", "st-link", "--serial", "DESK_A", "--uart", "pty"]
    command += ["--openocd-config", str(folder / "probe.cfg")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line, "it did not start"
            yield json.loads(line)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "root")


def discover(machine: Machine, config: Path, *options: str) -> tuple[dict[str, Any], str]:
    arguments = ["--greet", "--probe-config", str(config), *options]
    done = machine.call("discover", "--json", *arguments, own_programs=False)
    assert done.code == 0, done.out + done.err
    document: dict[str, Any] = json.loads(done.out)
    return document, done.err


def test_the_agent_that_is_silent_while_the_probe_holds_its_core_is_on_its_board(
    machine: Machine, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    with board(tmp_path) as told, line_to([str(AGENT)], tmp_path / "l.json", "--pty", "--link", str(other)):
        # The probe and the port of its board share nothing; the other one's port is the probe's own device.
        machine.tty(machine.usb("1-4", "0483:374b", "DESK_A", "STM32 STLink"), "ttyACM0", 2, other)
        machine.tty(machine.usb("1-5", "0403:6001", "", "adapter"), "ttyACM5", 0, Path(told["uart"]))
        bench = tmp_path / "bench.yaml"
        document, _ = discover(machine, tmp_path / "probe.cfg", "--write", str(bench))
        boards = {each["port"]: each for each in document["boards"]}
        assert boards["/dev/ttyACM5"]["proven"], document
        assert boards["/dev/ttyACM5"]["probe"] == "DESK_A"
        assert boards["/dev/ttyACM0"]["probe"] is None, "the same device, and proven to be another board's"
        assert "proven: the agent was silent while the probe held its core" in bench.read_text()
        again, _ = discover(machine, tmp_path / "probe.cfg")
        assert again["boards"] == document["boards"], "the board goes on as before"


def test_a_probe_of_another_board_proves_nothing(machine: Machine, tmp_path: Path) -> None:
    other = tmp_path / "other"
    with board(tmp_path), line_to([str(AGENT)], tmp_path / "l.json", "--pty", "--link", str(other)):
        machine.tty(machine.usb("1-4", "0483:374b", "DESK_A", "STM32 STLink"), "ttyACM0", 2, other)
        document, _ = discover(machine, tmp_path / "probe.cfg")
        assert document["probes"][0]["says"] == "every agent answered while this probe held its core"
        assert not document["boards"][0]["proven"]
