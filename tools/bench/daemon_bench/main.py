# SPDX-License-Identifier: Apache-2.0
"""./dev bench daemon: what the daemon takes to decide, cell by cell.

`schedule`: one pass over all waiting requests and free boards, and explaining why one request waits, in
processor time. `leases`: what a real daemon takes to grant a board, to hand it over and to start again, in
wall time. Prints tables, writes results/bench/daemon.json, and exits 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from daemon_bench import leases, schedule
from link_bench.show import machine

ROOT = Path(__file__).resolve().parents[3]
BIN = ROOT / "build/dev/bin"


def build() -> None:
    for command in (
        ["cmake", "--preset", "dev"],
        ["cmake", "--build", "build/dev", "--target", schedule.PROGRAM, "tinyhil"],
    ):
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench daemon", description=__doc__)
    parser.add_argument("--boards", type=int, default=500)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--passes", type=int, default=200)
    parser.add_argument("--leases", type=int, default=1000)
    parser.add_argument("--json", type=Path, help="write here (default: results/bench/daemon.json)")
    options = parser.parse_args()
    build()
    cells = [
        schedule.measure(BIN / schedule.PROGRAM, options.boards, options.requests, options.passes),
        leases.measure(BIN / "tinyhil", boards=64, count=options.leases),
    ]
    judged = [target for cell in cells for target in cell.targets]
    record = {
        "machine": machine(ROOT),
        **{cell.name: cell.figures for cell in cells},
        "targets": [{**vars(target), "met": target.met} for target in judged],
    }
    out = options.json or ROOT / "results/bench/daemon.json"
    out.write_text(json.dumps(record, indent=1) + "\n")
    for cell in cells:
        print("\n".join(cell.table))
    for target in judged:
        print(f"{'met' if target.met else 'missed'}: {target}")
    return 0 if all(target.met for target in judged) else 1


if __name__ == "__main__":
    sys.exit(main())
