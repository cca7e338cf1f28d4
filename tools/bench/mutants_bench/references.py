# SPDX-License-Identifier: Apache-2.0
"""stats_reference_test.py and its like, which compare stats_probe with other libraries, take long to start.

So what they ask is kept once: they cannot notice a mutant with which stats_probe gives the same answers. Only
when an answer differs are they run, for they may allow it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from .limited import MEMORY_MAX, Call, Done

PROBE = "stats_probe"


class References:
    def __init__(self, root: Path, built: Path, work: Path) -> None:
        """Keeps in `work` what is asked."""
        self.root, self.built, self.program = root, built, built / "bin" / PROBE
        self.files = sorted((root / "harness/stats").rglob("*_reference_test.py"))
        asked = hashlib.sha256(b"".join(file.read_bytes() for file in self.files)).hexdigest()[:16]
        self.questions = work / f"questions-{asked}.txt"
        if not self.questions.is_file():
            self.listen(work / "overheard")
        done = self.probe({}).run()
        if done.code:
            raise SystemExit(f"{self.program} does not answer {self.questions}: exit code {done.code}")
        self.answers = done.output

    def listen(self, folder: Path) -> None:
        """By a program in place of stats_probe that keeps what it hands on."""
        heard, program = folder / "questions.txt", folder / "bin" / PROBE
        program.parent.mkdir(parents=True, exist_ok=True)
        heard.write_text("")
        program.write_text(f"#!/bin/sh\nsed '$a\\' | tee -a '{heard}' | '{self.program}'\n")
        program.chmod(0o755)
        if done := self.pytest(folder, {}).code:
            raise SystemExit(f"the reference tests fail before anything is mutated: exit code {done}")
        heard.rename(self.questions)

    def probe(self, given: Mapping[str, str]) -> Call:
        return Call([str(self.program)], self.built, given, self.questions)

    def pytest(self, built: Path, given: Mapping[str, str]) -> Done:
        command = [str(self.root / "tools/pytest.sh"), "-x", *map(str, self.files)]
        call = Call(command, self.root, {**given, "TINYHIL_BINARY_DIR": str(built)})
        return call.run(memory=4 * MEMORY_MAX)

    def ask(self, given: Mapping[str, str], cpu_seconds: float) -> Done:
        done = self.probe(given).run(cpu_seconds)
        return done if done.code or done.output == self.answers else self.pytest(self.built, given)
