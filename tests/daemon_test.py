# SPDX-License-Identifier: Apache-2.0
"""The daemon and who leases its boards, as processes of their own."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from cli import TINYHIL, Workspace
from farm import PATIENCE, Farm, eventually, farm_in


@pytest.fixture
def farm(tmp_path: Path) -> Iterator[Farm]:
    with farm_in(tmp_path, ["b1", "b2"], "--time-to-live", "3s") as started:
        assert started.becomes("b1", "free")
        assert started.becomes("b2", "free")
        yield started


SLEEP = ("--", "sleep", "600")


def holder_of(farm: Farm, board: str) -> subprocess.Popen[str]:
    holder = farm.begin("lease", f"board={board}", "--purpose", "sleeps", *SLEEP)
    assert farm.becomes(board, "leased")
    return holder


def test_a_program_runs_with_the_board_and_its_exit_code_is_passed_on(farm: Farm) -> None:
    words = "'BOARD', 'BENCH', 'LEASE', 'EPOCH'"
    show = f"import os; print(*(os.environ['TINYHIL_' + word] for word in ({words}))); exit(42)"
    status = farm.folder / "status.json"
    told = farm.call("lease", "board=b2", "--status-file", str(status), "--", sys.executable, "-c", show)
    assert told.returncode == 42
    assert told.stdout.split() == ["b2", str(farm.bench), "1", "1"]
    assert json.loads(status.read_text()) == {"exit_code": 42, "of": "command", "lease": 1, "board": "b2"}
    assert farm.becomes("b2", "free")
    assert farm.board("b2")["leases"] == 1


def test_a_signal_that_ends_the_program_is_its_exit_code(farm: Farm) -> None:
    assert farm.call("lease", "", "--", "sh", "-c", "kill -9 $$").returncode == 128 + 9


def test_a_program_that_is_not_there_returns_the_board(farm: Farm) -> None:
    told = farm.call("lease", "board=b1", "--", "no-such-program")
    assert told.returncode == 2
    assert "cannot start the program" in told.stderr
    assert farm.becomes("b1", "free")


def test_what_the_program_leaves_behind_is_ended(farm: Farm) -> None:
    note = farm.folder / "pid"
    script = f"(trap '' TERM; echo $BASHPID > {note}; exec sleep 600) & sleep 0.3"
    assert farm.call("lease", "", "--", "bash", "-c", script).returncode == 0
    assert not Path(f"/proc/{note.read_text().strip()}").exists()


def test_only_one_has_a_board_and_the_next_one_waits_for_it(farm: Farm) -> None:
    holder = holder_of(farm, "b1")
    refused = farm.call("lease", "board=b1", "--", "true")
    assert refused.returncode == 7
    assert "b1 is leased by root" in refused.stderr
    waiting = farm.begin("lease", "board=b1", "--wait", "10min", "--", "echo", "mine")
    assert eventually(lambda: len(farm.json("leases")["leases"]) == 2)
    number = farm.json("leases")["leases"][1]["id"]
    assert "number 1 of 1 that wait" in farm.call("why", str(number)).stdout
    assert farm.json("why", "1")["text"] == "it has board b1"
    holder.terminate()
    assert waiting.communicate(timeout=PATIENCE)[0] == "mine\n"
    assert holder.wait(PATIENCE) == 128 + signal.SIGTERM, "handed on to the program"


def test_a_board_comes_back_when_its_holder_is_killed(farm: Farm) -> None:
    holder = holder_of(farm, "b1")
    holder.kill()
    assert farm.becomes("b1", "free")
    assert "silent" in json.dumps(farm.json("leases")) or farm.board("b1")["leases"] == 1


def test_a_lease_that_is_ended_by_an_administrator_ends_the_program(farm: Farm) -> None:
    holder = holder_of(farm, "b1")
    assert farm.call("release", "1").returncode == 0
    _, said = holder.communicate(timeout=PATIENCE)
    assert holder.returncode == 8
    assert "lease 1 is over" in said
    assert farm.becomes("b1", "free")


def test_a_lease_outlives_a_daemon_that_is_killed(farm: Farm) -> None:
    holder = farm.begin("lease", "board=b1", "--", "sh", "-c", "sleep 5; exit 9")
    assert farm.becomes("b1", "leased")
    farm.kill()
    farm.start()
    assert farm.board("b1")["lease"]["epoch"] == 1
    _, said = holder.communicate(timeout=PATIENCE)
    assert holder.returncode == 9, said
    assert farm.becomes("b1", "free")


def test_a_campaign_runs_on_the_leased_board(farm: Farm, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    work = Workspace(tmp_path / "work")
    campaign = [
        "run",
        str(work.folder / "campaign.yaml"),
        "--store",
        str(work.store),
        "--report",
        str(work.reports),
    ]
    told = farm.call("lease", "board=b2", "--", str(TINYHIL), *campaign, "--candidate", "slim")
    assert told.returncode == 0, told.stderr
    assert (
        json.loads((work.reports / "report.json").read_text())["scorecards"][0]["trial"]["board"]["name"]
        == "b2"
    )


def test_nobody_beside_the_daemon_uses_a_board(farm: Farm, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    work = Workspace(tmp_path / "work")
    campaign = [
        "run",
        str(work.folder / "campaign.yaml"),
        "--store",
        str(work.store),
        "--report",
        str(work.reports),
    ]
    told = farm.call(*campaign, "--bench", str(farm.bench), "--board", "b1")
    assert told.returncode == 7
    assert "is in use by process" in told.stderr


def test_a_quarantined_board_is_given_to_nobody_until_it_is_readmitted(farm: Farm) -> None:
    assert farm.call("quarantine", "b1", "--reason", "loose cable").returncode == 0
    assert farm.board("b1")["condition"] == "quarantined"
    told = farm.call("lease", "board=b1", "--", "true")
    assert told.returncode == 7
    assert "b1 is quarantined" in told.stderr
    assert farm.call("readmit", "b1").returncode == 0
    assert farm.becomes("b1", "free")


def test_a_selector_that_no_board_meets_is_a_mistake(farm: Farm) -> None:
    told = farm.call("lease", "kind=hots", "--wait", "10min", "--", "true")
    assert told.returncode == 2
    assert "no board of this host has `kind=hots`" in told.stderr
    assert "`host`" in told.stderr


def test_a_board_that_does_not_answer_is_quarantined(tmp_path: Path) -> None:
    farm = Farm(tmp_path, ["b1"])
    link = {"driver": "process", "command": ["false"]}
    entry = {"name": "b1", "provenance": "process", "boot": "1 s", "link": link}
    farm.bench.write_text(yaml.safe_dump({"bench": "desk", "boards": [entry]}))
    farm.start()
    try:
        assert farm.becomes("b1", "quarantined")
        assert "its check failed" in farm.board("b1")["reason"]
    finally:
        farm.stop()


def test_benches_are_read_again_and_a_mistake_in_one_changes_nothing(farm: Farm) -> None:
    holder = holder_of(farm, "b1")
    assert farm.daemon is not None
    farm.write_bench(["b2", "b3"])
    farm.daemon.send_signal(signal.SIGHUP)
    assert farm.becomes("b3", "free")
    assert farm.board("b1")["condition"] == "leased"
    holder.terminate()
    assert eventually(lambda: "b1" not in [board["name"] for board in farm.json("boards")["boards"]])
    farm.bench.write_text("bench: desk\nbords: []\n")
    farm.daemon.send_signal(signal.SIGHUP)
    assert eventually(lambda: "the boards stay as they were" in farm.log())
    assert farm.becomes("b3", "free")


def test_over_loopback_who_shows_the_token_leases_and_others_may_look(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("0123456789abcdef")
    token.chmod(0o600)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with farm_in(tmp_path, ["b1"], "--listen", f"127.0.0.1:{port}", "--token-file", str(token)) as farm:
        assert farm.becomes("b1", "free")
        farm.environment |= {"TINYHIL_DAEMON": f"http://127.0.0.1:{port}", "TINYHIL_TOKEN": ""}
        assert farm.board("b1")["condition"] == "free"
        told = farm.call("lease", "", "--", "true")
        assert told.returncode != 0
        assert "Bearer TOKEN" in told.stderr
        farm.environment["TINYHIL_TOKEN"] = token.read_text()
        assert farm.call("lease", "", "--", "true").returncode == 0


def test_a_second_daemon_is_refused(farm: Farm) -> None:
    command = ["daemon", "--bench", str(farm.bench.parent), "--socket", str(farm.folder / "other.sock")]
    told = farm.call(*command, "--state", str(farm.folder / "state"))
    assert told.returncode == 4
    assert "locked" in told.stderr


def test_those_who_fight_for_a_board_have_it_one_at_a_time(farm: Farm) -> None:
    # Each holder opens a file that must not be there, and says which lease of the board it has.
    script = (
        "import os, sys, time; path = sys.argv[1];"
        "os.close(os.open(path, os.O_CREAT | os.O_EXCL)); time.sleep(0.02); os.remove(path);"
        "print(os.environ['TINYHIL_EPOCH'])"
    )
    flag = str(farm.folder / "in-use")
    command = ["lease", "board=b1", "--wait", "10min", "--", sys.executable, "-c", script, flag]
    fighters = [farm.begin(*command) for _ in range(12)]
    epochs = []
    for fighter in fighters:
        told, said = fighter.communicate(timeout=PATIENCE * 2)
        assert fighter.returncode == 0, said
        epochs.append(int(told))
    assert sorted(epochs) == list(range(1, 13))


def test_a_loss_is_told_at_the_next_heartbeat_and_not_after_the_time_to_live(tmp_path: Path) -> None:
    with farm_in(tmp_path, ["b1"], "--time-to-live", "3s") as farm:
        assert farm.becomes("b1", "free")
        holder = holder_of(farm, "b1")
        assert farm.call("release", "1").returncode == 0
        _, said = holder.communicate(timeout=PATIENCE)
        assert holder.returncode == 8
        assert "not reached" not in said, "the daemon was there, and said that the lease is over"
        gone = farm.call("why", "99")
        assert gone.returncode == 2, "not a bench fault, which a job would try again"
        assert "there is no lease 99" in gone.stderr
