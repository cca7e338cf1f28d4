# SPDX-License-Identifier: Apache-2.0
"""Parquet and CSV: what pandas, polars and DuckDB read is what the store holds."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from exported import Exported
from tinyhil import STATUS, BenchFault, Campaign, Trial, UsageError, export
from tinyhil.export import table

Columns = dict[str, list[Any]]
READERS: dict[str, Callable[[Path], Columns]] = {
    "pandas": lambda file: pd.read_parquet(file, dtype_backend="pyarrow").to_dict("list"),
    "polars": lambda file: pl.read_parquet(file).to_dict(as_series=False),
    "duckdb": lambda file: duckdb.read_parquet(str(file)).to_arrow_table().to_pydict(),
}
CSV_READERS: dict[str, Callable[[Path], Columns]] = {
    "pandas": lambda file: pd.read_csv(file, keep_default_na=False, na_values=[""]).to_dict("list"),
    "polars": lambda file: pl.read_csv(file, infer_schema_length=None).to_dict(as_series=False),
    "duckdb": lambda file: duckdb.read_csv(str(file)).to_arrow_table().to_pydict(),
}


@pytest.fixture(scope="module")
def files(exported: Exported, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    export.parquet(exported.run, folder / "run.parquet", exported.campaign)
    export.csv(exported.run, folder / "run.csv", exported.campaign)
    return folder


def of_trial(columns: Columns, trial: Trial, name: str) -> list[Any]:
    mine = [place for place, number in enumerate(columns["trial"]) if number == trial.record.id]
    return [columns[name][place] for place in mine]


def assert_equal_to_the_store(columns: Columns, exported: Exported) -> None:
    """All that a trial knows of its rows, but its outputs."""
    assert len(columns["run"]) == sum(len(trial.inferences) for trial in exported.run.trials)
    for trial in exported.run.trials:
        rows = trial.inferences
        for name, stored in (("vector", rows.vector), ("repeat", rows.repeat), ("clock_ticks", rows.clock)):
            np.testing.assert_array_equal(of_trial(columns, trial, name), stored)
        np.testing.assert_array_equal(of_trial(columns, trial, "latency_us"), rows.latency_us)
        assert of_trial(columns, trial, "status") == [STATUS[each] for each in rows.status]
        assert set(of_trial(columns, trial, "model")) == {trial.model}
        assert set(of_trial(columns, trial, "model_sha256")) == {trial.record.model_sha256}
        assert set(of_trial(columns, trial, "image_sha256")) == {trial.board.image_sha256}
        assert set(of_trial(columns, trial, "provenance")) == {"process"}
        assert set(of_trial(columns, trial, "trial_state")) == {"complete"}


@pytest.mark.parametrize("reader", READERS)
def test_parquet_reads_back_as_the_store_has_it(files: Path, exported: Exported, reader: str) -> None:
    columns = READERS[reader](files / "run.parquet")
    assert_equal_to_the_store(columns, exported)
    for trial in exported.run.trials:
        outputs = np.array([list(each) for each in of_trial(columns, trial, "outputs")], np.int8)
        np.testing.assert_array_equal(outputs, trial.inferences.raw)


@pytest.mark.parametrize("reader", CSV_READERS)
def test_csv_reads_back_as_the_store_has_it(files: Path, exported: Exported, reader: str) -> None:
    columns = CSV_READERS[reader](files / "run.csv")
    assert_equal_to_the_store(columns, exported)
    for trial in exported.run.trials:
        outputs = np.array([of_trial(columns, trial, f"out_{i}") for i in range(3)]).T
        np.testing.assert_array_equal(outputs, trial.inferences.raw)


def test_accuracy_by_model_and_slice_is_the_reports(files: Path, exported: Exported) -> None:
    frame = pd.read_parquet(files / "run.parquet")
    for card in exported.report.document["scorecards"]:
        mine = frame[(frame.model == card["trial"]["model"]) & (frame.role != "control")]
        assert mine.correct.sum() == card["accuracy"]["successes"]
        for part in card["slices"]:
            chosen = mine[mine[f"slice_{part['slice']}"] == part["value"]]
            assert (chosen.correct.sum(), len(chosen)) == (
                part["accuracy"]["successes"],
                part["accuracy"]["n"],
            )


def test_roles_are_told_with_the_campaign_and_without_it_only_the_control(
    files: Path, exported: Exported, tmp_path: Path
) -> None:
    bare = pd.read_parquet(export.parquet(exported.run, tmp_path / "bare.parquet"))
    full = pd.read_parquet(files / "run.parquet")
    assert dict(full.groupby("model").role.unique().map(sorted)) == {
        "quick": ["candidate"],
        "shipped": ["baseline", "control"],
        "slim": ["candidate"],
    }
    assert bare.role.dropna().unique().tolist() == ["control"]
    assert not {"label", "predicted", "correct", "slice_accent"} & set(bare.columns)


def test_throughput_has_ticks_but_no_latency(exported_top_k: Exported, tmp_path: Path) -> None:
    frame = pd.read_parquet(export.parquet(exported_top_k.run, tmp_path / "run.parquet"))
    assert frame.latency_us.isna().all()
    assert (frame.clock_ticks > 0).all()
    assert set(frame.board) == {"b1", "b2"}


def test_of_a_top_k_run_elements_come_with_their_index(exported_top_k: Exported, tmp_path: Path) -> None:
    run, campaign = exported_top_k.run, exported_top_k.campaign
    full = pq.read_table(export.parquet(run, tmp_path / "run.parquet", campaign))
    flat = pl.read_csv(export.csv(run, tmp_path / "run.csv", campaign))
    stored = np.concatenate([trial.inferences.raw for trial in run.trials])
    np.testing.assert_array_equal(full["output_index"].to_pylist(), stored["index"])
    np.testing.assert_array_equal(full["outputs"].to_pylist(), stored["value"])
    np.testing.assert_array_equal(flat.select("index_0", "index_1").to_numpy(), stored["index"])
    np.testing.assert_array_equal(flat.select("out_0", "out_1").to_numpy(), stored["value"])


def test_csv_quotes_what_would_break_a_line(exported_top_k: Exported, tmp_path: Path) -> None:
    file = export.csv(exported_top_k.run, tmp_path / "run.csv", exported_top_k.campaign)
    assert b'"scots, ""broad""\r\nscottish"' in file.read_bytes()
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, strict=True))
    accents = exported_top_k.campaign.vectors.slices["accent"]
    assert [row["slice_accent"] for row in rows] == [
        accents.values[accents.code[int(row["vector"])]] for row in rows
    ]
    assert set(pl.read_csv(file)["slice_accent"]) == set(accents.values)


def test_an_inference_without_an_answer_has_no_output_and_is_wrong(
    exported_failure: Exported, tmp_path: Path
) -> None:
    run, campaign = exported_failure.run, exported_failure.campaign
    rows = pq.read_table(export.parquet(run, tmp_path / "run.parquet", campaign)).to_pylist()
    new = [row for row in rows if row["model"] == "new"]
    assert [row["status"] for row in new] == ["ok", "ok", "invoke failed", "ok"]
    assert [row["outputs"] for row in new] == [[6, 7], [7, 8], None, [8, 9]]
    assert [row["predicted"] for row in new] == ["high", "high", None, "high"]
    assert [row["correct"] for row in new] == [True, True, False, False]
    assert [row["latency_us"] is None for row in new] == [False, False, True, False]
    flat = pl.read_csv(export.csv(run, tmp_path / "run.csv", campaign)).filter(model="new")
    assert flat["out_1"].to_list() == [7, 8, None, 9]
    assert flat["correct"].to_list() == [True, True, False, False]


def test_row_groups_are_bounded_however_large_the_run(
    files: Path, exported: Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "PIECE_ROWS", 500)
    file = pq.ParquetFile(export.parquet(exported.run, tmp_path / "run.parquet", exported.campaign))
    groups = [file.metadata.row_group(i).num_rows for i in range(file.metadata.num_row_groups)]
    assert groups == [500, 500, 264] * 3 + [64]
    assert file.read().equals(pq.read_table(files / "run.parquet"))


def test_columns_say_their_unit_and_the_file_where_it_is_from(files: Path, exported: Exported) -> None:
    schema = pq.read_schema(files / "run.parquet")
    assert schema.field("latency_us").metadata[b"unit"] == b"us"
    assert schema.field("clock_hz").metadata[b"unit"] == b"Hz"
    assert all(field.metadata[b"description"] for field in schema)
    said = json.loads(schema.metadata[b"tinyhil"])
    assert said["vectors_sha256"] == [exported.campaign.vectors.sha256]
    assert [trial["provenance"] for trial in said["trials"]] == ["process"] * 4
    assert said["trials"][0]["image_sha256"] == exported.run.trials[0].board.image_sha256
    assert said["tinyhil"] == exported.report.document["run"]["version"]


def test_a_run_of_another_campaign_is_refused_and_leaves_no_file(
    exported: Exported, exported_top_k: Exported, tmp_path: Path
) -> None:
    for campaign, what in (
        (exported_top_k.campaign, "other vectors"),
        (_renamed(exported, tmp_path), "other quick"),
    ):
        with pytest.raises(UsageError, match=what):
            export.parquet(exported.run, tmp_path / "run.parquet", campaign)
    assert not list(tmp_path.glob("*.parquet*"))


def _renamed(exported: Exported, folder: Path) -> Campaign:
    """A campaign whose `quick` is what the run called `slim`."""
    text = exported.campaign.file.read_text().replace("quick.tflite", "slim.tflite")
    text = text.replace("bench.yaml", str(exported.campaign.file.parent / "bench.yaml"))
    text = text.replace("gate.yaml", str(exported.campaign.file.parent / "gate.yaml"))
    (folder / "campaign.yaml").write_text(text)
    return Campaign(folder / "campaign.yaml")


def test_a_file_that_cannot_be_written_is_a_bench_fault(exported: Exported, tmp_path: Path) -> None:
    for write in (export.parquet, export.csv):
        with pytest.raises(BenchFault, match="cannot be written"):
            write(exported.run, tmp_path / "missing" / "file")


def test_without_the_package_the_error_names_the_extra(
    exported: Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match="pyarrow is not installed") as raised:
        export.parquet(exported.run, tmp_path / "run.parquet")
    assert raised.value.remedy == "pip install 'tinyhil[parquet]'"
