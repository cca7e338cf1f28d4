# SPDX-License-Identifier: Apache-2.0
"""./dev bench python: what Python adds to the C++ path, and how a large store opens, in one run.

`infer`: the same vectors on the agent as a process, through tinyhil.Board and through the C++ that it calls,
turn by turn. The vectors are resident after the first round and the engine computes nothing, so nothing hides
what Python costs. `store`: ten million stored inferences, opened and read. Prints a table, writes
results/bench/python.json, and exits 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from compare_bench.judge import Target
from link_bench.show import machine

ROOT = Path(__file__).resolve().parents[3]
BUILD = ROOT / "build/dev"
SIZE, OUTPUTS = 490, 12
PROGRAMS = ("bench-python-host", "bench-compare-host", "thil-agent-fake", "_core")


def build() -> None:
    for command in (
        ["cmake", "--preset", "dev"],
        ["cmake", "--build", "build/dev", "--target", *PROGRAMS],
    ):
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def by_cpp(folder: Path, vectors: int, rounds: int) -> list[float]:
    command = [BUILD / "bin/bench-python-host", BUILD / "bin/thil-agent-fake", folder / "model.bin"]
    numbers = [str(vectors), str(SIZE), str(rounds)]
    said = subprocess.run(
        [*map(str, command), str(folder / "inputs.bin"), *numbers],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    seconds: list[float] = json.loads(said)
    return seconds


def by_python(folder: Path, vectors: int, rounds: int) -> list[float]:
    import tinyhil

    x = np.fromfile(folder / "inputs.bin", np.int8).reshape(vectors, SIZE)
    seconds = []
    with tinyhil.Board.process([BUILD / "bin/thil-agent-fake"]) as board:
        board.load(folder / "model.bin")
        board.infer(x)
        for _ in range(rounds):
            start = time.perf_counter()
            result = board.infer(x)
            seconds.append(time.perf_counter() - start)
            assert result.raw.shape == (vectors, OUTPUTS)
    return seconds


def measure_infer(folder: Path, vectors: int, rounds: int) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    # No first byte by which the fake engine is told to fail.
    rng.integers(0, 100, (vectors, SIZE), dtype=np.int8).tofile(folder / "inputs.bin")
    header = b"F\0" + SIZE.to_bytes(2, "little") + OUTPUTS.to_bytes(2, "little") + b"\0"
    (folder / "model.bin").write_bytes(header)
    row: dict[str, Any] = {"vectors": vectors, "cpp": [], "python": []}
    for _ in range(2):
        row["cpp"] += by_cpp(folder, vectors, rounds)
        row["python"] += by_python(folder, vectors, rounds)
    row["ratio"] = median(row["python"]) / median(row["cpp"])
    return row


def measure_store(folder: Path, inferences: int) -> dict[str, Any]:
    import tinyhil

    command = [str(BUILD / "bin/bench-compare-host"), str(folder), str(inferences // 2), "1"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (file,) = folder.glob("*.db")
    opening, reading = [], []
    for _ in range(5):
        start = time.perf_counter()
        run = tinyhil.Store(file).run()
        trials = run.trials
        opening.append(time.perf_counter() - start)
        start = time.perf_counter()
        rows = [trial.inferences for trial in trials]
        reading.append(time.perf_counter() - start)
        assert sum(map(len, rows)) == inferences
        assert not any(each.raw.flags.owndata for each in rows)
    start = time.perf_counter()
    views = [(each.vector, each.status, each.clock, each.raw) for each in rows]
    arrays = time.perf_counter() - start
    return {
        "inferences": inferences,
        "bytes": file.stat().st_size,
        "opening": opening,
        "reading_all_rows": reading,
        "arrays_of_rows_read": arrays,
        "array_bytes": sum(array.nbytes for view in views for array in view),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench python", description=__doc__)
    parser.add_argument("--vectors", type=int, nargs="+", default=[1, 32, 1000])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--inferences", type=int, default=10_000_000)
    parser.add_argument("--json", type=Path, help="write here (default: results/bench/python.json)")
    options = parser.parse_args()
    build()
    sys.path.insert(0, str(BUILD / "python"))
    batches = []
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as name:
        print("infer, seconds a call".ljust(30) + "C++".rjust(12) + "Python".rjust(12) + "ratio".rjust(8))
        for vectors in options.vectors:
            row = measure_infer(Path(name), vectors, options.rounds)
            times = f"{median(row['cpp']):>12.6f}{median(row['python']):>12.6f}{row['ratio']:>8.3f}"
            print(f"  {vectors:,} vectors".ljust(30) + times, flush=True)
            batches.append(row)
        store = measure_store(Path(name), options.inferences)
    print(f"store of {store['inferences']:,} inferences, {store['bytes']:,} bytes")
    for what in ("opening", "reading_all_rows"):
        print(f"  {what.replace('_', ' ')}".ljust(30) + f"{median(store[what]):>12.6f}")
    print("  arrays of the rows read".ljust(30) + f"{store['arrays_of_rows_read']:>12.6f}")
    judged = [
        Target(f"Python / C++, {row['vectors']:,} vectors", row["ratio"], 1.1, at_least=False)
        for row in batches
        if row["vectors"] >= 32
    ]
    judged.append(Target("seconds to open the store", median(store["opening"]), 0.1, at_least=False))
    met = [{**vars(target), "met": target.met} for target in judged]
    record = {"machine": machine(ROOT), "infer": batches, "store": store, "targets": met}
    out = options.json or ROOT / "results/bench/python.json"
    out.write_text(json.dumps(record, indent=1) + "\n")
    for target in judged:
        print(f"{'met' if target.met else 'missed'}: {target}")
    return 0 if all(target.met for target in judged) else 1


if __name__ == "__main__":
    sys.exit(main())
