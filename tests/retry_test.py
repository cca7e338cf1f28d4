# SPDX-License-Identifier: Apache-2.0
"""A daemon tries a campaign again that failed for the bench's sake, says so, and hides nothing else by it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli import AGENT, Workspace
from farm import PATIENCE, Farm, eventually, farm_in
from health_test import board, get, script
from run_by_daemon_test import arguments

OTHER_AGENT = AGENT.with_name("thil-agent-fake")


@pytest.fixture
def desk(tmp_path: Path) -> Workspace:
    (tmp_path / "desk").mkdir()
    return Workspace(tmp_path / "desk")


def works(folder: Path, times: int) -> dict[str, object]:
    """Board b1, which works so many times; then it ends at once."""
    count = folder / "starts"
    text = f"echo x >> {count}; [ $(wc -l < {count}) -le {times} ] || exit 1; exec {AGENT}\n"
    return board([script(folder / "board", text)])


def campaign(farm: Farm) -> Any:
    return get(farm, "campaigns/1")


def failed_on(farm: Farm) -> list[list[str]]:
    """The boards of each attempt that failed; of a campaign that is not there yet, none."""
    return [each["boards"] for each in campaign(farm).get("failed_attempts", [])]


def test_a_campaign_whose_board_fails_passes_on_another_and_says_so(tmp_path: Path, desk: Workspace) -> None:
    with farm_in(tmp_path, [works(tmp_path, 1), "b2"]) as farm:
        assert farm.becomes("b1", "free")
        assert farm.becomes("b2", "free")
        other = farm.begin("lease", "board=b2", "--", "sleep", "600")
        assert farm.becomes("b2", "leased")
        runner = farm.begin(*arguments(desk, "--candidate", "slim"))
        assert eventually(lambda: failed_on(farm) == [["b1"]])
        assert campaign(farm)["state"] == "waiting", "for the other board"
        assert farm.becomes("b1", "quarantined"), "it was checked"
        other.terminate()
        told, said = runner.communicate(timeout=PATIENCE * 2)
        assert runner.returncode == 0, said
        assert "attempt 1 failed, of the bench: " in said
        assert "tried again: an attempt on b1 failed, of the bench: " in told
        done = campaign(farm)
        assert (done["state"], done["boards"], done["exit_code"]) == ("ended", ["b2"], 0)
        (failed,) = done["failed_attempts"]
        assert (failed["class"], failed["exit_code"]) == ("bench", 4)
        (reported,) = desk.report()["failed_attempts"]
        assert (reported["boards"], reported["class"]) == (["b1"], "bench")
        assert "tried again: an attempt on b1 failed" in (desk.reports / "report.html").read_text()
        assert "tried again: an attempt on b1 failed" in (desk.reports / "summary.md").read_text()
        runs = json.loads(farm.call("runs", "--store", str(desk.store), "--json").stdout)["runs"]
        assert runs[0]["failed_attempts"] == [reported]
        daemons = farm.folder / "state" / "campaigns" / "1" / "report" / "report.json"
        assert json.loads(daemons.read_text())["failed_attempts"][0]["boards"] == ["b1"]


def test_where_there_is_no_other_board_the_same_one_is_tried_as_often_as_was_asked(
    tmp_path: Path, desk: Workspace
) -> None:
    with farm_in(tmp_path, [works(tmp_path, 0)], "--no-checks") as farm:
        assert farm.becomes("b1", "free")
        done = farm.call(*arguments(desk, "--retries", "2"))
        assert done.returncode == 4, done.stderr
        assert failed_on(farm) == [["b1"], ["b1"]]
        assert campaign(farm)["error"]["class"] == "bench"
        assert len((tmp_path / "starts").read_text().split()) >= 3


def test_nothing_is_tried_again_where_that_was_not_wanted(tmp_path: Path, desk: Workspace) -> None:
    with farm_in(tmp_path, [works(tmp_path, 0)], "--no-checks") as farm:
        assert farm.becomes("b1", "free")
        assert farm.call(*arguments(desk, "--retries", "0")).returncode == 4
        assert campaign(farm)["failed_attempts"] == []


def test_a_wrong_image_is_not_tried_again(tmp_path: Path, desk: Workspace) -> None:
    with farm_in(tmp_path, ["b1"], "--no-checks") as farm:
        assert farm.becomes("b1", "free")
        done = farm.call(*arguments(desk, "--image", str(OTHER_AGENT), "--retries", "5"))
        assert done.returncode == 6, done.stderr
        assert campaign(farm)["failed_attempts"] == []
        assert campaign(farm)["error"]["class"] == "image"


def test_a_product_that_fails_is_not_tried_again(tmp_path: Path, desk: Workspace) -> None:
    rule = {"id": "quick", "test": "latency_quantile", "quantile": 0.5, "limit": "1 ns"}
    desk.write("gate.yaml", {"policy": "impossible", "rules": [rule]})
    with farm_in(tmp_path, ["b1"], "--no-checks") as farm:
        assert farm.becomes("b1", "free")
        done = farm.call(*arguments(desk, "--candidate", "slim", "--retries", "5"))
        assert done.returncode == 1, done.stdout + done.stderr
        assert campaign(farm)["failed_attempts"] == []


def test_retries_without_a_daemon_are_a_mistake(desk: Workspace) -> None:
    desk.call("run", "--retries", "2").complains(2, "--retries is for a daemon's boards")
