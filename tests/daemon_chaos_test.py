# SPDX-License-Identifier: Apache-2.0
"""A daemon that is killed at random moments under load: no lease is lost, none is held twice.

TINYHIL_KILLS=200 kills it so often; the tests do so a few times.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from pathlib import Path

from farm import PATIENCE, farm_in

KILLS = int(os.environ.get("TINYHIL_KILLS", "8"))
BOARDS = [f"b{i}" for i in range(4)]
CLIENTS = 8

# Whoever has a board makes a file that must not be there, and says which lease of which board it was.
USE = (
    "import os, sys, time; board = os.environ['TINYHIL_BOARD']; path = os.path.join(sys.argv[1], board);"
    "os.close(os.open(path, os.O_CREAT | os.O_EXCL)); time.sleep(0.05); os.remove(path);"
    "print(board, os.environ['TINYHIL_EPOCH'])"
)


def test_a_daemon_that_is_killed_loses_no_lease_and_gives_no_board_twice(tmp_path: Path) -> None:
    with farm_in(tmp_path, BOARDS, "--no-checks", "--time-to-live", "20s") as farm:
        used: list[tuple[str, int]] = []
        failures: list[str] = []
        is_over = threading.Event()
        (tmp_path / "used").mkdir()

        def client() -> None:
            command = ["lease", "", "--wait", "2min", "--", sys.executable, "-c", USE, str(tmp_path / "used")]
            while not is_over.is_set():
                told = farm.call(*command)
                if told.returncode == 0:
                    board, epoch = told.stdout.split()
                    used.append((board, int(epoch)))
                else:
                    failures.append(f"exit {told.returncode}: {told.stderr}")

        clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
        for thread in clients:
            thread.start()
        seeded = random.Random(20261130)
        for _ in range(KILLS):
            time.sleep(seeded.uniform(0.02, 0.6))
            farm.kill()
            farm.start()
        is_over.set()
        for thread in clients:
            thread.join(PATIENCE * 3)
        assert not failures, failures[:3]
        assert len(set(used)) == len(used) > KILLS
        boards = {board["name"]: board for board in farm.json("boards")["boards"]}
        for name in BOARDS:
            epochs = [epoch for board, epoch in used if board == name]
            assert sorted(epochs) == list(range(1, len(epochs) + 1)), "a lease that nobody knows of"
            assert farm.becomes(name, "free")
            assert boards[name]["leases"] <= len(epochs)
