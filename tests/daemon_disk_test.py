# SPDX-License-Identifier: Apache-2.0
"""A daemon whose disk is full, or whose databases others lock: it says so, goes on, and loses nothing."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from cli import Workspace
from farm import PATIENCE, Asking, Farm, ask, campaigns, eventually, farm_in, put

SIZE = 48 * 2**20  # bytes of the small disk
STATE = "state"


def children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


class Disk(Protocol):
    """Where the daemon's state lies."""

    state: Path  # as seen from here

    def fill(self, leaving: int = 0) -> None: ...
    def free(self) -> None: ...


class SmallDisk:
    """A file system in memory that only the daemon and its children see."""

    def __init__(self, farm: Farm) -> None:
        assert farm.daemon is not None
        self.state = Path(f"/proc/{farm.daemon.pid}/root{farm.folder / STATE}")
        self.ballast = self.state / "ballast"

    def fill(self, leaving: int = 0) -> None:
        space = os.statvfs(self.state)
        size, step = 0, space.f_bavail * space.f_frsize - leaving
        with self.ballast.open("ab", buffering=0) as ballast:
            while step >= space.f_frsize:  # others write meanwhile, so that less may be free by now
                try:
                    os.posix_fallocate(ballast.fileno(), size, step)
                except OSError:
                    step //= 2
                else:
                    size += step
                    step = 0 if leaving else step

    def free(self) -> None:
        self.ballast.unlink()


class LimitedFiles:
    """The daemon's files may not grow (`ulimit -f`): its log, too, cannot be written then."""

    def __init__(self, farm: Farm) -> None:
        assert farm.daemon is not None
        self.state, self.daemon = farm.folder / STATE, farm.daemon.pid

    def fill(self, leaving: int = 0) -> None:
        for process in (self.daemon, *children(self.daemon)):
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(process, resource.RLIMIT_FSIZE, (leaving, resource.RLIM_INFINITY))

    def free(self) -> None:
        resource.prlimit(self.daemon, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def small_disk_at(folder: Path) -> list[str]:
    """Runs a program so that this folder is a small disk."""
    mount = f'mount -t tmpfs -o size={SIZE} tinyhil "$0" && exec "$@"'
    return ["unshare", "--mount", "--propagation", "private", "sh", "-c", mount, str(folder)]


def may_mount(folder: Path) -> bool:
    try:
        return subprocess.run([*small_disk_at(folder), "true"], capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


@pytest.fixture(params=["small disk", "limited files"])
def farm(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Farm]:
    (tmp_path / STATE).mkdir()
    wrapper: list[str] = []
    if request.param == "small disk":
        if not may_mount(tmp_path / STATE):
            pytest.skip("a file system may not be mounted here")
        wrapper = small_disk_at(tmp_path / STATE)
    options = ("--no-checks", "--time-to-live", "1h")  # nobody is heard here
    with farm_in(tmp_path, ["b1", "b2"], *options, wrapper=wrapper) as started:
        assert started.becomes("b1", "free")
        assert started.becomes("b2", "free")
        yield started


@pytest.fixture
def disk(farm: Farm) -> Disk:
    return SmallDisk(farm) if farm.wrapper else LimitedFiles(farm)


@pytest.fixture
def desk(tmp_path: Path) -> Workspace:
    (tmp_path / "desk").mkdir()
    return Workspace(tmp_path / "desk")


def ask_for(farm: Farm, board: str) -> tuple[int, Any]:
    return ask(farm, "POST", "/leases", {"selector": f"board={board}"})


def answers(farm: Farm) -> bool:
    """What is only read, for people and for what watches."""
    connection = Asking(farm)
    statuses = []
    paths = ("/healthz", "/metrics", "/api/v1/boards", "/api/v1/leases?ended=5", "/api/v1/audit")
    for path in paths:
        connection.request("GET", path)
        reply = connection.getresponse()
        reply.read()
        statuses.append(reply.status)
    connection.close()
    return statuses == [200] * len(paths)


def is_clear_about_the_disk(problem: dict[str, Any]) -> bool:
    """What, where and the remedy. A file that may not grow is an error of the disk to SQLite."""
    says_what = any(words in problem["what"] for words in ("disk is full", "disk reported an error"))
    return says_what and "daemon.db" in problem["where"] and "space" in problem["remedy"]


def test_leases_are_refused_with_the_reason_and_go_on_when_there_is_space(farm: Farm, disk: Disk) -> None:
    status, held = ask_for(farm, "b1")
    assert (status, held["board"]) == (201, "b1")
    disk.fill()
    status, problem = ask_for(farm, "b2")
    assert status == 503
    assert is_clear_about_the_disk(problem), problem
    assert answers(farm)
    assert farm.board("b1")["condition"] == "leased"
    assert farm.board("b2")["condition"] == "free", "what could not be written down has not happened"
    beat = ask(farm, "POST", f"/leases/{held['id']}/heartbeat", {"epoch": held["epoch"]})
    assert beat[0] == 200, "who holds a board keeps it"
    status, answer = ask(farm, "DELETE", f"/leases/{held['id']}")  # it may fit where the one before did not
    assert status == 200 or is_clear_about_the_disk(answer), answer
    is_over = status == 200
    assert farm.becomes("b1", "free" if is_over else "leased")
    disk.free()
    assert ask(farm, "DELETE", f"/leases/{held['id']}")[0] == 200
    assert farm.becomes("b1", "free")
    status, next_one = ask_for(farm, "b2")
    assert (status, next_one["board"]) == (201, "b2")
    ended = ask(farm, "GET", "/leases?ended=100")[1]["leases"]
    assert sorted(lease["id"] for lease in ended) == sorted({held["id"], next_one["id"]}), "none doubled"


def test_a_refusal_says_when_to_ask_again(farm: Farm, disk: Disk) -> None:
    disk.fill()
    connection = Asking(farm)
    connection.request(
        "POST", "/api/v1/leases", json.dumps({"selector": "board=b1"}), {"Content-Type": "application/json"}
    )
    reply = connection.getresponse()
    assert (reply.status, reply.getheader("Content-Type")) == (503, "application/problem+json")
    assert int(reply.getheader("Retry-After") or 0) > 0
    connection.close()


def test_who_waits_gets_the_board_that_became_free_on_a_full_disk(farm: Farm, disk: Disk) -> None:
    _, held = ask_for(farm, "b1")
    console = farm.begin("console", str(farm.bench), "--board", "b1", "--hello")
    assert console.stdout is not None
    assert console.stdout.readline(), "it has the board's lock"
    waiting = ask_for(farm, "b1")[1]
    assert waiting["board"] in (None, "")
    assert ask(farm, "DELETE", f"/leases/{held['id']}")[0] == 200
    assert eventually(lambda: "still has it" in farm.board("b1")["reason"])
    disk.fill()
    console.kill()
    console.wait()
    assert farm.becomes("b1", "free"), "the grant cannot be written down"
    disk.free()

    def has_board() -> bool:
        granted: bool = ask(farm, "GET", f"/leases/{waiting['id']}")[1]["board"] == "b1"
        return granted

    assert eventually(has_board), farm.log()


def test_a_lease_that_ran_out_on_a_full_disk_is_over_when_there_is_space(tmp_path: Path) -> None:
    with farm_in(tmp_path, ["b1"], "--no-checks", "--time-to-live", "1s") as farm:
        disk = LimitedFiles(farm)
        assert farm.becomes("b1", "free")
        _, held = ask_for(farm, "b1")
        disk.fill()
        assert eventually(lambda: ask_for(farm, "b1")[0] == 503)
        disk.free()
        assert eventually(lambda: ask(farm, "GET", f"/leases/{held['id']}")[1]["end"] == "silent")
        assert farm.becomes("b1", "free")


def test_the_log_goes_on_when_there_is_space(tmp_path: Path) -> None:
    def reload_with(farm: Farm, count: int) -> None:
        assert farm.daemon is not None
        farm.write_bench([f"b{i + 1}" for i in range(count)])
        farm.daemon.send_signal(signal.SIGHUP)
        assert eventually(lambda: len(farm.json("boards")["boards"]) == count)

    with farm_in(tmp_path, ["b1"], "--no-checks") as farm:
        disk = LimitedFiles(farm)
        disk.fill()
        reload_with(farm, 2)
        assert "2 boards" not in farm.log(), "nothing was tested"
        disk.free()
        reload_with(farm, 3)
        assert eventually(lambda: "3 boards" in farm.log())


def test_an_upload_that_does_not_fit_is_refused_and_leaves_nothing(farm: Farm, disk: Disk) -> None:
    content = os.urandom(6 * 2**20)
    digest = hashlib.sha256(content).hexdigest()
    disk.fill(leaving=2**20)
    for _ in range(3):
        status, problem = ask(farm, "PUT", f"/blobs/{digest}", content)
        assert status == 507
        assert "an upload cannot be kept" in problem["what"]
        assert digest in problem["where"]
        assert "free space where the daemon's --state lies" in problem["remedy"]
        assert list((disk.state / "blobs").iterdir()) == []
    disk.free()
    assert ask(farm, "PUT", f"/blobs/{digest}", content)[0] == 201
    assert (disk.state / "blobs" / digest).read_bytes() == content


def test_a_run_whose_files_do_not_fit_ends_with_the_reason(farm: Farm, disk: Disk, desk: Workspace) -> None:
    places = ("--store", str(desk.store), "--report", str(desk.reports))
    disk.fill(leaving=8192)
    told = farm.call("run", str(desk.folder / "campaign.yaml"), *places)
    assert told.returncode == 74, told.stderr
    assert "an upload cannot be kept" in told.stderr
    assert "free space where the daemon's --state lies" in told.stderr
    assert campaigns(farm) == []


def test_a_holder_keeps_its_own_exit_code_where_the_lease_cannot_be_returned(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys, time\n"
        "print('on', flush=True)\n"
        "while not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.02)\n"
        "sys.exit(5)"
    )
    with farm_in(tmp_path, ["b1"], "--no-checks", "--time-to-live", "5s") as farm:
        disk = LimitedFiles(farm)
        assert farm.becomes("b1", "free")
        holder = farm.begin("lease", "board=b1", "--", sys.executable, "-c", program, str(tmp_path / "end"))
        assert holder.stdout is not None
        assert holder.stdout.readline() == "on\n"
        disk.fill()
        (tmp_path / "end").touch()
        _, said = holder.communicate(timeout=PATIENCE)
        assert holder.returncode == 5, said
        assert "the lease was not returned" in said
        disk.free()
        assert farm.becomes("b1", "free")


def submission(farm: Farm, desk: Workspace) -> dict[str, Any]:
    names = ["campaign.yaml", "gate.yaml", "vectors.npz"]
    names += [model["file"] for model in desk.read("campaign.yaml")["models"].values()]
    files = {name: put(farm, (desk.folder / name).read_bytes()) for name in names}
    return {"campaign": "campaign.yaml", "files": files, "candidates": ["slim"]}


def test_a_submission_that_cannot_be_written_down_is_none(farm: Farm, disk: Disk, desk: Workspace) -> None:
    body = submission(farm, desk)
    disk.fill()
    status, problem = ask(farm, "POST", "/campaigns", body)
    assert status in (503, 507)
    assert "campaigns" in problem["where"]
    assert campaigns(farm) == []
    disk.free()
    assert ask(farm, "POST", "/campaigns", body)[0] == 201
    assert eventually(lambda: campaigns(farm)[0]["state"] == "ended"), farm.log()
    assert len(campaigns(farm)) == 1


def run_out_of_space(farm: Farm, disk: Disk, desk: Workspace, retries: int) -> None:
    """A campaign whose disk is full for a while, after its first results."""
    campaign = desk.read("campaign.yaml")
    campaign["repeats"] = 10  # so that it goes on for a while
    desk.write("campaign.yaml", campaign)
    body = submission(farm, desk) | {"retries": retries}
    assert ask(farm, "POST", "/campaigns", body)[0] == 201
    assert eventually(lambda: any(each["done"] > 0 for each in campaigns(farm)[0]["progress"])), farm.log()
    disk.fill()
    daemon = farm.daemon.pid if farm.daemon else 0
    assert eventually(lambda: children(daemon) == []), "its run ends"
    assert answers(farm)
    disk.free()


def test_a_campaign_whose_results_do_not_fit_fails_and_is_resumed(
    farm: Farm, disk: Disk, desk: Workspace
) -> None:
    run_out_of_space(farm, disk, desk, retries=0)
    assert eventually(lambda: campaigns(farm)[0]["state"] == "failed"), farm.log()
    error = campaigns(farm)[0]["error"]
    code, what = (4, "disk is full") if isinstance(disk, SmallDisk) else (74, "could not write its output")
    assert (error["exit_code"], what in error["what"], "space" in error["remedy"]) == (code, True, True), (
        error
    )
    assert ask(farm, "POST", "/campaigns/1/resume")[0] == 200
    assert eventually(lambda: campaigns(farm)[0]["state"] == "ended"), campaigns(farm)
    assert len(campaigns(farm)) == 1


def test_with_a_retry_it_goes_on_as_soon_as_there_is_space(farm: Farm, disk: Disk, desk: Workspace) -> None:
    run_out_of_space(farm, disk, desk, retries=1)
    ended = "ended" if isinstance(disk, SmallDisk) else "failed"  # there its run cannot say what is wrong
    assert eventually(lambda: campaigns(farm)[0]["state"] == ended), farm.log()
    attempts = campaigns(farm)[0]["failed_attempts"]
    assert ["disk is full" in each["what"] for each in attempts] == ([True] if ended == "ended" else [])


def lock_of(database: Path) -> sqlite3.Connection:
    """Somebody who has the database for himself until the connection is closed."""
    connection = sqlite3.connect(database, timeout=PATIENCE, isolation_level=None)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    return connection


@pytest.fixture
def plain_farm(tmp_path: Path) -> Iterator[Farm]:
    with farm_in(tmp_path, ["b1", "b2"], "--no-checks", "--time-to-live", "1h") as started:
        assert started.becomes("b1", "free")
        assert started.becomes("b2", "free")
        yield started


def test_nobody_locks_the_databases_of_a_daemon_that_runs(plain_farm: Farm) -> None:
    for name in ("daemon.db", "campaigns.db"):
        other = sqlite3.connect(plain_farm.folder / STATE / name, timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN EXCLUSIVE")
        other.close()
    assert ask_for(plain_farm, "b1")[0] == 201


@pytest.mark.parametrize("name", ["daemon.db", "campaigns.db"])
def test_a_daemon_whose_database_is_locked_says_so_and_starts_when_it_is_not(
    plain_farm: Farm, name: str
) -> None:
    lease = ask_for(plain_farm, "b1")[1]
    plain_farm.stop()
    lock = lock_of(plain_farm.folder / STATE / name)
    command = ["daemon", "--bench", str(plain_farm.bench.parent), "--state", str(plain_farm.folder / STATE)]
    told = plain_farm.call(*command, "--socket", str(plain_farm.socket))
    lock.close()
    assert told.returncode == 4
    assert "another process kept the database locked" in told.stderr
    assert name in told.stderr
    plain_farm.start()
    assert ask(plain_farm, "GET", f"/leases/{lease['id']}")[1]["board"] == "b1"


def test_a_campaign_whose_results_others_lock_fails_and_is_resumed(plain_farm: Farm, desk: Workspace) -> None:
    farm = plain_farm
    campaign = desk.read("campaign.yaml")
    campaign["repeats"] = 10  # so that it goes on for a while
    desk.write("campaign.yaml", campaign)
    assert ask(farm, "POST", "/campaigns", submission(farm, desk))[0] == 201
    assert eventually(lambda: any(each["done"] > 0 for each in campaigns(farm)[0]["progress"])), farm.log()
    other = sqlite3.connect(
        farm.folder / STATE / "campaigns" / "1" / "run.db", timeout=PATIENCE, isolation_level=None
    )
    other.execute("BEGIN EXCLUSIVE")
    assert eventually(lambda: campaigns(farm)[0]["state"] == "failed"), farm.log()
    other.close()
    error = campaigns(farm)[0]["error"]
    assert error["exit_code"] == 4
    assert "another process kept the database locked" in error["what"]
    assert "run.db" in error["where"]
    assert ask(farm, "POST", "/campaigns/1/resume")[0] == 200
    assert eventually(lambda: campaigns(farm)[0]["state"] == "ended"), campaigns(farm)


def test_results_that_others_lock_are_a_refusal_and_the_daemon_goes_on(
    plain_farm: Farm, desk: Workspace
) -> None:
    farm = plain_farm
    assert ask(farm, "POST", "/campaigns", submission(farm, desk))[0] == 201
    assert eventually(lambda: campaigns(farm)[0]["state"] == "ended"), farm.log()
    lock = lock_of(farm.folder / STATE / "campaigns" / "1" / "run.db")
    status, problem = ask(farm, "GET", "/campaigns/1/traces")
    assert status == 503
    assert "another process kept the database locked" in problem["what"]
    assert answers(farm)
    lock.close()
    assert ask(farm, "GET", "/campaigns/1/traces")[0] == 404, "no current was measured"
