# SPDX-License-Identifier: Apache-2.0
"""Runs that several test files read; each is made once."""

from __future__ import annotations

import os

import numpy as np
import pytest

from exported import FAIL, FAKE_AGENT, WAKE_WORD, Exported, board, run_campaign, run_wake_word, write_yaml

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"  # read when mlflow is imported, by a test or a child


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """Three models on one board: slim passes, quick fails."""
    return run_wake_word(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="session")
def exported_top_k(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """On two boards, each vector twice, the two largest scores, no latency; a slice has odd names."""
    folder = tmp_path_factory.mktemp("desk_top_k")
    with np.load(WAKE_WORD / "vectors.npz") as file:
        arrays = dict(file)
    names = arrays["slice_accent_names"].tolist()
    arrays["slice_accent_names"] = np.array([b'scots, "broad"\r\n' + name for name in names])
    np.savez(folder / "odd.npz", **arrays)
    changes = {"mode": "throughput", "results": "top-k", "top_k": 2, "repeats": 2, "vectors": "odd.npz"}
    return run_wake_word(folder, ("b1", "b2"), **changes)


@pytest.fixture(scope="session")
def exported_failure(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """Four vectors on the fake engine, whose outputs are known; the third inference of each model fails."""
    folder = tmp_path_factory.mktemp("desk_failure")
    inputs = np.array([[1, 0], [2, 0], [FAIL, 0], [3, 0]], np.uint8).view(np.int8)
    classes = np.array([b"low", b"high"])
    np.savez(folder / "vectors.npz", inputs=inputs, labels=np.array([1, 1, 0, 0]), classes=classes)
    for name, bias in (("old", 0), ("new", 5)):
        (folder / name).write_bytes(b"F" + bytes([0, 2, 0, 2, 0, bias]))
    write_yaml(folder / "bench.yaml", {"bench": "desk", "boards": [board("b1", FAKE_AGENT)]})
    write_yaml(folder / "gate.yaml", {"policy": "p", "rules": [{"id": "faults", "test": "no_faults"}]})
    models = {name: {"file": name} for name in ("old", "new")}
    campaign = {"campaign": "failures", "vectors": "vectors.npz", "models": models, "baseline": "old"}
    more = {"candidates": "new", "bench": "bench.yaml", "gate": "gate.yaml"}
    write_yaml(folder / "campaign.yaml", campaign | more)
    return run_campaign(folder)
