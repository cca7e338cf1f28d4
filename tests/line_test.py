# SPDX-License-Identifier: Apache-2.0
"""The simulated line from outside: what goes in at one end comes out at the other, or is counted as lost."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import termios
import tty
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli import TINYHIL, WAKE_WORD_VECTORS, Workspace, assert_every_output_is_golden, call

LINE = [str(TINYHIL), "sim", "line"]
PATIENCE = 60  # seconds; nothing here takes one
EVERY_FAULT = ["--bit-errors", "1e-3", "--drop", "2%", "--duplicate", "2%", "--burst", "2%"]
SEQUENCE = bytes(range(256)) * 200


def through(options: list[str], sent: bytes) -> bytes:
    """The echo of `sent` through a line on stdin and stdout."""
    command = [*LINE, *options, "--", "cat"]
    done = subprocess.run(command, input=sent, capture_output=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@contextlib.contextmanager
def running(*options: str, far: tuple[str, ...] = ("--", "cat")) -> Iterator[subprocess.Popen[bytes]]:
    """A line that tells its address, or waits on its stdin; it ends by a signal."""
    command = [*LINE, *options, *far]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as line:
        try:
            yield line
        finally:
            line.terminate()


def address_of(line: subprocess.Popen[bytes]) -> str:
    assert line.stdout is not None
    return line.stdout.readline().decode().strip()


def client_of(line: subprocess.Popen[bytes]) -> socket.socket:
    host, port = address_of(line).split(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def open_terminal(path: str, speed: int = termios.B115200) -> int:
    terminal = os.open(path, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(terminal)
    attributes = termios.tcgetattr(terminal)
    attributes[4] = attributes[5] = speed
    termios.tcsetattr(terminal, termios.TCSANOW, attributes)
    return terminal


def read_terminal(terminal: int, size: int) -> bytes:
    got = b""
    while len(got) < size and select.select([terminal], [], [], PATIENCE)[0]:
        got += os.read(terminal, size - len(got))
    return got


def receive(client: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size and (part := client.recv(size - len(got))):
        got += part
    return got


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_for_the_end_of(process: int) -> None:
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return
    with os.fdopen(descriptor):
        assert select.select([descriptor], [], [], PATIENCE)[0], f"process {process} is still there"


def adds_up(direction: dict[str, int]) -> bool:
    came = sum(direction[f"bytes_{how}"] for how in ("offered", "printed", "inserted", "duplicated"))
    went = direction["bytes_delivered"] + direction["bytes_dropped"]
    return came == went + direction["bytes_unheard"] + direction["bytes_in_flight"]


# ---- a sound line changes nothing ----


@pytest.mark.parametrize("options", [[], ["--baud", "921600"], ["--baud", "3000000", "--latency", "1ms"]])
def test_a_sound_line_on_stdin_and_stdout_changes_nothing(options: list[str]) -> None:
    assert through(options, SEQUENCE) == SEQUENCE


def test_a_file_may_stand_for_either_end(tmp_path: Path) -> None:
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_bytes(SEQUENCE)
    with source.open("rb") as stdin, target.open("wb") as stdout:
        subprocess.run([*LINE, "--", "cat"], stdin=stdin, stdout=stdout, timeout=PATIENCE, check=True)
    assert target.read_bytes() == SEQUENCE


def test_a_pseudo_terminal_changes_nothing_and_may_be_opened_again(tmp_path: Path) -> None:
    link = tmp_path / "board"
    with running("--pty", "--baud", "3000000", "--link", str(link)) as line:
        address = address_of(line)
        assert str(link.readlink()) == address
        for _ in range(2):
            terminal = open_terminal(str(link))
            os.write(terminal, SEQUENCE[:2000])
            assert read_terminal(terminal, 2000) == SEQUENCE[:2000]
            os.close(terminal)
    assert not link.is_symlink()


def test_a_tcp_port_changes_nothing_and_serves_the_next_client() -> None:
    with running("--listen", "0", "--baud", "3000000") as line:
        host, port = address_of(line).split(":")
        for _ in range(2):
            with socket.create_connection((host, int(port)), timeout=PATIENCE) as client:
                client.sendall(SEQUENCE)
                assert receive(client, len(SEQUENCE)) == SEQUENCE


def test_the_far_end_may_be_a_tcp_server_or_a_serial_port() -> None:
    with running("--listen", "0") as board, running("--pty") as serial_board:
        tcp = ("--tcp", address_of(board))
        serial = ("--serial", address_of(serial_board), "--far-baud", "3000000")
        for far in (tcp, serial):
            with running("--listen", "0", far=far) as line, client_of(line) as client:
                client.sendall(SEQUENCE[:1000])
                assert receive(client, 1000) == SEQUENCE[:1000]


def test_a_campaign_is_golden_through_a_paced_line(tmp_path: Path) -> None:
    desk = Workspace(tmp_path)
    (board,) = desk.read("bench.yaml")["boards"]
    counts = tmp_path / "counts.json"
    options = ["--baud", "3000000", "--latency", "1ms", "--stats", str(counts)]
    desk.write_bench([*LINE, *options, "--", *board["link"]["command"]])
    assert desk.call("run").code == 1
    assert_every_output_is_golden(desk)
    stats = json.loads(counts.read_text())
    assert stats["to_device"]["bytes_delivered"] > WAKE_WORD_VECTORS * 490 * 0.7, "they travel packed"


# ---- damage ----


def test_the_same_seed_damages_equally_however_the_bytes_come() -> None:
    options = [*EVERY_FAULT, "--faults-in", "to-device"]
    at_once = through([*options, "--seed", "3"], SEQUENCE)
    assert at_once != SEQUENCE
    assert through([*options, "--seed", "3", "--baud", "3000000"], SEQUENCE) == at_once
    assert through([*options, "--seed", "4"], SEQUENCE) != at_once


def test_the_counts_add_up_and_are_those_of_the_bytes(tmp_path: Path) -> None:
    counts = tmp_path / "counts.json"
    counts.write_text("of an earlier line; longer than these will be" * 100)
    got = through([*EVERY_FAULT, "--stats", str(counts), "--seed", "5"], SEQUENCE)
    stats: dict[str, Any] = json.loads(counts.read_text())
    down, up = stats["to_device"], stats["to_host"]
    assert stats["seed"] == 5
    assert down["bytes_offered"] == len(SEQUENCE)
    assert down["bytes_delivered"] == up["bytes_offered"]
    assert up["bytes_delivered"] == len(got)
    for direction in (down, up):
        assert adds_up(direction), direction
        for kind in ("bits_flipped", "chunks_dropped", "chunks_duplicated", "bursts"):
            assert direction[kind] > 0, kind


def test_bit_errors_flip_as_many_bits_as_were_counted(tmp_path: Path) -> None:
    counts = tmp_path / "counts.json"
    got = through(
        ["--bit-errors", "1e-3", "--faults-in", "to-host", "--stats", str(counts)], bytes(len(SEQUENCE))
    )
    assert len(got) == len(SEQUENCE)
    flipped = int.from_bytes(got, "big").bit_count()
    stats = json.loads(counts.read_text())
    assert stats["to_host"]["bits_flipped"] == flipped > 300
    assert stats["to_device"]["bits_flipped"] == 0


def test_a_cable_garbles_the_rates_it_does_not_carry() -> None:
    with running("--pty", "--max-baud", "1000000") as line:
        path = address_of(line)
        for speed, sound in ((termios.B921600, True), (termios.B3000000, False), (termios.B115200, True)):
            terminal = open_terminal(path, speed)
            os.write(terminal, SEQUENCE[:1000])
            assert (read_terminal(terminal, 1000) == SEQUENCE[:1000]) is sound
            os.close(terminal)


def test_a_pulled_plug_ends_a_line_on_stdin_and_stdout(tmp_path: Path) -> None:
    counts = tmp_path / "counts.json"
    options = ["--disconnect-after", "1000", "--faults-in", "to-host", "--stats", str(counts)]
    assert through(options, SEQUENCE) == SEQUENCE[:1000]
    up = json.loads(counts.read_text())["to_host"]
    assert up["disconnects"] == 1
    assert adds_up(up)


def test_a_pulled_plug_drops_a_tcp_client_who_may_come_again() -> None:
    with running("--listen", "0", "--disconnect-after", "1000", "--faults-in", "to-host") as line:
        host, port = address_of(line).split(":")
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as client:
            client.sendall(SEQUENCE[:1200])
            assert receive(client, 1200) == SEQUENCE[:1000]
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as client:
            client.sendall(b"again")
            assert receive(client, 5) == b"again"


# ---- ends ----


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_way_to_stop_the_line_leaves_its_child(number: signal.Signals, tmp_path: Path) -> None:
    counts = tmp_path / "counts.json"
    far = ("--", "sh", "-c", "echo $$; exec sleep 600")
    with running("--stats", str(counts), far=far) as line:
        child = int(address_of(line))
        assert is_alive(child)
        line.send_signal(number)
        assert line.wait(PATIENCE) == (-number if number == signal.SIGKILL else 130)
        wait_for_the_end_of(child)
    if number != signal.SIGKILL:
        assert json.loads(counts.read_text())["to_host"]["bytes_delivered"] > 0


def test_a_child_that_ignores_the_end_of_its_input_is_ended() -> None:
    with running(far=("--", "sh", "-c", "echo $$; exec sleep 600")) as line:
        child = int(address_of(line))
        assert line.stdin is not None
        line.stdin.close()
        assert line.wait(PATIENCE) == 0
        wait_for_the_end_of(child)


def test_a_board_that_ends_by_itself_is_a_bench_fault_after_its_last_byte() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        command = [*LINE, "--baud", "115200", "--tcp", f"127.0.0.1:{port}"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as line:
            board, _ = server.accept()
            board.sendall(SEQUENCE[:300])
            board.close()
            assert line.stdout is not None
            assert line.stderr is not None
            assert line.stdout.read() == SEQUENCE[:300]
            assert f"127.0.0.1:{port}" in line.stderr.read().decode()
            assert line.wait(PATIENCE) == 4


def test_a_board_that_crashes_shows_its_last_words() -> None:
    command = [*LINE, "--listen", "0", "--", "sh", "-c", "echo no such silicon >&2; exit 7"]
    call(command).complains(4, "no such silicon", "status 7")
