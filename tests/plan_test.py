# SPDX-License-Identifier: Apache-2.0
"""Planning a campaign and simulating a policy, without any board."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli import TINYHIL, WAKE_WORD_VECTORS, Outcome, Workspace, call


@pytest.fixture
def desk(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def look_early(desk: Workspace) -> None:
    policy = desk.folder / "gate.yaml"
    policy.write_text("sampling: {stop: e-process}\n" + policy.read_text())


def ask(desk: Workspace, verb: str, *options: str) -> Outcome:
    campaign = str(desk.folder / "campaign.yaml")
    return call([str(TINYHIL), verb, campaign, "--store", str(desk.store), *options])


def answer(desk: Workspace, verb: str, *options: str) -> dict[str, Any]:
    done = ask(desk, verb, "--json", *options)
    assert done.code == 0, done.err
    document: dict[str, Any] = json.loads(done.out)
    return document


def test_a_plan_without_any_run_says_what_it_assumes(desk: Workspace) -> None:
    look_early(desk)
    done = ask(desk, "plan", "--candidate", "slim", "--effect=-0.5%")
    assert done.code == 0, done.err
    assert "assumed: three times the margin of `accuracy`" in done.out
    assert "expected effect -0.50 % (--effect)" in done.out
    assert "assumed, see --per-vector" in done.out
    assert not desk.store.exists()
    plan = answer(desk, "plan", "--per-vector", "30ms", "--discordance", "3%")["candidates"][0]
    assert plan["seconds_per_vector"] == pytest.approx(0.06)
    rule = plan["accuracy"][0]
    assert rule["most_vectors"] == WAKE_WORD_VECTORS
    assert (
        rule["no_difference"]["expected_vectors"] < rule["at_margin"]["expected_vectors"] <= WAKE_WORD_VECTORS
    )
    assert rule["at_effect"] is None


def test_a_plan_estimates_the_line_and_warns_of_few_slots(desk: Workspace) -> None:
    roomy = answer(desk, "plan", "--candidate", "slim")["line"]
    assert (roomy["baud"], roomy["vector_passes"], roomy["model_pushes"]) == (115200, 1, 2)
    small = ["--model-slots", "1", "--vector-slots", "1", "--vector-slot-size", "1024"]
    line = answer(desk, "plan", "--candidate", "slim", "--baud", "921600", *small)["line"]
    assert line["vector_passes"] == 2
    assert roomy["bytes_to_device"] * 1.5 < line["bytes_to_device"] < roomy["bytes_to_device"] * 3
    assert line["seconds"] == pytest.approx((line["bytes_to_device"] + line["bytes_to_host"]) / 92160)
    text = ask(desk, "plan", "--candidate", "slim", *small).out
    assert "at 115200 baud (assumed, see --baud)" in text
    assert "the vectors are sent 2 times; 2 model slots would make it" in text


def test_a_plan_takes_the_rate_of_the_benchs_board_and_tells_a_mistake_in_its_link(desk: Workspace) -> None:
    link = {"driver": "serial", "port": "/dev/ttyNONE"}
    board = {"name": "b1", "provenance": "real"}
    desk.write("campaign.yaml", desk.read("campaign.yaml") | {"bench": "bench.yaml"})
    desk.write("bench.yaml", {"bench": "desk", "boards": [board | {"link": link | {"baud": 9600}}]})
    line = answer(desk, "plan", "--candidate", "slim")["line"]
    assert (line["baud"], line["baud_from"]) == (9600, "the bench's board b1")
    desk.write("bench.yaml", {"bench": "desk", "boards": [board | {"link": link | {"buad": 9600}}]})
    ask(desk, "plan", "--candidate", "slim", "--baud", "9600").complains(2, "bench.yaml:", "`baud`")


def test_a_plan_after_a_run_takes_what_was_measured(desk: Workspace) -> None:
    assert desk.call("run", "--candidate", "slim").code in (0, 1, 3)
    plan = answer(desk, "plan", "--candidate", "slim")["candidates"][0]
    assert plan["discordance_from"] == "run 1"
    assert plan["effect_from"] == "run 1"
    assert plan["accuracy"][0]["at_effect"]["difference"] == plan["effect"]
    curve = answer(desk, "simulate", "--candidate", "slim", "--from-run", "1", "--runs", "200")
    rows = curve["candidates"][0]["rules"][0]["rows"]
    assert [row["truth"] for row in rows][-1] == "run 1"


def test_a_simulated_policy_keeps_its_promise_at_the_margin(desk: Workspace) -> None:
    look_early(desk)
    options = ["--candidate", "slim", "--discordance", "3%", "--runs", "2000", "--seed", "7"]
    document = answer(desk, "simulate", *options)
    for rule in document["candidates"][0]["rules"]:
        false_pass = rule["false_pass"]["sequential"]
        assert false_pass["share"] <= false_pass["alpha"]
        assert false_pass["low"] <= false_pass["share"] <= false_pass["high"]
    assert answer(desk, "simulate", *options) == document
    text = ask(desk, "simulate", *options).out
    assert "false pass at the margin, e-process" in text
    assert "false pass at the margin, e-process, losses only" in text
    assert "not simulated, so nothing is said of their errors: " in text
    assert document["left_out"]


def test_a_policy_that_errs_too_often_has_an_exit_code(desk: Workspace) -> None:
    policy = desk.read("gate.yaml") | {"alpha": "5 %", "sampling": {"stop": "sprt", "discordance": "4 %"}}
    desk.write("gate.yaml", policy | {"rules": [policy["rules"][0]]})
    options = ["--candidate", "slim", "--discordance", "6%", "--runs", "2000"]
    told_too_little = ask(desk, "simulate", *options)
    assert (told_too_little.code, "EXCEEDED" in told_too_little.out) == (1, True), told_too_little.out
    assert "the SPRT is told too few disagreements: raise `discordance`" in told_too_little.out
    assert ask(desk, "simulate", *options[:3], "4%", *options[4:]).code == 0


@pytest.mark.parametrize(
    ("verb", "options", "texts"),
    [
        ("plan", ["--effect", "5"], ["`5` is no difference", "--effect"]),
        ("plan", ["--effect=-200%"], ["no difference"]),
        ("plan", ["--per-vector", "20"], ["`20` is no duration", "20ms"]),
        ("plan", ["--discordance", "0%"], ["no share above 0 %"]),
        ("simulate", ["--discordance", "101%"], ["no share above 0 %"]),
        ("simulate", ["--from-run", "3"], ["results.db"]),
        ("plan", ["--candidate", "slimm"], ["did you mean `slim`"]),
    ],
)
def test_a_mistake_says_what_is_wrong(
    desk: Workspace, verb: str, options: list[str], texts: list[str]
) -> None:
    ask(desk, verb, *options).complains(2, *texts)


def test_a_slice_that_is_not_there_names_the_nearest(desk: Workspace) -> None:
    policy = desk.read("gate.yaml")
    next(rule for rule in policy["rules"] if rule["test"] == "worst_slice")["over"] = ["acent"]
    desk.write("gate.yaml", policy)
    ask(desk, "plan").complains(2, "acent", "did you mean `accent`")


@pytest.mark.parametrize("runs", ["0", "-1", "10000000"])
def test_a_number_of_runs_out_of_range_is_a_usage_error(desk: Workspace, runs: str) -> None:
    assert ask(desk, "simulate", "--runs", runs).code == 2
