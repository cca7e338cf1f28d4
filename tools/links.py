#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Links among the Markdown files: each leads to a file and, after `#`, to a heading of it.

`links.py [ROOT]` prints each that does not and exits 1.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

SKIPPED = {"build", "node_modules"}  # and folders whose names begin with a dot
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def anchor(heading: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def text_of(page: Path) -> str:
    return CODE.sub("", page.read_text(encoding="utf-8"))


def pages(root: Path) -> Iterator[Path]:
    for page in sorted(root.rglob("*.md")):
        folders = page.relative_to(root).parts[:-1]
        if not any(folder in SKIPPED or folder.startswith(".") for folder in folders):
            yield page


def fault_of(page: Path, link: str) -> str | None:
    path, _, wanted = link.partition("#")
    target = page.parent / path if path else page
    if not target.exists():
        return "no such file"
    if wanted and wanted not in map(anchor, HEADING.findall(text_of(target))):
        return "no such heading"
    return None


def broken_links(root: Path) -> list[str]:
    """One line for each link that leads nowhere."""
    found = []
    for page in pages(root):
        for link in LINK.findall(text_of(page)):
            fault = None if re.match(r"[a-z]+:", link) else fault_of(page, link)
            if fault is not None:
                found.append(f"{page.relative_to(root)}: {link}: {fault}")
    return found


def main() -> int:
    found = broken_links(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1])
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
