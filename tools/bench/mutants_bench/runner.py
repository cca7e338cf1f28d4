# SPDX-License-Identifier: Apache-2.0
"""Which tests execute which places, and whether one of them fails with a mutant."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from .limited import CPU_SECONDS_MAX, Call, Done
from .references import PROBE, References
from .switch import MUTANTS_MAX, NO_PROGRAM

PROGRAMS = ("stats_test", "gate_test")
REFERENCES = "references"
FIRST_BATCH_SECONDS = (
    0.1  # of tests that are run by one start of a program; ten times as many in each next one
)


class TracedTest(NamedTuple):
    program: str
    name: str
    seconds: float
    reached: frozenset[int]  # numbers of places


class Batch(NamedTuple):
    """Runner that one start of a program runs."""

    program: str
    names: list[str]
    seconds: float


def batches(tests: Iterable[TracedTest]) -> Iterator[Batch]:
    """The quickest first: they kill most mutants."""
    waiting: dict[str, list[TracedTest]] = {}
    limit, taken = FIRST_BATCH_SECONDS, 0.0
    for test in sorted(tests, key=lambda test: (test.program == REFERENCES, test.seconds)):
        if waiting and (taken + test.seconds > limit or test.program == REFERENCES):
            yield from joined(waiting)
            waiting, limit = {}, limit * 10
        waiting.setdefault(test.program, []).append(test)
        taken += test.seconds
    yield from joined(waiting)


def joined(tests: Mapping[str, list[TracedTest]]) -> Iterator[Batch]:
    for program, of_it in tests.items():
        yield Batch(program, [test.name for test in of_it], sum(test.seconds for test in of_it))


class Runner:
    def __init__(self, root: Path, built: Path) -> None:
        self.built, self.given = built, {"TINYHIL_SOURCE_DIR": str(root)}
        self.references = References(root, built, built.parent)

    def run(self, batch: Batch, given: Mapping[str, str], cpu_seconds: float) -> Done:
        if batch.program == REFERENCES:
            return self.references.ask(given, cpu_seconds)
        chosen = ["--gtest_brief=1", "--gtest_fail_fast", f"--gtest_filter={':'.join(batch.names)}"]
        command = [str(self.built / "bin" / batch.program), *chosen]
        return Call(command, self.built, {**self.given, **given}).run(cpu_seconds)

    def fate(self, tests: Iterable[TracedTest], given: Mapping[str, str]) -> str:
        """A crash, an endless loop and endless memory are deaths, too."""
        for batch in batches(tests):
            code = self.run(batch, given, 2 + 10 * batch.seconds).code
            if code == NO_PROGRAM:
                return "no program"
            if code != 0:
                return "killed"
        return "survived"

    def names(self) -> Iterator[tuple[str, str]]:
        """Program and name of each test."""
        for program in PROGRAMS:
            listed = [str(self.built / "bin" / program), "--gtest_list_tests"]
            suite = ""
            for line in subprocess.run(
                listed, capture_output=True, text=True, check=True
            ).stdout.splitlines():
                if not line.startswith(" "):
                    suite = line.split()[0]
                elif suite.endswith("."):
                    yield program, suite + line.split()[0]
        yield REFERENCES, ""

    def traced(self, program: str, name: str) -> TracedTest:
        """The test run alone, with no mutant chosen."""
        with tempfile.NamedTemporaryFile() as file:
            file.truncate(MUTANTS_MAX)
            done = self.run(Batch(program, [name], 0), {"TINYHIL_REACHED": file.name}, CPU_SECONDS_MAX)
            if done.code != 0:
                raise SystemExit(f"{program} {name} fails before anything is mutated: exit code {done.code}")
            numbers = frozenset(flag.start() for flag in re.finditer(b"\x01", Path(file.name).read_bytes()))
        return TracedTest(program, name, done.cpu_seconds, numbers)

    def digest(self) -> str:
        """Of what is traced."""
        programs = [self.built / "bin" / program for program in (*PROGRAMS, PROBE)]
        return hashlib.sha256(b"".join(file.read_bytes() for file in programs)).hexdigest()

    def trace(self, kept: Path) -> list[TracedTest]:
        """All tests; kept in that file for the next run with the same programs."""
        digest = self.digest()
        if kept.is_file() and (found := json.loads(kept.read_text()))["programs"] == digest:
            return [TracedTest._make([*test[:3], frozenset(test[3])]) for test in found["tests"]]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            tests = list(pool.map(lambda each: self.traced(*each), self.names()))
        rows = [[*test[:3], sorted(test.reached)] for test in tests]
        kept.write_text(json.dumps({"programs": digest, "tests": rows}))
        return tests
