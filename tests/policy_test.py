# SPDX-License-Identifier: Apache-2.0
"""Waivers and changes of the policy as a release manager meets them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli import TINYHIL, Outcome, Workspace, call


@pytest.fixture
def desk(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def add_waiver(desk: Workspace, **changes: object) -> None:
    waiver: dict[str, Any] = {
        "rule": "model-size",
        "reason": "ECO-118",
        "owner": "j.doe",
        "approved_by": "qa-lead",
        "expires": "2999-03-31",
        "max_excess": "1 MiB",
    }
    policy = desk.read("gate.yaml")
    policy["rules"] = [rule for rule in policy["rules"] if rule["id"] in ("model-size", "golden")]
    for rule in policy["rules"]:
        if rule["id"] == "model-size":
            rule["limit"] = "1 KiB"
    policy["waivers"] = [waiver | changes]
    desk.write("gate.yaml", policy)


def test_a_waived_release_has_its_own_exit_code_and_is_told_first(desk: Workspace) -> None:
    add_waiver(desk)
    done = desk.call("run", "--candidate", "slim")
    assert done.code == 5, done.err
    assert done.out.startswith("waived        slim: model-size\n"), done.out
    assert "waived until 2999-03-31 (owner j.doe, approved by qa-lead: ECO-118)" in done.out
    verdict = desk.report()["verdicts"][0]
    assert (verdict["outcome"], verdict["exit_code"]) == ("waived", 5)
    assert verdict["judged_at"].startswith(str(datetime.now(UTC).year))
    assert desk.call("judge", "--candidate", "slim", "--waived-ok").code == 0

    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    add_waiver(desk, expires=yesterday.isoformat())
    expired = desk.call("judge", "--candidate", "slim", "--waived-ok")
    assert expired.code == 1
    assert f"it expired on {yesterday.isoformat()}" in expired.out


@pytest.mark.parametrize(
    ("changes", "texts"),
    [
        ({"approved_by": "j.doe"}, ["cannot approve it", "name somebody else"]),
        ({"rule": "model-sise"}, ["no rule `model-sise`", "did you mean `model-size`"]),
        ({"rule": "golden"}, ["cannot be waived", "waivable: true"]),
        ({"expires": "2027-02-30"}, ["is no day", "2027-03-31"]),
        ({"max_excess": "5"}, ["is no amount", "1 %"]),
        ({"scope": {"bord": "m4"}}, ["bord", "did you mean `board`"]),
    ],
)
def test_a_wrong_waiver_is_a_policy_error(desk: Workspace, changes: dict[str, Any], texts: list[str]) -> None:
    add_waiver(desk, **changes)
    desk.call("run").complains(2, "gate.yaml", *texts)


def diff(old: Path, new: Path, *options: str) -> Outcome:
    return call([str(TINYHIL), "policy", "diff", str(old), str(new), *options])


def test_a_looser_policy_ends_with_1_and_a_tighter_one_with_0(desk: Workspace) -> None:
    old, new = desk.folder / "gate.yaml", desk.folder / "new.yaml"
    policy = desk.read("gate.yaml")
    policy["rules"][0]["margin"] = "3 %"
    desk.write("new.yaml", policy)
    looser = diff(old, new)
    assert looser.code == 1, looser.err
    assert looser.out == "loosened   rule accuracy: margin: 2 % -> 3 %\n"
    tighter = diff(new, old, "--json")
    assert tighter.code == 0, tighter.err
    assert json.loads(tighter.out)["changes"] == [
        {"change": "tightened", "where": "rule accuracy", "what": "margin: 3 % -> 2 %"}
    ]
    assert diff(old, old).out == "no change\n"


def test_a_policy_that_cannot_be_read_is_a_usage_error(desk: Workspace) -> None:
    old = desk.folder / "gate.yaml"
    diff(old, desk.folder / "gone.yaml").complains(2, "gone.yaml")
    desk.write("new.yaml", {"policy": "p", "rules": []})
    diff(old, desk.folder / "new.yaml").complains(2, "new.yaml", "no rule could stop a release")
    assert call([str(TINYHIL), "policy"]).code == 2
