# SPDX-License-Identifier: Apache-2.0
"""`tinyhil runs`: what a store has, and who ran it where."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bundles import bundle, pack, unpack, verify, with_manifest
from cli import Workspace
from fake_desk import FakeDesk, noise
from farm import eventually
from forging import sql


@pytest.fixture
def desk(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def runs_of(desk: Workspace) -> list[dict[str, Any]]:
    done = desk.call_plain("runs", "--store", str(desk.store), "--json")
    assert done.code == 0, done.err
    runs: list[dict[str, Any]] = json.loads(done.out)["runs"]
    return runs


def user() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"uid {os.geteuid()}"


def test_runs_are_listed_newest_first_with_what_became_of_them(desk: Workspace) -> None:
    assert desk.call("run", "--candidate", "slim").code == 0
    desk.write("campaign.yaml", desk.read("campaign.yaml") | {"campaign": "another"})
    assert desk.call("run").code == 1, "quick is worse"

    done = desk.call_plain("runs", "--store", str(desk.store))
    assert done.code == 0, done.err
    header, newest, oldest = done.out.splitlines()
    assert header.split()[:5] == ["run", "started", "campaign", "state", "outcome"]
    assert newest.split()[0] == "2"
    assert "another" in newest
    assert "quick fail, slim pass" in newest
    assert "shipped, slim, quick" in newest
    assert oldest.split()[0] == "1"
    assert oldest.split()[2:5] == ["wake-word", "ended", "pass"]
    assert " b1 " in oldest

    second, first = runs_of(desk)
    assert (second["id"], first["id"]) == (2, 1)
    assert first["state"] == "ended"
    assert first["boards"] == ["b1"]
    assert first["seed"] is None, "the whole set, in its own order"
    assert [(model["name"], model["is_candidate"], model["outcome"]) for model in first["models"]] == [
        ("shipped", False, None),
        ("slim", True, "pass"),
    ]
    assert [model["outcome"] for model in second["models"]] == [None, "pass", "fail"]


def test_a_run_says_who_began_it_and_where(desk: Workspace) -> None:
    assert desk.call("run", "--candidate", "slim").code == 0
    run = runs_of(desk)[0]
    assert run["machine"] == os.uname().nodename
    assert run["user"] == user()
    report = desk.report()["run"]
    assert [report[key] for key in ("machine", "user", "commit")] == [
        run[key] for key in ("machine", "user", "commit")
    ]
    assert f">{user()}<" in (desk.reports / "report.html").read_text()


@pytest.mark.skipif(shutil.which("git") is None, reason="Git is not installed")
def test_a_run_says_of_which_commit_its_campaign_is(desk: Workspace) -> None:
    def git(*arguments: str) -> str:
        name = ["-c", "user.name=test", "-c", "user.email=test@localhost"]
        command = ["git", "-C", str(desk.folder), *name, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    git("init", "--quiet")
    git("add", "campaign.yaml", "gate.yaml")
    git("commit", "--quiet", "--message", "the campaign")
    git("tag", "v1.0")  # the commit is told by its digits all the same
    assert desk.call("run", "--candidate", "slim").code == 0
    (desk.folder / "gate.yaml").write_text((desk.folder / "gate.yaml").read_text() + "\n# changed\n")
    assert desk.call("run", "--candidate", "slim").code == 0
    commit = git("rev-parse", "HEAD")
    assert [run["commit"] for run in runs_of(desk)] == [commit + "-dirty", commit]
    table = desk.call_plain("runs", "--store", str(desk.store)).out
    assert commit[:12] + "-dirty\n" in table


def test_a_campaign_outside_of_git_has_no_commit(desk: Workspace, tmp_path: Path) -> None:
    outside = os.environ | {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    assert desk.call("run", "--candidate", "slim", env=outside).code == 0
    assert runs_of(desk)[0]["commit"] is None


def test_a_run_with_an_order_of_its_own_says_its_seed(desk: Workspace) -> None:
    policy = desk.read("gate.yaml")
    policy["sampling"] = {"order": "random", "stop": "never", "max_vectors": 64, "seed": 7}
    policy["rules"] = [rule for rule in policy["rules"] if rule["id"] in ("no-faults", "arena")]
    desk.write("gate.yaml", policy)
    done = desk.call("run", "--candidate", "slim")
    assert done.code == 0, done.err
    assert runs_of(desk)[0]["seed"] == "7"


def has_a_result(desk: Workspace) -> bool:
    try:
        return desk.stored("SELECT count(*) FROM block") != [(0,)]
    except sqlite3.OperationalError:  # there is no database yet
        return False


def test_an_interrupted_run_is_unfinished(tmp_path: Path) -> None:
    desk = FakeDesk(tmp_path, ["--invoke-us", "20000"], noise(5000, 16))  # minutes
    with subprocess.Popen(
        desk.command("run"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as program:
        assert eventually(lambda: has_a_result(desk))
        program.send_signal(signal.SIGINT)
        assert program.wait(timeout=280) == 130
    run = runs_of(desk)[0]
    assert run["state"] == "unfinished"
    assert [model["outcome"] for model in run["models"]] == [None, None]


def test_a_store_that_is_not_there_is_named(desk: Workspace) -> None:
    desk.call_plain("runs", "--store", str(desk.store)).complains(
        2, "there is no such database", "results.db"
    )
    assert not desk.store.exists()


def test_attempts_that_failed_before_a_run_are_told_as_long_as_there_is_the_store(desk: Workspace) -> None:
    attempts = [{"boards": ["b7", "b8"], "class": "bench", "what": "the port is gone", "exit_code": 4}]
    (desk.folder / "attempts.json").write_text(json.dumps(attempts))
    told = "tried again: an attempt on b7, b8 failed, of the bench: the port is gone"
    done = desk.call("run", "--candidate", "slim", "--failed-attempts", str(desk.folder / "attempts.json"))
    assert done.code == 0, done.err
    assert told in done.out

    shutil.rmtree(desk.reports)
    again = desk.call("judge", "--candidate", "slim")
    assert again.code == 0, again.err
    assert told in again.out
    for name in ("report.html", "summary.md", "junit.xml"):
        assert told in (desk.reports / name).read_text(), name
    kept = [{"boards": ["b7", "b8"], "class": "bench", "what": "the port is gone"}]
    assert desk.report()["failed_attempts"] == kept
    assert runs_of(desk)[0]["failed_attempts"] == kept
    listed = desk.call_plain("runs", "--store", str(desk.store)).out
    assert " pass (attempt 2) " in listed

    evidence = bundle(desk, desk.folder / "evidence.tar", "--candidate", "slim")
    assert told in verify(evidence, "--allow-unsigned").out
    checked = json.loads(verify(evidence, "--allow-unsigned", "--json").out)
    assert checked["values"]["failed_attempts"] == kept
    forget = sql("DELETE FROM failed_attempt", "no_DELETE_of_failed_attempt")
    forged = pack(with_manifest(forget(unpack(evidence))), desk.folder / "forged.tar")
    refused = verify(forged, "--allow-unsigned")
    assert refused.code == 1
    assert "table failed_attempt, row 1: the row is missing" in refused.out
