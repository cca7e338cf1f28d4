# SPDX-License-Identifier: Apache-2.0
"""Runs that several test files read; each is made once."""

from __future__ import annotations

import os

import numpy as np
import pytest

from desk import FAIL, FAKE_AGENT, WAKE_WORD, fake_model, vectors, write_bench, write_yaml
from exported import Exported, run_campaign, run_wake_word

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
    classes = np.array([b"low", b"high"])
    np.savez(
        folder / "vectors.npz", inputs=vectors(1, 2, FAIL, 3), labels=np.array([1, 1, 0, 0]), classes=classes
    )
    (folder / "old").write_bytes(fake_model())
    (folder / "new").write_bytes(fake_model(bias=5))
    write_bench(folder, "b1", agent=FAKE_AGENT)
    write_yaml(folder / "gate.yaml", {"policy": "p", "rules": [{"id": "faults", "test": "no_faults"}]})
    models = {name: {"file": name} for name in ("old", "new")}
    campaign = {"campaign": "failures", "vectors": "vectors.npz", "models": models, "baseline": "old"}
    more = {"candidates": "new", "bench": "bench.yaml", "gate": "gate.yaml"}
    return run_campaign(write_yaml(folder / "campaign.yaml", campaign | more))
