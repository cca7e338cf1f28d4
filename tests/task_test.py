# SPDX-License-Identifier: Apache-2.0
"""A campaign whose task is a regression: a sensor's four channels become one temperature."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tflite_builder import Graph, Operator, Quantised

from cli import Outcome, Workspace, stored_outputs

WEIGHTS = np.array([[1.0, -0.5, 0.25, 0.75]])
SCALE = 0.05  # of inputs, and of the output in degrees
VECTORS = 600
TOLERANCE = {"kind": "regression", "tolerance": 0.3}
WORST_ERROR = {"kind": "regression", "worst_error": 2.0}


def regression(weights: np.ndarray, offset: float = 0.0, outputs: int = 1) -> bytes:
    graph = Graph()
    scale = float(np.abs(weights).max() / 127)
    inputs = graph.tensor((1, 4), quantised=SCALE)
    steps = np.repeat(np.round(weights / scale), outputs, axis=0).astype(np.int8)
    bias = np.full(outputs, round(offset / (scale * SCALE)), np.int32)
    node = Operator(
        "FULLY_CONNECTED",
        inputs,
        graph.constant(steps, scale),
        graph.constant(bias, Quantised(scale * SCALE)),
    )
    output = graph.tensor((1, outputs), quantised=Quantised(2 * SCALE, 5))
    return graph.build([inputs], [graph.node(node, output)])


def sensor_vectors() -> dict[str, np.ndarray]:
    random = np.random.default_rng(5)
    inputs = random.integers(-60, 60, (VECTORS, 4), dtype=np.int8)
    load = (inputs[:, 0] > 0).astype(np.uint8)
    return {
        "inputs": inputs,
        "targets": (SCALE * inputs @ WEIGHTS.T).astype(np.float32),
        "slice_load": load,
        "slice_load_names": np.array([b"idle", b"full"]),
    }


def desk_of(folder: Path, task: dict[str, Any], rules: list[dict[str, Any]]) -> Workspace:
    """Baseline `shipped`, an equal candidate `same`, one that is 0.6 degrees off where the load is full."""
    desk = Workspace(folder)
    np.savez(folder / "vectors.npz", allow_pickle=False, **sensor_vectors())
    models = {"shipped": WEIGHTS, "same": WEIGHTS * 1.01, "drifted": WEIGHTS + np.array([[0.2, 0, 0, 0]])}
    for name, weights in models.items():
        (folder / "models" / f"{name}.tflite").write_bytes(regression(weights))
    campaign = {
        "campaign": "temperature",
        "vectors": "vectors.npz",
        "task": task,
        "models": {name: {"file": f"models/{name}.tflite"} for name in models},
        "baseline": "shipped",
        "candidates": ["same", "drifted"],
        "bench": "bench.yaml",
        "gate": "gate.yaml",
    }
    desk.write("campaign.yaml", campaign)
    desk.write("gate.yaml", {"policy": "p", "rules": rules})
    return desk


RULES: list[dict[str, Any]] = [
    {"id": "accuracy", "test": "noninferiority", "margin": "4 %"},
    {"id": "floor", "test": "accuracy", "at_least": "85 %"},
    {"id": "worst-slice", "test": "worst_slice", "over": ["load"], "margin": "6 %", "min_n": 30},
    {"id": "moved", "test": "score_drift", "max_lsb": 100},
]


def outcomes(desk: Workspace) -> dict[str, str]:
    return {verdict["candidate"]: verdict["outcome"] for verdict in desk.report()["verdicts"]}


@pytest.mark.parametrize("task", [TOLERANCE, WORST_ERROR], ids=["tolerance", "worst_error"])
def test_a_regression_passes_and_fails_for_the_planted_reason(tmp_path: Path, task: dict[str, Any]) -> None:
    desk = desk_of(tmp_path, task, RULES)
    assert desk.call("run").code == 1
    assert outcomes(desk) == {"same": "pass", "drifted": "fail"}
    document = desk.report()
    assert document["vectors"]["task"]["kind"] == "regression"
    drifted = next(verdict for verdict in document["verdicts"] if verdict["candidate"] == "drifted")
    failed = {
        finding["rule"]: finding["reason"] for finding in drifted["findings"] if finding["outcome"] == "fail"
    }
    assert {"accuracy", "worst-slice"} <= failed.keys()
    measure = document["vectors"]["task"]["measure"]
    assert failed["accuracy"].startswith(f"{measure} over all vectors is ")
    page = (desk.reports / "report.html").read_text()
    assert measure.capitalize() in page
    assert 'id="confusion"' not in page


def test_the_scores_are_those_of_the_outputs_in_degrees(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, TOLERANCE, RULES)
    desk.call("run")
    targets = sensor_vectors()["targets"]
    for card in desk.report()["scorecards"]:
        outputs = np.frombuffer(stored_outputs(desk, card["trial"]["model"]), np.int8)
        degrees = 2 * SCALE * (outputs[:, None].astype(np.float64) - 5)
        assert card["accuracy"]["successes"] == (np.abs(degrees - targets) <= 0.3 + 1e-5).sum()


def test_the_e_process_stops_early_on_scores_between_0_and_1(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, WORST_ERROR, RULES[:1])
    policy = desk.read("gate.yaml") | {"sampling": {"stop": "e-process", "order": "random"}}
    desk.write("gate.yaml", policy)
    done = desk.call("run", "--candidate", "same")
    assert done.code == 0, done.err
    (verdict,) = desk.report()["verdicts"]
    assert desk.report()["scorecards"][0]["drawn"] < VECTORS
    assert "betting e-process" in verdict["findings"][0]["method"]


def refused(desk: Workspace) -> Outcome:
    done = desk.call("run")
    assert desk.stored("SELECT count(*) FROM run") == [(0,)] if desk.store.exists() else True
    return done


def test_what_a_task_cannot_score_is_refused_before_a_board_is_touched(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, TOLERANCE, RULES)
    (desk.folder / "models" / "same.tflite").write_bytes(regression(WEIGHTS, outputs=2))
    refused(desk).complains(2, "gives 2 numbers, but a vector has 1 targets")


def test_rules_that_need_classes_are_refused_before_a_board_is_touched(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, TOLERANCE, [{"id": "auc", "test": "auc", "class": "wake", "margin": "2 %"}])
    refused(desk).complains(2, "it goes by classes, and a regression has none")


def test_a_misspelt_task_names_the_nearest(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, {"kind": "regresion", "tolerance": 1}, RULES)
    refused(desk).complains(2, "regression", "campaign.yaml:")


def test_top_k_is_refused(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, TOLERANCE, RULES)
    desk.write("campaign.yaml", desk.read("campaign.yaml") | {"results": "top-k", "top_k": 1})
    refused(desk).complains(2, "the largest elements of an output do not tell how well a regression is done")
