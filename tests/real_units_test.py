# SPDX-License-Identifier: Apache-2.0
"""Vectors in the world's units: each model gets them quantised by its own scale, as its firmware would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from tflite_builder import Graph, Operator, Quantised

from cli import Workspace, stored_outputs

CLASSES, FEATURES, VECTORS = 4, 6, 400
SHIPPED = Quantised(0.0460, 35)  # of inputs: a retrained model has another range, so another scale
NEXT = Quantised(0.0192, 9)
RANDOM = np.random.default_rng(11)
TRUTH = RANDOM.normal(size=(CLASSES, FEATURES))
WINDOWS = RANDOM.normal(scale=1.0, size=(VECTORS, FEATURES)).astype(np.float32)
WEIGHTS = {
    "shipped": TRUTH + RANDOM.normal(scale=0.1, size=TRUTH.shape),
    "next": TRUTH + RANDOM.normal(scale=0.5, size=TRUTH.shape),
}
SCALES = {"shipped": SHIPPED, "next": NEXT}


def classifier(weights: np.ndarray, given: Quantised, dtype: str = "int8") -> bytes:
    """One layer; of another `dtype` than int8 with a QUANTIZE before it, as firmware has one."""
    graph = Graph()
    scale = float(np.abs(weights).max() / 127)
    inputs = start = graph.tensor((1, FEATURES), dtype, given if dtype == "int8" else None)
    if dtype != "int8":
        start = graph.node(Operator("QUANTIZE", inputs), graph.tensor((1, FEATURES), "int8", given))
    node = Operator(
        "FULLY_CONNECTED",
        start,
        graph.constant(np.round(weights / scale).astype(np.int8), scale),
        graph.constant(np.zeros(CLASSES, np.int32), Quantised(scale * given.scale)),
    )
    return graph.build([inputs], [graph.node(node, graph.tensor((1, CLASSES), "int8", 0.1))])


def by_litert(model: bytes, windows: np.ndarray) -> np.ndarray:
    interpreter = Interpreter(
        model_content=model, experimental_op_resolver_type=OpResolverType.BUILTIN_REF, num_threads=1
    )
    interpreter.allocate_tensors()
    outputs = []
    for window in windows:
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], window[np.newaxis])
        interpreter.invoke()
        outputs.append(interpreter.get_tensor(interpreter.get_output_details()[0]["index"])[0].copy())
    return np.array(outputs)


def vectors_of(inputs: np.ndarray) -> dict[str, np.ndarray]:
    labels = np.argmax(WINDOWS @ TRUTH.T, axis=1).astype(np.uint8)
    return {"inputs": inputs, "labels": labels, "classes": np.array([b"sit", b"walk", b"run", b"fall"])}


def as_integers(real: np.ndarray, scale: Quantised) -> np.ndarray:
    return np.clip(np.round(real / scale.scale) + scale.zero_point, -128, 127).astype(np.int8)


RULES: list[dict[str, Any]] = [{"id": "accuracy", "test": "noninferiority", "margin": "5 %"}]


def desk_of(folder: Path, arrays: dict[str, np.ndarray], scales: dict[str, Quantised]) -> Workspace:
    desk = Workspace(folder)
    np.savez(folder / "vectors.npz", allow_pickle=False, **arrays)
    for name, scale in scales.items():
        (folder / "models" / f"{name}.tflite").write_bytes(classifier(WEIGHTS[name], scale))
    campaign = {
        "campaign": "activity",
        "vectors": "vectors.npz",
        "models": {name: {"file": f"models/{name}.tflite"} for name in scales},
        "baseline": "shipped",
        "candidates": ["next"],
        "bench": "bench.yaml",
        "gate": "gate.yaml",
    }
    desk.write("campaign.yaml", campaign)
    desk.write("gate.yaml", {"policy": "p", "rules": RULES})
    return desk


def assert_outputs_are_those_of_firmware(desk: Workspace, scales: dict[str, Quantised]) -> None:
    for name, scale in scales.items():
        expected = by_litert(classifier(WEIGHTS[name], scale, "float32"), WINDOWS)
        assert stored_outputs(desk, name) == expected.tobytes(), name


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--vector-slots", "1", "--vector-slot-size", "512"],
        ["--vector-slots", "3", "--vector-slot-size", "64"],
    ],
    ids=["roomy", "one-slot", "small-slots"],
)
def test_each_model_is_judged_on_the_same_windows_by_its_own_scale(
    tmp_path: Path, options: list[str]
) -> None:
    desk = desk_of(tmp_path, vectors_of(WINDOWS), SCALES)
    desk.write_bench([str(desk.read("bench.yaml")["boards"][0]["link"]["command"][0]), *options])
    done = desk.call("run")
    assert done.code == 1, done.err
    assert_outputs_are_those_of_firmware(desk, SCALES)
    labels = vectors_of(WINDOWS)["labels"]
    right = {
        name: int((by_litert(classifier(WEIGHTS[name], scale, "float32"), WINDOWS).argmax(1) == labels).sum())
        for name, scale in SCALES.items()
    }
    assert right["shipped"] > 0.85 * VECTORS > right["next"] > 0.6 * VECTORS, "the case is what it is to show"
    for card in desk.report()["scorecards"]:
        assert card["accuracy"]["successes"] == right[card["trial"]["model"]]


def test_models_of_one_scale_share_the_vectors_on_the_board(tmp_path: Path) -> None:
    scales = {"shipped": SHIPPED, "next": SHIPPED}
    desk = desk_of(tmp_path, vectors_of(WINDOWS), scales)
    assert desk.call("run").code == 1
    assert_outputs_are_those_of_firmware(desk, scales)


def test_integers_of_one_models_scale_are_refused_where_the_models_differ(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, vectors_of(as_integers(WINDOWS, SHIPPED)), SCALES)
    text = "the models read the same bytes as other numbers"
    desk.call("run").complains(2, text, "save the vectors as float32, in the units")
    assert not desk.store.exists()
    told = vectors_of(as_integers(WINDOWS, SHIPPED)) | {
        "input_scale": np.float32(SHIPPED.scale),
        "input_zero_point": np.int32(SHIPPED.zero_point),
    }
    np.savez(desk.folder / "vectors.npz", allow_pickle=False, **told)
    desk.call("run").complains(2, "model `next` expects 0.019200, 9", "save the vectors as float32")


def test_integers_that_tell_what_they_stand_for_are_encoded_for_each_model(tmp_path: Path) -> None:
    scale = np.float32(1 / 4096)
    samples = np.clip(np.round(WINDOWS / scale), -32768, 32767).astype(np.int16)
    desk = desk_of(tmp_path, vectors_of(samples) | {"input_scale": np.array(scale)}, SCALES)
    done = desk.call("run")
    assert done.code == 1, done.err
    for name, own in SCALES.items():
        expected = by_litert(classifier(WEIGHTS[name], own, "float32"), samples.astype(np.float32) * scale)
        assert stored_outputs(desk, name) == expected.tobytes(), name


def test_integers_of_another_type_that_tell_nothing_are_refused(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, vectors_of((WINDOWS * 4096).astype(np.int16)), SCALES)
    desk.call("run").complains(
        2, "the vectors are 1x6 int16, model `shipped` takes 1x6 int8", "`input_scale`"
    )


def test_what_is_not_finite_is_refused_before_a_board_is_touched(tmp_path: Path) -> None:
    windows = WINDOWS.copy()
    windows[7, 2] = np.nan
    desk = desk_of(tmp_path, vectors_of(windows), SCALES)
    desk.call("run").complains(2, "element 2 of vector 7 in `inputs` is not finite", "vectors.npz")
    assert not desk.store.exists()
