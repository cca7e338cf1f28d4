# SPDX-License-Identifier: Apache-2.0
"""Mistakes known before the first inference: exit 2, nothing stored, no report touched; `plan` agrees."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import struct
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from cli import WAKE_WORD_VECTORS, Workspace
from mistakes_test import rewrite_vectors


@pytest.fixture
def desk(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def refused(desk: Workspace, *texts: str, verbs: tuple[str, ...] = ("run", "plan")) -> None:
    """By `run` and `plan` alike, and nothing is left behind."""
    desk.reports.mkdir()
    report = desk.reports / "report.html"
    report.write_text("of an earlier run")
    desk.call("run").complains(2, *texts)
    if "plan" in verbs:
        places = [str(desk.folder / "campaign.yaml"), "--store", str(desk.store)]
        desk.call_plain("plan", *places).complains(2, *texts)
    assert report.read_text() == "of an earlier run"
    assert not desk.store.exists() or desk.stored("SELECT count(*) FROM run") == [(0,)]


def add_rule(desk: Workspace, **rule: Any) -> None:
    policy = desk.read("gate.yaml")
    policy["rules"].append({"id": "new", **rule})
    desk.write("gate.yaml", policy)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ({"test": "worst_slice", "over": ["sex", "acent"], "margin": "6 %"}, "did you mean `accent`?"),
        ({"test": "auc", "class": "wakee", "margin": "1 %"}, "no class `wakee`"),
        ({"test": "accuracy", "class": "wakee", "at_least": "90 %"}, "no class `wakee`"),
        ({"test": "stress", "scenario": "far", "margin": "5 %"}, "no slice `scenario`"),
        ({"test": "flakiness", "k": 3, "at_least": "90 %"}, "cannot be seen in 1 repeats"),
        ({"test": "memory", "metric": "stack_free", "at_least": "256 B"}, "no agent reports"),
        ({"test": "energy", "margin": "3 %"}, "current meter"),
        ({"test": "noninferiority", "margin": "99.9 %"}, "cannot fail"),
        ({"test": "disparity", "metric": "accuracy", "over": "accent", "limit": "99 %"}, "cannot fail"),
    ],
)
def test_a_rule_that_the_campaign_cannot_serve(desk: Workspace, rule: dict[str, Any], text: str) -> None:
    add_rule(desk, **rule)
    refused(desk, "rule `new`", text, "gate.yaml")


def test_a_latency_that_would_be_a_hang_is_no_limit(desk: Workspace) -> None:
    desk.write("campaign.yaml", desk.read("campaign.yaml") | {"inference_timeout": "10 s"})
    add_rule(desk, test="latency_quantile", quantile=0.99, limit="1 h")
    refused(desk, "rule `new`", "`inference_timeout`, 10000 ms, is a hang", "gate.yaml")


def test_several_mistakes_are_told_together(desk: Workspace) -> None:
    add_rule(desk, test="worst_slice", over="acent", margin="99 %")
    rewrite_vectors(desk, classes=np.array(["a", "b", "c", "d"], "S"))
    refused(
        desk, "mistakes, found before any board was touched", "no slice `acent`", "cannot fail", "4 classes"
    )


def test_the_number_of_classes(desk: Workspace) -> None:
    rewrite_vectors(desk, classes=np.array(["a", "b", "c", "d"], "S"))
    refused(desk, "gives 3 scores, but there are 4 classes", "vectors.npz")


def test_one_class_makes_every_answer_right(desk: Workspace) -> None:
    rewrite_vectors(desk, classes=np.array(["value"], "S"), labels=np.zeros(WAKE_WORD_VECTORS, np.int32))
    refused(desk, "every answer is right")


def test_golden_outputs_of_another_type_or_size(desk: Workspace) -> None:
    rewrite_vectors(
        desk,
        golden_slim=np.zeros((WAKE_WORD_VECTORS, 3), np.float32),
        golden_quick=np.zeros((WAKE_WORD_VECTORS, 4), np.int8),
    )
    refused(
        desk, "`golden_slim` has 3 elements of float32", "`golden_quick` has 4 elements of int8", "1x3 int8"
    )


def test_a_golden_rule_without_golden_outputs(desk: Workspace) -> None:
    campaign = desk.read("campaign.yaml")
    del campaign["models"]["slim"]["golden"]
    desk.write("campaign.yaml", campaign)
    refused(desk, "rule `golden`", "candidate `slim` names no golden outputs")


def test_flash_size_of_a_board_without_an_image(desk: Workspace) -> None:
    add_rule(desk, test="memory", metric="flash_size", limit="512 KiB")
    bench = desk.read("bench.yaml")
    del bench["boards"][0]["image"]
    desk.write("bench.yaml", bench)
    refused(desk, "no `image` for board `b1`")


@pytest.mark.parametrize("scope", [{"board": "b9"}, {"candidate": "slimm"}])
def test_a_waiver_for_what_does_not_exist(desk: Workspace, scope: dict[str, str]) -> None:
    policy = desk.read("gate.yaml")
    waiver = {"rule": "accuracy", "scope": scope, "reason": "known", "owner": "a", "approved_by": "b"}
    policy["waivers"] = [waiver | {"expires": "2099-01-01", "max_excess": ["1 %"]}]
    desk.write("gate.yaml", policy)
    refused(desk, "a waiver of rule `accuracy`", "which does not exist")


def test_a_candidate_that_is_the_baseline_again(desk: Workspace) -> None:
    shutil.copy(desk.folder / "models" / "shipped.tflite", desk.folder / "models" / "slim.tflite")
    refused(
        desk, "candidate `slim` is the baseline `shipped` again", "their files are equal", "same_model: warn"
    )


def test_a_candidate_that_is_the_baseline_under_another_description(desk: Workspace) -> None:
    content = (desk.folder / "models" / "shipped.tflite").read_bytes()
    assert b"MLIR Converted." in content
    (desk.folder / "models" / "slim.tflite").write_bytes(content.replace(b"MLIR", b"mlir"))
    refused(desk, "their graphs and weights are equal")


def test_models_that_read_the_same_bytes_differently(desk: Workspace) -> None:
    content = (desk.folder / "models" / "slim.tflite").read_bytes()
    with np.load(desk.folder / "vectors.npz") as vectors:
        scale = vectors["input_scale"].astype(np.float32)
        without = {name: vectors[name] for name in vectors.files if not name.startswith("input_")}
    assert scale.tobytes() in content
    other = np.float32(scale * 2).tobytes()
    (desk.folder / "models" / "slim.tflite").write_bytes(content.replace(scale.tobytes(), other))
    np.savez(desk.folder / "vectors.npz", allow_pickle=False, **without)
    refused(desk, "the models read the same bytes as other numbers", "float32", "input_scale: warn")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"import tensorflow as tf\n", "does not say TFL3"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "Git LFS pointer"),
    ],
)
def test_a_candidate_that_is_no_model(desk: Workspace, content: bytes, text: str) -> None:
    (desk.folder / "models" / "slim.tflite").write_bytes(content)
    refused(desk, text, "models/slim.tflite")


def test_a_truncated_model(desk: Workspace) -> None:
    model = desk.folder / "models" / "slim.tflite"
    model.write_bytes(model.read_bytes()[:5000])
    refused(desk, "no valid .tflite file", "cut short", "models/slim.tflite")


def with_sine(model: bytes) -> bytes:
    """Its SOFTMAX made a SIN."""
    tree = schema.ModelT.InitFromObj(schema.Model.GetRootAs(model, 0))
    for code in tree.operatorCodes:
        if code.builtinCode == schema.BuiltinOperator.SOFTMAX:
            code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.SIN
    builder = flatbuffers.Builder(len(model))
    builder.Finish(tree.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def test_an_operator_that_the_boards_engine_lacks(desk: Workspace) -> None:
    model = desk.folder / "models" / "slim.tflite"
    model.write_bytes(with_sine(model.read_bytes()))
    desk.call("run").complains(
        2, "engine `reference` cannot run it", "model `slim`: operator SIN (node ", "`SOFTMAX`"
    )
    assert desk.stored("SELECT count(*) FROM run") == [(0,)]
    note = desk.call_plain("plan", str(desk.folder / "campaign.yaml"), "--store", str(desk.store))
    assert note.code == 0
    assert "boards with the reference engine will refuse it" in note.err


def test_an_absurd_error_level(desk: Workspace) -> None:
    policy = desk.read("gate.yaml")
    policy["alpha"] = "0.000000000000000001 %"
    desk.write("gate.yaml", policy)
    refused(desk, "so small an error level", "0.0001 % or more", "gate.yaml:2")


def test_the_policy_may_mean_it(desk: Workspace) -> None:
    policy = desk.read("gate.yaml")
    policy["rules"] = [{"id": "accuracy", "test": "noninferiority", "margin": "99 %"}]
    policy["checks"] = {"limits": "warn"}
    desk.write("gate.yaml", policy)
    done = desk.call("run", "--candidate", "slim")
    assert done.code == 0, done.err
    assert "warning: rule `accuracy`: `margin: 99 %` cannot fail" in done.err
    assert "warning: checks: limits: rule `accuracy`: `margin: 99 %` cannot fail" in done.out
    for name in ("summary.md", "report.html", "report.json"):
        assert "cannot fail" in (desk.reports / name).read_text(), name


def test_labels_in_another_order_are_no_verdict(desk: Workspace) -> None:
    with np.load(desk.folder / "vectors.npz") as vectors:
        labels = (vectors["labels"].astype(np.int32) + 1) % 3
    rewrite_vectors(desk, labels=labels)
    done = desk.call("run", "--candidate", "slim")
    assert done.code == 2, done.out
    assert "the labels seem to be in another order" in done.out
    assert desk.report()["verdicts"][0]["exit_code"] == 2


def test_a_run_that_no_board_could_begin_is_not_there(desk: Workspace) -> None:
    desk.write_bench(["sh", "-c", "exit 7"])
    assert desk.call("run").code == 4
    assert desk.stored("SELECT count(*) FROM run") == [(0,)]
    desk.call("judge").complains(2, "the database has no run of campaign")
    assert not (desk.reports / "report.html").exists()


def first_link(store: sqlite3.Connection, run: int) -> bytes:
    """The digest that begins the chain of a run (docs/evidence.md)."""
    found = store.execute("SELECT * FROM run WHERE id = ?", (run,))
    row = found.fetchone()

    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value.encode())) + value.encode()

    said = text("run")
    for (name, *_), value in zip(found.description, row, strict=True):
        if isinstance(value, int):
            said += text(name) + b"i" + struct.pack("<q", value)
        elif isinstance(value, str):
            said += text(name) + b"t" + text(value)
        elif isinstance(value, bytes):
            said += text(name) + b"b" + struct.pack("<Q", len(value)) + value
    return hashlib.sha256(bytes(32) + said).digest()


def test_a_run_without_results_has_no_verdict(desk: Workspace) -> None:
    """As older versions stored it, when they refused a campaign."""
    assert desk.call("run", "--candidate", "slim").code == 0
    report = (desk.reports / "report.html").read_text()
    with sqlite3.connect(desk.store) as store:
        columns = [row[1] for row in store.execute("PRAGMA table_info(run)") if row[1] != "id"]
        names = ", ".join(columns)
        store.execute(f"INSERT INTO run ({names}) SELECT {names} FROM run")
        link = ("run", first_link(store, 2))
        store.execute("INSERT INTO chain (run, kind, row, digest) VALUES (2, ?, 2, ?)", link)
    for verb in ("judge", "report", "compare"):
        desk.call(verb, "--candidate", "slim").complains(2, "run 2 has no results", "--run")
    assert (desk.reports / "report.html").read_text() == report
    assert desk.call("judge", "--candidate", "slim", "--run", "1").code == 0
