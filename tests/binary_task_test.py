# SPDX-License-Identifier: Apache-2.0
"""A binary task: one sigmoid output, a threshold, and models whose inputs and outputs have unlike scales."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tflite_builder import Graph, Operator, Quantised

from cli import Workspace, stored_outputs

FEATURES, VECTORS = 6, 600
RANDOM = np.random.default_rng(3)
TRUTH = RANDOM.normal(size=(1, FEATURES))
WINDOWS = RANDOM.normal(size=(VECTORS, FEATURES)).astype(np.float32)
LABELS = (WINDOWS @ TRUTH.T > 0).astype(np.uint8)[:, 0]
LOGITS = {"shipped": Quantised(0.10, 7), "same": Quantised(0.12, -3), "worse": Quantised(0.10, 7)}
INPUTS = {"shipped": 0.03, "same": 0.035, "worse": 0.03}
SPOILT = TRUTH * [-1.2, 0, 0, 0, 0, 0]  # it has forgotten a feature


def detector(name: str) -> bytes:
    weights = TRUTH + (SPOILT if name == "worse" else 0)
    graph = Graph()
    scale = float(np.abs(weights).max() / 127)
    inputs = graph.tensor((1, FEATURES), quantised=INPUTS[name])
    node = Operator(
        "FULLY_CONNECTED",
        inputs,
        graph.constant(np.round(weights / scale).astype(np.int8), scale),
        graph.constant(np.zeros(1, np.int32), Quantised(scale * INPUTS[name])),
    )
    return graph.build([inputs], [graph.node(node, graph.tensor((1, 1), quantised=LOGITS[name]))])


RULES: list[dict[str, Any]] = [
    {"id": "accuracy", "test": "noninferiority", "margin": "4 %"},
    {"id": "recall", "test": "accuracy", "at_least": "85 %", "class": "wake"},
    {"id": "auc", "test": "auc", "margin": "3 %", "class": "wake"},
]


def desk_of(folder: Path, threshold: float = 0.0) -> Workspace:
    desk = Workspace(folder)
    arrays: dict[str, np.ndarray] = {
        "inputs": WINDOWS,
        "labels": LABELS,
        "classes": np.array([b"other", b"wake"]),
    }
    np.savez(folder / "vectors.npz", allow_pickle=False, **arrays)
    for name in LOGITS:
        (folder / "models" / f"{name}.tflite").write_bytes(detector(name))
    campaign = {
        "campaign": "wake",
        "vectors": "vectors.npz",
        "task": {"kind": "binary", "threshold": threshold},
        "models": {name: {"file": f"models/{name}.tflite"} for name in LOGITS},
        "baseline": "shipped",
        "candidates": ["same", "worse"],
        "bench": "bench.yaml",
        "gate": "gate.yaml",
    }
    desk.write("campaign.yaml", campaign)
    desk.write("gate.yaml", {"policy": "p", "rules": RULES})
    return desk


def logits(desk: Workspace, name: str) -> np.ndarray:
    steps = np.frombuffer(stored_outputs(desk, name), np.int8).astype(np.float64)
    return np.float32(LOGITS[name].scale) * (steps - LOGITS[name].zero_point)


def area_under_the_curve(scores: np.ndarray) -> float:
    ours, others = scores[LABELS == 1][:, None], scores[LABELS == 0][None, :]
    return float(((ours > others) + 0.5 * (ours == others)).mean())


def test_the_worse_detector_fails_every_rule_and_the_equal_one_passes(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    done = desk.call("run")
    assert done.code == 1, done.err
    document = desk.report()
    found = {
        verdict["candidate"]: {finding["rule"]: finding for finding in verdict["findings"]}
        for verdict in document["verdicts"]
    }
    assert {rule: finding["outcome"] for rule, finding in found["same"].items()} == dict.fromkeys(
        ("accuracy", "recall", "auc"), "pass"
    )
    assert {rule: finding["outcome"] for rule, finding in found["worse"].items()} == dict.fromkeys(
        ("accuracy", "recall", "auc"), "fail"
    )
    for card in document["scorecards"]:
        right = ((logits(desk, card["trial"]["model"]) >= 0) == LABELS).sum()
        assert card["accuracy"]["successes"] == right
    for name in ("same", "worse"):
        assert f"is {area_under_the_curve(logits(desk, name)):.4f} against" in found[name]["auc"]["reason"]


def test_the_threshold_is_one_number_for_models_of_unlike_output_scales(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, threshold=0.45)
    assert desk.call("run").code == 1
    for card in desk.report()["scorecards"]:
        right = ((logits(desk, card["trial"]["model"]) >= 0.45) == LABELS).sum()
        assert card["accuracy"]["successes"] == right


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"kind": "classification"}, "task: {kind: binary, threshold: ...}"),
        ({"kind": "binary"}, "threshold"),
    ],
)
def test_another_task_is_refused_before_a_board_is_touched(
    tmp_path: Path, change: dict[str, str], text: str
) -> None:
    desk = desk_of(tmp_path)
    desk.write("campaign.yaml", desk.read("campaign.yaml") | {"task": change})
    desk.call("run").complains(2, text)
    assert not desk.store.exists()
