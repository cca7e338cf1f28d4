# SPDX-License-Identifier: Apache-2.0
"""./dev bench probe: a campaign's models and vectors into a board, past a debug probe's line and over a UART.

The wake-word campaign's three models and its vectors, as a run pushes them, into the same firmware on the
same emulated Cortex-M4: by memory through a simulated probe and the OpenOCD that is installed, as frames
through the rings, and as frames over the emulated UART, unpaced and paced. The board's own digest is part of
each time. Lines take turns. Beside them stands the time that the UART's bytes alone take at its rate, for the
emulated board is slower than a fast line. Prints a table, writes results/bench/probe.json, and exits 1 when
memory is not ten times as fast as a UART.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from link_bench.show import machine
from probe_bench.judge import bytes_alone, ratios, summary, targets
from probe_bench.lines import MACHINE, ROOT, TITLES, probe, write_bench

HOST = ROOT / "build/dev/bin/bench-probe-host"
CAMPAIGN = ROOT / "scenarios/wake_word/campaign.yaml"
LIMIT_S = 300


def build() -> None:
    for command in (
        ["cmake", "--preset", f"firmware-{MACHINE}"],
        ["cmake", "--build", f"build/firmware-{MACHINE}"],
        ["cmake", "--preset", "dev"],
        ["cmake", "--build", "build/dev", "--target", HOST.name, "bin/tinyhil"],
    ):
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def push(bench: Path, line: str, times: int, environment: dict[str, str]) -> dict[str, Any]:
    command = [str(HOST), str(CAMPAIGN), str(bench), line, str(times)]
    done = subprocess.run(
        command, env=environment, check=True, stdout=subprocess.PIPE, text=True, timeout=LIMIT_S
    )
    said: dict[str, Any] = json.loads(done.stdout)
    by_memory = line.startswith("memory")
    assert said["places"] == by_memory, said
    assert said["detours"] == "", said
    return said


def measure(rounds: int, slow_rounds: int) -> dict[str, dict[str, Any]]:
    """A fast line pushes five times a round, so that one disturbance does not decide."""
    measured: dict[str, list[dict[str, Any]]] = {name: [] for name in TITLES}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bench = write_bench(folder)
        for number in range(rounds):
            for kind, lines in (("st-link", ["memory", "rings"]), ("cmsis-dap", ["memory-cmsis-dap"])):
                with probe(folder, kind) as environment:
                    for line in lines:
                        measured[line].append(push(bench, line, 5, environment))
            for line in ["uart", "uart-921600"] + (["uart-115200"] if number < slow_rounds else []):
                measured[line].append(push(bench, line, 1, dict(os.environ)))
    return {name: summary(said) for name, said in measured.items() if said}


def show(lines: dict[str, dict[str, Any]]) -> None:
    faster = ratios(lines)
    first = lines["memory"]
    print(f"{first['bytes']:,} bytes of models and vectors, in {first['slots']} slots of vectors")
    print(f"{'':30}{'fastest s':>10}{'median s':>10}{'KB/s':>10}{'times memory':>15}{'of it digest':>15}")
    for name, line in lines.items():
        digest = min(1, line["digest_of_all_s"] / line["fastest_s"])
        print(
            f"{TITLES[name]:30}{line['fastest_s']:>10.2f}{line['median_s']:>10.2f}"
            f"{line['bytes_per_second'] / 1000:>10,.1f}"
            f"{faster[name]:>15.1f}{digest:>15.1%}"
        )
    for baud, seconds in bytes_alone(lines["uart"]).items():
        title = f"bytes alone at {baud:,} baud"
        print(f"{title:30}{seconds:>10.2f}{'':20}{seconds / first['fastest_s']:>15.1f}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench probe", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slow-rounds", type=int, default=1, help="of 115,200 baud, a minute each")
    parser.add_argument("--json", type=Path, help="write here (default: results/bench/probe.json)")
    options = parser.parse_args()
    build()
    before = machine(ROOT)
    lines = measure(options.rounds, options.slow_rounds)
    show(lines)
    judged = targets(lines)
    met = [{**vars(target), "met": target.met} for target in judged]
    record: dict[str, Any] = {"machine": before, "lines": lines, "times_memory": ratios(lines)}
    record |= {"seconds_of_bytes_alone": bytes_alone(lines["uart"]), "targets": met}
    out = options.json or ROOT / "results/bench/probe.json"
    out.write_text(json.dumps(record, indent=1) + "\n")
    for target in judged:
        print(f"{'met' if target.met else 'missed'}: {target}")
    return 0 if all(target.met for target in judged) else 1
