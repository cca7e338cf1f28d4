# SPDX-License-Identifier: Apache-2.0
"""Two accounts that want one board without end; the board itself sees who has it.

TINYHIL_FIGHT_SECONDS=600 has them fight for so long; the test does for some seconds.
"""

from __future__ import annotations

import os
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from cli import TINYHIL
from farm import PATIENCE, Farm

SECONDS = float(os.environ.get("TINYHIL_FIGHT_SECONDS", "8"))
GROUP = 1  # `daemon`, which is in each Debian
ACCOUNTS = {"daemon": 1, "bin": 2}

# What a holder does with the board: it says by which lease it is there, and stays on its line for a while.
USE = (
    "import os, random, socket, sys, time; line = socket.create_connection(('127.0.0.1', int(sys.argv[1])));"
    "line.sendall((os.environ['TINYHIL_EPOCH'] + ' ' + str(os.getuid()) + chr(10)).encode());"
    "time.sleep(random.uniform(0.02, 0.2)); line.shutdown(socket.SHUT_WR); line.recv(1)"
)


@dataclass
class Visit:
    epoch: int
    uid: int
    seconds: float


@dataclass
class Board:
    """What stands for a device: a line at which several could be at once, and which says when they are."""

    visits: list[Visit] = field(default_factory=list)
    together: int = 0
    present: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def serve(self, request: socketserver.StreamRequestHandler) -> None:
        with self.lock:
            self.present += 1
            self.together += self.present > 1
        begin = time.monotonic()
        epoch, uid = request.rfile.readline().split()
        request.rfile.read()
        with self.lock:
            self.visits.append(Visit(int(epoch), int(uid), time.monotonic() - begin))
            self.present -= 1


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that other accounts may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def client(farm: Farm, account: str, port: int, end: float, failures: list[str]) -> None:
    be = ["setpriv", f"--reuid={ACCOUNTS[account]}", f"--regid={GROUP}", "--clear-groups"]
    use = ["lease", "board=b1", "--wait", "5min", "--", sys.executable, "-c", USE, str(port)]
    while time.monotonic() < end:
        command = [*be, str(TINYHIL), *use]
        told = subprocess.run(
            command, env=farm.environment, capture_output=True, text=True, timeout=300 + PATIENCE
        )
        if told.returncode != 0:
            failures.append(f"{account}: exit {told.returncode}: {told.stderr}")
            return


@pytest.mark.skipif(os.getuid() != 0, reason="becomes other accounts, which root alone may")
def test_two_who_fight_for_a_board_never_have_it_at_once_and_get_as_much_of_it(place: Path) -> None:
    board = Board()

    class Line(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            board.serve(self)

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Line)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    farm = Farm(place, ["b1"], "--no-checks", "--group", "daemon")
    link = {"driver": "tcp", "port": port}
    farm.bench.write_text(
        yaml.safe_dump({"bench": "desk", "boards": [{"name": "b1", "provenance": "real", "link": link}]})
    )
    failures: list[str] = []
    try:
        farm.start()
        end = time.monotonic() + SECONDS
        clients = [
            threading.Thread(target=client, args=(farm, account, port, end, failures))
            for account in ACCOUNTS
            for _ in range(2)
        ]
        for thread in clients:
            thread.start()
        for thread in clients:
            thread.join()
    finally:
        farm.stop()
        server.shutdown()
        server.server_close()
    assert not failures, failures[:3]
    assert board.together == 0
    epochs = [visit.epoch for visit in board.visits]
    assert epochs == list(range(1, len(epochs) + 1)), "in the order of the leases, each of them once"
    had = {uid: sum(each.seconds for each in board.visits if each.uid == uid) for uid in ACCOUNTS.values()}
    share = had[1] / sum(had.values())
    print(
        f"{len(epochs)} leases in {SECONDS:.0f} s; {had[1]:.1f} s and {had[2]:.1f} s, a share of {share:.3f}"
    )
    assert abs(share - 0.5) < (0.15 if SECONDS < 60 else 0.05)
