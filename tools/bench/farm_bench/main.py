# SPDX-License-Identifier: Apache-2.0
"""./dev bench farm: one daemon over 64 boards, each the real agent behind a paced line, all of them running.

As many campaigns as boards are submitted to a real daemon, each with vectors of its own, and each is
followed over HTTP as its page does it. Every result has to be there once and golden. What is judged is the
process of the daemon, which leases boards, starts a `tinyhil run` for each campaign and passes on what they
tell, and its memory together with that of the runs. The runs, its children, hold the links; what they, the
lines and the agents take is told beside it. Processor time is user and system time from the first
submission to the end of the last campaign. Writes results/bench/farm.json; exits 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli import TINYHIL
from compare_bench.judge import Target
from daemon_bench.leases import Asking
from fake_desk import FAKE_AGENT, MODELS, STORED_BLOCKS, FakeDesk, Rows, noise, rows_in
from farm import Farm, farm_in
from farm_bench.processes import Sampler, cpu_s, status_mib
from farm_bench.watching import Watcher, fetch_store, submit
from link_bench.show import machine

ROOT = Path(__file__).resolve().parents[3]
CPU_MOST = 0.2
MEMORY_MOST_MIB = 300.0
POLL_S = 0.5
PATIENCE_S = 900.0


@dataclass(frozen=True)
class Shape:
    boards: int
    vectors: int
    line: list[str]
    boards_each: int
    mode: str

    @property
    def campaigns(self) -> int:
        return self.boards // self.boards_each


def build() -> None:
    for command in (
        ["cmake", "--preset", "dev"],
        ["cmake", "--build", "build/dev", "--target", "bin/tinyhil", "thil-agent-fake"],
    ):
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def boards_of(shape: Shape) -> list[dict[str, object]]:
    boards: list[dict[str, object]] = []
    for number in range(shape.boards):
        agent = [str(FAKE_AGENT), "--serial", f"s{number}"]
        link = {"driver": "process", "command": [str(TINYHIL), "sim", "line", *shape.line, "--", *agent]}
        boards.append({"name": f"b{number}", "provenance": "process", "image": str(FAKE_AGENT), "link": link})
    return boards


def desk_in(folder: Path, number: int, shape: Shape) -> FakeDesk:
    place = folder / f"campaign{number}"
    place.mkdir()
    desk = FakeDesk(place, [], noise(shape.vectors, seed=number))
    desk.change(campaign=f"fake-{number}", mode=shape.mode)
    sent = desk.read("campaign.yaml")
    del sent["bench"]
    desk.write("campaign.yaml", sent)
    return desk


def packed(desk: FakeDesk) -> Path:
    """Only what the campaign names."""
    into = desk.folder / "sent"
    into.mkdir()
    for name in ("campaign.yaml", "gate.yaml", "vectors.npz", *(f"{model}.bin" for model in MODELS)):
        (desk.folder / name).rename(into / name)
    return into


def golden_rows(desk: FakeDesk) -> Rows:
    found = {}
    for model in MODELS:
        for vector, output in enumerate(desk.golden(model)):
            found[model, vector, 0] = (0, output.tobytes())
    return Rows(found, 0)


def check(asking: Asking, number: int, desk: FakeDesk) -> dict[str, int]:
    """The results as the daemon gives them out, beside what they have to be."""
    copy = desk.folder / "fetched.db"
    fetch_store(asking, number, copy)
    with closing(sqlite3.connect(copy)) as database:
        rows = rows_in(database.execute(STORED_BLOCKS))
    wanted = golden_rows(desk)
    return {"rows": len(rows.found), "wrong": rows.wrong(wanted), "missing": rows.missing(wanted)}


def wait_until_over(asking: Asking) -> list[dict[str, Any]]:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        found: list[dict[str, Any]] = asking.ask("GET", "/api/v1/campaigns?most=1000")["campaigns"]
        if all(each["state"] not in ("waiting", "running") for each in found):
            return found
        time.sleep(POLL_S)
    raise RuntimeError(f"the campaigns are not over after {PATIENCE_S:.0f} s")


def run(farm: Farm, desks: list[FakeDesk], shape: Shape) -> dict[str, Any]:
    with closing(Asking(farm.socket)) as asking:
        return figures_of(farm, asking, desks, shape)


def figures_of(farm: Farm, asking: Asking, desks: list[FakeDesk], shape: Shape) -> dict[str, Any]:
    assert farm.daemon is not None
    daemon = farm.daemon.pid
    folders = [packed(desk) for desk in desks]
    watchers = []
    with Sampler(daemon) as sampler:
        began, cpu_before = time.monotonic(), cpu_s(daemon)
        for folder in folders:
            watchers.append(Watcher(farm.socket, submit(asking, folder, shape.boards_each)))
        submitted = time.monotonic()
        over = wait_until_over(asking)
        seconds, cpu = time.monotonic() - began, cpu_s(daemon) - cpu_before
    told = [watcher.at_end() for watcher in watchers]
    checks = [check(asking, w.number, desk) for w, desk in zip(watchers, desks, strict=True)]
    return {
        "seconds": round(seconds, 2),
        "submitting_s": round(submitted - began, 2),
        "campaigns_passed": sum(each["exit_code"] == 0 for each in over),
        "rows": sum(each["rows"] for each in checks),
        "wrong": sum(each["wrong"] for each in checks),
        "missing": sum(each["missing"] for each in checks),
        "followed_to_the_end": sum(each["last_state"] == "ended" for each in told),
        "events_told": sum(each["events"] for each in told),
        "daemon": {
            "cpu_s": round(cpu, 2),
            "cpu_share": round(cpu / seconds, 4),
            "peak_mib": round(status_mib(daemon, "VmHWM"), 1),
        },
        **{kind: usage.figures() for kind, usage in sampler.kinds.items()},
        "daemon_and_runs_peak_mib": round(sampler.whole_peak_mib, 1),
    }


def targets(figures: dict[str, Any], shape: Shape) -> list[Target]:
    campaigns = shape.campaigns
    lost = figures["missing"] + figures["wrong"]
    return [
        Target("results lost or not golden", lost, 0, at_least=False),
        Target("campaigns that passed", figures["campaigns_passed"], campaigns, at_least=True),
        Target("campaigns followed to their end", figures["followed_to_the_end"], campaigns, at_least=True),
        Target("runs at the same time", figures["runs"]["most_at_once"], campaigns, at_least=True),
        Target("the daemon's share of a core", figures["daemon"]["cpu_share"], CPU_MOST, at_least=False),
        Target("the daemon's peak in MiB", figures["daemon"]["peak_mib"], MEMORY_MOST_MIB, at_least=False),
        Target(
            "the peak of daemon and runs in MiB",
            figures["daemon_and_runs_peak_mib"],
            MEMORY_MOST_MIB,
            at_least=False,
        ),
    ]


def table(figures: dict[str, Any]) -> list[str]:
    lines = [f"{'':>10}{'processes':>12}{'CPU s':>10}{'of a core':>12}{'peak MiB':>12}"]
    seconds = figures["seconds"]
    for kind in ("daemon", "runs", "lines", "agents"):
        row = figures[kind]
        lines.append(
            f"{kind:>10}{row.get('most_at_once', 1):>12}{row['cpu_s']:>10.2f}{row['cpu_s'] / seconds:>12.3f}"
            f"{row['peak_mib']:>12.1f}"
        )
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench farm", description=__doc__)
    parser.add_argument("--boards", type=int, default=64)
    parser.add_argument("--boards-each", type=int, default=1, help="so many divide a campaign's vectors")
    parser.add_argument("--vectors", type=int, default=1200, help="of a campaign, of 490 bytes")
    parser.add_argument("--baud", type=int, default=115200)
    parser.add_argument("--mode", choices=["measure", "throughput"], default="measure")
    parser.add_argument("--json", type=Path, help="write here (default: results/bench/farm.json)")
    options = parser.parse_args()
    line = ["--baud", str(options.baud), "--latency", "16ms"]
    shape = Shape(options.boards, options.vectors, line, options.boards_each, options.mode)
    build()
    with tempfile.TemporaryDirectory() as name:
        desks = [desk_in(Path(name), number, shape) for number in range(shape.campaigns)]
        (Path(name) / "farm").mkdir()
        with farm_in(Path(name) / "farm", boards_of(shape), "--no-checks") as farm:
            figures = run(farm, desks, shape)
    judged = targets(figures, shape)
    record = {
        "machine": machine(ROOT),
        **vars(shape),
        "units": {
            "cpu_share": "of one core, from the first submission to the end of the last campaign",
            "peak_mib": "daemon: resident; others: all at one moment, what they share divided among them",
            "largest_mib": "resident, of one process",
        },
        **figures,
        "targets": [{**vars(target), "met": target.met} for target in judged],
    }
    out = options.json or ROOT / "results/bench/farm.json"
    out.write_text(json.dumps(record, indent=1) + "\n")
    print("\n".join(table(figures)))
    for target in judged:
        print(f"{'met' if target.met else 'missed'}: {target}")
    print(f"written: {out}", file=sys.stderr)
    return 0 if all(target.met for target in judged) else 1


if __name__ == "__main__":
    sys.exit(main())
