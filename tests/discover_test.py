# SPDX-License-Identifier: Apache-2.0
"""`tinyhil discover`, on machines that are made up: agents at pseudo-terminals, a probe that is simulated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from chaos import line_to
from cli import AGENT, TINYHIL, call
from made_up_machine import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "root")


def found(machine: Machine, *options: str) -> dict[str, Any]:
    done = machine.call("discover", "--json", *options)
    assert done.code == 0, done.out + done.err
    document: dict[str, Any] = json.loads(done.out)
    return document


def probe_with_port(machine: Machine, leads_to: Path | None = None) -> None:
    about = machine.usb("1-4", "0483:374b", "0671FF", "STM32 STLink")
    machine.tty(about, "ttyACM0", 2, leads_to)


def test_an_empty_machine_has_nothing(machine: Machine) -> None:
    assert found(machine) == {"ports": [], "probes": [], "meters": [], "boards": []}
    assert "`tinyhil doctor`" in machine.call("discover").out


def test_what_shares_a_device_or_a_serial_number_is_assumed_to_be_one_board(machine: Machine) -> None:
    probe_with_port(machine)
    machine.tty(machine.usb("1-5", "0403:6001", "J1", "adapter"), "ttyACM5")
    machine.usb("1-6", "1366:0105", "J1", "J-Link")
    machine.tty(machine.usb("1-8", "0403:6001", "OTHER", "adapter"), "ttyACM8")
    boards = {board["port"]: board for board in found(machine)["boards"]}
    assert boards["/dev/ttyACM0"]["because"] == "one USB device"
    assert boards["/dev/ttyACM0"]["probe"] == "0671FF"
    assert boards["/dev/ttyACM5"]["because"] == "one serial number"
    assert boards["/dev/ttyACM5"]["probe"] == "J1"
    assert boards["/dev/ttyACM8"]["probe"] is None
    assert not any(board["proven"] for board in boards.values())
    text = machine.call("discover").out
    assert "assumed: they have one USB device" in text
    assert "no probe known" in text


def test_ports_of_meters_and_of_gdb_servers_are_no_boards(machine: Machine) -> None:
    meter = machine.usb("1-7", "1915:c00a", "C5A1", "PPK2")
    machine.tty(meter, "ttyACM6", 1)
    machine.tty(meter, "ttyACM7", 3)
    magic = machine.usb("1-9", "1d50:6018", "B1", "Black Magic Probe")
    machine.tty(magic, "ttyACM1", 0)
    machine.tty(magic, "ttyACM2", 2)
    document = found(machine)
    assert [board["port"] for board in document["boards"]] == ["/dev/ttyACM2"]
    assert [(meter["driver"], meter["port"]) for meter in document["meters"]] == [("ppk2", "/dev/ttyACM6")]


def test_a_bench_file_is_written_that_says_what_is_assumed_and_is_kept(
    machine: Machine, tmp_path: Path
) -> None:
    probe_with_port(machine)
    machine.tty(machine.usb("1-7", "1915:c00a", "C5A1", "PPK2"), "ttyACM6", 1)
    bench = tmp_path / "bench.yaml"
    done = machine.call("discover", "--write", str(bench))
    assert done.code == 0, done.err
    text = bench.read_text()
    assert "assumed, because port and probe have one USB device" in text
    assert "assumed: nobody was asked" in text
    assert "driver: ppk2" in text
    (board,) = yaml.safe_load(text)["boards"]
    assert board["link"] == {"driver": "serial", "port": str(machine.root / "dev/ttyACM0"), "baud": 115200}
    machine.call("discover", "--write", str(bench)).complains(2, "the bench file is there already")
    assert bench.read_text() == text
    machine.call("discover", "--port", "/dev/ttyACM9").complains(2, "no port `/dev/ttyACM9`")


def test_without_a_board_no_bench_file_is_written(machine: Machine, tmp_path: Path) -> None:
    machine.call("discover", "--write", str(tmp_path / "bench.yaml")).complains(4, "there is no board")
    assert not (tmp_path / "bench.yaml").exists()


def test_whoever_is_greeted_tells_who_it_is_and_the_bench_that_is_written_works(
    machine: Machine, tmp_path: Path
) -> None:
    port = tmp_path / "port"
    with line_to([str(AGENT), "--serial", "A1"], tmp_path / "line.json", "--pty", "--link", str(port)):
        probe_with_port(machine, port)
        machine.tty(machine.usb("1-8", "0403:6001", "OTHER", "adapter"), "ttyACM8")  # a file, no port
        bench = tmp_path / "bench.yaml"
        document = found(machine, "--greet", "--boot", "2s", "--write", str(bench))
        silent = next(each for each in document["ports"] if each["port"] == "/dev/ttyACM8")
        assert "problem" in silent
        answered = next(each for each in document["ports"] if each["port"] == "/dev/ttyACM0")
        assert answered["agent"]["serial"] == "A1"
        (board,) = document["boards"]
        assert (board["port"], board["proven"]) == ("/dev/ttyACM0", False)
        (probe,) = document["probes"]
        assert probe["says"], "why it proved nothing"
        (entry,) = yaml.safe_load(bench.read_text())["boards"]
        assert (entry["serial"], entry["provenance"]) == ("A1", "process")
        done = call([str(TINYHIL), "boards", str(bench)])
        assert done.code == 0, done.out + done.err
        assert "serial A1" in done.out


def test_where_nobody_answers_no_bench_file_is_written(machine: Machine, tmp_path: Path) -> None:
    machine.tty(machine.usb("1-8", "0403:6001", "OTHER", "adapter"), "ttyACM8")
    bench = tmp_path / "bench.yaml"
    machine.call("discover", "--greet", "--write", str(bench)).complains(4, "there is no board")
    assert not bench.exists()
