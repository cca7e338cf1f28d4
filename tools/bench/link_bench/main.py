# SPDX-License-Identifier: Apache-2.0
"""./dev bench link: our link beside two others, each as real code over the same paced line, in one run.

Prints a table, writes results/bench/link.json, and exits 1 when a target is missed or a number is missing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from link_bench.cells import CELLS, FEATURES, QUICK, Cell
from link_bench.features import write_features
from link_bench.measure import Absent, Measured, Outcome, measure
from link_bench.protocols import OURS, PROTOCOLS
from link_bench.show import Results, record, table

ROOT = Path(__file__).resolve().parents[3]
QUICK_SCALE = 0.05


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(*command: str | Path) -> str:
    """Its output; what it says goes to our stderr."""
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def build() -> Path:
    """The programs, from the dev preset; ours only where they are targets already."""
    tree = ROOT / "build/dev"
    run("cmake", "--preset", "dev")
    known = run("cmake", "--build", tree, "--target", "help")
    ours = [name for name in (OURS.host[0], "thil-agent-fake") if f"{name}:" in known]
    run("cmake", "--build", tree, "--target", "bench_peers", "bin/tinyhil", *ours)
    return tree / "bin"


def told(outcome: Outcome) -> str:
    if isinstance(outcome, Absent):
        return outcome.reason
    return f"{outcome.vectors} vectors in {outcome.seconds:.1f} s, {outcome.goodput:.3f} of the line"


def measure_cell(programs: Path, cell: Cell, scale: float) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    for protocol in PROTOCOLS:
        outcomes[protocol.name] = measure(programs, protocol, cell, protocol.vectors(cell, scale))
        say(f"{cell.label}: {protocol.title}: {told(outcomes[protocol.name])}")
    return outcomes


def measure_features(programs: Path, cell: Cell, scale: float) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        vectors = Path(folder) / "features.bin"
        there = write_features(ROOT / "scenarios/wake_word/vectors.npz", cell.input, vectors)
        count = min(there, OURS.vectors(cell, scale))
        features = replace(OURS, host=[*OURS.host, "--vectors-file", str(vectors)])
        outcome = measure(programs, features, cell, count)
    if isinstance(outcome, Measured) and outcome.packing_ratio is None:
        outcome = Absent(f"{OURS.host[0]} does not say how it packed the vectors")
    say(f"{cell.label}, wake-word features: {told(outcome)}")
    return outcome


def verdict(results: Results, judged: bool) -> int:
    wanting = [f"no number: {reason}" for reason in results.absences()]
    if judged:
        wanting += [f"missed: {target}" for target in results.measured_targets() if not target.met]
    for line in wanting:
        print(line)
    return 1 if wanting else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench link", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two cells, few vectors: does it run at all")
    parser.add_argument(
        "--bin", type=Path, help="take the programs from this folder instead of building them"
    )
    parser.add_argument(
        "--json", type=Path, help="write here (default results/bench/link.json, --quick: nowhere)"
    )
    options = parser.parse_args()
    programs = options.bin.resolve() if options.bin else build()
    scale = QUICK_SCALE if options.quick else 1
    results = Results()
    for cell in QUICK if options.quick else CELLS:
        results.cells.append((cell, measure_cell(programs, cell, scale)))
    for cell in FEATURES[-1:] if options.quick else FEATURES:
        results.features.append((cell, measure_features(programs, cell, scale)))
    print(table(results))
    print()
    out = options.json or (None if options.quick else ROOT / "results/bench/link.json")
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(record(results, ROOT), indent=1) + "\n")
        say(f"written: {out}")
    return verdict(results, judged=not options.quick)
