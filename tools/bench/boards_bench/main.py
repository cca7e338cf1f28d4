# SPDX-License-Identifier: Apache-2.0
"""./dev bench boards: one campaign on 1, 2, 4 and 8 boards, each the real agent behind a paced line.

A run is timed from its start to its verdict, with everything that a user waits for. Prints a row for each
number of boards, writes results/bench/boards.json, and exits 1 when N boards are not 0.9 N times as fast as
one, or a result is another one.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from cli import TINYHIL
from fake_desk import FAKE_AGENT, FakeDesk, noise, stored_rows
from link_bench.show import machine

ROOT = Path(__file__).resolve().parents[3]
LINE = ["--baud", "921600", "--latency", "1ms"]
COLUMNS = [
    "boards",
    "seconds",
    "times_one",
    "of_ideal",
    "rows",
    "rows_twice",
    "wrong",
    "missing",
    "exit_code",
]
LEAST_OF_IDEAL = 0.9


def build() -> None:
    for command in (
        ["cmake", "--preset", "dev"],
        ["cmake", "--build", "build/dev", "--target", "bin/tinyhil", "thil-agent-fake"],
    ):
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def desk_in(folder: Path, vectors: int, boards: int) -> FakeDesk:
    folder.mkdir()
    desk = FakeDesk(folder, [], noise(vectors))
    entries = []
    for number in range(boards):
        agent = [str(FAKE_AGENT), "--serial", f"s{number}"]
        link = {"driver": "process", "command": [str(TINYHIL), "sim", "line", *LINE, "--", *agent]}
        entries.append(
            {"name": f"b{number}", "provenance": "process", "image": str(FAKE_AGENT), "link": link}
        )
    desk.write("bench.yaml", {"bench": "rack", "boards": entries})
    return desk


def measured(folder: Path, vectors: int, boards: int, one: dict[str, Any] | None) -> dict[str, Any]:
    desk = desk_in(folder / str(boards), vectors, boards)
    began = time.monotonic()
    done = desk.call("run", "--all-boards")
    seconds = time.monotonic() - began
    if done.code != 0:
        print(done.out + done.err, file=sys.stderr)
    rows = stored_rows(desk)
    alone = one["stored"] if one else rows
    times = one["seconds"] / seconds if one else 1.0
    return {
        "boards": boards,
        "seconds": seconds,
        "times_one": round(times, 2),
        "of_ideal": round(times / boards, 3),
        "rows": len(rows.found),
        "rows_twice": rows.twice,
        "wrong": rows.wrong(alone),
        "missing": rows.missing(alone),
        "exit_code": done.code,
        "stored": rows,
    }


def is_good(row: dict[str, Any]) -> bool:
    return bool(row["exit_code"] == row["wrong"] == row["missing"] == 0 and row["of_ideal"] >= LEAST_OF_IDEAL)


def line_of(cells: list[str]) -> str:
    return "".join(f"{cell:>12}" for cell in cells)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench boards", description=__doc__)
    parser.add_argument("--vectors", type=int, default=24_000, help="of 490 bytes, as a wake word's")
    parser.add_argument("--boards", type=int, nargs="+", default=[2, 4, 8])
    options = parser.parse_args()
    build()
    rows: list[dict[str, Any]] = []
    print(line_of(COLUMNS), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for boards in [1, *options.boards]:
            rows.append(measured(Path(folder), options.vectors, boards, rows[0] if rows else None))
            shown = rows[-1] | {"seconds": round(rows[-1]["seconds"], 1)}
            print(line_of([str(shown[column]) for column in COLUMNS]), flush=True)
    good = all(is_good(row) for row in rows)
    for row in rows:
        row["seconds"] = round(row["seconds"], 2)
        del row["stored"]
    units = {
        "times_one": "the time of one board, divided by this",
        "of_ideal": "of as many times as there are boards",
        "rows_twice": "that several boards ran, to be compared",
    }
    record = {
        "machine": machine(ROOT),
        "line": LINE,
        "vectors": options.vectors,
        "units": units,
        "runs": rows,
    }
    out = ROOT / "results/bench/boards.json"
    out.write_text(json.dumps(record, indent=1) + "\n")
    print(f"written: {out}", file=sys.stderr)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
