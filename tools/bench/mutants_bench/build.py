# SPDX-License-Identifier: Apache-2.0
"""Compiles one mutated file, links it in front of its library, and runs the tests until one fails."""

from __future__ import annotations

import json
import os
import re
import resource
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

MEMORY_MAX = 4 << 30  # bytes of one test program
SECONDS_MAX = 300  # of one: far more than the tests take, and an endless loop is found


class Build:
    """A built tree of preset dev in which each file is compiled for itself, so that one can be replaced."""

    def __init__(self, root: Path, work: Path, targets: Sequence[str]) -> None:
        self.root, self.work = root, work
        self.tree = work / "tree"
        alone = ["-B", str(self.tree), "-DCMAKE_UNITY_BUILD=OFF"]
        subprocess.run(["cmake", "--preset", "dev", *alone], cwd=root, stdout=subprocess.DEVNULL, check=True)
        subprocess.run(["cmake", "--build", self.tree, "--target", *targets], check=True)
        commands = json.loads((self.tree / "compile_commands.json").read_text())
        self.commands = {entry["file"]: entry["command"] for entry in commands}
        self.links: dict[str, list[str]] = {}
        work.mkdir(parents=True, exist_ok=True)

    def compile(self, source: Path, text: str) -> Path | None:
        """The object; None when the mutant is no program."""
        mutated, made = self.work / source.name, self.work / "mutated.o"
        mutated.write_text(text)
        words = shlex.split(self.commands[str(source)])
        words[words.index("-o") + 1], words[words.index("-c") + 1] = str(made), str(mutated)
        quiet = ["-w", "-g0", "-iquote", str(source.parent)]
        done = subprocess.run([*words, *quiet], cwd=self.tree, capture_output=True, check=False)
        return made if done.returncode == 0 else None

    def link_command(self, program: str) -> list[str]:
        if program not in self.links:
            said = subprocess.run(
                ["ninja", "-t", "commands", "-s", f"bin/{program}"],
                cwd=self.tree,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            line = next(line for line in said.splitlines() if f"-o bin/{program} " in line)
            self.links[program] = shlex.split(line.removeprefix(": && ").removesuffix(" && :"))
        return list(self.links[program])

    def link(self, program: str, made: Path) -> Path:
        words = self.link_command(program)
        linked = self.work / "bin" / program
        linked.parent.mkdir(exist_ok=True)
        words[words.index("-o") + 1] = str(linked)
        words[1:1] = [str(made), "-fuse-ld=lld"]
        subprocess.run(words, cwd=self.tree, capture_output=True, check=True)
        return linked

    def killed_by(self, program: Path, suites: list[str]) -> bool:
        """Those tests only, or all; a crash, an endless loop and endless memory are deaths too."""
        chosen = [f"--gtest_filter={':'.join(suites)}"] if suites else []
        return self.fails([program, "--gtest_brief=1", "--gtest_fail_fast", *chosen], MEMORY_MAX)

    def differs_from_references(self) -> bool:
        """By stats_reference_test.py and its like, which ask the linked stats_probe."""
        tests = sorted((self.root / "harness/stats").glob("*_reference_test.py"))
        return self.fails([self.root / "tools/pytest.sh", "-x", *tests], 4 * MEMORY_MAX)

    def fails(self, command: Sequence[str | Path], memory: int) -> bool:
        given = {"TINYHIL_BINARY_DIR": str(self.work), "TINYHIL_SOURCE_DIR": str(self.root)}
        try:
            done = subprocess.run(
                command,
                cwd=self.tree,
                env=os.environ | given,
                capture_output=True,
                check=False,
                timeout=SECONDS_MAX,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (memory, memory)),
            )
        except subprocess.TimeoutExpired:
            return True
        return done.returncode != 0


def suites_beside(source: Path) -> list[str]:
    """Filters for the tests in foo_test.cpp beside foo.cpp: they are the first to ask."""
    test = source.with_name(f"{source.stem}_test.cpp")
    if not test.is_file():
        return []
    names = set(re.findall(r"^TEST(?:_F|_P)?\((\w+),", test.read_text(), re.MULTILINE))
    return sorted(pattern for name in names for pattern in (f"{name}.*", f"*/{name}.*"))
