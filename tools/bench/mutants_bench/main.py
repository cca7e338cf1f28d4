# SPDX-License-Identifier: Apache-2.0
"""./dev bench mutants: flips every comparison and sign of harness/gate and harness/stats, one at a time, and
asks whether a test notices.

All mutants are compiled into one tree (switched.hpp) and chosen at run time; a mutant is put to the tests
that execute its place only, the quickest first. Where a constant is wanted nothing can be switched: such
a mutant is compiled alone. A mutant that no test notices is a gap in the tests, unless survivors.txt has
it with the reason why it computes the same. What was found is kept in build/mutants, so that a run goes
on where the last one stopped: a file that changes is asked again, and a survivor when a test changes.
That a test was weakened is seen only by a run from nothing: rm build/mutants/results.jsonl. With
--minutes it draws mutants at random, by --seed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from .mutate import Mutant, mutants_of
from .report import report
from .runner import Runner, TracedTest
from .switch import MUTANTS_MAX, place_of, switched
from .switched_tree import Fixed, Source, build_switched
from .tree import OWN, Tree

ROOT = Path(__file__).resolve().parents[3]
WORK = ROOT / "build/mutants"
RESULT = ROOT / "results/bench/mutants.json"
SETTLED = ("killed", "no program")  # whatever tests are added
FILE_SHARE = 512  # of the numbers: those of other files stay when one changes


class Task(NamedTuple):
    source: Source
    nth: int  # mutant of its source
    mutant: Mutant
    tests: str  # digest of those there are

    def title(self) -> str:
        return f"{self.source.name} | {self.mutant.name()}"

    def mutated(self) -> str:
        return self.mutant.apply(self.source.text)


def all_sources() -> list[Source]:
    files = sorted(file for folder in OWN for file in (ROOT / "harness" / folder).rglob("*.cpp"))
    chosen = [file for file in files if not file.stem.endswith(("_test", "_probe"))]
    assert len(chosen) * FILE_SHARE <= MUTANTS_MAX
    return [Source(file.relative_to(ROOT), file.read_text(), i * FILE_SHARE) for i, file in enumerate(chosen)]


def digest_of_tests() -> str:
    files = sorted(file for folder in OWN for file in (ROOT / "harness" / folder).rglob("*_test.*"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def tasks_of(source: Source, tests: str) -> list[Task]:
    mutants = list(mutants_of(source.text))
    assert len(mutants) <= FILE_SHARE
    return [Task(source, nth, mutant, tests) for nth, mutant in enumerate(mutants)]


class Row(NamedTuple):
    """A line of the record: the fate of a mutant of this source with those tests."""

    title: str
    source: str
    tests: str
    fate: str

    def answers(self, task: Task) -> bool:
        return self.source == task.source.digest() and (self.fate in SETTLED or self.tests == task.tests)


class Record:
    """The fates that are known, in a file to which each new one is added at once."""

    def __init__(self, file: Path, tasks: Sequence[Task]) -> None:
        self.file, self.of, self.lock = file, len(tasks), threading.Lock()
        lines = file.read_text().splitlines() if file.is_file() else []
        kept = {row.title: row for row in (Row(**json.loads(line)) for line in lines)}
        titles = ((task, kept.get(task.title())) for task in tasks)
        self.fates = {row.title: row.fate for task, row in titles if row and row.answers(task)}

    def add(self, task: Task, fate: str) -> None:
        row = Row(task.title(), task.source.digest(), task.tests, fate)
        with self.lock, self.file.open("a") as file:
            file.write(json.dumps(row._asdict()) + "\n")
            self.fates[row.title] = fate
            print(f"{len(self.fates)}/{self.of} {fate:10} {row.title}", file=sys.stderr, flush=True)


class Asked:
    def __init__(self, tree: Tree, fixed: Fixed) -> None:
        self.tree, self.fixed = tree, fixed
        self.runner = Runner(tree.root, tree.built)
        self.traced = self.runner.trace(WORK / "traced.json")

    def can_switch(self, task: Task) -> bool:
        return place_of(task.source.text, task.nth) not in self.fixed.places(task.source)

    def reaching(self, task: Task) -> list[TracedTest]:
        place = task.source.first + place_of(task.source.text, task.nth)
        return [test for test in self.traced if place in test.reached]

    def switched(self, task: Task) -> str:
        given = {"TINYHIL_MUTANT": str(task.source.first + task.nth)}
        return self.runner.fate(self.reaching(task), given)

    def unreached(self, task: Task) -> str:
        return "unreached" if self.tree.compiles(task.source.name, task.mutated()) else "no program"

    def alone(self, task: Task) -> str:
        """Built for this mutant; all tests, for which ones reach it is not known."""
        source = task.source
        self.tree.put(source.name, task.mutated())
        fate = "no program" if self.tree.build() else self.runner.fate(self.traced, {})
        self.tree.put(source.name, switched(source.text, source.first, self.fixed.places(source)))
        return fate


def ask(tasks: Sequence[Task], asked: Asked, record: Record, deadline: float) -> None:
    def ask_one(task: Task, how: Callable[[Task], str]) -> None:
        if task.title() not in record.fates and time.monotonic() < deadline:
            record.add(task, how(task))

    switchable = [task for task in tasks if asked.can_switch(task)]
    reached = [task for task in switchable if asked.reaching(task)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda task: ask_one(task, asked.switched), reached))
        list(pool.map(lambda task: ask_one(task, asked.unreached), switchable))  # that are left
    for task in tasks:  # they share the tree
        ask_one(task, asked.alone)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--minutes", type=float, default=float("inf"), help="asks a random sample for so long"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--files", default="", metavar="TEXT", help="only files with this in their path")
    return parser.parse_args()


def main() -> int:
    chosen, sources, tests = options(), all_sources(), digest_of_tests()
    tasks = [
        task for source in sources if chosen.files in str(source.name) for task in tasks_of(source, tests)
    ]
    if chosen.minutes < float("inf"):
        random.Random(chosen.seed).shuffle(tasks)
    WORK.mkdir(parents=True, exist_ok=True)
    record = Record(WORK / "results.jsonl", tasks)
    if len(record.fates) < len(tasks):
        tree, fixed = Tree(ROOT, WORK, [source.name for source in sources]), Fixed(WORK / "fixed.json")
        build_switched(tree, sources, fixed)
        ask(tasks, Asked(tree, fixed), record, time.monotonic() + 60 * chosen.minutes)
    return report(record.fates, len(tasks), chosen.seed, RESULT)
