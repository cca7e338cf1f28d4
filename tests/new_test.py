# SPDX-License-Identifier: Apache-2.0
"""`tinyhil new`: from data and models to a campaign that runs."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cli import TINYHIL, WAKE_WORD, Outcome, call

MODELS = WAKE_WORD / "models"
COUNT = 300


def new(folder: Path, data: Path, *options: str) -> Outcome:
    models = ["--baseline", str(MODELS / "shipped.tflite"), "--candidate", str(MODELS / "slim.tflite")]
    return call([str(TINYHIL), "new", str(folder), "--from", str(data), *models, *options])


def run(folder: Path, tmp_path: Path) -> tuple[Outcome, dict[str, Any]]:
    places = ["--store", str(tmp_path / "results.db"), "--report", str(tmp_path / "reports")]
    done = call([str(TINYHIL), "run", str(folder / "campaign.yaml"), *places])
    report: dict[str, Any] = json.loads((tmp_path / "reports" / "report.json").read_text())
    return done, report


@pytest.fixture(scope="module")
def vectors() -> dict[str, np.ndarray]:
    with np.load(WAKE_WORD / "vectors.npz") as file:
        return {name: file[name] for name in file.files}


def write_table(file: Path, vectors: dict[str, np.ndarray], **changes: list[str]) -> None:
    """The first vectors in real units, one a line, with quotes where a table has them."""
    real = float(vectors["input_scale"]) * (
        vectors["inputs"][:COUNT].reshape(COUNT, -1).astype(float) - float(vectors["input_zero_point"])
    )
    names = [name.decode() for name in vectors["classes"]]
    accents = [name.decode() for name in vectors["slice_accent_names"]]
    columns = {f"f{i}": [repr(float(value)) for value in real[:, i]] for i in range(real.shape[1])}
    columns["label"] = [names[label] for label in vectors["labels"][:COUNT]]
    columns["group"] = [f"speaker {group}" for group in vectors["group"][:COUNT]]
    columns["slice_accent"] = [accents[code] for code in vectors["slice_accent"][:COUNT]]
    columns |= changes
    with file.open("w", newline="") as table:
        writer = csv.writer(table, quoting=csv.QUOTE_MINIMAL)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


def test_a_table_becomes_a_campaign_that_runs_as_its_vectors_do(
    vectors: dict[str, np.ndarray], tmp_path: Path
) -> None:
    write_table(tmp_path / "data.csv", vectors)
    made = new(tmp_path / "gestures", tmp_path / "data.csv")
    assert made.code == 0, made.err
    assert f"tinyhil run {tmp_path / 'gestures' / 'campaign.yaml'}" in made.out
    done, report = run(tmp_path / "gestures", tmp_path)
    assert done.code in (0, 3), done.err
    assert report["run"]["campaign"] == "gestures"
    for card, model in zip(report["scorecards"], ("shipped", "slim"), strict=True):
        said = vectors[f"golden_{model}"][:COUNT].argmax(axis=1)
        right = int((said == vectors["labels"][:COUNT]).sum())
        assert (card["accuracy"]["successes"], card["accuracy"]["n"]) == (right, COUNT), model
    assert [
        finding["rule"] for finding in report["verdicts"][0]["findings"] if finding["rule"] != "checks"
    ] == [
        "accuracy",
        "worst-slice",
        "no-faults",
    ]


def test_a_vector_file_is_taken_as_it_is(tmp_path: Path) -> None:
    made = new(tmp_path / "words" / "", WAKE_WORD / "vectors.npz")
    assert made.code == 0, made.err
    copy = tmp_path / "words" / "vectors.npz"
    assert copy.read_bytes() == (WAKE_WORD / "vectors.npz").read_bytes()
    assert (tmp_path / "words" / "models" / "slim.tflite").read_bytes() == (
        MODELS / "slim.tflite"
    ).read_bytes()
    done, report = run(tmp_path / "words", tmp_path)
    assert done.code == 0, done.err
    assert report["run"]["campaign"] == "words"


def test_classes_are_in_the_order_that_is_given(vectors: dict[str, np.ndarray], tmp_path: Path) -> None:
    names = ["z_noise", "m_speech", "a_wake"]  # in another order than the alphabet's
    write_table(tmp_path / "data.csv", vectors, label=[names[label] for label in vectors["labels"][:COUNT]])
    made = new(tmp_path / "words", tmp_path / "data.csv", "--classes", ",".join(names))
    assert made.code == 0, made.err
    with np.load(tmp_path / "words" / "vectors.npz") as file:
        assert [name.decode() for name in file["classes"]] == names
        assert file["labels"].tolist() == vectors["labels"][:COUNT].tolist()


def test_what_does_not_fit_is_told_and_leaves_nothing(vectors: dict[str, np.ndarray], tmp_path: Path) -> None:
    folder = tmp_path / "gestures"
    data = tmp_path / "data.csv"
    write_table(data, vectors, more=["1"] * COUNT)
    new(folder, data).complains(2, "the table has 491 features, but the models take 1x49x10x1 int8")
    write_table(data, vectors, f7=["loud"] * COUNT)
    new(folder, data).complains(2, "column `f7` has `loud`", "data.csv:2")
    write_table(data, vectors, label=["yes", "no"] * (COUNT // 2))
    new(folder, data).complains(2, "gives 3 scores, but there are 2 classes")
    write_table(data, vectors)
    new(folder, data, "--classes", "noise,speech,wke").complains(2, "`wake` is none of the classes", "`wke`")
    new(folder, tmp_path / "dta.csv").complains(2, "did you mean `data.csv`?")
    shutil.copy(data, tmp_path / "data.txt")
    new(folder, tmp_path / "data.txt").complains(2, "from a .npz or a .csv file")
    again = ["--candidate", str(MODELS / "shipped.tflite")]
    new(folder, data, *again).complains(2, "two models are called `shipped`")
    assert not folder.exists()


def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "words"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    new(folder, WAKE_WORD / "vectors.npz").complains(2, "something of this name already", str(folder))
    assert [file.name for file in folder.iterdir()] == ["notes.txt"]
