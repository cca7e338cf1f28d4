# SPDX-License-Identifier: Apache-2.0
"""What is stored survives: foreign and read-only databases, Ctrl-C, kill -9, time limits."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from cli import Workspace, call


@pytest.fixture
def desk(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


# ---- the database ----


def test_a_database_from_a_newer_version_is_left_alone(desk: Workspace) -> None:
    assert desk.call("run", "--candidate", "slim").code == 0
    with sqlite3.connect(desk.store) as database:
        database.execute("PRAGMA user_version = 99")
    before = desk.stored("SELECT COUNT(*) FROM block")
    desk.call("run").complains(2, "newer", str(desk.store))
    assert desk.stored("SELECT COUNT(*) FROM block") == before


def test_a_read_only_database_is_a_bench_fault_and_can_still_be_judged(desk: Workspace) -> None:
    assert desk.call("run", "--candidate", "slim").code == 0
    desk.store.chmod(0o444)
    desk.folder.chmod(0o555)
    try:
        # root may write everywhere, unless it gives that up
        limited = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
        done = call([*limited, *desk.command("run")])
        done.complains(4, str(desk.store))
        judged = call([*limited, *desk.command("compare")])
        assert judged.code == 0, judged.err
    finally:
        desk.folder.chmod(0o755)


def test_a_file_that_is_no_database_is_not_touched(desk: Workspace) -> None:
    desk.store.write_text("my notes\n" * 100)
    desk.call("run").complains(2, str(desk.store))
    assert desk.store.read_text() == "my notes\n" * 100


# ---- the end in the middle ----


def start_and_wait_for_blocks(desk: Workspace) -> subprocess.Popen[str]:
    """A run that is slow enough to be caught: many repeats, small slots, so that blocks arrive one by one."""
    campaign = desk.read("campaign.yaml")
    campaign["repeats"] = 40
    desk.write("campaign.yaml", campaign)
    run = subprocess.Popen(desk.command("run"), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and run.poll() is None:
        try:
            if desk.stored("SELECT COUNT(*) FROM block") > [(1,)]:
                return run
        except Exception:
            pass
        time.sleep(0.01)  # polls another process; there is nothing to wait on
    run.kill()
    raise AssertionError(f"no results: {run.communicate()}")


@pytest.fixture
def slow_desk(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, ["--vector-slot-size", "8192"])


def test_ctrl_c_keeps_what_was_measured(slow_desk: Workspace) -> None:
    run = start_and_wait_for_blocks(slow_desk)
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=60)
    assert run.returncode == 130, err
    assert "is stored as run 1" in err
    assert slow_desk.stored("SELECT state FROM v_trial")[-1] == ("interrupted",)
    assert slow_desk.call("judge").code in (3, 4), "never a pass on missing data"
    assert slow_desk.stored("PRAGMA integrity_check") == [("ok",)]


def test_kill_9_leaves_whole_blocks_and_a_usable_database(slow_desk: Workspace) -> None:
    run = start_and_wait_for_blocks(slow_desk)
    run.kill()
    run.communicate(timeout=60)
    assert slow_desk.stored("PRAGMA integrity_check") == [("ok",)]
    stored = slow_desk.stored("SELECT n, length(outputs), output_size FROM block")
    assert all(size == n * each for n, size, each in stored)
    assert slow_desk.call("judge").code in (3, 4), "never a pass on missing data"
    campaign = slow_desk.read("campaign.yaml")
    campaign["repeats"] = 1
    slow_desk.write("campaign.yaml", campaign)
    assert slow_desk.call("run", "--candidate", "slim").code == 0


def test_the_time_limit_ends_a_campaign(slow_desk: Workspace) -> None:
    campaign = slow_desk.read("campaign.yaml")
    campaign["repeats"] = 400
    campaign["time_limit"] = "1 s"
    slow_desk.write("campaign.yaml", campaign)
    slow_desk.call("run").complains(124, "time limit")
