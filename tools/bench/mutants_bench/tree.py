# SPDX-License-Identifier: Apache-2.0
"""The project with other texts for some of its sources, built by preset dev but each file for itself."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Iterable
from pathlib import Path

TARGETS = ("gate_test", "stats_test", "stats_probe")
OWN = ("gate", "stats")  # folders of harness that are copies; whatever else there is is linked
FLAGS = (
    "-DCMAKE_UNITY_BUILD=OFF",
    "-DTINYHIL_PYTHON=OFF",
    "-DCMAKE_CXX_FLAGS=-w -Wno-narrowing",
    "-DCMAKE_CXX_FLAGS_DEBUG=-O1",
    "-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld",
)


def put(file: Path, text: str) -> None:
    """Unless it is there already: what is as old as before need not be compiled again."""
    if not file.is_file() or file.read_text() != text:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def link_all(of: Path, into: Path, but: Iterable[str]) -> None:
    into.mkdir(parents=True, exist_ok=True)
    for link in into.iterdir():
        if link.is_symlink():
            link.unlink()
    for entry in of.iterdir():
        if entry.name not in but:
            (into / entry.name).symlink_to(entry)


class Tree:
    def __init__(self, root: Path, work: Path, mutated: Iterable[Path]) -> None:
        """`mutated` are the sources that put() gives; relative to the root, as all paths here."""
        self.root, self.source, self.built = root, work / "source", work / "tree"
        link_all(root, self.source, ("build", "harness", ".git"))
        link_all(root / "harness", self.source / "harness", OWN)
        self.copy_own(set(mutated))
        begin = ["cmake", "--preset", "dev", "-B", str(self.built), *FLAGS]
        subprocess.run(begin, cwd=self.source, stdout=subprocess.DEVNULL, check=True)
        entries = json.loads((self.built / "compile_commands.json").read_text())
        self.commands = {entry["file"]: shlex.split(entry["command"]) for entry in entries}

    def copy_own(self, mutated: set[Path]) -> None:
        for folder in OWN:
            there = [file for file in (self.root / "harness" / folder).rglob("*") if file.is_file()]
            names = {file.relative_to(self.root) for file in there}
            for old in (self.source / "harness" / folder).rglob("*"):
                if old.is_file() and old.relative_to(self.source) not in names:
                    old.unlink()
            for name in names - mutated:
                put(self.source / name, (self.root / name).read_text())

    def put(self, name: Path, text: str) -> None:
        put(self.source / name, text)

    def build(self) -> str | None:
        """What was said of errors; None when there are none."""
        parallel = ["--parallel", str(os.cpu_count())]
        command = ["cmake", "--build", str(self.built), *parallel, "--target", *TARGETS, "--", "-k0"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return None if done.returncode == 0 else done.stdout + done.stderr

    def compiles(self, name: Path, text: str) -> bool:
        """Whether it is a program at all; nothing is built."""
        words = list(self.commands[str(self.source / name)])
        at = words.index("-o")
        words[at : at + 2] = ["-fsyntax-only", "-iquote", str((self.source / name).parent)]
        at = words.index("-c")
        words[at : at + 2] = ["-x", "c++", "-"]
        done = subprocess.run(words, cwd=self.built, input=text.encode(), capture_output=True, check=False)
        return done.returncode == 0
