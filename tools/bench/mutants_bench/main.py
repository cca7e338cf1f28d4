# SPDX-License-Identifier: Apache-2.0
"""./dev bench mutants: flips every comparison and sign of harness/gate and harness/stats, one at a time, and
asks whether a test notices.

A mutant that no test notices is a gap in the tests, unless survivors.txt has it with the reason why it
computes the same. What was found is kept in build/mutants, so that a run goes on where the last one stopped;
a file that changes, or whose tests do, is asked again. With --minutes it draws mutants at random, by --seed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from .build import Build, suites_beside
from .mutate import Mutant, mutants_of

ROOT = Path(__file__).resolve().parents[3]
KEPT = ROOT / "build/mutants/results.jsonl"
REASONS = Path(__file__).parent / "survivors.txt"
RESULT = ROOT / "results/bench/mutants.json"
PROGRAMS = {"stats": ("stats_test", "gate_test"), "gate": ("gate_test",)}  # gate's tests use stats


class Task(NamedTuple):
    file: Path
    mutant: Mutant
    key: str  # of what the answer depends on

    def title(self) -> str:
        return f"{self.file.relative_to(ROOT)} | {self.mutant.name()}"


def sources(folder: str) -> list[Path]:
    files = sorted((ROOT / "harness" / folder).rglob("*.cpp"))
    return [file for file in files if not file.stem.endswith(("_test", "_probe"))]


def tasks_of(file: Path, tests: str) -> list[Task]:
    text = file.read_text()
    key = hashlib.sha256((text + tests).encode()).hexdigest()[:16]
    return [Task(file, mutant, key) for mutant in mutants_of(text)]


def tests_of(folder: str) -> str:
    files = sorted((ROOT / "harness" / folder).rglob("*_test.cpp"))
    return "".join(hashlib.sha256(file.read_bytes()).hexdigest() for file in files)


def all_tasks(pattern: str) -> list[Task]:
    chosen: list[Task] = []
    for folder in PROGRAMS:
        tests = tests_of(folder)
        for file in sources(folder):
            if pattern in str(file.relative_to(ROOT)):
                chosen += tasks_of(file, tests)
    return chosen


def reasons() -> dict[str, str]:
    """Title to reason; a reason stands indented below its mutants."""
    found: dict[str, str] = {}
    waiting: list[str] = []
    for line in REASONS.read_text().splitlines():
        if line.startswith("    "):
            found |= dict.fromkeys(waiting, line.strip())
            waiting = []
        elif line and not line.startswith("#"):
            waiting.append(line)
    if waiting:
        raise SystemExit(f"{REASONS}: no reason below\n  " + "\n  ".join(waiting))
    return found


def kept() -> dict[tuple[str, str], str]:
    if not KEPT.is_file():
        return {}
    rows = [json.loads(line) for line in KEPT.read_text().splitlines()]
    return {(row["title"], row["key"]): row["fate"] for row in rows}


def fate_of(build: Build, task: Task) -> str:
    made = build.compile(task.file, task.mutant.apply(task.file.read_text()))
    if made is None:
        return "no program"
    folder = task.file.relative_to(ROOT / "harness").parts[0]
    for program in PROGRAMS[folder]:
        linked = build.link(program, made)
        suites = suites_beside(task.file) if program == PROGRAMS[folder][0] else []
        if (suites and build.killed_by(linked, suites)) or build.killed_by(linked, []):
            return "killed"
    if folder == "stats":
        build.link("stats_probe", made)
        if build.differs_from_references():
            return "killed"
    return "survived"


def ask(build: Build, tasks: list[Task], minutes: float) -> dict[str, str]:
    """Title to fate, of all that are known or could be asked in time."""
    known, begun, fates = kept(), time.monotonic(), {}
    with KEPT.open("a") as record:
        for i, task in enumerate(tasks):
            fate = known.get((task.title(), task.key))
            if fate is None:
                if time.monotonic() - begun > 60 * minutes:
                    continue
                fate = fate_of(build, task)
                record.write(json.dumps({"title": task.title(), "key": task.key, "fate": fate}) + "\n")
                record.flush()
                print(f"{i + 1}/{len(tasks)} {fate:10} {task.title()}", file=sys.stderr, flush=True)
            fates[task.title()] = fate
    return fates


def report(fates: dict[str, str], of: int, seed: int) -> int:
    explained = reasons()
    open_ones = [title for title, fate in fates.items() if fate == "survived" and title not in explained]
    stale = [title for title in explained if fates.get(title) == "killed"]
    table: dict[str, Counter[str]] = {}
    for title, fate in fates.items():
        listed = fate == "survived" and title in explained
        table.setdefault(title.split(" | ")[0], Counter())["listed" if listed else fate] += 1
    print(f"{'':52}{'killed':>8}{'listed':>8}{'survived':>9}")
    for file, counts in sorted(table.items()):
        print(f"{file:52}{counts['killed']:8}{counts['listed']:8}{counts['survived']:9}")
    total = sum(table.values(), Counter())
    print(f"asked {len(fates)} of {of}; no program: {total['no program']}")
    for title in open_ones:
        print(f"survived: {title}")
    for title in stale:
        print(f"listed, but killed: {title}")
    numbers = {
        "benchmark": "mutants",
        "mutants": of,
        "asked": len(fates),
        "seed": seed,
        "survived": open_ones,
    }
    RESULT.write_text(
        json.dumps(numbers | {fate: total[fate] for fate in ("killed", "listed")}, indent=2) + "\n"
    )
    return 1 if open_ones or stale else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, help="asks a random sample for so long")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--files", default="", metavar="TEXT", help="only files with this in their path")
    options = parser.parse_args()
    tasks = all_tasks(options.files)
    if options.minutes is not None:
        random.Random(options.seed).shuffle(tasks)
    build = Build(ROOT, ROOT / "build/mutants", [*PROGRAMS["stats"], "stats_probe"])
    limit = float("inf") if options.minutes is None else options.minutes
    return report(ask(build, tasks, limit), len(tasks), options.seed)
