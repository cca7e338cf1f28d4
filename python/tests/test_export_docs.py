# SPDX-License-Identifier: Apache-2.0
"""The Python of docs/mlops.md, run as it stands there."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from desk import SOURCE
from exported import Exported
from mlflow_server import mlflow_reads

PAGE = SOURCE / "docs" / "mlops.md"


@mlflow_reads
def test_the_page_does_what_it_says(
    exported: Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("campaign.yaml", "gate.yaml", "bench.yaml"):
        shutil.copy(exported.campaign.file.parent / name, tmp_path)
    (tmp_path / "results").mkdir()
    monkeypatch.chdir(tmp_path)
    with (
        closing(sqlite3.connect(exported.store)) as store,
        closing(sqlite3.connect("results/tinyhil.db")) as copy,
    ):
        store.backup(copy)
    session: dict[str, Any] = {}
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), session)
    assert_three_ways_agree(session, exported)
    assert len(session["pairs"]) == 2
    for model, lost, gained in session["pairs"]:
        reason = exported.report.verdict(model).finding("accuracy").reason
        assert f"{lost} lost, {gained} gained" in reason
    assert session["version"] == "1"
    assert [rule["test"] for rule in session["rules"]] == ["accuracy", "latency_quantile", "memory"]
    assert json.loads((tmp_path / "vectors.json").read_text())["version"] == "1.0.0"
    assert (tmp_path / "bom.json").exists()


def assert_three_ways_agree(session: dict[str, Any], exported: Exported) -> None:
    """pandas, polars and DuckDB have the report's accuracy of each model and accent."""
    pandas = session["by_pandas"].to_dict()
    polars = {row["slice_accent"]: row for row in session["by_polars"].to_dicts()}
    duckdb = {row["slice_accent"]: row for row in session["by_duckdb"].to_dict("records")}
    accents = [("slim", part) for part in exported.report.scorecard("slim")["slices"]]
    accents += [("quick", part) for part in exported.report.scorecard("quick")["slices"]]
    for model, part in accents:
        if part["slice"] == "accent":
            share, value = part["accuracy"]["value"], part["value"]
            assert pandas[model][value] == polars[value][model] == duckdb[value][model] == share
