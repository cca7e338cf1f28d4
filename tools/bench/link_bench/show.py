# SPDX-License-Identifier: Apache-2.0
"""The table for people and the record for machines."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from link_bench import judge
from link_bench.cells import Cell
from link_bench.measure import Absent, Measured, Outcome
from link_bench.protocols import OURS, PROTOCOLS


@dataclass
class Results:
    cells: list[tuple[Cell, dict[str, Outcome]]] = field(default_factory=list)
    features: list[tuple[Cell, Outcome]] = field(default_factory=list)  # ours, on real wake-word features

    def targets(self) -> list[judge.Target]:
        return [target for cell, row in self.cells for target in judge.targets(cell, row[OURS.name])]

    def measured_targets(self) -> list[judge.Target]:
        """Without the cells that have no figures of ours at all, of which absences() tells."""
        there = [(cell, row) for cell, row in self.cells if isinstance(row[OURS.name], Measured)]
        return Results(there).targets()

    def absences(self) -> list[str]:
        """Each reason once, with the protocol that it befell."""
        named = {protocol.name: protocol.title for protocol in PROTOCOLS}
        found = [(named[name], outcome) for _, row in self.cells for name, outcome in row.items()]
        found += [(f"{OURS.title}, compressed", outcome) for _, outcome in self.features]
        return list(dict.fromkeys(f"{name}: {o.reason}" for name, o in found if isinstance(o, Absent)))


def number(outcome: Outcome, of: Callable[[Measured], float | None], pattern: str) -> str:
    value = None if isinstance(outcome, Absent) else of(outcome)
    return "-" if value is None else format(value, pattern)


def row(label: str, columns: list[str], target: str = "") -> str:
    return f"{label:<31}" + "".join(f"{column:>20}" for column in columns) + (f"  {target}" if target else "")


METRICS: list[tuple[str, Callable[[Measured], float | None], str, Callable[[Cell], str]]] = [
    ("payload / line rate", lambda m: m.goodput, ".3f", lambda cell: f">= {judge.GOODPUT[cell.input]}"),
    ("bytes on the wire a vector", lambda m: m.bytes_up + m.bytes_down, ",.0f", lambda _: ""),
    ("host CPU us an inference", lambda m: m.cpu_us, ",.0f", lambda cell: f"<= {judge.CPU_US[cell.input]:g}"),
]


def table(results: Results) -> str:
    lines: list[str] = []
    for title, of, pattern, target in METRICS:
        lines += [row(title, [protocol.title for protocol in PROTOCOLS], "target")]
        for cell, outcomes in results.cells:
            columns = [number(outcomes[protocol.name], of, pattern) for protocol in PROTOCOLS]
            lines.append(row(f"  {cell.label}", columns, target(cell)))
        lines.append("")
    lines.append(row("first run / re-run of a second model, in bytes", []))
    for cell, outcomes in results.cells:
        ratio = number(outcomes[OURS.name], lambda m: m.rerun_ratio, ".1f")
        lines.append(row(f"  {cell.label}", [ratio, "1.0", "1.0"], f">= {judge.RERUN_RATIO:g}"))
    if results.features:
        lines += ["", row("wake-word features, compressed", ["packed / raw", "payload / line rate"])]
    for cell, outcome in results.features:
        packed = number(outcome, lambda m: m.packing_ratio, ".3f")
        lines.append(row(f"  {cell.label}", [packed, number(outcome, lambda m: m.goodput, ".3f")]))
    return "\n".join(lines)


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def machine(root: Path) -> dict[str, Any]:
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return {
        "cpu": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "load_average": os.getloadavg()[0],  # others' work delays a line that is paced in user space
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "commit": git(root, "rev-parse", "HEAD") or "unknown",
        "uncommitted_changes": bool(
            git(root, "status", "--porcelain", "--untracked-files=no", "--", ".", ":!results")
        ),
    }


def plain(outcome: Outcome) -> dict[str, Any]:
    return {"absent": outcome.reason} if isinstance(outcome, Absent) else asdict(outcome)


def record(results: Results, root: Path) -> dict[str, Any]:
    return {
        "machine": machine(root),
        "units": {
            "goodput": "input bytes * 10 / baud / seconds",
            "bytes_up, bytes_down, turns": "a vector; bytes as the line counted them",
            "cpu_us": "user and system time of the host program, an inference",
            "rerun_ratio": "bytes both ways of the first run / of a second model's run over the same vectors",
            "packing_ratio": "bytes of the vectors as sent / as they are",
        },
        "cells": [
            {**asdict(cell), "protocols": {name: plain(outcome) for name, outcome in outcomes.items()}}
            for cell, outcomes in results.cells
        ],
        "wake_word_features_compressed": [
            {**asdict(cell), OURS.name: plain(outcome)} for cell, outcome in results.features
        ],
        "targets": [{**asdict(target), "met": target.met} for target in results.targets()],
    }
