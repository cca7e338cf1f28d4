# SPDX-License-Identifier: Apache-2.0
"""The crash agent as a child process: one-byte commands in, fault records out."""

from __future__ import annotations

import os
import select
import struct
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

SOURCE = Path(os.environ["TINYHIL_SOURCE_DIR"])
BINARY = Path(os.environ["TINYHIL_BINARY_DIR"])
LAYOUT = struct.Struct("<9I")  # thil_crash
PATIENCE_S = 60

NONE, PROCESSOR, STACK = 0, 1, 3


class Record(NamedTuple):
    cause: int
    status: int
    pc: int
    lr: int
    sp: int
    run: int
    vector: int
    model: int
    repeat: int

    @property
    def inference(self) -> tuple[int, int, int, int] | None:
        return (self.run, self.model, self.vector, self.repeat) if self.run != 0 else None


class Crasher:
    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)

    def __enter__(self) -> Crasher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.communicate()

    def send(self, commands: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(commands)

    def record(self) -> Record:
        """What the next start sends."""
        return Record(*LAYOUT.unpack(self._read(1 + LAYOUT.size)[1:]))

    def rates_taken(self) -> list[bool]:
        self.send(b"s")
        return [byte == 1 for byte in self._read(1 + 7)[1:]]

    def after(self, commands: bytes) -> Record:
        """The record that these commands leave; its start has been waited for."""
        self.send(commands)
        return self.record()

    def _read(self, size: int) -> bytes:
        assert self.process.stdout is not None
        content = b""
        deadline = time.monotonic() + PATIENCE_S
        while len(content) < size:
            left = max(0.0, deadline - time.monotonic())
            ready, _, _ = select.select([self.process.stdout], [], [], left)
            assert ready, f"silence after {content!r}"
            part = self.process.stdout.read(size - len(content))
            assert part, f"the agent ended with {self.process.wait()} after {content!r}"
            content += part
        assert content[:1] == b"!", content
        return content
