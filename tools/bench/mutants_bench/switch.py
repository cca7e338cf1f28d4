# SPDX-License-Identifier: Apache-2.0
"""Writes a source so that all its mutants are compiled in and one is chosen at run time: switched.hpp.

A number beside each operator is all that is added: `a < b` becomes `a < at(17) < b`. The compiler says
where that is impossible, for example where a constant is wanted; such a place stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from .mutate import Mutant, mutants_of

HEADER = Path(__file__).parent / "switched.hpp"
MUTANTS_MAX = 1 << 16  # kMostMutants of switched.hpp
NO_PROGRAM = 77  # kNoProgram of switched.hpp
BLAMED = re.compile(r"^(/[^\s:]+\.cpp):(\d+):\d+:(?! note:)", re.MULTILINE)


def places(source: str) -> Iterator[tuple[int, Mutant]]:
    """The first mutant of each operator and its index among the mutants of the source."""
    before = -1
    for index, mutant in enumerate(mutants_of(source)):
        if mutant.offset != before:
            yield index, mutant
        before = mutant.offset


def place_of(source: str, index: int) -> int:
    """The index of the first mutant of the operator that mutant `index` changes."""
    return max(first for first, _ in places(source) if first <= index)


def switched(source: str, first: int, fixed: Collection[int]) -> str:
    """Its mutants have numbers from `first` on; the places at `fixed` stay as they are."""
    pieces, end = [f'#include "{HEADER}"\n#line 1\n'], 0
    for index, mutant in places(source):
        if index in fixed:
            continue
        site = f"::tinyhil_mutants::at({first + index})"
        pieces.append(source[end : mutant.offset])
        pieces.append(f"{mutant.was} {site} {mutant.was}" if mutant.becomes else f"{site} * ")
        end = mutant.offset + len(mutant.was)
    return "".join(pieces) + source[end:]


def blamed_lines(said: str) -> dict[Path, set[int]]:
    """The lines of each file at which a compiler found errors."""
    found: dict[Path, set[int]] = {}
    for file, line in BLAMED.findall(said):
        found.setdefault(Path(file), set()).add(int(line))
    return found


def blamed_places(source: str, lines: Collection[int], fixed: Collection[int]) -> set[int]:
    """Those at the lines that are not fixed yet; else the nearest one: expressions have several lines."""
    free = [(mutant.line, index) for index, mutant in places(source) if index not in fixed]
    there = {index for line, index in free if line in lines}
    if there or not free:
        return there
    return {min(free, key=lambda place: min(abs(place[0] - line) for line in lines))[1]}
