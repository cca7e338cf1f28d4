# SPDX-License-Identifier: Apache-2.0
"""A simulated probe with real firmware behind it, and the stock OpenOCD in front of it, for tests."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli import SOURCE, TINYHIL

MACHINE = "mps2-an386"
IMAGES = SOURCE / "build" / f"firmware-{MACHINE}"
AGENT = IMAGES / "agent.elf"
KINDS = ["st-link", "cmsis-dap", "jtag"]
PATIENCE = 60  # seconds; nothing here takes ten
QUIET = "gdb_port disabled; telnet_port disabled; tcl_port disabled"


@dataclass
class Probe:
    """`tinyhil sim probe`, running, and what it said of itself."""

    process: subprocess.Popen[str]
    line: dict[str, Any]
    config: Path

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.line.get("environment", {})}

    def openocd(self, *commands: str) -> tuple[int, list[str], str]:
        """Runs commands one after the other, after `init`: exit code, a result each, and all the talk.

        What a command prints is its result; a command that fails has the result `failed: ...`.
        """
        script = [f"proc try {{}} {{ {QUIET}; init }}", "try"]
        for number, command in enumerate(commands):
            script.append(f"set failed [catch {{ capture {{ {command} }} }} said]")
            script.append(f'echo "<{number}>[expr {{$failed ? {{failed: }} : {{}}}}]$said</{number}>"')
        arguments = [word for line in [*script, "shutdown"] for word in ("-c", line)]
        done = subprocess.run(
            ["openocd", "-f", str(self.config), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        talk = done.stdout + done.stderr
        results = [
            talk.split(f"<{n}>", 1)[1].split(f"</{n}>", 1)[0].strip() if f"<{n}>" in talk else ""
            for n in range(len(commands))
        ]
        return done.returncode, results, talk


@contextlib.contextmanager
def plugged_in(folder: Path, kind: str, *options: str, firmware: Path | None = AGENT) -> Iterator[Probe]:
    config = folder / f"{kind}.cfg"
    command = [
        str(TINYHIL),
        "sim",
        "probe",
        "--machine",
        MACHINE,
        "--as",
        kind,
        "--openocd-config",
        str(config),
    ]
    if firmware:
        command += ["--firmware", str(firmware)]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Probe(process, json.loads(process.stdout.readline()), config)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=PATIENCE)
