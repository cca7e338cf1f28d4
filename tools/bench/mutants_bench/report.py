# SPDX-License-Identifier: Apache-2.0
"""What was found: which mutants survived, and which of them are explained in survivors.txt."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

REASONS = Path(__file__).parent / "survivors.txt"
ALIVE = ("survived", "unreached")  # unreached: no test executes the place
COLUMNS = ("killed", "listed", *ALIVE)


def reasons(file: Path = REASONS) -> dict[str, str]:
    """Title to reason; a reason stands indented below its mutants."""
    found: dict[str, str] = {}
    waiting: list[str] = []
    for line in file.read_text().splitlines():
        if line.startswith("    "):
            found |= dict.fromkeys(waiting, line.strip())
            waiting = []
        elif line and not line.startswith("#"):
            waiting.append(line)
    if waiting:
        raise SystemExit(f"{file}: no reason below\n  " + "\n  ".join(waiting))
    return found


def print_table(fates: Mapping[str, str], explained: Mapping[str, str]) -> Counter[str]:
    """The sums over all files."""
    table: dict[str, Counter[str]] = {}
    for title, fate in fates.items():
        listed = fate in ALIVE and title in explained
        table.setdefault(title.split(" | ")[0], Counter())["listed" if listed else fate] += 1
    print(f"{'':52}" + "".join(f"{column:>10}" for column in COLUMNS))
    for file, counts in sorted(table.items()):
        print(f"{file:52}" + "".join(f"{counts[column]:10}" for column in COLUMNS))
    return sum(table.values(), Counter())


def report(fates: Mapping[str, str], of: int, seed: int, result: Path) -> int:
    """The exit code: 1 when a mutant lives without a reason, or a reason has outlived its mutant."""
    explained = reasons()
    total = print_table(fates, explained)
    print(f"asked {len(fates)} of {of}; no program: {total['no program']}")
    open_ones = [title for title, fate in fates.items() if fate in ALIVE and title not in explained]
    stale = [title for title in explained if fates.get(title) == "killed"]
    for title in open_ones:
        print(f"{fates[title]}: {title}")
    for title in stale:
        print(f"listed, but killed: {title}")
    numbers = {"benchmark": "mutants", "mutants": of, "asked": len(fates), "seed": seed}
    counts = {fate: total[fate] for fate in ("killed", "listed", "no program")}
    written = numbers | counts | {"survived": open_ones}
    result.write_text(json.dumps(written, indent=2) + "\n")
    return 1 if open_ones or stale else 0
