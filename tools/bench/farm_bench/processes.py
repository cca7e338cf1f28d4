# SPDX-License-Identifier: Apache-2.0
"""What processes take of processor and memory, as Linux counts it."""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
EVERY_S = 0.5
MEBI = 1024.0


@dataclass(frozen=True)
class Seen:
    """A process at one moment."""

    parent: int
    cpu_s: float  # its own, without its children's
    command: tuple[str, ...]


def seen(pid: int) -> Seen | None:
    """Nothing of a process that is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return None
    ticks = int(stat[11]) + int(stat[12])
    return Seen(int(stat[1]), ticks / TICKS, tuple(word.decode() for word in command if word))


def cpu_s(pid: int) -> float:
    found = seen(pid)
    return 0.0 if found is None else found.cpu_s


def status_mib(pid: int, key: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / MEBI for line in lines if line.startswith(key + ":")), 0.0)


def proportional_mib(pid: int) -> float:
    """Its memory, what it shares with others divided among them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / MEBI for line in lines if line.startswith("Pss:")), 0.0)


def kind_of(command: tuple[str, ...]) -> str:
    name = Path(command[0]).name if command else ""
    if name == "tinyhil" and len(command) > 1:
        return {"run": "runs", "sim": "lines"}.get(command[1], "others")
    return "agents" if name.startswith("thil-agent") else "others"


def descendants(root: int) -> dict[int, Seen]:
    found = {
        int(entry.name): seen(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit()
    }
    children: dict[int, list[int]] = defaultdict(list)
    for pid, one in found.items():
        if one is not None:
            children[one.parent].append(pid)
    below: dict[int, Seen] = {}
    waiting = list(children[root])
    while waiting:
        pid = waiting.pop()
        one = found[pid]
        if one is not None:
            below[pid] = one
        waiting += children[pid]
    return below


@dataclass
class Usage:
    """All processes of one kind."""

    cpu_s: dict[int, float] = field(default_factory=dict)  # the last that was seen of each
    most_at_once: int = 0
    peak_mib: float = 0.0  # of all at one moment
    largest_mib: float = 0.0  # resident, of one of them

    def figures(self) -> dict[str, float]:
        return {
            "cpu_s": round(sum(self.cpu_s.values()), 2),
            "most_at_once": self.most_at_once,
            "peak_mib": round(self.peak_mib, 1),
            "largest_mib": round(self.largest_mib, 1),
        }


class Sampler:
    """Looks at a process and all below it until it is told to stop."""

    def __init__(self, root: int) -> None:
        self.root = root
        self.kinds: dict[str, Usage] = defaultdict(Usage)
        self.whole_peak_mib = 0.0
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self) -> Sampler:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.thread.join()

    def run(self) -> None:
        while not self.stopped.wait(EVERY_S):
            self.look()

    def look(self) -> None:
        memory: dict[str, float] = defaultdict(float)
        counts: dict[str, int] = defaultdict(int)
        for pid, one in descendants(self.root).items():
            kind = kind_of(one.command)
            usage = self.kinds[kind]
            usage.cpu_s[pid] = one.cpu_s
            usage.largest_mib = max(usage.largest_mib, status_mib(pid, "VmHWM"))
            memory[kind] += proportional_mib(pid)
            counts[kind] += 1
        for kind, usage in self.kinds.items():
            usage.peak_mib = max(usage.peak_mib, memory[kind])
            usage.most_at_once = max(usage.most_at_once, counts[kind])
        whole = proportional_mib(self.root) + memory["runs"]
        self.whole_peak_mib = max(self.whole_peak_mib, whole)
