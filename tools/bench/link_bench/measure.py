# SPDX-License-Identifier: Apache-2.0
"""One protocol in one cell: run it over the paced line and reckon what it came to."""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from link_bench.cells import Cell
from link_bench.protocols import Protocol

SEED = 20_240_229
LAST_WORDS = 5  # lines: of the host, and of the line before it


@dataclass(frozen=True)
class Absent:
    """There is no number, and why."""

    reason: str


@dataclass(frozen=True)
class Measured:
    vectors: int
    seconds: float
    goodput: float  # payload's share of what the line could have carried meanwhile
    bytes_up: float  # a vector, on the wire
    bytes_down: float
    turns: float  # a vector
    cpu_us: float  # of the host program, an inference
    rerun_ratio: float | None = None  # bytes of the first run / of a second model's run over the same vectors
    packing_ratio: float | None = None  # bytes of the vectors as sent / as they are


Outcome = Measured | Absent


def line_command(programs: Path, cell: Cell, stats: Path, device: list[str]) -> list[str]:
    pace = ["--baud", str(cell.baud), "--latency", f"{cell.latency_ms}ms", "--stats", str(stats)]
    return [str(programs / "tinyhil"), "sim", "line", *pace, "--", str(programs / device[0]), *device[1:]]


def reckon(cell: Cell, said: dict[str, float], up: float, down: float) -> Measured:
    """From what the host said and the bytes that the line carried each way, opening and re-run included."""
    vectors = int(said["vectors"])
    again_up, again_down = said.get("rerun_bytes_up") or 0, said.get("rerun_bytes_down") or 0
    first_up = up - said.get("opening_bytes_up", 0) - again_up
    first_down = down - said.get("opening_bytes_down", 0) - again_down
    again = again_up + again_down
    return Measured(
        vectors=vectors,
        seconds=said["seconds"],
        goodput=cell.wire_seconds(cell.input * vectors) / said["seconds"],
        bytes_up=first_up / vectors,
        bytes_down=first_down / vectors,
        turns=said["turns"] / vectors,
        cpu_us=said["cpu_us_per_inference"],
        rerun_ratio=(first_up + first_down) / again if again else None,
        packing_ratio=said.get("packing_ratio"),
    )


def measure(programs: Path, protocol: Protocol, cell: Cell, vectors: int) -> Outcome:
    device = protocol.device(cell)
    for program in (protocol.host[0], "tinyhil", device[0]):
        if not (programs / program).is_file():
            return Absent(f"there is no program {program}")
    with tempfile.TemporaryDirectory() as folder:
        stats = Path(folder) / "line.json"
        command = [str(programs / protocol.host[0]), *protocol.host[1:]]
        command += ["--input", str(cell.input), "--output", str(cell.output)]
        command += ["--vectors", str(vectors), "--seed", str(SEED)]
        command += ["--", *line_command(programs, cell, stats, device)]
        limit = 60 + 5 * vectors * protocol.predicted_seconds(cell)
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
        except subprocess.TimeoutExpired:
            return Absent(f"{protocol.host[0]} did not end within {limit:.0f} s")
        if done.returncode != 0:
            return Absent("; ".join(done.stderr.split("\n")[-LAST_WORDS:]).strip("; ") or "it says nothing")
        if not stats.is_file():
            return Absent("the paced line left no statistics")
        carried = json.loads(stats.read_text())
        up, down = (carried[way]["bytes_offered"] for way in ("to_device", "to_host"))
        return reckon(cell, json.loads(done.stdout), up, down)
