# SPDX-License-Identifier: Apache-2.0
"""Campaigns whose vectors are divided among several boards."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bundles import bundle, verify
from cli import AGENT
from fake_desk import CRASH, FAKE_AGENT, MODELS, FakeDesk, noise, stored_rows

VECTORS = 1000
COMMON = 64  # the first places, which every board runs; some later vectors are run by two

ACCURACY = {"id": "accuracy", "test": "noninferiority", "margin": "6 %"}


def desk_of(folder: Path, vectors: int = VECTORS, options: dict[str, list[str]] | None = None) -> FakeDesk:
    """Three boards; `one` and `two` are both right but for a few vectors, which are not the same ones."""
    folder.mkdir(exist_ok=True)
    desk = FakeDesk(folder, [], noise(vectors, size=16))
    arrays = dict(np.load(folder / "vectors.npz"))
    np.savez(folder / "vectors.npz", **arrays | {"labels": np.full(vectors, 11, np.uint8)})
    boards(desk, options or {})
    return desk


def boards(desk: FakeDesk, options: dict[str, list[str]], **changes: dict[str, Any]) -> None:
    entries = []
    for name in ("b1", "b2", "b3"):
        command = [str(FAKE_AGENT), "--serial", f"s-{name}", *options.get(name, [])]
        entry = {"name": name, "provenance": "process", "image": str(FAKE_AGENT)}
        entry["link"] = {"driver": "process", "command": command}  # type: ignore[assignment]
        entries.append(entry | changes.get(name, {}))
    desk.write("bench.yaml", {"bench": "rack", "boards": entries})


def rules(desk: FakeDesk, *rules: dict[str, Any], **sampling: Any) -> None:
    policy: dict[str, Any] = {"policy": "rack", "rules": list(rules)}
    desk.write("gate.yaml", policy | ({"sampling": sampling} if sampling else {}))


def rows_by_board(desk: FakeDesk) -> dict[str, int]:
    last = "(SELECT MAX(run) FROM v_trial)"
    query = f"SELECT board, inferences FROM v_trial WHERE model = 'two' AND run = {last}"
    return dict(desk.stored(query))


def test_boards_divide_the_vectors_and_find_what_one_finds(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    assert desk.call("run").code == 0
    alone, card = stored_rows(desk), desk.report()["scorecards"][1]
    assert "boards" not in desk.report(), "there is one"
    done = desk.call("run", "--all-boards")
    assert done.code == 0, done.out + done.err
    assert stored_rows(desk).found == alone.found
    assert sum(rows_by_board(desk).values()) >= VECTORS + 2 * COMMON
    assert min(rows_by_board(desk).values()) >= COMMON
    assert max(rows_by_board(desk).values()) < VECTORS
    together = desk.report()["scorecards"][1]
    assert together["accuracy"] == card["accuracy"]
    assert together["trial"]["board"]["name"] == "b1+b2+b3"
    one, two = desk.report()["boards"]
    assert (one["model"], two["model"]) == ("one", "two")
    assert [board["serial"] for board in two["boards"]] == ["s-b1", "s-b2", "s-b3"]
    assert sum(board["vectors"] for board in two["boards"]) == VECTORS
    assert all(board["outputs"]["shared"] >= COMMON for board in two["boards"])
    assert one["outliers"] == two["outliers"] == []
    control = desk.report()["verdicts"][0]["control"]
    assert "times another board ran a vector again, outputs equal" in control
    assert "b3: A/A control: 64 vectors run twice" in control


def test_two_boards_of_three_can_be_named(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    assert desk.call("run", "--board", "b3", "--board", "b1").code == 0
    assert desk.stored("SELECT boards FROM run") == [("b3,b1",)]
    assert sorted(rows_by_board(desk)) == ["b1", "b3"]
    desk.call("run", "--board", "b1", "--board", "b1").complains(2, "board `b1` is named twice")
    desk.call("run", "--board", "b1", "--board", "b9").complains(2, "b9")


@pytest.mark.parametrize("sampling", [{"stop": "e-process"}, {"stop": "group-sequential"}])
def test_boards_end_early_together(tmp_path: Path, sampling: dict[str, Any]) -> None:
    desk = desk_of(tmp_path, 2000)
    rules(desk, ACCURACY, **sampling)
    assert desk.call("run", "--board", "b1").code == 0
    alone, drawn = stored_rows(desk), desk.report()["scorecards"][1]["drawn"]
    assert desk.call("run", "--all-boards").code == 0
    assert desk.report()["scorecards"][1]["drawn"] == drawn < 2000
    assert stored_rows(desk).found == alone.found
    again = desk.call("judge")
    assert again.code == 0, again.out + again.err


def test_a_board_that_answers_otherwise_makes_an_error(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, options={"b1": ["--output-bias", "1"]})
    rules(desk, ACCURACY)
    done = desk.call("run", "--all-boards")
    assert done.code == 4, done.out + done.err
    assert "`one` gives other outputs on board b2 than on b1: " in done.out
    assert "board b1 stands apart (one): " in done.out, "not b2, with which b3 agrees"
    assert "board b2 stands apart" not in done.out


def test_a_crash_on_one_board_fails_the_candidate_and_names_the_board(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    vectors = desk.vectors.copy()
    vectors[66, 0] = np.int8(CRASH - 256)  # within a portion, and no common one
    rewrite(desk, vectors)
    done = desk.call("run", "--all-boards")
    assert done.code in (1, 4), done.out + done.err
    faults = desk.stored("""SELECT DISTINCT board.name, vector FROM survived_fault
        JOIN trial ON trial.id = trial JOIN board ON board.id = trial.board""")
    [(board, vector)] = faults
    assert vector == 66
    assert sum(rows_by_board(desk).values()) >= VECTORS + 2 * COMMON, "the others went on"
    assert f"on board {board}" in str(desk.report()["scorecards"][1]["survived_faults"])


def rewrite(desk: FakeDesk, vectors: Any) -> None:
    desk.vectors = vectors
    arrays = dict(np.load(desk.folder / "vectors.npz"))
    arrays |= {"inputs": vectors} | {f"golden_{name}": desk.golden(name) for name in MODELS}
    np.savez(desk.folder / "vectors.npz", **arrays)


def test_unlike_boards_are_refused_before_they_run(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    link = {"driver": "process", "command": [str(AGENT)]}
    boards(desk, {}, b2={"image": str(AGENT), "link": link})
    desk.call("run", "--all-boards").complains(2, "the boards are not alike: firmware", "one kind")
    assert rows_by_board(desk) == {}, "no board was used before all were known"


def test_a_missing_board_stops_the_others_before_they_begin(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    boards(desk, {"b1": []}, b2={"link": {"driver": "process", "command": ["false"]}})
    desk.call("run", "--board", "b1", "--board", "b2").complains(4, "b2")
    assert desk.stored("SELECT COUNT(*) FROM run") == [(0,)]


def test_a_run_goes_on_with_one_of_the_boards_that_began_it(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, options={name: ["--invoke-us", "2000"] for name in ("b1", "b2", "b3")})
    command = desk.command("run", "--board", "b1", "--board", "b2")
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with contextlib.suppress(sqlite3.OperationalError):  # the database is being made
                if rows_by_board(desk):
                    break
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    desk.call("run", "--resume", "--board", "b1", "--board", "b3").complains(
        2, "divided the vectors among other boards", "--board b1 --board b2"
    )
    done = desk.call("run", "--resume", "--board", "b1")
    assert done.code == 0, done.out + done.err
    assert desk.stored("SELECT COUNT(*) FROM run") == [(1,)]
    rows = stored_rows(desk)
    assert len(rows.found) == 2 * VECTORS
    assert rows_by_board(desk)["b1"] >= COMMON


def test_a_killed_run_on_boards_loses_and_doubles_nothing(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, options={name: ["--invoke-us", "1000"] for name in ("b1", "b2", "b3")})
    command = desk.command("run", "--all-boards", "--resume")
    kills = 0
    for _ in range(20):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            deadline = time.monotonic() + 0.4
            while process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.02)
            if process.poll() is not None:
                break
            process.send_signal(signal.SIGKILL)
            kills += 1
    done = desk.call("run", "--all-boards", "--resume")
    assert done.code == 0, done.out + done.err
    assert kills > 0
    rows = stored_rows(desk)
    assert len(rows.found) == 2 * VECTORS
    assert rows.twice >= 2 * 2 * COMMON, "the common ones, once a board"


def mortal(folder: Path, name: str) -> list[str]:
    """A board that can be killed for good: it runs only as long as a file is there."""
    (folder / "alive").touch()
    agent = f"exec {FAKE_AGENT} --serial s-{name} --invoke-us 1000"
    return ["sh", "-c", f"test -e {folder}/alive || exit 1; echo $$ > {folder}/pid; {agent}"]


def test_a_board_that_dies_leaves_its_vectors_to_the_others(tmp_path: Path) -> None:
    slow = ["--invoke-us", "1000"]
    desk = desk_of(tmp_path)
    rules(desk, ACCURACY, {"id": "p90", "test": "latency_quantile", "quantile": 0.9, "limit": "1 s"})
    link = {"driver": "process", "command": mortal(tmp_path, "b2")}
    boards(desk, {"b1": slow, "b3": slow}, b2={"link": link})
    command = desk.command("run", "--all-boards")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with contextlib.suppress(sqlite3.OperationalError):  # the database is being made
                if rows_by_board(desk).get("b2", 0) > 0:
                    break
            time.sleep(0.02)
        (tmp_path / "alive").unlink()
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
        out, err = process.communicate()
    assert process.returncode == 0, out + err
    assert "board b2 failed, and the others go on without it" in err
    assert len(stored_rows(desk).found) == 2 * VECTORS
    report = desk.report()
    assert report["scorecards"][1]["drawn"] == VECTORS
    assert "b2 failed, and the others went on without it" in report["verdicts"][0]["control"]
    assert "on board b2: the board failed" in str(report["scorecards"][1]["survived_faults"])
    subjects = [
        check["subject"] for finding in report["verdicts"][0]["findings"] for check in finding["checks"]
    ]
    assert {"p90 on b1", "p90 on b3"} <= set(subjects)
    assert "p90 on b2" not in subjects
    assert desk.call("judge").code == 0
    desk.call("run", "--all-boards").complains(4, "b2")  # a new run does not begin without it


def test_each_board_is_held_to_the_latency_limit(tmp_path: Path) -> None:
    slow = ["--invoke-us", "20000"]
    desk = desk_of(tmp_path, 200, options={"b2": slow})
    rules(desk, {"id": "p90", "test": "latency_quantile", "quantile": 0.9, "limit": "15 ms"})
    done = desk.call("run", "--all-boards")
    assert done.code == 1, done.out + done.err
    checks = {check["subject"]: check for check in desk.report()["verdicts"][0]["findings"][0]["checks"]}
    assert checks["p90 on b2"]["outcome"] == "fail"
    assert checks["p90 on b1"]["outcome"] == "pass"


def test_the_evidence_of_several_boards_replays(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    assert desk.call("run", "--all-boards").code == 0
    done = verify(bundle(desk, tmp_path / "evidence.tar"), "--allow-unsigned")
    assert done.code == 0, done.out + done.err
