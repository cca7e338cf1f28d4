# SPDX-License-Identifier: Apache-2.0
"""./dev bench chaos: 10,000 inferences over a bad line, with 20 resets and 50 kill -9 of the host.

Prints a row a seed, writes results/bench/chaos.json, and exits 1 when a result is wrong, missing or twice.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from chaos import FAULTS, Plan, clean_bytes, clean_rows, storm_over
from link_bench.show import machine

ROOT = Path(__file__).resolve().parents[3]
NEAR_ENDS = {"tcp": ("--listen", "0"), "serial": ("--pty",)}
COLUMNS = ["seed", "transport", "inferences", "kills", "resets", "bytes", "sent_again", "seconds"]
COLUMNS += ["wrong", "missing", "twice", "blamed", "exit_code"]


def build() -> None:
    for command in (
        ["cmake", "--preset", "dev"],
        ["cmake", "--build", "build/dev", "--target", "bin/tinyhil", "thil-agent-fake"],
    ):
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def weathered(plan: Plan, transport: str, folder: Path) -> dict[str, Any]:
    code, clean = clean_rows(plan, folder / "clean")
    least = clean_bytes(plan, folder / "sound")
    storm = storm_over(plan, folder / "storm", *NEAR_ENDS[transport])
    if storm.code != code:
        print(storm.said, file=sys.stderr)
    return {
        "seed": plan.seed,
        "transport": transport,
        "inferences": len(clean.found),
        "kills": storm.kills,
        "resets": storm.resets,
        "bytes": storm.bytes_offered,
        "sent_again": round(1 - least / storm.bytes_offered, 3),
        "seconds": round(storm.seconds, 1),
        "wrong": storm.rows.wrong(clean),
        "missing": storm.rows.missing(clean),
        "twice": storm.rows.twice,
        "blamed": sum(of_the_device for _, of_the_device in storm.survived),
        "exit_code": storm.code,
        "clean_exit_code": code,
    }


def is_good(row: dict[str, Any], plan: Plan) -> bool:
    harm = row["wrong"] + row["missing"] + row["twice"] + row["blamed"]
    done = (row["kills"], row["resets"], row["inferences"]) == (plan.kills, plan.resets, plan.inferences)
    return bool(harm == 0 and done and row["exit_code"] == row["clean_exit_code"])


def line_of(cells: list[str]) -> str:
    return "".join(f"{cell:>12}" for cell in cells)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench chaos", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--transports", nargs="+", choices=NEAR_ENDS, default=[*NEAR_ENDS])
    options = parser.parse_args()
    build()
    rows = []
    print(line_of(COLUMNS), flush=True)
    good = True
    for transport in options.transports:
        for seed in options.seeds:
            plan = Plan(seed)
            with tempfile.TemporaryDirectory() as folder:
                row = weathered(plan, transport, Path(folder))
            rows.append(row)
            good = good and is_good(row, plan)
            print(line_of([str(row[column]) for column in COLUMNS]), flush=True)
    units = {
        "bytes": "both ways, all hosts together",
        "sent_again": "share of the bytes that a sound line and one host would not have needed",
        "blamed": "survived faults that were held against the device; none was its own",
    }
    record = {"machine": machine(ROOT), "line": FAULTS, "units": units, "campaigns": rows}
    out = ROOT / "results/bench/chaos.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(record, indent=1) + "\n")
    print(f"written: {out}", file=sys.stderr)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
