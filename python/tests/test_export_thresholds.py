# SPDX-License-Identifier: Apache-2.0
"""MLflow's validation thresholds as rules: those that map judge, those that do not are refused by name."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from mlflow.models import MetricThreshold

from desk import BINARY
from exported import Exported
from tinyhil import Campaign, UsageError
from tinyhil.export.mlflow import import_thresholds

THRESHOLDS: dict[str, dict[str, Any]] = {
    "accuracy_score": {"threshold": 0.9, "greater_is_better": True},
    "arena_used_bytes": {"threshold": 5000, "greater_is_better": False},
    "latency_emulated/p99_ms": {"threshold": 20.5, "greater_is_better": False},
}


def test_thresholds_become_rules_with_units() -> None:
    assert import_thresholds(THRESHOLDS) == [
        {"id": "accuracy_score", "test": "accuracy", "at_least": "90 %"},
        {"id": "arena_used_bytes", "test": "memory", "metric": "arena_used", "limit": "5000 B"},
        {"id": "latency_emulated/p99_ms", "test": "latency_quantile", "quantile": 0.99, "limit": "20.5 ms"},
    ]


def test_mlflows_own_objects_and_their_json_give_the_same_rules(tmp_path: Path) -> None:
    objects = {name: MetricThreshold(**arguments) for name, arguments in THRESHOLDS.items()}
    (tmp_path / "thresholds.json").write_text(json.dumps(THRESHOLDS))
    assert import_thresholds(objects) == import_thresholds(tmp_path / "thresholds.json")


def test_tinyhil_takes_the_rules_for_a_policy(tmp_path: Path) -> None:
    policy = tmp_path / "gate.yaml"
    policy.write_text(yaml.safe_dump({"policy": "from-mlflow", "rules": import_thresholds(THRESHOLDS)}))
    command = [str(each) for each in (BINARY / "bin" / "tinyhil", "policy", "diff", policy, policy)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("threshold", "outcome"), [(0.9, "pass"), (0.96, "inconclusive"), (0.98, "fail")]
)  # 1214 of 1264 right: 96.0 %
def test_accuracy_is_judged_by_what_the_evidence_shows(
    exported: Exported, tmp_path: Path, threshold: float, outcome: str
) -> None:
    rules = import_thresholds({"accuracy_score": {"threshold": threshold, "greater_is_better": True}})
    (tmp_path / "gate.yaml").write_text(yaml.safe_dump({"policy": "from-mlflow", "rules": rules}))
    campaign = yaml.safe_load(exported.campaign.file.read_text())
    campaign |= {"bench": str(exported.campaign.file.parent / "bench.yaml"), "candidates": "slim"}
    (tmp_path / "campaign.yaml").write_text(yaml.safe_dump(campaign))
    report = Campaign(tmp_path / "campaign.yaml").judge(exported.store)
    assert report.verdict("slim").outcome == outcome


@pytest.mark.parametrize(
    ("metric", "arguments", "why"),
    [
        ("f1_score", {"threshold": 0.9, "greater_is_better": True}, "no rule of the gate is about it"),
        (
            "accuracy",
            {"min_absolute_change": 0.01, "greater_is_better": True},
            "min_absolute_change asks for",
        ),
        ("accuracy", {"threshold": 0.5, "min_relative_change": 0.1, "greater_is_better": True}, "lets more"),
        ("accuracy", {"threshold": 0.9, "greater_is_better": False}, "greater_is_better must be true"),
        ("accuracy", {"threshold": 0.9}, "greater_is_better must be true"),
        ("accuracy", {"threshold": 1.0, "greater_is_better": True}, "between 0 and 1"),
        ("accuracy", {"greater_is_better": True}, "threshold must be a number"),
        ("accuracy", {"threshold": True, "greater_is_better": True}, "threshold must be a number"),
        ("accuracy", {"treshold": 0.9, "greater_is_better": True}, "unknown key treshold"),
        ("arena_used_bytes", {"threshold": -1, "greater_is_better": False}, "below zero"),
        ("latency_real/p0_us", {"threshold": 1, "greater_is_better": False}, "no rule of the gate"),
        ("latency_real/p99_us", {"threshold": float("inf"), "greater_is_better": False}, "must be a number"),
    ],
)
def test_what_has_no_rule_is_refused(metric: str, arguments: dict[str, Any], why: str) -> None:
    with pytest.raises(UsageError, match=why) as raised:
        import_thresholds(THRESHOLDS | {metric: arguments})
    assert f"{metric}: " in raised.value.what


def test_all_that_has_no_rule_is_named_at_once() -> None:
    with pytest.raises(UsageError, match=r"f1_score: .*; log_loss: "):
        import_thresholds(
            {name: {"threshold": 1, "greater_is_better": True} for name in ("f1_score", "log_loss")}
        )


@pytest.mark.parametrize("text", ["", "[1]", "{", "{}"])
def test_a_file_without_thresholds_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "thresholds.json").write_text(text)
    with pytest.raises(UsageError) as raised:
        import_thresholds(tmp_path / "thresholds.json")
    assert raised.value.where.endswith("thresholds.json")
