# SPDX-License-Identifier: Apache-2.0
"""A top-k task: an answer is right when the label is among the k largest."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cli import Workspace
from real_units_test import (
    CLASSES,
    SCALES,
    VECTORS,
    WEIGHTS,
    WINDOWS,
    by_litert,
    classifier,
    desk_of,
    vectors_of,
)


def top_two(folder: Path, rules: list[dict[str, str]]) -> Workspace:
    desk = desk_of(folder, vectors_of(WINDOWS), SCALES)
    desk.write("campaign.yaml", desk.read("campaign.yaml") | {"task": {"kind": "top_k", "k": 2}})
    desk.write("gate.yaml", {"policy": "p", "rules": rules})
    return desk


def test_a_label_among_the_two_largest_counts_and_the_worse_model_fails(tmp_path: Path) -> None:
    desk = top_two(tmp_path, [{"id": "accuracy", "test": "noninferiority", "margin": "1 %"}])
    done = desk.call("run")
    assert done.code == 1, done.err
    labels = vectors_of(WINDOWS)["labels"].astype(int)
    document = desk.report()
    assert document["vectors"]["task"]["measure"] == "top-2 accuracy"
    for card in document["scorecards"]:
        name = card["trial"]["model"]
        outputs = by_litert(classifier(WEIGHTS[name], SCALES[name], "float32"), WINDOWS)
        first_two = np.argsort(-outputs.astype(int), axis=1, kind="stable")[:, :2]
        right = (first_two == labels[:, np.newaxis]).any(axis=1).sum()
        assert card["accuracy"]["successes"] == right
        assert right < VECTORS


def test_rules_of_one_class_and_a_k_of_all_classes_are_refused(tmp_path: Path) -> None:
    desk = top_two(tmp_path, [{"id": "auc", "test": "auc", "margin": "2 %", "class": "fall"}])
    desk.call("run").complains(2, "it goes by classes, and a top_k has none")
    desk.write("campaign.yaml", desk.read("campaign.yaml") | {"task": {"kind": "top_k", "k": CLASSES}})
    desk.call("run").complains(2, "has 4 names, so that every answer is among the 4 largest")
    assert not desk.store.exists()
