# SPDX-License-Identifier: Apache-2.0
"""Vectors and models are known again by what they hold: a new file is no second chance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from cli import Workspace
from fake_desk import FakeDesk, noise

COUNT = 300
MEASURED = (0, 1, 3)  # whatever the verdict is


def desk_of(folder: Path, **sampling: Any) -> FakeDesk:
    desk = FakeDesk(folder, [], noise(COUNT, size=16))
    save(desk, np.arange(COUNT))
    rules = [{"id": "accuracy", "test": "noninferiority", "margin": "1 %"}]
    desk.write("gate.yaml", {"policy": "second", "rules": rules})
    return desk if not sampling else resample(desk, **sampling)


def resample(desk: FakeDesk, **sampling: Any) -> FakeDesk:
    desk.write("gate.yaml", desk.read("gate.yaml") | {"sampling": sampling})
    return desk


def save(desk: FakeDesk, chosen: Any, **changes: Any) -> None:
    """These of the vectors, by ordinal."""
    labels = np.full(COUNT, 11, np.uint8)
    every = {"inputs": desk.vectors, "labels": labels}
    every |= {f"golden_{name}": desk.golden(name) for name in ("one", "two")} | changes
    arrays = {name: array[chosen] for name, array in every.items()}
    arrays["classes"] = np.array([f"c{i}" for i in range(12)], dtype="S")
    np.savez_compressed(desk.folder / "vectors.npz", **arrays)


def test_who_has_seen_the_whole_set_draws_no_part_of_it(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    assert desk.call("run").code in MEASURED
    assert desk.call("run").code in MEASURED, "the same once more"
    resample(desk, stop="group-sequential", seed=5)
    desk.call("run").complains(2, "run 1 has shown `two`", "by other rules (the whole set at once)")


def test_vectors_that_are_saved_again_are_the_same(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, stop="group-sequential")
    assert desk.call("run").code in MEASURED
    arrays = dict(np.load(tmp_path / "vectors.npz"))
    np.savez(tmp_path / "vectors.npz", **arrays)
    assert desk.call("run").code in MEASURED, "in the same order"
    resample(desk, stop="e-process")
    desk.call("run").complains(2, "run 1 has shown `two` on these vectors by other rules")


@pytest.mark.parametrize("sampling", [{}, {"stop": "group-sequential"}], ids=["plain", "drawn"])
def test_no_vector_that_was_seen_is_left_out(tmp_path: Path, sampling: dict[str, Any]) -> None:
    desk = desk_of(tmp_path, **sampling)
    assert desk.call("run").code in MEASURED
    save(desk, np.arange(1, COUNT))
    desk.call("run").complains(2, "run 1 has shown `two`", "1 more, which are left out", "vectors.npz")
    swapped = np.arange(COUNT)
    swapped[0] = 7
    save(desk, swapped)
    desk.call("run").complains(2, "left out here")


def test_vectors_in_another_order_are_no_other_ones(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, stop="group-sequential", seed=5)
    assert desk.call("run").code in MEASURED
    save(desk, np.arange(COUNT)[::-1])
    desk.call("run").complains(2, "a second order would be a second chance")


def test_more_vectors_are_welcome(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    save(desk, np.arange(200))
    assert desk.call("run").code in MEASURED
    save(desk, np.arange(COUNT))
    assert desk.call("run").code in MEASURED
    resample(desk, stop="group-sequential", seed=5)
    desk.call("run").complains(2, "run 2 has shown `two`")


def test_a_model_that_is_exported_again_is_the_same(tmp_path: Path) -> None:
    desk = Workspace(tmp_path)
    arrays = dict(np.load(tmp_path / "vectors.npz"))
    whole = arrays["labels"].shape
    few = {name: array[:100] if array.shape[:1] == whole else array for name, array in arrays.items()}
    np.savez(tmp_path / "vectors.npz", **few)
    rules = [{"id": "accuracy", "test": "noninferiority", "margin": "1 %"}]
    policy: dict[str, Any] = {"policy": "second", "sampling": {"stop": "group-sequential"}, "rules": rules}
    desk.write("gate.yaml", policy)
    assert desk.call("run", "--candidate", "slim").code in MEASURED
    file = tmp_path / "models" / "slim.tflite"
    before = file.read_bytes()
    file.write_bytes(exported_again(before))
    assert file.read_bytes() != before
    desk.write("gate.yaml", policy | {"sampling": {"stop": "e-process"}})
    desk.call("run", "--candidate", "slim").complains(2, "run 1 has shown `slim` on these vectors")


def exported_again(content: bytes) -> bytes:
    """The same network by another converter: other words, tensors and buffers listed in another order."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    model.description = b"by another converter, with more to say about it"
    graph = model.subgraphs[0]
    last = len(graph.tensors) - 1
    graph.tensors.reverse()
    model.buffers.append(schema.BufferT())
    for tensor in graph.tensors:
        tensor.name = b"renamed " + tensor.name
    for operator in graph.operators:
        operator.inputs = [last - i if i >= 0 else i for i in operator.inputs]
        operator.outputs = [last - i for i in operator.outputs]
    graph.inputs = [last - i for i in graph.inputs]
    graph.outputs = [last - i for i in graph.outputs]
    for signature in model.signatureDefs or []:
        for each in (*signature.inputs, *signature.outputs):
            each.tensorIndex = last - each.tensorIndex
    builder = flatbuffers.Builder(len(content))
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())
