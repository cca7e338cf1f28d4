# SPDX-License-Identifier: Apache-2.0
"""Runs a program of the tree of mutants, which may never end or want all memory there is."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

MEMORY_MAX = 4 << 30  # bytes of one process
CPU_SECONDS_MAX = 300
WALL_SECONDS_MAX = 1800  # of one that waits for ever; on a busy machine a second of processor time takes long


class Done(NamedTuple):
    code: int  # not 0 where a limit was reached
    output: bytes
    cpu_seconds: float


class Call(NamedTuple):
    command: Sequence[str]
    folder: Path
    given: Mapping[str, str]  # in the environment, beside what is there
    reads: Path = Path(os.devnull)

    def run(self, cpu_seconds: float = CPU_SECONDS_MAX, memory: int = MEMORY_MAX) -> Done:
        limits = ["prlimit", f"--cpu={int(cpu_seconds)}", f"--as={memory}", "--core=0"]
        with tempfile.TemporaryFile() as output, self.reads.open("rb") as given:
            process = subprocess.Popen(
                [*limits, *self.command],
                cwd=self.folder,
                env={**os.environ, **self.given},
                stdin=given,
                stdout=output,
                stderr=subprocess.DEVNULL,
            )
            end = threading.Timer(WALL_SECONDS_MAX, process.kill)
            end.start()
            _, status, usage = os.wait4(process.pid, 0)
            end.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            return Done(process.returncode, output.read(), usage.ru_utime + usage.ru_stime)
