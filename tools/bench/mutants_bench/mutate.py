# SPDX-License-Identifier: Apache-2.0
"""Every mutant of a source: one comparison moved to its boundary or turned around, or one sign flipped.

It reads text, not syntax: clang-format puts a space on either side of a binary operator and on neither of a
template's brackets, and comments, strings, assertions and preprocessor lines are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

REPLACEMENTS = {
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
    "==": ("!=",),
    "!=": ("==",),
    "+": ("-",),
    "-": ("+",),
    "+=": ("-=",),
    "-=": ("+=",),
}
BINARY = re.compile(r"(?<= )(<=|>=|==|!=|\+=|-=|<|>|\+|-)(?= |$)", re.MULTILINE)
SIGN = re.compile(r"(?:(?<=[(\[{=?:,] )|(?<=[(\[{])|(?<=return ))-(?=[\w(])")
NOT_CODE = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|^\s*#[^\n]*|\b(?:static_)?assert\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)',
    re.DOTALL | re.MULTILINE,
)


class Mutant(NamedTuple):
    offset: int
    was: str
    becomes: str  # empty: a sign is dropped
    line: int
    text: str  # of the line, to know it again when others were inserted above
    nth: int  # the how manieth operator of its line, or of all lines that read the same

    def apply(self, source: str) -> str:
        return source[: self.offset] + self.becomes + source[self.offset + len(self.was) :]

    def name(self) -> str:
        return f"{self.text} | {self.was} -> {self.becomes or 'nothing'} ({self.nth})"


def mask(source: str) -> str:
    """The same length and lines, blank where no operator is to be changed."""
    return NOT_CODE.sub(lambda found: re.sub(r"[^\n]", "_", found[0]), source)


def mutants_of(source: str) -> Iterator[Mutant]:
    code = mask(source)
    found = [(match.start(), match[0], REPLACEMENTS[match[0]]) for match in BINARY.finditer(code)]
    found += [(match.start(), "-", ("",)) for match in SIGN.finditer(code)]
    lines = source.splitlines()
    seen: dict[str, int] = {}
    for offset, operator, replacements in sorted(found):
        line = source.count("\n", 0, offset)
        text = lines[line].strip()
        seen[text] = seen.get(text, 0) + 1
        for replacement in replacements:
            yield Mutant(offset, operator, replacement, line + 1, text, seen[text])
