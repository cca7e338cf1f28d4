# SPDX-License-Identifier: Apache-2.0
"""Campaigns that draw their vectors in an order and end as soon as the evidence suffices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bundles import bundle, verify
from fake_desk import FakeDesk, noise, stored_rows

VECTORS = 2000
NOT_WORSE = "alike"  # both are right but for 4 % of the vectors, which are not the same ones
WORSE = "worse"  # `one` is always right, `two` is not on 9 %

ACCURACY = {"id": "accuracy", "test": "noninferiority", "margin": "0.5 %"}
AUC = {"id": "auc", "test": "auc", "class": "c11", "margin": "1 %"}
FAULT_RATE = {"id": "rate", "test": "no_faults", "rate_upper_bound": "0.1 %"}
FEW_VECTORS = {"one_answer": "off", "lost_class": "off"}  # 19 of 20 vectors are of one class
FIRST = {"order": "disagreement-first", "claim": "this-set"}

METHODS: list[dict[str, Any]] = [
    {"stop": "e-process"},
    {"stop": "e-process", "order": "stratified"},
    {"stop": "e-process", "claim": "this-set"},
    {"stop": "sprt", "discordance": "9 %"},
    {"stop": "group-sequential"},
]


def desk_of(folder: Path, truth: str = NOT_WORSE, **sampling: Any) -> FakeDesk:
    folder.mkdir(exist_ok=True)
    desk = FakeDesk(folder, [], noise(VECTORS, size=16))
    labels = desk.golden("one").argmax(axis=1) if truth == WORSE else np.full(VECTORS, 11)
    arrays = dict(np.load(folder / "vectors.npz"))
    np.savez(folder / "vectors.npz", **arrays | {"labels": labels.astype(np.uint8)})
    margin = "2 %" if truth == WORSE else "6 %"
    rules = [{"id": "accuracy", "test": "noninferiority", "margin": margin}]
    desk.write("gate.yaml", {"policy": "early", "sampling": sampling, "rules": rules, "checks": FEW_VECTORS})
    return desk


def foreseen(folder: Path, truth: str) -> FakeDesk:
    """The host foresees 165 differences in 2,000 vectors; the labels say who is right on them."""
    folder.mkdir(exist_ok=True)
    desk = FakeDesk(folder, [], noise(VECTORS, size=16))
    arrays = dict(np.load(folder / "vectors.npz"))
    labels = arrays["golden_one"].argmax(axis=1)
    differ = np.flatnonzero(labels != arrays["golden_two"].argmax(axis=1))
    if truth == NOT_WORSE:
        labels[differ[::2]] = arrays["golden_two"].argmax(axis=1)[differ[::2]]
    np.savez(folder / "vectors.npz", **arrays | {"labels": labels.astype(np.uint8)})
    rules = [{"id": "accuracy", "test": "noninferiority", "margin": "2 %"}]
    desk.write("gate.yaml", {"policy": "early", "sampling": FIRST, "rules": rules})
    return desk


def resample(desk: FakeDesk, **sampling: Any) -> None:
    desk.write("gate.yaml", desk.read("gate.yaml") | {"sampling": sampling})


def undecided(folder: Path, **sampling: Any) -> FakeDesk:
    """Both models are right on the same vectors. In whatever order they come, some hundred of them
    cannot show the small margin, and all of them can."""
    desk = desk_of(folder, **sampling)
    arrays = dict(np.load(folder / "vectors.npz"))
    one, two = (arrays[f"golden_{name}"].argmax(axis=1) for name in ("one", "two"))
    labels = np.where(one == two, one, (np.minimum(one, two) + 1) % 11)  # where they differ, neither
    np.savez(folder / "vectors.npz", **arrays | {"labels": labels.astype(np.uint8)})
    desk.write(
        "gate.yaml", desk.read("gate.yaml") | {"rules": [ACCURACY], "checks": FEW_VECTORS | {"chance": "off"}}
    )
    return desk


def add_candidate(desk: FakeDesk) -> None:
    (desk.folder / "three.bin").write_bytes((desk.folder / "two.bin").read_bytes() + b"\0")
    models = desk.read("campaign.yaml")["models"] | {"three": {"file": "three.bin"}}
    desk.change(models=models, candidates=["two", "three"])


def runs(desk: FakeDesk) -> int:
    return int(desk.stored("SELECT COUNT(*) FROM run")[0][0])


def drawn(desk: FakeDesk) -> int:
    """How many vectors the last run's trials say they drew; both the same."""
    query = """SELECT model_name, drawn FROM trial_end JOIN trial ON trial.id = trial_end.trial
               WHERE run = (SELECT MAX(run) FROM trial) AND role IS NULL ORDER BY trial_end.id"""
    by_model = dict(desk.stored(query))
    assert by_model["one"] == by_model["two"]
    return int(by_model["one"] or VECTORS)


@pytest.mark.parametrize("sampling", METHODS, ids=lambda each: "-".join(map(str, each.values())))
@pytest.mark.parametrize(("truth", "code", "outcome"), [(NOT_WORSE, 0, "pass"), (WORSE, 1, "fail")])
def test_a_campaign_ends_when_the_evidence_suffices(
    tmp_path: Path, sampling: dict[str, Any], truth: str, code: int, outcome: str
) -> None:
    desk = desk_of(tmp_path, truth, **sampling, seed=7)  # a rule that may err in 5 % of all orders, would
    done = desk.call("run")
    assert done.code == code, done.out + done.err
    count = drawn(desk)
    assert 64 <= count < VECTORS
    rows = stored_rows(desk)
    vectors = {vector for _, vector, _ in rows.found}
    assert (len(rows.found), len(vectors), rows.twice) == (2 * count, count, 0)
    assert max(vectors) > VECTORS / 2, "not the beginning of the file"
    assert f"{count} of {VECTORS} vectors" in done.out
    scorecard = desk.report()["scorecards"][1]
    assert (scorecard["drawn"], scorecard["accuracy"]["n"]) == (count, count)
    again = desk.call("judge")
    assert (again.code, desk.report()["verdicts"][0]["outcome"]) == (code, outcome)


@pytest.mark.parametrize(("truth", "code", "outcome"), [(NOT_WORSE, 0, "pass"), (WORSE, 1, "fail")])
def test_what_the_host_foresees_is_run_first(tmp_path: Path, truth: str, code: int, outcome: str) -> None:
    desk = foreseen(tmp_path, truth)
    done = desk.call("run")
    assert done.code == code, done.out + done.err
    outputs = np.load(tmp_path / "vectors.npz")
    tops = [outputs[f"golden_{name}"].argmax(axis=1) for name in ("one", "two")]
    differ = set(np.flatnonzero(tops[0] != tops[1]).tolist())
    vectors = {vector for _, vector, _ in stored_rows(desk).found}
    assert differ <= vectors
    assert len(differ) + 16 <= drawn(desk) == len(vectors) < len(differ) + 250
    verdict = desk.report()["verdicts"][0]
    assert verdict["outcome"] == outcome
    columns = "draw_order, stop, claim, chosen, host_outputs"
    by = desk.stored(f"SELECT {columns} FROM run_sampling")[0]
    assert by == ("disagreement-first", "e-process", "this-set", len(differ), "golden_one\ngolden_two")
    assert f"{len(differ)} first by golden_one golden_two" in desk.report()["run"]["sampling"]
    done = verify(bundle(desk, tmp_path / "evidence.tar"), "--allow-unsigned")
    assert done.code == 0, done.out + done.err


def test_no_other_rule_reads_a_chosen_beginning(tmp_path: Path) -> None:
    desk = foreseen(tmp_path, NOT_WORSE)
    rules = [{"id": "accuracy", "test": "noninferiority", "margin": "2 %"}]
    rules.append({"id": "auc", "test": "auc", "class": "c11", "margin": "90 %"})
    changed = {"rules": rules, "checks": {"limits": "off"}}  # a margin that nothing could break
    desk.write("gate.yaml", desk.read("gate.yaml") | changed)
    resample(desk, **FIRST, max_vectors=400)
    assert desk.call("run").code == 3
    findings = {each["rule"]: each for each in desk.report()["verdicts"][0]["findings"]}
    assert findings["accuracy"]["outcome"] == "pass"
    assert findings["auc"]["outcome"] == "inconclusive"
    assert "no random sample" in findings["auc"]["reason"]
    (tmp_path / "whole").mkdir()
    whole = foreseen(tmp_path / "whole", NOT_WORSE)
    whole.write("gate.yaml", whole.read("gate.yaml") | changed)
    assert whole.call("run").code in (0, 1)
    assert drawn(whole) == VECTORS


def test_disagreement_first_needs_the_hosts_outputs_of_every_model(tmp_path: Path) -> None:
    desk = foreseen(tmp_path, NOT_WORSE)
    resample(desk, order="disagreement-first")
    desk.call("run").complains(2, "say something about this set only", "write `claim: this-set`")
    resample(desk, **FIRST)
    models = desk.read("campaign.yaml")["models"]
    desk.change(models=models | {"two": {"file": "two.bin"}})
    desk.call("run").complains(2, "`models: two` has no `golden`", "campaign.yaml", "golden: golden_two")


def test_the_same_campaign_draws_the_same_vectors_again(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, stop="e-process")
    assert desk.call("run").code == 0
    first = stored_rows(desk).found
    assert desk.call("run").code == 0
    assert stored_rows(desk).found == first


def test_nobody_knows_an_order_before_its_models_are_stored(tmp_path: Path) -> None:
    seeds = set()
    for name in ("a", "b"):
        desk = desk_of(tmp_path / name, stop="e-process")
        assert desk.call("run").code == 0
        seeds.add(desk.report()["run"]["order_seed"])
        assert desk.report()["run"]["seed_origin"] == "drawn"
    assert len(seeds) == 2, "equal campaigns in two stores"


def test_a_seed_of_the_policy_is_shown_as_chosen(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, stop="e-process", seed=7)
    assert desk.call("run").code == 0
    run = desk.report()["run"]
    assert (run["order_seed"], run["seed_origin"]) == ("7", "chosen")


def test_a_campaign_that_ran_out_of_time_goes_on_where_it_was(tmp_path: Path) -> None:
    desk = undecided(tmp_path, stop="e-process", max_device_time="1 us")
    done = desk.call("run")
    assert done.code == 3, done.out + done.err
    assert "go on with --resume" in done.err
    few = stored_rows(desk)
    assert drawn(desk) == 64
    resample(desk, stop="sprt", discordance="9 %")
    desk.call("run", "--resume").complains(2, "run 1 was looked at by other rules")
    assert stored_rows(desk).found == few.found
    resample(desk, stop="e-process", max_device_time="1 h")
    done = desk.call("run", "--resume")
    assert done.code == 0
    assert "begins" not in done.err
    more = stored_rows(desk)
    assert desk.stored("SELECT COUNT(*) FROM run") == [(1,)]
    assert more.twice == 0
    assert few.found.items() <= more.found.items()
    assert len(more.found) == 2 * drawn(desk) > len(few.found)


def test_vectors_are_not_drawn_beyond_the_most(tmp_path: Path) -> None:
    desk = undecided(tmp_path, stop="e-process", max_vectors=100)
    assert desk.call("run").code == 3
    assert drawn(desk) == 100


def test_the_control_is_stored_and_told(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, stop="e-process")
    done = desk.call("run")
    assert desk.stored(
        "SELECT model_name, drawn FROM trial JOIN trial_end ON trial = trial.id WHERE role = 'control'"
    ) == [("one", 64)]
    assert "A/A control: 64 vectors" in desk.report()["verdicts"][0]["control"], done.out


def test_a_run_is_judged_as_it_was_looked_at(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, stop="e-process")
    assert desk.call("run").code == 0
    resample(desk, stop="group-sequential")
    desk.call("judge").complains(2, "run 1 was looked at by other rules: order random, stop e-process")


def test_an_order_that_was_seen_is_not_for_other_models(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, stop="e-process", seed=7)
    assert desk.call("run").code == 0
    (tmp_path / "two.bin").write_bytes((tmp_path / "one.bin").read_bytes() + b"\0")
    desk.call("run").complains(2, "run 1 has shown the order of seed 7", "remove `seed`")
    resample(desk, stop="e-process")
    assert desk.call("run").code in (0, 1), "an order of its own"


def test_the_same_models_get_no_second_order(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, stop="e-process", seed=7)
    assert desk.call("run").code == 0
    resample(desk, stop="e-process", seed=8)
    desk.call("run").complains(2, "drew by seed 7", "a second chance")
    resample(desk, stop="e-process", seed=7)
    assert desk.call("run").code == 0


OTHERWISE: list[dict[str, Any]] = [
    {"stop": "group-sequential", "max_vectors": 600},
    {"stop": "sprt", "discordance": "9 %", "max_vectors": 600},
    {"stop": "e-process", "max_vectors": 600},
    {"stop": "e-process", "claim": "this-set"},
    {"stop": "never", "max_vectors": 600},
    {"stop": "never", "order": "recorded", "max_vectors": 600},
]


@pytest.mark.parametrize("sampling", OTHERWISE, ids=lambda each: "-".join(map(str, each.values())))
def test_who_has_seen_an_order_looks_by_no_other_rule(tmp_path: Path, sampling: dict[str, Any]) -> None:
    desk = undecided(tmp_path, stop="group-sequential", seed=7, max_vectors=300)
    assert desk.call("run").code == 3
    resample(desk, **sampling, seed=7)
    looked = "by other rules (order random, stop group-sequential"
    desk.call("run").complains(2, f"run 1 has shown `two` on these vectors {looked}", "second chance")
    assert runs(desk) == 1
    resample(desk, stop="group-sequential", max_vectors=300, seed=7)
    assert desk.call("run").code == 3, "the same once more"
    assert runs(desk) == 2


def test_nor_by_one_look_at_the_whole_set(tmp_path: Path) -> None:
    desk = undecided(tmp_path, stop="e-process", max_vectors=300)
    assert desk.call("run").code == 3
    policy = desk.read("gate.yaml")
    del policy["sampling"]
    desk.write("gate.yaml", policy)
    desk.call("run").complains(2, "run 1 has shown `two`", "give it the `sampling` that it had")


@pytest.mark.parametrize("claim", ["unseen", "this-set"])
def test_an_e_process_alone_goes_on_to_more_vectors(tmp_path: Path, claim: str) -> None:
    desk = undecided(tmp_path, stop="e-process", claim=claim, max_vectors=300)
    assert desk.call("run").code == 3
    first = stored_rows(desk).found
    resample(desk, stop="e-process", claim=claim, max_vectors=400, max_device_time="1 h")
    assert desk.call("run").code == 3
    assert drawn(desk) == 400
    assert first.items() <= stored_rows(desk).found.items(), "in the same order"
    resample(desk, stop="e-process", claim=claim, max_vectors=300)
    desk.call("run").complains(2, "run 2 has shown `two`", "max_vectors 400")
    resample(desk, stop="e-process", claim=claim, min_vectors=100)
    desk.call("run").complains(2, "run 1 has shown `two`")
    resample(desk, stop="e-process", claim=claim)
    assert desk.call("run").code in (0, 1, 3)
    assert runs(desk) == 3


@pytest.mark.parametrize("rule", [AUC, FAULT_RATE], ids=lambda each: each["id"])
def test_an_e_process_beside_rules_that_share_alpha_does_not(tmp_path: Path, rule: dict[str, Any]) -> None:
    desk = undecided(tmp_path, stop="e-process", max_vectors=300)
    desk.write("gate.yaml", desk.read("gate.yaml") | {"rules": [ACCURACY, rule]})
    assert desk.call("run").code in (1, 3)
    resample(desk, stop="e-process", max_vectors=400)
    desk.call("run").complains(2, "run 1 has shown `two`", "all rules hold at any time")


def test_disagreements_first_go_on_to_more_vectors_and_are_drawn_in_no_other_order(tmp_path: Path) -> None:
    desk = foreseen(tmp_path, NOT_WORSE)
    desk.write("gate.yaml", desk.read("gate.yaml") | {"rules": [ACCURACY | {"margin": "2 %"}, AUC]})
    resample(desk, **FIRST, max_vectors=190)
    assert desk.call("run").code == 3
    resample(desk, stop="e-process", claim="this-set", max_vectors=400)
    desk.call("run").complains(2, "run 1 has shown `two`", "first by golden_one golden_two")
    resample(desk, **FIRST, max_vectors=400)
    assert desk.call("run").code == 3
    assert drawn(desk) == 400


def test_a_candidate_alone_gets_no_second_chance(tmp_path: Path) -> None:
    desk = undecided(tmp_path, stop="e-process", max_vectors=300)
    add_candidate(desk)
    assert desk.call("run").code == 3
    both = stored_rows(desk).found
    assert desk.call("run", "--candidate", "two").code == 3
    assert stored_rows(desk).found.items() <= both.items(), "in the order that it has had"
    resample(desk, stop="sprt", discordance="9 %")
    desk.call("run", "--candidate", "three").complains(2, "run 1 has shown `three`")
    assert runs(desk) == 2


def test_a_candidate_alone_draws_the_same_vectors_by_a_named_seed(tmp_path: Path) -> None:
    desk = undecided(tmp_path, stop="group-sequential", seed=7, max_vectors=300)
    add_candidate(desk)
    assert desk.call("run").code == 3
    both = stored_rows(desk).found
    assert desk.call("run", "--candidate", "two").code == 3
    assert stored_rows(desk).found.items() <= both.items()
    resample(desk, stop="e-process", seed=7)
    desk.call("run", "--candidate", "two").complains(2, "run 1 has shown `two`")


def test_what_a_candidate_has_shown_counts_in_a_larger_campaign(tmp_path: Path) -> None:
    desk = undecided(tmp_path, stop="group-sequential", max_vectors=100)
    assert desk.call("run").code == 3
    add_candidate(desk)
    resample(desk, stop="e-process")
    desk.call("run").complains(2, "run 1 has shown `two`")
    assert desk.call("run", "--candidate", "three").code in (0, 1, 3), "nobody has seen that one"
    resample(desk, stop="group-sequential", max_vectors=100)
    desk.call("run").complains(2, "run 2 has shown `three`")


def test_who_ran_once_may_not_name_a_seed(tmp_path: Path) -> None:
    desk = undecided(tmp_path, stop="e-process", max_vectors=300)
    assert desk.call("run").code == 3
    resample(desk, stop="e-process", max_vectors=300, seed=8)
    desk.call("run").complains(2, "a second order would be a second chance", "remove `seed`")


def test_a_model_against_itself_is_run_as_often_as_you_like(tmp_path: Path) -> None:
    desk = undecided(tmp_path, stop="e-process", max_vectors=300)
    (tmp_path / "two.bin").write_bytes((tmp_path / "one.bin").read_bytes())
    desk.write(
        "gate.yaml", desk.read("gate.yaml") | {"checks": FEW_VECTORS | {"same_model": "off", "chance": "off"}}
    )
    first = desk.call("run")
    assert first.code in (0, 3), first.err
    resample(desk, stop="sprt", discordance="9 %", max_vectors=300)
    assert desk.call("run").code in (0, 3)


def test_resume_says_when_it_begins_anew(tmp_path: Path) -> None:
    desk = undecided(tmp_path, stop="e-process", max_vectors=300)
    assert "--resume: the store has no run of `fake`; a new one begins" in desk.call("run", "--resume").err
    done = desk.call("run", "--resume")
    assert done.code == 3
    assert "--resume: run 1 has ended; a new one begins\n" in done.err
    desk.change(repeats=2)
    assert "the campaign file was another one in run 2; a new one begins" in desk.call("run", "--resume").err
    assert "--resume" not in desk.call("run").err


def test_the_evidence_of_a_run_that_ended_early_replays(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, WORSE, stop="e-process", order="stratified")
    assert desk.call("run").code == 1
    tar = bundle(desk, tmp_path / "evidence.tar")
    done = verify(tar, "--allow-unsigned")
    assert done.code == 0, done.out + done.err
