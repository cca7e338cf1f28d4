# SPDX-License-Identifier: Apache-2.0
"""Faults planted into stored results: does the gate bite?"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from cli import Workspace, call
from fake_desk import FakeDesk, noise

CAUGHT_BY_RULES = {
    "lost_accuracy": "accuracy",
    "worse_slice": "slices",
    "frozen_outputs": "golden",
    "one_lsb": "golden",
    "baseline_as_candidate": "golden",
    "slow": "latency",
    "large": "size",
    "outlived_crash": "no-faults",
}
CAUGHT_BY_THE_GATE = ["candidate_as_baseline", "crash", "missing_row", "loosened_policy"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> FakeDesk:
    """The candidate and the baseline are wrong as often, each on a few vectors of its own."""
    folder = tmp_path_factory.mktemp("prove")
    desk = FakeDesk(folder, [], noise(300, size=16))
    arrays = dict(np.load(folder / "vectors.npz"))
    labels, other = arrays["golden_one"].argmax(axis=1), arrays["golden_two"].argmax(axis=1)
    differ = np.flatnonzero(labels != other)
    labels[differ[::2]] = other[differ[::2]]
    rooms = {"slice_room": np.arange(300) % 2, "slice_room_names": np.array(["hall", "hut"], dtype="S")}
    np.savez(folder / "vectors.npz", **arrays | rooms | {"labels": labels.astype(np.uint8)})
    rules = [
        {"id": "accuracy", "test": "noninferiority", "margin": "10 %"},
        {"id": "slices", "test": "worst_slice", "over": ["room"], "margin": "15 %"},
        {"id": "golden", "test": "golden"},
        {"id": "latency", "test": "latency_quantile", "quantile": 0.5, "limit": "2 s"},
        {"id": "size", "test": "memory", "metric": "model_size", "limit": "1 KiB"},
        {"id": "no-faults", "test": "no_faults"},
    ]
    desk.write("gate.yaml", {"policy": "release", "rules": rules})
    done = desk.call("run")
    assert done.code == 0, done.out + done.err
    return desk


def prove(desk: Workspace) -> dict[str, Any]:
    done = call([*desk.command("prove")[:3], "--store", str(desk.store), "--json"])
    document: dict[str, Any] = json.loads(done.out)
    missed = [each["fault"] for each in document["faults"] if each["result"] == "missed"]
    assert document["sound"] is (missed == [])
    assert done.code == (1 if missed else 0), "a fault that a rule is made for and misses"
    return document


def by_fault(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["fault"]: each for each in document["faults"]}


def test_every_planted_fault_is_caught_by_the_rule_that_is_made_for_it(desk: FakeDesk) -> None:
    before = desk.store.read_bytes()
    document = prove(desk)
    faults = by_fault(document)
    for fault, rule in CAUGHT_BY_RULES.items():
        assert faults[fault]["result"] == "caught", faults[fault]
        assert faults[fault]["rules"][rule] == "caught", faults[fault]
    for fault in CAUGHT_BY_THE_GATE:
        assert faults[fault]["result"] == "caught", faults[fault]
    assert faults["permuted_labels"]["result"] == "caught"
    assert faults["permuted_labels"]["caught_by"] == ["checks: chance"]
    assert faults["permuted_labels"]["made_for"] == ["accuracy", "slices"]
    assert (document["candidate"], document["idle_rules"]) == ("two", [])
    assert desk.store.read_bytes() == before, "the store is only read"


def test_a_fault_that_no_rule_is_made_for_and_a_rule_that_catches_nothing_are_named(desk: FakeDesk) -> None:
    policy = desk.read("gate.yaml")
    rules = [rule for rule in policy["rules"] if rule["id"] in ("accuracy", "size")]
    rules[1]["severity"] = "minor"
    desk.write("gate.yaml", policy | {"rules": rules})
    try:
        document = prove(desk)
    finally:
        desk.write("gate.yaml", policy)
    faults = by_fault(document)
    assert faults["one_lsb"]["result"] == "not applicable"
    assert "made to catch it" in faults["one_lsb"]["why"]
    assert faults["large"]["result"] == "not applicable", "a minor rule stops nothing"
    assert document["idle_rules"] == ["size"]
    assert faults["frozen_outputs"]["made_for"] == ["accuracy"]


def test_the_table_names_rules_and_faults(desk: FakeDesk) -> None:
    done = call([*desk.command("prove")[:3], "--store", str(desk.store)])
    assert "  c  golden\n" in done.out
    assert "caught          ..x...  one element of one output off by one step\n" in done.out
    assert "the device crashed for good, by the gate itself\n" in done.out
