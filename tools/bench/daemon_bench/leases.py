# SPDX-License-Identifier: Apache-2.0
"""What a lease takes, asked of a real daemon over its Unix socket, in wall time, beside what the disk takes.

`grant`: from asking for a free board to its lease, on the disk twice over: the request and the grant are one
transaction. `hand-over`: from the return of a board to the answer that the next in the queue has waited for.
`restart`: from the start of a daemon that was killed, with its leases, to its first answer.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from compare_bench.judge import Target
from daemon_bench.cell import Cell

SYNCS = 200


class Asking(http.client.HTTPConnection):
    """HTTP over a Unix socket, kept open."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(str(self.path))

    def ask(self, verb: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        self.request(verb, path, None if body is None else json.dumps(body), headers)
        reply = self.getresponse()
        answer: dict[str, Any] = json.loads(reply.read())
        if reply.status >= 400:
            raise RuntimeError(f"{verb} {path}: {answer}")
        return answer


def sync_ms(folder: Path) -> list[float]:
    """What the disk takes to keep 4 KB."""
    times = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(SYNCS):
            file.write(bytes(4096))
            begin = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - begin) * 1e3)
    return times


def quantiles(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    at = [
        round(statistics.median(ordered), 3),
        round(ordered[int(len(ordered) * 0.99)], 3),
        round(ordered[-1], 3),
    ]
    return dict(zip(("p50_ms", "p99_ms", "worst_ms"), at, strict=True))


def start(program: Path, folder: Path) -> subprocess.Popen[bytes]:
    command = [
        str(program),
        "daemon",
        "--bench",
        str(folder / "bench.yaml"),
        "--state",
        str(folder / "state"),
    ]
    environment = os.environ | {"TINYHIL_LOCKS": str(folder)}
    return subprocess.Popen([*command, "--socket", str(folder / "sock"), "--no-checks"], env=environment,
                            stderr=subprocess.DEVNULL)  # fmt: skip


def first_answer(folder: Path) -> dict[str, Any]:
    while True:
        try:
            return Asking(folder / "sock").ask("GET", "/api/v1/boards")
        except OSError:
            time.sleep(0.001)


def grants(asking: Asking, count: int) -> list[float]:
    times = []
    for _ in range(count):
        begin = time.perf_counter()
        lease = asking.ask("POST", "/api/v1/leases", {})
        times.append((time.perf_counter() - begin) * 1e3)
        assert lease["state"] == "granted"
        asking.ask("DELETE", f"/api/v1/leases/{lease['id']}")
    return times


def hand_overs(folder: Path, count: int) -> list[float]:
    """Two ask for one board by turns; one waits while the other returns it."""
    first, second = Asking(folder / "sock"), Asking(folder / "sock")
    times = []
    held = first.ask("POST", "/api/v1/leases", {"selector": "board=b0"})
    for _ in range(count):
        waiting = second.ask("POST", "/api/v1/leases", {"selector": "board=b0"})
        told: list[float] = []

        def wait(asking: Asking = second, number: int = waiting["id"], told: list[float] = told) -> None:
            answer = asking.ask("GET", f"/api/v1/leases/{number}?wait_s=30")
            assert answer["state"] == "granted"
            told.append(time.perf_counter())

        waiter = threading.Thread(target=wait)
        waiter.start()
        time.sleep(0.005)  # it is asking by then
        begin = time.perf_counter()
        first.ask("DELETE", f"/api/v1/leases/{held['id']}")
        waiter.join()
        times.append((told[0] - begin) * 1e3)
        held, first, second = waiting, second, first
    first.ask("DELETE", f"/api/v1/leases/{held['id']}")
    return times


def restart_ms(program: Path, folder: Path, daemon: subprocess.Popen[bytes], boards: int) -> float:
    asking = Asking(folder / "sock")
    for _ in range(boards):
        asking.ask("POST", "/api/v1/leases", {})
    daemon.kill()
    daemon.wait()
    begin = time.perf_counter()
    again = start(program, folder)
    answer = first_answer(folder)
    took = (time.perf_counter() - begin) * 1e3
    held = sum(board["lease"] is not None for board in answer["boards"])
    again.terminate()
    again.wait()
    if held != boards:
        raise RuntimeError(f"{held} of {boards} leases outlived the daemon")
    return took


def measure(program: Path, boards: int, count: int) -> Cell:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        link = "link: {driver: process, command: [cat]}"
        entries = "\n".join(f"  - {{name: b{i}, provenance: process, {link}}}" for i in range(boards))
        (folder / "bench.yaml").write_text(f"bench: rack\nboards:\n{entries}\n")
        daemon = start(program, folder)
        first_answer(folder)
        granted = quantiles(grants(Asking(folder / "sock"), count))
        handed = quantiles(hand_overs(folder, count // 2))
        restarted = round(restart_ms(program, folder, daemon, boards), 1)
        synced = quantiles(sync_ms(folder))
    figures = {
        "boards": boards,
        "grant": granted,
        "hand_over": handed,
        "restart_ms": restarted,
        "fdatasync": synced,
    }
    rows = [
        ("grant of a free board", granted),
        ("hand-over to the next", handed),
        ("fdatasync of 4 KB", synced),
    ]
    table = [f"{'':<24}{'p50 ms':>10}{'p99 ms':>10}{'worst ms':>10}"]
    table += [f"{what:<24}{row['p50_ms']:>10}{row['p99_ms']:>10}{row['worst_ms']:>10}" for what, row in rows]
    table.append(f"restart with {boards} leases: {restarted} ms")
    targets = [
        Target("a grant, p50 in ms", granted["p50_ms"], 2.0, at_least=False),
        Target("a grant, p99 in ms", granted["p99_ms"], 20.0, at_least=False),
        Target("a hand-over, p99 in ms", handed["p99_ms"], 50.0, at_least=False),
        Target("a restart in ms", restarted, 2000.0, at_least=False),
    ]
    return Cell("leases", figures, table, targets)
