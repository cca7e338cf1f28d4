# SPDX-License-Identifier: Apache-2.0
"""The protocols, one entry each. A new one needs a host program that takes

    --input BYTES --output BYTES --vectors N --seed S -- COMMAND...

starts COMMAND (the paced line, with the device behind it), runs N seeded vectors, checks every output and
prints one line of JSON: vectors, seconds, cpu_us_per_inference, bytes_up, bytes_down, turns, and where there
is such a thing:

- opening_bytes_up, opening_bytes_down: before the clock started;
- rerun_bytes_up, rerun_bytes_down: a second model over the same vectors, after the clock stopped;
- packing_ratio: bytes of the vectors as sent / as they are.

Ours also takes --vectors-file FILE, raw vectors one after the other, instead of seeded ones.

The device runs on stdin and stdout; its model is output[i] = sum of the input's bytes + i, mod 256.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from link_bench.cells import Cell

LEAST_OURS = (
    5  # the last vector's inference overlaps nothing; with too few vectors it would be the measurement
)


@dataclass(frozen=True)
class Protocol:
    name: str
    title: str
    host: list[str]
    device: Callable[[Cell], list[str]]
    predicted_seconds: Callable[[Cell], float]  # a vector; only decides how many vectors a cell runs
    cell_seconds: float
    least: int = 1

    def vectors(self, cell: Cell, scale: float = 1) -> int:
        return max(self.least, round(self.cell_seconds * scale / self.predicted_seconds(cell)))


def mlperf_seconds(cell: Cell) -> float:
    commands = ceil(cell.input / 31)
    up = 2 * cell.input + 4 * commands + 24
    down = 9 * commands + 6 * cell.output + 175
    return cell.wire_seconds(up + down) + (commands + 2) * cell.latency_ms / 1000 + cell.invoke_us / 1e6


def stopwait_seconds(cell: Cell) -> float:
    packets = ceil((cell.input + 14) / 32)
    up = 33 * (packets + 2)
    down = 33 + packets - 1 + 33 + 66 + 33 * ceil((cell.output + 75) / 32)
    return cell.wire_seconds(up + down) + (packets + 2) * cell.latency_ms / 1000 + cell.invoke_us / 1e6


def our_seconds(cell: Cell) -> float:
    return max(cell.wire_seconds(cell.input * 1.03), cell.invoke_us / 1e6)


def peer_device(protocol: str) -> Callable[[Cell], list[str]]:
    def command(cell: Cell) -> list[str]:
        sizes = ["--input", str(cell.input), "--output", str(cell.output)]
        return ["bench-peer-device", "--protocol", protocol, *sizes, "--invoke-us", str(cell.invoke_us)]

    return command


def our_device(cell: Cell) -> list[str]:
    return ["thil-agent-fake", "--invoke-us", str(cell.invoke_us)]


OURS = Protocol("tinyhil", "tinyhil", ["bench-link-host"], our_device, our_seconds, 12, LEAST_OURS)
STOPWAIT = Protocol(
    "stopwait",
    "32 B stop-and-wait",
    ["bench-peer-host", "--protocol", "stopwait"],
    peer_device("stopwait"),
    stopwait_seconds,
    6,
)
MLPERF = Protocol(
    "mlperf",
    "MLPerf Tiny",
    ["bench-peer-host", "--protocol", "mlperf"],
    peer_device("mlperf"),
    mlperf_seconds,
    6,
)
PROTOCOLS = [OURS, STOPWAIT, MLPERF]
