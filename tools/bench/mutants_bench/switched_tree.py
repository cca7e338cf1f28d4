# SPDX-License-Identifier: Apache-2.0
"""Builds the tree in which each mutant can be chosen, and finds out which places cannot be switched."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from .switch import HEADER, blamed_lines, blamed_places, switched
from .tree import Tree


class Source(NamedTuple):
    name: Path  # relative to the root
    text: str
    first: int  # number of its first mutant

    def digest(self) -> str:
        return hashlib.sha256(self.text.encode() + HEADER.read_bytes()).hexdigest()


class Fixed:
    """The places that stay as they are, by source. What the compiler taught is kept in a file."""

    def __init__(self, kept: Path) -> None:
        self.kept = kept
        self.of: dict[str, list[int]] = json.loads(kept.read_text()) if kept.is_file() else {}

    def places(self, source: Source) -> set[int]:
        return set(self.of.get(source.digest(), ()))

    def add(self, source: Source, places: set[int]) -> None:
        self.of[source.digest()] = sorted(self.places(source) | places)
        self.kept.write_text(json.dumps(self.of))


def learn(tree: Tree, sources: Sequence[Source], fixed: Fixed, said: str) -> bool:
    """Whether there was anything to learn from what the compiler said."""
    blamed, learnt = blamed_lines(said), False
    for source in sources:
        lines = blamed.get(tree.source / source.name)
        if lines and (there := blamed_places(source.text, lines, fixed.places(source))):
            fixed.add(source, there)
            learnt = True
    return learnt


def build_switched(tree: Tree, sources: Sequence[Source], fixed: Fixed) -> None:
    while True:
        for source in sources:
            tree.put(source.name, switched(source.text, source.first, fixed.places(source)))
        print(f"building {len(sources)} sources with their mutants", file=sys.stderr, flush=True)
        said = tree.build()
        if said is None:
            return
        if not learn(tree, sources, fixed, said):
            raise SystemExit(f"the tree of mutants does not build; first ./dev build dev\n{said}")
