# SPDX-License-Identifier: Apache-2.0
"""The layer in which the engine departs from LiteRT is named, on the engine that the firmware links."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import random_models
from tflite_builder import Graph, Operator, Quantised

import tinyhil
from desk import AGENT
from engine_board import EngineBoard, RefusedError, Results
from models import ROOT, SCENARIO_MODELS, SHIPPED, pack, unpack, vectors
from tinyhil import tflite
from tinyhil.oracle import golden
from tinyhil.oracle.bisect import LayerDifference, Reading, VanishedError, first_difference
from tinyhil.oracle.cut import cut
from tinyhil.oracle.differences import Array
from tinyhil.oracle.probe import OUTPUT_MAX

Change = Callable[[bytes, int], bytes]


def read(board: EngineBoard) -> Reading:
    return Reading(board, refusals=(RefusedError,))


def weights_of(model: tflite.Model, operator: tflite.Operator) -> list[tflite.Tensor]:
    """The constant int8 inputs of an operator."""
    inputs = [model.tensors[i] for i in operator.inputs if i >= 0]
    return [tensor for tensor in inputs if tensor.constant and tensor.dtype == "int8"]


def weighted(path: Path) -> list[int]:
    model = tflite.read(path)
    return [op.index for op in model.operators if weights_of(model, op)]


WEIGHTED = [(path, index) for path in SCENARIO_MODELS for index in weighted(path)]


def with_other_weights(content: bytes, index: int) -> bytes:
    """The model with the weights of one operator negated."""
    model, tree = tflite.read(content), unpack(content)
    for tensor in weights_of(model, model.operators[index]):
        buffer = tree.buffers[tree.subgraphs[0].tensors[tensor.index].buffer]
        buffer.data = (-np.maximum(np.asarray(buffer.data).view(np.int8), -127)).view(np.uint8)
    return pack(tree)


def with_other_scales(content: bytes, index: int) -> bytes:
    """The model with weights and bias of one operator quantised half as fine."""
    tree = unpack(content)
    graph = tree.subgraphs[0]
    for tensor in graph.operators[index].inputs[1:]:
        quantization = graph.tensors[tensor].quantization
        quantization.scale = [2 * scale for scale in quantization.scale]
    return pack(tree)


def assert_departs(found: LayerDifference, ours: bytes, theirs: bytes, x: Array) -> None:
    """The operator's inputs are equal on both sides for the vectors looked at, and its output is not."""
    model = tflite.read(ours)
    end = golden(ours, x) != golden(theirs, x)
    chosen = x[np.flatnonzero(end.reshape(len(x), -1).any(axis=1))[:8]]
    made = {tensor: op.index for op in model.operators for tensor in op.outputs}
    for tensor in model.operators[found.operator].inputs:
        if tensor in made:
            assert np.array_equal(
                golden(cut(ours, made[tensor]), chosen), golden(cut(theirs, made[tensor]), chosen)
            )
    device, host = (golden(cut(content, found.operator), chosen) for content in (ours, theirs))
    assert (found.differing, found.elements) == (int((device != host).sum()), host.size)
    one = x[found.first.vector][None]
    assert golden(cut(ours, found.operator), one)[0][found.first.index] == found.first.device
    assert golden(cut(theirs, found.operator), one)[0][found.first.index] == found.first.golden
    assert found.first.device != found.first.golden


@pytest.mark.parametrize("path", SCENARIO_MODELS, ids=lambda path: path.stem)
def test_equal_models_have_no_differing_layer(path: Path) -> None:
    board = EngineBoard()
    assert first_difference(board, path, vectors(300)) is None
    assert board.loads == 1


@pytest.mark.parametrize("wrong", [with_other_weights, with_other_scales])
@pytest.mark.parametrize(("path", "index"), WEIGHTED, ids=[f"{p.stem}-{i}" for p, i in WEIGHTED])
def test_the_operator_that_was_changed_is_named(path: Path, index: int, wrong: Change) -> None:
    ours, x, board = path.read_bytes(), vectors(100), EngineBoard()
    theirs = wrong(ours, index)
    found = first_difference(board, path, x, host_model=theirs)
    assert found is not None
    operator = tflite.read(path).operators[index]
    tensor = tflite.read(path).tensors[operator.outputs[0]]
    assert (found.operator, found.name, found.tensor) == (index, operator.name, tensor.name)
    assert found.unread == ()
    assert_departs(found, ours, theirs, x)
    assert board.loads <= 1 + 3 * 5  # the end, and three pieces at most of four or five layers


def branches(scale: float) -> bytes:
    """[left; three steps on the right; their sum]: bisecting meets the right branch first."""
    rng = np.random.default_rng(5)
    graph = Graph()
    start = graph.tensor((1, 16), "int8", 0.05)

    def dense(given: int, weight_scale: float) -> int:
        weights = graph.constant(rng.integers(-127, 128, (16, 16), np.int8), weight_scale)
        bias = graph.constant(rng.integers(-99, 99, 16, np.int32), 0.05 * weight_scale)
        return graph.node(
            Operator("FULLY_CONNECTED", given, weights, bias), graph.tensor((1, 16), "int8", 0.05)
        )

    left = dense(start, scale)
    right = dense(dense(dense(start, 0.004), 0.004), 0.004)
    return graph.build(
        [start], [graph.node(Operator("ADD", left, right), graph.tensor((1, 16), "int8", 0.1))]
    )


def test_a_layer_on_another_branch_than_the_one_halved_is_found_through_the_inputs() -> None:
    x = np.random.default_rng(1).integers(-128, 128, (50, 16), np.int8)
    ours, theirs = branches(0.004), branches(0.006)
    found = first_difference(EngineBoard(), ours, x, host_model=theirs)
    assert found is not None
    assert (found.operator, found.name) == (0, "FULLY_CONNECTED")
    assert_departs(found, ours, theirs, x)


def test_in_random_networks_with_several_wrong_layers_the_one_named_departs_from_equal_inputs() -> None:
    named = 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        ours = theirs = random_models.network(seed)
        model = tflite.read(ours)
        candidates = [op.index for op in model.operators if weights_of(model, op)]
        for index in rng.choice(candidates, min(2, len(candidates)), replace=False) if candidates else ():
            theirs = with_other_weights(theirs, int(index))
        x = rng.integers(-128, 128, (20, *model.inputs[0].shape[1:]), np.int8)
        found = first_difference(EngineBoard(), ours, x, host_model=theirs)
        if found is None:
            assert np.array_equal(golden(ours, x), golden(theirs, x))
            continue
        assert_departs(found, ours, theirs, x)
        named += 1
    assert named > 40


def test_layers_that_the_board_has_no_memory_for_are_named_beside_the_first_that_it_could_read() -> None:
    # The model itself needs 8,624 bytes of arena; to read ADD in pieces takes 9,248.
    theirs = with_other_weights(SHIPPED.read_bytes(), 4)
    found = first_difference(read(EngineBoard(8_700)), SHIPPED, vectors(100), host_model=theirs)
    assert found is not None
    assert (found.operator, found.unread) == (4, (3,))
    assert str(found).startswith("operator 4, DEPTHWISE_CONV_2D or an unread one before it (3): ")


def test_a_refusal_that_reading_does_not_name_is_not_caught() -> None:
    theirs = with_other_weights(SHIPPED.read_bytes(), 4)
    with pytest.raises(RefusedError, match="ARENA_TOO_SMALL"):
        first_difference(EngineBoard(8_700), SHIPPED, vectors(100), host_model=theirs)


def through(middle: str, elements: int, scale: float) -> bytes:
    """int8 to another type and back, then three outputs of a dense layer."""
    rng = np.random.default_rng(3)
    graph = Graph()
    start = graph.tensor((1, elements), "int8", 0.05)
    quantised = middle != "float32"
    there = graph.tensor((1, elements), middle, Quantised(0.05, 128) if quantised else None)
    graph.node(Operator("QUANTIZE" if quantised else "DEQUANTIZE", start), there)
    back = graph.node(Operator("QUANTIZE", there), graph.tensor((1, elements), "int8", scale))
    weights = graph.constant(rng.integers(-127, 128, (3, elements), np.int8), 0.001)
    end = graph.node(Operator("FULLY_CONNECTED", back, weights), graph.tensor((1, 3), "int8", 0.1))
    return graph.build([start], [end])


@pytest.mark.parametrize(("middle", "elements"), [("uint8", 1007), ("float32", 251)])
def test_layers_of_other_types_are_read_when_they_fit_a_frame(middle: str, elements: int) -> None:
    x = np.random.default_rng(2).integers(-128, 128, (20, elements), np.int8)
    ours, theirs = through(middle, elements, 0.04), through(middle, elements, 0.06)
    found = first_difference(read(EngineBoard()), ours, x, host_model=theirs)
    assert found is not None
    assert (found.operator, found.unread) == (1, ())


@pytest.mark.parametrize(("middle", "elements"), [("uint8", 1008), ("float32", 252)])
def test_larger_layers_of_other_types_are_named_as_unread(middle: str, elements: int) -> None:
    x = np.random.default_rng(2).integers(-128, 128, (20, elements), np.int8)
    ours, theirs = through(middle, elements, 0.04), through(middle, elements, 0.06)
    found = first_difference(read(EngineBoard()), ours, x, host_model=theirs)
    assert found is not None
    assert (found.operator, found.unread) == (1, (0,))


def behind_an_unread_layer(scale: float) -> bytes:
    """0 requantises, 1 makes uint8 of it; 2 and 3 are another branch; 4 makes int8 of 1, 5 adds, 6 ends."""
    rng = np.random.default_rng(4)
    graph, elements = Graph(), 1008
    start = graph.tensor((1, elements), "int8", 0.05)

    def requantise(given: int, to: float, dtype: str = "int8") -> int:
        zero_point = 128 if dtype == "uint8" else 0
        return graph.node(
            Operator("QUANTIZE", given), graph.tensor((1, elements), dtype, Quantised(to, zero_point))
        )

    unread = requantise(requantise(start, scale), 0.1, "uint8")
    other = requantise(requantise(start, 0.06), 0.07)
    total = graph.node(
        Operator("ADD", requantise(unread, 0.08), other), graph.tensor((1, elements), "int8", 0.1)
    )
    weights = graph.constant(rng.integers(-127, 128, (3, elements), np.int8), 0.001)
    end = graph.node(Operator("FULLY_CONNECTED", total, weights), graph.tensor((1, 3), "int8", 0.1))
    return graph.build([start], [end])


def test_the_search_goes_on_behind_a_layer_that_cannot_be_read() -> None:
    x = np.random.default_rng(6).integers(-128, 128, (20, 1008), np.int8)
    ours, theirs = behind_an_unread_layer(0.04), behind_an_unread_layer(0.06)
    found = first_difference(read(EngineBoard()), ours, x, host_model=theirs)
    assert found is not None
    assert (found.operator, found.unread) == (0, ())


def test_the_bound_on_outputs_is_the_agents() -> None:
    device = ROOT / "device-agent"
    headers = (device / "agent/output.h").read_text() + (device / "include/thil/wire.h").read_text()
    values = dict(re.findall(r"(THIL_\w+) = ([^,]+),", headers))
    formula = re.sub(r"THIL_\w+", lambda match: values[match[0]], values["THIL_OUTPUT_MAX"])
    assert re.fullmatch(r"[\d -]+", formula)
    assert sum(int(number) for number in re.findall(r"-?\d+", formula.replace("- ", "-"))) == OUTPUT_MAX


class ForgetfulBoard(EngineBoard):
    """Its first model, and only that, adds one to every output: as a fault of the arena's layout would."""

    def infer(self, x: Array) -> Results:
        right = super().infer(x).raw
        return Results(right + np.int8(1) if self.loads == 1 else right)


def test_a_difference_that_no_shorter_model_shows_blames_no_layer() -> None:
    with pytest.raises(VanishedError, match="arena's layout"):
        first_difference(ForgetfulBoard(), SHIPPED, vectors(10))


def test_models_of_another_structure_are_refused() -> None:
    with pytest.raises(ValueError, match="other operators or shapes"):
        first_difference(EngineBoard(), SHIPPED, vectors(1), host_model=SCENARIO_MODELS[0])
    unchanged = Graph()
    only = unchanged.tensor((1, 4), "int8", 0.5)
    with pytest.raises(ValueError, match="no operator makes the model's output"):
        first_difference(EngineBoard(), unchanged.build([only], [only]), vectors(1))


@pytest.mark.parametrize("index", weighted(SHIPPED))
def test_a_board_names_the_operator_too(index: int) -> None:
    ours, x = SHIPPED.read_bytes(), vectors(50)
    with tinyhil.Board.process([AGENT]) as board:
        assert first_difference(board, ours, x) is None
        found = first_difference(board, ours, x, host_model=with_other_weights(ours, index))
    assert found is not None
    assert (found.operator, found.unread) == (index, ())
