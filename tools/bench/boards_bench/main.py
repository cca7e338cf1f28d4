# SPDX-License-Identifier: Apache-2.0
"""./dev bench boards: one campaign on 1, 2, 4 and 8 boards, each the real agent behind a paced line.

A run is timed from its start to its verdict, with everything that a user waits for. Prints a row for each
number of boards, writes results/bench/boards.json, and exits 1 when N boards are not 0.9 N times as fast as
one, or a result is another one. What stands between N boards and N times the speed is told beside it: a run
of the 64 vectors that every board runs is what does not divide; and the processor, which the lines and agents
of this bench need, too. Where it may, the bench goes before what else the computer does: a real line does not
wait for a processor, and one that is paced by a program does.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from cli import TINYHIL
from fake_desk import FAKE_AGENT, MODELS, FakeDesk, noise, stored_rows
from farm_bench.processes import Sampler
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
    "fixed_s",
    "tail_s",
    "end_s",
    "cores_used",
    "exit_code",
]
LEAST_OF_IDEAL = 0.9
NICENESS = -15
COMMON = 64  # vectors that every board runs (sampling/vector_pool.cpp)


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


def moments(desk: FakeDesk, ended: float) -> dict[str, float]:
    """From the first board's last result to that of the last board, and from there to the end."""
    of_board: dict[int, float] = {}
    query = "SELECT board, received_us FROM block JOIN trial ON trial.id = block.trial"
    for board, received in desk.stored(query):
        last = float(np.frombuffer(received, "<i8").max()) / 1e6
        of_board[board] = max(last, of_board.get(board, last))
    latest = max(of_board.values())
    return {"tail_s": round(latest - min(of_board.values()), 2), "end_s": round(ended - latest, 2)}


def fixed(folder: Path, boards: int) -> float:
    """What a run takes when there is nothing to divide."""
    desk = desk_in(folder, COMMON, boards)
    began = time.monotonic()
    desk.call("run", "--all-boards")
    return round(time.monotonic() - began, 2)


def measured(folder: Path, vectors: int, boards: int, one: dict[str, Any] | None) -> dict[str, Any]:
    alone_s = fixed(folder / f"{boards}-fixed", boards)
    desk = desk_in(folder / str(boards), vectors, boards)
    with Sampler(os.getpid()) as sampler:
        began = time.monotonic()
        done = desk.call("run", "--all-boards")
        seconds, ended = time.monotonic() - began, time.time()
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
        "fixed_s": alone_s,
        **moments(desk, ended),
        "cores_used": round(sum(sum(usage.cpu_s.values()) for usage in sampler.kinds.values()) / seconds, 2),
        "load_average": round(os.getloadavg()[0], 2),
        "run_cpu_s": round(sum(sampler.kinds["runs"].cpu_s.values()), 2),
        "exit_code": done.code,
        "stored": rows,
    }


def is_good(row: dict[str, Any]) -> bool:
    return bool(row["exit_code"] == row["wrong"] == row["missing"] == 0 and row["of_ideal"] >= LEAST_OF_IDEAL)


def explained(row: dict[str, Any], one: dict[str, Any]) -> str:
    """Where the time of a run that missed went, in seconds beside an even share of what one board took."""
    divided = one["seconds"] - one["fixed_s"]
    share = divided / row["boards"]
    repeated = row["rows_twice"] - (row["boards"] - 1) * COMMON * len(MODELS)
    again = max(0.0, share * repeated / one["rows"])
    rest = row["seconds"] - share - row["fixed_s"] - again
    return (
        f"  {row['boards']} boards: {share:.2f} s would be their share; besides {row['fixed_s']} s that do "
        f"not divide (start, end and the {COMMON} vectors that all run), {again:.2f} s for vectors that two "
        f"boards run to be compared, and {rest:.2f} s that portions, the line and this computer took; its "
        f"processes used {row['cores_used']} of {os.cpu_count()} cores, and {row['load_average']} processes "
        f"of the computer wanted one. More --vectors make what does not divide a smaller part."
    )


def go_first() -> int:
    """How nice the bench and its children are; below 0 only an administrator may be."""
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
    return os.getpriority(os.PRIO_PROCESS, 0)


def line_of(cells: list[str]) -> str:
    return "".join(f"{cell:>12}" for cell in cells)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench boards", description=__doc__)
    parser.add_argument("--vectors", type=int, default=24_000, help="of 490 bytes, as a wake word's")
    parser.add_argument("--boards", type=int, nargs="+", default=[2, 4, 8])
    options = parser.parse_args()
    build()
    niceness = go_first()
    rows: list[dict[str, Any]] = []
    print(line_of(COLUMNS), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for boards in [1, *options.boards]:
            rows.append(measured(Path(folder), options.vectors, boards, rows[0] if rows else None))
            shown = rows[-1] | {"seconds": round(rows[-1]["seconds"], 1)}
            print(line_of([str(shown[column]) for column in COLUMNS]), flush=True)
    good = all(is_good(row) for row in rows)
    for row in rows:
        if row["of_ideal"] < LEAST_OF_IDEAL:
            print(explained(row, rows[0]))
    for row in rows:
        row["seconds"] = round(row["seconds"], 2)
        del row["stored"]
    units = {
        "times_one": "the time of one board, divided by this",
        "of_ideal": "of as many times as there are boards",
        "rows_twice": "that several boards ran, to be compared",
        "fixed_s": "a run of the 64 vectors that every board runs, from start to verdict",
        "tail_s": "from the last result of the first board that is done to that of the last",
        "end_s": "from the last result to the verdict and the reports",
        "load_average": "processes of all the computer that ran or waited for a core, in the last minute",
        "cores_used": "by the run, the lines and the agents",
        "run_cpu_s": "user and system time of the run, a sample each half second",
    }
    record = {
        "machine": machine(ROOT),
        "line": LINE,
        "vectors": options.vectors,
        "niceness": niceness,
        "units": units,
        "runs": rows,
    }
    out = ROOT / "results/bench/boards.json"
    out.write_text(json.dumps(record, indent=1) + "\n")
    print(f"written: {out}", file=sys.stderr)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
