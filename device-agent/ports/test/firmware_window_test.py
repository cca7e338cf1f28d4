# SPDX-License-Identifier: Apache-2.0
"""Energy windows of the real firmware on the emulated Cortex-M4, and what its second serial port says."""

from __future__ import annotations

import hashlib
import itertools
import os
import queue
import shutil
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

SOURCE = Path(os.environ["TINYHIL_SOURCE_DIR"])
sys.path.insert(0, str(SOURCE / "device-agent/tests"))

import wire_test as wire  # noqa: E402

IMAGE = SOURCE / "build/firmware-mps2-an386/agent.elf"
WAKE_WORD = SOURCE / "scenarios/wake_word"
TIMER_HZ = 25_000_000
NAMES = {message.id: name for name, message in wire.MESSAGES.items()}
MODEL, VECTORS = 1, 2
INFERENCE, IDLE, SLEEP = 1, 2, 3
ACTIVE = 0
WHOLE, DISTURBED = 0, 2
NEAR = 16  # ticks, 0.6 us: between a read of the counter and the edge behind it


class Change(NamedTuple):
    """Of the trigger pin or the power state."""

    trigger: int
    power: int
    ticks: int


class Board:
    """QEMU as harness/bench/emulated_board.cpp starts it."""

    def __init__(self, folder: Path) -> None:
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(folder / "activity"))
        self.listener.listen(1)
        command = "qemu-system-arm -M mps2-an386 -accel tcg -icount shift=5,sleep=off -display none"
        command += (
            " -monitor none -nodefaults -nic none -chardev stdio,id=line,signal=off -serial chardev:line"
        )
        command += f" -chardev socket,id=activity,server=off,path={folder}/activity -serial chardev:activity"
        self.process = subprocess.Popen(
            [*command.split(), "-kernel", str(IMAGE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        self.activity, _ = self.listener.accept()
        self.heard: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=self.listen, daemon=True).start()
        self.sequence = 0
        self.line = b""
        self.number = 0
        self.ask("hello", "identity", nonce=7)
        assert self.records(1) == [(0x80, TIMER_HZ, 0)]
        self.told = 1

    def listen(self) -> None:
        """As it comes: a socket holds some hundred single bytes only, and then the board waits."""
        while heard := self.activity.recv(4096):
            for byte in heard:
                self.heard.put(bytes([byte]))

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()
        self.activity.close()
        self.listener.close()

    def send(self, name: str, **fields: wire.Value) -> None:
        payload = wire.encode_payload(name, fields)
        frame = wire.Frame(wire.MESSAGES[name].id, 0, 1, 255, self.sequence, 0, payload)
        self.sequence += 1
        assert self.process.stdin is not None
        self.process.stdin.write(wire.encode_frame(frame))

    def receive(self) -> tuple[str, dict[str, wire.Value]]:
        assert self.process.stdout is not None
        while True:
            while b"\0" not in self.line:
                self.line += self.process.stdout.read(65536)
            part, self.line = self.line.split(b"\0", 1)
            frame = wire.decode_frame(part) if part else None
            if frame is None or NAMES[frame.type] == "booted":
                continue
            name = NAMES[frame.type]
            fields = wire.decode_payload(name, frame.payload)
            assert fields is not None
            return name, fields

    def ask(self, request: str, answer: str, **fields: wire.Value) -> dict[str, wire.Value]:
        self.send(request, **fields)
        name, told = self.receive()
        assert name == answer, (name, told)
        return told

    def push(self, kind: int, slot: int, content: bytes) -> None:
        digest = hashlib.sha256(content).digest()
        self.ask("push_begin", "done", kind=kind, slot=slot, size=len(content), digest=digest)
        for at in range(0, len(content), 1000):
            self.send("push_chunk", kind=kind, slot=slot, offset=at, content=content[at : at + 1000])
        self.ask("push_end", "done", kind=kind, slot=slot)

    def window(self, kind: int, **fields: int) -> dict[str, wire.Value]:
        self.number += 1
        asked = {
            "flags": 0,
            "model": 0,
            "vector_slot": 0,
            "vector": 0,
            "invokes": 0,
            "length_ms": 0,
            "rest_ms": 50,
        }
        asked |= {"window": self.number, "kind": kind, **fields}
        self.ask("window", "done", **asked)
        name, ended = self.receive()
        assert name == "window_ended"
        assert ended["window"] == self.number
        assert ended["status"] == WHOLE
        return ended

    def records(self, count: int) -> list[tuple[int, int, int]]:
        """State, number and sequence of the next records."""
        raw = b"".join(self.heard.get(timeout=60) for _ in range(8 * count))
        found = []
        for at in range(0, 8 * count, 8):
            record = raw[at : at + 8]
            begin, state, number, sequence, check = struct.unpack("<BBIBB", record)
            assert begin == 0xA5
            assert check == ~sum(record[:7]) & 0xFF
            found.append((state, number, sequence))
        return found

    def changes(self, count: int) -> list[Change]:
        """Exactly so many: the next ones have been told of already when a window has ended."""
        records = self.records(count)
        assert [sequence for _, _, sequence in records] == [(self.told + i) & 0xFF for i in range(count)]
        self.told += count
        assert self.heard.empty()
        return [Change(state & 1, state >> 1 & 3, ticks) for state, ticks, _ in records]


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    assert shutil.which("qemu-system-arm"), "apt install qemu-system-arm, or ./dev setup"
    assert IMAGE.exists(), "build it: ./dev build firmware-mps2-an386"
    made = Board(tmp_path)
    yield made
    made.close()


def ticks_of(ended: dict[str, wire.Value]) -> int:
    low, high = ended["ticks_low"], ended["ticks_high"]
    assert isinstance(low, int)
    assert isinstance(high, int)
    return high << 32 | low


def passed(changes: list[Change]) -> int:
    """From the first to the last, of a counter that wraps."""
    return sum((b.ticks - a.ticks) % 2**32 for a, b in itertools.pairwise(changes))


def edges_of(changes: list[Change]) -> list[Change]:
    return [b for a, b in zip([Change(0, 0, 0), *changes], changes, strict=False) if a.trigger != b.trigger]


def load(board: Board, name: str) -> np.ndarray:
    vectors = np.load(WAKE_WORD / "vectors.npz")
    board.push(MODEL, 0, (WAKE_WORD / "models" / f"{name}.tflite").read_bytes())
    board.push(VECTORS, 0, vectors["inputs"][:20].tobytes())
    board.ask("load", "loaded", slot=0)
    golden: np.ndarray = vectors[f"golden_{name}"]
    return golden


@pytest.mark.parametrize(("kind", "power"), [(IDLE, 1), (SLEEP, 2)])
def test_a_window_of_rest_is_seen_as_it_is_told(board: Board, kind: int, power: int) -> None:
    ended = board.window(kind, length_ms=1000)
    changes = board.changes(8)
    assert [(c.trigger, c.power) for c in changes] == [
        *[(0, 1), (0, ACTIVE), (1, ACTIVE), (1, power), (1, ACTIVE), (0, ACTIVE), (0, 1), (0, ACTIVE)]
    ]
    for first, ms in ((0, 50), (3, 1000), (6, 50)):
        assert passed(changes[first : first + 2]) == pytest.approx(ms * TIMER_HZ / 1000, abs=300)
    assert ticks_of(ended) == pytest.approx(passed(edges_of(changes)), abs=NEAR)


def test_a_sleep_longer_than_the_timer_is_counted_whole(board: Board) -> None:
    ended = board.window(SLEEP, length_ms=600_000)
    changes = board.changes(6 + 2 * 150)
    assert ticks_of(ended) > 3 * 2**32
    assert ticks_of(ended) == pytest.approx(600 * TIMER_HZ, rel=1e-4)
    total = passed(changes[2:-2])
    assert ticks_of(ended) == pytest.approx(total, abs=NEAR)
    assert max((b.ticks - a.ticks) % 2**32 for a, b in itertools.pairwise(changes)) < 60 * TIMER_HZ


@pytest.mark.parametrize("name", ["shipped", "slim", "quick"])
def test_the_layers_of_a_wake_word_model_sum_to_its_inference(board: Board, name: str) -> None:
    golden = load(board, name)
    ended = board.window(INFERENCE, vector=5, invokes=20, flags=1)
    assert ended["proven"] == 20
    assert ended["output"] == hashlib.sha256(golden[5].tobytes()).digest()
    edges = edges_of(board.changes(6))
    assert len(edges) == 2
    assert ticks_of(ended) == pytest.approx(passed(edges), abs=NEAR)
    layers = ended["layers"]
    assert isinstance(layers, bytes)
    ends = np.frombuffer(layers, "<u4")
    assert len(ends) > 3
    assert (np.diff(ends.astype(np.int64)) > 0).all()
    each = ticks_of(ended) / 20
    assert ends[-1] == pytest.approx(each, rel=0.005)
    print(name, "layers end at", ends.tolist(), "of", each, "ticks an inference")


def test_the_pin_goes_with_every_inference_of_an_ordinary_run_outside_of_its_clocks(board: Board) -> None:
    load(board, "slim")
    asked: dict[str, wire.Value] = {
        "run": 1,
        "ordinal": 0,
        "vector_slot": 0,
        "first": 0,
        "count": 20,
        "repeats": 1,
    }
    asked |= {"mode": 1, "form": 3, "top_k": 0, "batch": 0, "models": b"\0"}
    board.ask("run", "done", **asked)
    rows = b""
    while True:
        name, told = board.receive()
        if name == "run_ended":
            break
        assert isinstance(told["rows"], bytes)
        rows += told["rows"]
    edges = edges_of(board.changes(40))
    assert [edge.trigger for edge in edges] == [1, 0] * 20
    for i, (_, clock, timer, _) in enumerate(struct.iter_unpack("<BII8s", rows)):
        between = passed(edges[2 * i : 2 * i + 2])
        assert timer <= between < timer + 400  # a record of 8 bytes left before the clocks were read
        assert abs(clock - timer) < 10
