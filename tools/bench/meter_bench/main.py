# SPDX-License-Identifier: Apache-2.0
"""./dev bench meter: how fast a PPK2's samples are read, beside its usual Python driver's method, in one run.

`decode`: the same bytes to microamperes by both, turn by turn. `stream`: our driver records from the
simulated meter at 100,000 samples a second. `trace`: 60 s of 1 MS/s written beside plain writes of as many
bytes, and zoomed into. Processor time is counted. Prints a table, writes
results/bench/meter.json, and exits 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from ppk2_api.ppk2_api import PPK2_API

from compare_bench.judge import Target
from link_bench.show import machine

ROOT = Path(__file__).resolve().parents[3]
BUILD = ROOT / "build/dev"
HOST = BUILD / "bin/bench-meter-host"
TRACE_HOST = BUILD / "bin/bench-trace-host"
TINYHIL = BUILD / "bin/tinyhil"
READ = 4096  # bytes that come at once
PYTHON_SAMPLES = 100_000  # it is slow
CONSTANTS = {  # of one real unit, as in harness/sim
    "R": [1003.3506, 101.5865, 10.3027, 0.9636, 0.0564],
    "GS": [1, 112.7890, 18.0115, 2.4217, 0.0729],
    "GI": [1, 0.9695, 0.9609, 0.9519, 0.9582],
    "O": [112.9420, 75.4627, 64.6020, 50.4983, 87.2177],
    "S": [0.000000048, 0.000000596, 0.000005281, 0.000062577, 0.002940743],
    "I": [-0.000000104, -0.000001443, 0.000036439, -0.000374119, -0.009388455],
}


def build() -> None:
    for command in (
        ["cmake", "--preset", "dev"],
        ["cmake", "--build", "build/dev", "--target", HOST.name, TRACE_HOST.name, "bin/tinyhil"],
    ):
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def calibration() -> str:
    lines = [f"{key}{n}: {value}" for key, values in CONSTANTS.items() for n, value in enumerate(values)]
    return "\n".join([*lines, "VDD: 3300", ""])


def sample_bytes(count: int) -> bytes:
    """A board that is busy and idle in turns, so that two ranges are in use, with some noise."""
    random.seed(1)
    words = bytearray()
    for n in range(count):
        busy = n // 4000 % 2
        measured, adc = (3, 60 + random.randrange(30)) if busy else (2, 300 + random.randrange(40))
        words += struct.pack("<I", adc | measured << 14 | n % 64 << 18 | busy << 24)
    return bytes(words)


def by_us(folder: Path, rounds: int) -> tuple[list[float], float]:
    command = [HOST, "decode", folder / "words", folder / "calibration", rounds]
    said = subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, text=True).stdout
    *seconds, mean_a = map(float, said.split())
    return seconds, mean_a


def by_python(words: bytes) -> tuple[float, float]:
    """The driver's get_samples(), on reads of the same size; its spike filter cannot be switched off."""
    master, terminal = os.openpty()  # it wants a port
    client = PPK2_API(os.ttyname(terminal))
    for key, values in CONSTANTS.items():
        client.modifiers[key] = {str(n): value for n, value in enumerate(values)}
    client.current_vdd = 3300
    total = 0.0
    count = 0
    start = time.process_time()
    for at in range(0, len(words), READ):
        some, _ = client.get_samples(words[at : at + READ])
        total += sum(some)
        count += len(some)
    seconds = time.process_time() - start
    client.ser.close()
    for end in (master, terminal):
        os.close(end)
    return seconds, total / count * 1e-6


def measure_decode(folder: Path, samples: int, rounds: int) -> dict[str, Any]:
    words = sample_bytes(samples)
    (folder / "words").write_bytes(words)
    (folder / "calibration").write_text(calibration())
    ours: list[float] = []
    python: list[float] = []
    for _ in range(3):
        seconds, mean_a = by_us(folder, rounds)
        ours += seconds
        seconds_of_python, python_mean_a = by_python(words[: 4 * PYTHON_SAMPLES])
        python.append(seconds_of_python)
    assert abs(mean_a / python_mean_a - 1) < 0.2, "both mean the same samples"
    row: dict[str, Any] = {
        "samples": samples,
        "ours": ours,
        "python_samples": PYTHON_SAMPLES,
        "python": python,
    }
    row["samples_per_second"] = samples / median(ours)
    row["python_samples_per_second"] = PYTHON_SAMPLES / median(python)
    return row


def measure_stream(seconds: int) -> dict[str, Any]:
    with subprocess.Popen([str(TINYHIL), "sim", "ppk2"], stdout=subprocess.PIPE, text=True) as meter:
        assert meter.stdout is not None
        try:
            command = [str(HOST), "stream", meter.stdout.readline().strip(), str(seconds)]
            said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        finally:
            meter.terminate()
    samples, gaps, cpu, time_s = map(float, said.split())
    return {"samples": samples, "gaps": gaps, "cpu_s": cpu, "time_s": time_s, "share_of_a_core": cpu / time_s}


def measure_trace(folder: Path) -> dict[str, Any]:
    said = subprocess.run(
        [str(TRACE_HOST), str(folder)], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    row: dict[str, Any] = json.loads(said)
    row["write_speed_over_plain"] = median(row["plain_write_cpu_s"]) / row["trace_write_cpu_s"]
    return row


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench meter", description=__doc__)
    parser.add_argument("--samples", type=int, default=2_000_000)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=20, help="of streaming")
    parser.add_argument("--json", type=Path, help="write here (default: results/bench/meter.json)")
    options = parser.parse_args()
    build()
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as name:
        decode = measure_decode(Path(name), options.samples, options.rounds)
        trace = measure_trace(Path(name))
    stream = measure_stream(options.seconds)
    print("samples a second, one core".ljust(34) + f"{'ours':>14}{'ppk2-api':>14}")
    figures = f"{decode['samples_per_second']:>14,.0f}{decode['python_samples_per_second']:>14,.0f}"
    print("  decode and calibrate".ljust(34) + figures)
    print(f"streaming {stream['samples']:,.0f} samples, {stream['gaps']:.0f} gaps".ljust(34))
    print("  share of a core".ljust(34) + f"{stream['share_of_a_core']:>14.4%}")
    print(f"trace of {trace['samples']:,} samples")
    print("  write speed over plain writes".ljust(34) + f"{trace['write_speed_over_plain']:>14.2f}")
    print("  zoom, median and worst".ljust(34) + f"{trace['zoom_median_ms']:>11.3f} ms", end="")
    print(f"{max(trace['zoom_worst_ms']):>11.3f} ms")
    judged = [
        Target("samples a second", decode["samples_per_second"], 100e6, at_least=True),
        Target("share of a core at 100 kS/s", stream["share_of_a_core"], 0.005, at_least=False),
        Target("write speed over plain writes", trace["write_speed_over_plain"], 0.5, at_least=True),
        Target("worst zoom in ms", max(trace["zoom_worst_ms"]), 1, at_least=False),
    ]
    met = [{**vars(target), "met": target.met} for target in judged]
    record = {"machine": machine(ROOT), "decode": decode, "stream": stream, "trace": trace, "targets": met}
    out = options.json or ROOT / "results/bench/meter.json"
    out.write_text(json.dumps(record, indent=1) + "\n")
    for target in judged:
        print(f"{'met' if target.met else 'missed'}: {target}")
    return 0 if all(target.met for target in judged) else 1


if __name__ == "__main__":
    sys.exit(main())
