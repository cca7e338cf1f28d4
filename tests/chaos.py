# SPDX-License-Identifier: Apache-2.0
"""A campaign whose line is bad, whose board is reset and whose host is killed, again and again.

Shared by the test and by `./dev bench chaos`.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import select
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli import TINYHIL
from fake_desk import FAKE_AGENT, FakeDesk, Rows, noise, stored_rows

LINE = [str(TINYHIL), "sim", "line"]
FAULTS = [
    "--bit-errors",
    "1e-4",
    "--drop",
    "1%",
    "--duplicate",
    "1%",
    "--stall",
    "0.2%",
    "--stall-for",
    "20ms",
]


@dataclass(frozen=True)
class Plan:
    seed: int
    vectors: int = 500
    repeats: int = 10
    kills: int = 50
    resets: int = 20
    invoke_us: int = 1500
    life: tuple[float, float] = (0.15, 0.9)  # seconds from one start of the host to its end
    patience: float = 240  # seconds for the last life

    @property
    def inferences(self) -> int:
        return 2 * self.vectors * self.repeats


@dataclass
class Storm:
    """What became of a campaign."""

    plan: Plan
    code: int = -1
    said: str = ""
    kills: int = 0
    resets: int = 0
    seconds: float = 0
    rows: Rows = field(default_factory=lambda: Rows({}, 0))
    survived: list[tuple[str, bool]] = field(default_factory=list)  # what, of the device
    bytes_offered: int = 0
    rows_when_killed: list[int] = field(default_factory=list)  # stored by then


@dataclass
class Line:
    """`tinyhil sim line` beside the host: it outlives every host, and so does the board behind it."""

    address: str
    process: subprocess.Popen[str]
    counts: Path

    def board(self) -> int:
        """The process id of the agent."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        assert len(children) == 1, f"the line has the children {children}"
        return int(children[0])

    def press_reset(self) -> None:
        os.kill(self.board(), signal.SIGUSR1)

    def stats(self) -> dict[str, Any]:
        """Of the line up to now; it writes them anew every few milliseconds."""
        stats: dict[str, Any] = json.loads(self.counts.read_text())
        return stats

    def bytes_offered(self) -> int:
        stats = self.stats()
        return int(stats["to_device"]["bytes_offered"] + stats["to_host"]["bytes_offered"])

    def link(self) -> dict[str, Any]:
        if ":" not in self.address:
            return {"driver": "serial", "port": self.address, "baud": 3000000}
        host, port = self.address.split(":")
        return {"driver": "tcp", "host": host, "port": int(port)}


@contextlib.contextmanager
def line_to(board: list[str], counts: Path, *options: str) -> Iterator[Line]:
    """Options must say where the near end is: `--listen 0` or `--pty`."""
    command = [*LINE, *options, "--stats", str(counts), "--", *board]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        try:
            yield Line(address, process, counts)
        finally:
            process.terminate()
            process.wait(60)


def ends_within(process: subprocess.Popen[str], seconds: float) -> bool:
    with os.fdopen(os.pidfd_open(process.pid)) as end:
        return bool(select.select([end], [], [], max(seconds, 0))[0])


def desk_of(plan: Plan, folder: Path, invoke_us: int) -> FakeDesk:
    """Small slots: what is stored is stored slot by slot, and a host that lives for a moment is to get on."""
    folder.mkdir(exist_ok=True)
    options = ["--invoke-us", str(invoke_us), "--vector-slot-size", "1024"]
    return FakeDesk(folder, options, noise(plan.vectors, 100, seed=plan.seed), plan.repeats)


def clean_rows(plan: Plan, folder: Path) -> tuple[int, Rows]:
    """Exit code and rows of the same campaign with nothing in its way, not even a line."""
    desk = desk_of(plan, folder, invoke_us=0)
    done = desk.call("run")
    return done.code, stored_rows(desk)


def clean_bytes(plan: Plan, folder: Path) -> int:
    """What the same campaign costs a sound line, both ways."""
    desk = desk_of(plan, folder, invoke_us=0)
    counts = folder / "line.json"
    with line_to([str(FAKE_AGENT), *desk.agent_options], counts, "--listen", "0") as line:
        desk.link(line.link())
        desk.call("run")
        return line.bytes_offered()


def rows_stored(desk: FakeDesk) -> int:
    try:
        ((rows,),) = desk.stored("SELECT COALESCE(SUM(n), 0) FROM block")
    except sqlite3.OperationalError:  # it was killed before there was a database
        return 0
    return int(rows)


def live(desk: FakeDesk, line: Line, seconds: float, reset_at: list[float], storm: Storm) -> bool:
    """One life of the host: False when it was killed, True when it ended by itself before."""
    begun = time.monotonic()
    command = desk.command("run", "--resume")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as host:
        for moment in reset_at:
            if ends_within(host, begun + moment - time.monotonic()):
                break
            line.press_reset()
            storm.resets += 1
        if not ends_within(host, begun + seconds - time.monotonic()):
            host.kill()
            host.wait()
            storm.kills += 1
            storm.rows_when_killed.append(rows_stored(desk))
            return False
        storm.code = host.wait()
        storm.said = host.stdout.read() if host.stdout else ""
    return True


def got_nowhere(storm: Storm, lives: int = 10) -> bool:
    """Asked before each life: whether the last `lives` stored nothing, once for every so many lives."""
    rows = [0, *storm.rows_when_killed]
    return storm.kills > 0 and storm.kills % lives == 0 and rows[-1] == rows[-1 - lives]


def weather(desk: FakeDesk, line: Line, storm: Storm) -> None:
    """Lives until the campaign has ended by itself; the last one is not killed."""
    plan = storm.plan
    chance = random.Random(plan.seed)
    lives_of_resets = [chance.randint(0, plan.kills) for _ in range(plan.resets)]
    longer = 1
    for life in range(plan.kills):
        if got_nowhere(storm):  # a loaded machine takes longer to start a host
            longer *= 2
        seconds = longer * chance.uniform(*plan.life)
        resets = sorted(chance.uniform(0, seconds) for _ in range(lives_of_resets.count(life)))
        if live(desk, line, seconds, resets, storm):
            return
    gap = plan.life[1]
    last = lives_of_resets.count(plan.kills)
    if not live(desk, line, plan.patience, [gap * (1 + i) for i in range(last)], storm):
        storm.said = f"still running after {plan.patience} s"


def storm_over(plan: Plan, folder: Path, *line_options: str) -> Storm:
    desk = desk_of(plan, folder, plan.invoke_us)
    storm = Storm(plan)
    begun = time.monotonic()
    near = line_options or ("--listen", "0")
    faults = [*FAULTS, "--seed", str(plan.seed)]
    board = [str(FAKE_AGENT), *desk.agent_options]
    with line_to(board, folder / "line.json", *near, *faults) as line:
        desk.link(line.link())
        weather(desk, line, storm)
        storm.bytes_offered = line.bytes_offered()
    storm.seconds = time.monotonic() - begun
    storm.rows = stored_rows(desk)
    survived = desk.stored("SELECT what, of_the_device FROM survived_fault")
    storm.survived = [(what, bool(of_the_device)) for what, of_the_device in survived]
    return storm
