# SPDX-License-Identifier: Apache-2.0
"""./dev bench compare: two trials compared by us, pandas, DuckDB and SQLite, on the same pairs in one run.

All results must be equal, also to our slow reference. Prints a table, writes results/bench/compare.json, and
exits 1 when a target is missed. Energy is not among what is compared: the store has no column for it yet.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from compare_bench.columns import load_columns, our_result
from compare_bench.engines import ENGINES
from compare_bench.judge import JUDGED_PAIRS, targets
from link_bench.show import machine

ROOT = Path(__file__).resolve().parents[3]
HASH_JOIN = "DuckDB, hash join"
SIZES = [1_000_000, JUDGED_PAIRS]
ROUNDS = 9


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def build() -> Path:
    for command in (
        ["cmake", "--preset", "dev"],
        ["cmake", "--build", "build/dev", "--target", "bench-compare-host"],
    ):
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return ROOT / "build/dev/bin/bench-compare-host"


def measure_ours(program: Path, folder: Path, pairs: int, rounds: int) -> dict[str, Any]:
    command = [str(program), str(folder), str(pairs), str(rounds)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return dict(json.loads(said))


def measure(program: Path, pairs: int, rounds: int, skipped: list[str]) -> dict[str, Any]:
    """One after the other, so that no engine takes the other's cores or memory bandwidth."""
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as name:
        folder = Path(name)
        ours = measure_ours(program, folder, pairs, rounds)
        wanted = our_result(ours.pop("result"))
        columns = load_columns(folder)
        others: dict[str, float] = {}
        for engine, compare in ENGINES.items():
            if engine in skipped:
                continue
            seconds, result = compare(columns)
            if result != wanted:
                raise SystemExit(f"{engine} and tinyhil do not agree on {pairs:,} pairs")
            others[engine] = seconds
            say(f"{pairs:,} pairs: {engine}: {seconds:.2f} s, the same result")
    return {"pairs": pairs, "ours": ours, "others": others}


def table(row: dict[str, Any]) -> str:
    memory, store = row["ours"]["memory"], row["ours"]["store"]
    resident = median(memory["resident"])
    lines = [f"{row['pairs']:,} pairs".ljust(40) + "seconds".rjust(10) + "  / ours from memory"]
    entries = {
        "tinyhil, from memory": resident,
        "  of it processor time": median(memory["resident_cpu"]),
        "tinyhil, the same again (A/A)": median(memory["again"]),
        "plain reading of the same bytes": median(memory["reading"]),
        "tinyhil, from a cold store": median(store["cold"]["whole"]),
        "tinyhil, from a store just read": median(store["warm"]["whole"]),
        "tinyhil, slow reference": median(memory["reference"]),
        **row["others"],
    }
    lines += [f"  {name:<38}{seconds:>10.4f}{seconds / resident:>10.2f}" for name, seconds in entries.items()]
    cached = max(store["cold"]["cached_before"])
    lines.append(
        f"  of the cold store's {store['bytes']:,} bytes, at most {cached:.0%} was in the page cache"
    )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench compare", description=__doc__)
    parser.add_argument("--pairs", type=int, nargs="+", default=SIZES)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of ours; the others run once")
    parser.add_argument("--skip", nargs="*", choices=ENGINES, default=[])
    parser.add_argument("--program", type=Path, help="take this bench-compare-host instead of building it")
    parser.add_argument("--json", type=Path, help="write here (default: results/bench/compare.json)")
    options = parser.parse_args()
    program = options.program or build()
    (ROOT / "build").mkdir(exist_ok=True)
    rows, judged = [], []
    for pairs in options.pairs:
        row = measure(program, pairs, options.rounds, options.skip)
        print(table(row), flush=True)
        if pairs == JUDGED_PAIRS and HASH_JOIN in row["others"]:
            judged = targets(row["ours"], row["others"][HASH_JOIN])
        rows.append(row)
    units = {
        "all times": "seconds; ours: one a round, on one core",
        "reading": "the columns that a comparison reads, summed eight bytes at a time",
        "_cpu": "processor time of the same rounds: others kept us waiting for the rest",
        "cold": "the file was dropped from the page cache before: cached_before is the share that was left",
        "others": "from tables in memory, with as many threads as the engine takes",
    }
    met = [{**vars(target), "met": target.met} for target in judged]
    record = {"machine": machine(ROOT), "units": units, "sizes": rows, "targets": met}
    out = options.json or ROOT / "results/bench/compare.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(record, indent=1) + "\n")
    say(f"written: {out}")
    for target in judged:
        print(f"{'met' if target.met else 'missed'}: {target}")
    return 0 if all(target.met for target in judged) else 1


if __name__ == "__main__":
    sys.exit(main())
