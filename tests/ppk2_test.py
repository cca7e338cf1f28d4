# SPDX-License-Identifier: Apache-2.0
"""The simulated PPK2 from outside: a client that is not ours reads it, and its truth agrees."""

from __future__ import annotations

import contextlib
import itertools
import json
import select
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ppk2_api.ppk2_api import PPK2_API

from cli import TINYHIL

PATTERN_A = 0.4 * 6.2e-3 + 0.6 * 1.5e-3  # the built-in pattern: busy 40 ms of each 100 ms
BYTES_OF_A_PERIOD = 10_000 * 4
PATIENCE = 60  # seconds; nothing here takes ten


@contextlib.contextmanager
def plugged_in(*options: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """A simulated meter, and what it says: its port, and where it listens for its board."""
    command = [str(TINYHIL), "sim", "ppk2", "--pty", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as meter:
        assert meter.stdout is not None
        try:
            yield meter, [meter.stdout.readline().strip() for _ in range(1 + ("--activity" in options))]
        finally:
            meter.send_signal(signal.SIGTERM)
            meter.wait(timeout=PATIENCE)


@contextlib.contextmanager
def read_by_its_usual_client(port: str, mode: str = "source") -> Iterator[Any]:
    """Set up as the package's examples do."""
    client = PPK2_API(port, timeout=1, write_timeout=1, exclusive=True)
    try:
        assert client.get_modifiers()
        client.use_ampere_meter() if mode == "ampere" else client.use_source_meter()
        client.set_source_voltage(3300)
        client.toggle_DUT_power("ON")
        client.start_measuring()
        yield client
        client.stop_measuring()
    finally:
        client.ser.close()


def samples_of(client: Any, size: int) -> tuple[list[float], list[int]]:
    """At least so many bytes' worth: microamperes, and the digital lines."""
    currents: list[float] = []
    lines: list[int] = []
    while len(currents) * 4 < size and select.select([client.ser], [], [], PATIENCE)[0]:
        some, bits = client.get_samples(client.get_data())
        currents += some
        lines += bits
    return currents, lines


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


@pytest.mark.parametrize("mode", ["source", "ampere"])
def test_the_usual_python_client_reads_the_built_in_pattern(mode: str) -> None:
    with plugged_in() as (_, (port,)), read_by_its_usual_client(port, mode) as client:
        assert client.modifiers["R"]["0"] == 1003.3506
        assert client.modifiers["GS"]["1"] == 112.7890
        currents, lines = samples_of(client, 4 * BYTES_OF_A_PERIOD)
    busy = [ua for ua, bits in zip(currents, lines, strict=True) if bits == 1]
    idle = [ua for ua, bits in zip(currents, lines, strict=True) if bits == 0]
    assert mean(busy) == pytest.approx(6200, rel=0.01)
    assert mean(idle) == pytest.approx(1500, rel=0.01)
    starts = [n for n in range(1, len(lines)) if lines[n] > lines[n - 1]]
    assert all(abs(b - a - 10_000) <= 600 for a, b in itertools.pairwise(starts))
    whole = currents[starts[0] : starts[-1]]
    assert mean(whole) == pytest.approx(PATTERN_A * 1e6, rel=0.05), "a busy machine may lose a block"


def test_in_ampere_mode_a_board_without_its_own_supply_draws_nothing() -> None:
    with plugged_in("--unwired") as (_, (port,)), read_by_its_usual_client(port, "ampere") as client:
        currents, _ = samples_of(client, BYTES_OF_A_PERIOD)
    assert abs(mean(currents)) < 0.2


def record(state: int, value: int, number: int) -> bytes:
    body = bytes([0xA5, state]) + value.to_bytes(4, "little") + bytes([number])
    return body + bytes([~sum(body) & 0xFF])


@pytest.mark.parametrize("kind", ["unix", "tcp"])
def test_a_boards_activity_makes_samples_in_its_own_time_and_a_true_charge(kind: str, tmp_path: Path) -> None:
    place = f"unix:{tmp_path}/activity" if kind == "unix" else "tcp:127.0.0.1:0"
    truth = tmp_path / "truth.json"
    with plugged_in("--activity", place, "--truth", str(truth)) as (_, (port, address)):
        assert address == place if kind == "unix" else address.startswith("tcp:127.0.0.1:")
        with read_by_its_usual_client(port) as client:
            family = socket.AF_UNIX if kind == "unix" else socket.AF_INET
            with socket.socket(family) as board:
                host, _, number = address.removeprefix("tcp:").rpartition(":")
                board.connect(address.removeprefix("unix:") if kind == "unix" else (host, int(number)))
                board.sendall(record(0x80, 1_000_000, 0))
                idle = 0
                while not select.select([client.ser], [], [], 0.1)[0]:  # until it has heard of the start
                    idle += 1
                    board.sendall(record(2, 1000 * idle, idle))
                said = [(1, 1_100_000), (2, 1_350_000), (0, 1_500_000)]
                board.sendall(b"".join(record(*what, n) for n, what in enumerate(said, idle + 1)))
                currents, lines = samples_of(client, (150_000 - 100 * idle - 100) * 4)
    (window,) = json.loads(truth.read_text())["windows"]
    assert window["end_s"] - window["start_s"] == pytest.approx(0.25)
    measured = sum(ua * 1e-11 for ua, bits in zip(currents, lines, strict=True) if bits == 1)
    assert measured == pytest.approx(window["charge_c"], rel=2e-3)


def test_an_unplugged_meter_ends_with_success_and_the_link_goes(tmp_path: Path) -> None:
    link = tmp_path / "ppk2"
    with plugged_in("--unplug", "50ms", "--link", str(link)) as (meter, (port,)):
        assert str(link.readlink()) == port
        with contextlib.suppress(OSError), read_by_its_usual_client(port) as client:
            while meter.poll() is None:
                client.get_data()
        assert meter.wait(timeout=PATIENCE) == 0
        assert not link.is_symlink()


@pytest.mark.parametrize(
    "options",
    [
        ("--lose", "512"),
        ("--lose", "0@1s"),
        ("--active", "6.2"),
        ("--activity", "udp:1"),
        ("--trigger", "8"),
        ("--settling", "0us"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: tuple[str, str]) -> None:
    command = [str(TINYHIL), "sim", "ppk2", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 2, done.stderr
    assert options[0].removeprefix("--") in done.stderr
