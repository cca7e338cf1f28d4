# SPDX-License-Identifier: Apache-2.0
"""A campaign whose task is no classification, in Python: its right answers, its scores, its table."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from task_test import RULES, WORST_ERROR, desk_of, sensor_vectors
from tinyhil import Campaign, Store, UsageError, export


def test_targets_and_scores_of_a_regression(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, WORST_ERROR, RULES)
    assert desk.call("run").code == 1
    campaign = Campaign(desk.folder / "campaign.yaml")
    vectors, targets = campaign.vectors, sensor_vectors()["targets"]
    assert (vectors.task.kind, vectors.task.has_classes) == ("regression", False)
    assert vectors.task.measure == "closeness (1 - mean error / 2)"
    np.testing.assert_array_equal(vectors.targets, targets)
    assert len(vectors) == len(targets)
    assert not vectors.classes
    assert len(vectors.labels) == 0
    (run,) = Store(desk.store).runs
    for trial in run.trials:
        errors = np.abs(trial.inferences.real.reshape(-1, 1) - targets[trial.inferences.vector]).mean(axis=1)
        expected = np.clip(1 - errors / 2, 0, 1)
        np.testing.assert_allclose(campaign.scores(trial.inferences), expected, atol=1e-5)
    frame = pd.read_parquet(export.parquet(run, tmp_path / "run.parquet", campaign))
    assert not {"label", "predicted", "correct"} & set(frame.columns)
    cards = {card["trial"]["model"]: card["accuracy"]["value"] for card in desk.report()["scorecards"]}
    for model, mean in cards.items():
        chosen = frame[(frame.model == model) & (frame.role != "control")]
        assert chosen.score.mean() == pytest.approx(mean, abs=1e-6)
    bill = json.loads(export.cyclonedx(campaign.judge(desk.store), tmp_path / "bom.json").read_text())
    model_cards = [each["modelCard"] for each in bill["components"] if "modelCard" in each]
    assert {card["modelParameters"]["task"] for card in model_cards} == {"regression"}


def test_a_task_that_does_not_fit_is_a_complaint(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, WORST_ERROR, [{"id": "auc", "test": "auc", "class": "wake", "margin": "2 %"}])
    (complaint,) = Campaign(desk.folder / "campaign.yaml").complaints()
    assert "a regression has none" in complaint
    desk.write("campaign.yaml", desk.read("campaign.yaml") | {"task": {"kind": "regression"}})
    with pytest.raises(UsageError, match="tolerance"):
        Campaign(desk.folder / "campaign.yaml")


def test_inferences_of_other_vectors_have_no_scores(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, WORST_ERROR, RULES)
    desk.call("run")
    (run,) = Store(desk.store).runs
    few = {name: array[:10] if len(array) > 2 else array for name, array in sensor_vectors().items()}
    np.savez(desk.folder / "vectors.npz", allow_pickle=False, **few)
    with pytest.raises(UsageError, match="an inference is of vector 10, and there are 10"):
        Campaign(desk.folder / "campaign.yaml").scores(run.trials[0].inferences)
