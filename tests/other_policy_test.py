# SPDX-License-Identifier: Apache-2.0
"""Results judged by another policy than they were measured under say so wherever they are told."""

from __future__ import annotations

import hashlib
import html
import json
from pathlib import Path

import pytest

from bundles import bundle, unpack, verify
from cli import Outcome
from fake_desk import FakeDesk, noise


class Desk:
    """A run that failed by its own policy, judged by a looser one."""

    def __init__(self, folder: Path) -> None:
        self.desk = FakeDesk(folder, [], noise(60, size=16))
        strict = self.policy("6 B")
        assert self.desk.call("run").code == 1
        assert "policy  " not in self.desk.call("judge").out
        self.own = strict
        self.other = self.policy("1 MiB")
        self.judged = self.desk.call("judge")

    def policy(self, limit: str) -> str:
        rule = {"id": "size", "test": "memory", "metric": "model_size", "limit": limit}
        self.desk.write("gate.yaml", {"policy": "size", "rules": [rule]})
        return hashlib.sha256((self.desk.folder / "gate.yaml").read_bytes()).hexdigest()

    def report(self, name: str) -> str:
        return (self.desk.reports / name).read_text()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("other"))


def test_the_console_and_every_report_name_both(made: Desk) -> None:
    assert made.judged.code == 0
    assert f"policy        {made.other}, not the run's own, {made.own}" in made.judged.out
    sentence = f"Judged by policy {made.other[:12]}, not by the run's own, {made.own[:12]}."
    assert sentence in made.report("summary.md")
    assert f"policy `{made.other[:12]}`" in made.report("summary.md")
    assert sentence in html.unescape(made.report("report.html"))
    assert f'name="policy.digest" value="{made.other}"' in made.report("junit.xml")
    assert f'name="policy.digest_of_run" value="{made.own}"' in made.report("junit.xml")
    document = json.loads(made.report("report.json"))
    assert document["judged_by"] == {"policy_digest": made.other, "is_policy_of_run": False}
    assert document["run"]["policy_digest"] == made.own


def test_a_bundle_names_both(made: Desk, tmp_path: Path) -> None:
    files = unpack(bundle(made.desk, tmp_path / "e.tar"))
    predicate = json.loads(files["detail.json"])["predicate"]
    assert predicate["judged_by"] == {"policy_digest": made.other, "is_policy_of_run": False}
    assert predicate["run"]["policy_digest"] == made.own


def wanted(tar: Path, policy: str, *options: str) -> Outcome:
    return verify(tar, "--allow-unsigned", "--require-pass", "--policy", policy, *options)


def test_verify_takes_the_verdict_of_the_policy_asked_for_alone(made: Desk, tmp_path: Path) -> None:
    tar = bundle(made.desk, tmp_path / "e.tar")
    assert wanted(tar, made.other).code == 0
    assert wanted(tar, str(made.desk.folder / "gate.yaml")).code == 0
    done = wanted(tar, made.own)
    assert done.code == 1
    assert f"NOT ACCEPTED  judged by another policy than the one asked for, {made.own}" in done.out
    assert f"{made.other}, not the run's own, {made.own}" in done.out
    document = json.loads(wanted(tar, made.own, "--json").out)
    assert (document["genuine"], document["policy_accepted"]) == (True, False)
    assert document["policy_digest"] == made.other
    assert wanted(tar, "no-such-gate.yaml").code == 2
