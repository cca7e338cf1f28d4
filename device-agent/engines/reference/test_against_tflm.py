# SPDX-License-Identifier: Apache-2.0
"""The engine with TFLM's rounding, byte for byte against TFLM's reference kernels."""

from __future__ import annotations

import ctypes

import numpy as np
import pytest
import random_models
import reference_engine as engine
from tflite_builder import Array, Graph, Operator, Quantised
from tflite_micro import runtime

CASES = 60
INPUTS_PER_MODEL = 3
UNLIKE = {"RELU6", "UNIDIRECTIONAL_SEQUENCE_LSTM"}  # refused, where TFLM computes something else
ARENA = 1 << 22


@pytest.fixture(scope="session")
def lib() -> ctypes.CDLL:
    """The engine under test."""
    return engine.library()


def differences(lib: ctypes.CDLL, image: bytes, seed: int) -> int:
    """How many output elements differ over a few random inputs in a row."""
    rng = np.random.default_rng(seed)
    theirs, ours = runtime.Interpreter.from_bytes(image, arena_size=ARENA), engine.load(lib, image)
    wrong = 0
    for _ in range(INPUTS_PER_MODEL):
        values = rng.integers(-128, 128, ours.inputs[0].shape).astype(np.int8)
        theirs.set_input(values, 0)
        theirs.invoke()
        for place, found in enumerate(ours.invoke_all([values])):
            wrong += int(np.count_nonzero(np.asarray(theirs.get_output(place)) != found))
    return wrong


def test_it_says_whose_kernels_it_has(lib: ctypes.CDLL) -> None:
    lib.thil_engine_name.restype = ctypes.c_char_p
    assert lib.thil_engine_name() == b"reference-tflm"


@pytest.mark.parametrize("name", sorted(set(random_models.ALL_OPS) - UNLIKE))
def test_an_operator_matches_tflm_byte_for_byte(lib: ctypes.CDLL, name: str) -> None:
    wrong = {seed: differences(lib, random_models.single(name, seed), seed) for seed in range(CASES)}
    assert {seed: count for seed, count in wrong.items() if count} == {}


def loads(lib: ctypes.CDLL, image: bytes) -> bool:
    """The engine takes it."""
    try:
        engine.load(lib, image)
    except engine.LoadError as refusal:
        return not refusal.detail.startswith("operator RELU6")
    return True


def test_whole_networks_match_tflm_byte_for_byte(lib: ctypes.CDLL) -> None:
    images = {seed: random_models.network(seed) for seed in range(CASES)}
    wrong = {seed: differences(lib, image, seed) for seed, image in images.items() if loads(lib, image)}
    assert len(wrong) > CASES // 3  # the others have a RELU6 that rescales
    assert {seed: count for seed, count in wrong.items() if count} == {}


@pytest.mark.parametrize("target", ["int8", "int16", "int32"])
def test_cast_of_what_no_integer_holds_matches_tflm(lib: ctypes.CDLL, target: str) -> None:
    graph = Graph()
    start, end = graph.tensor((1, 8), "float32"), graph.tensor((1, 8), target)
    graph.node(Operator("CAST", start), end)
    image = graph.build([start], [end])
    values = np.array([[np.nan, np.inf, -np.inf, 3e9, -3e9, 40000.5, 128, -129.9]], np.float32)
    theirs = runtime.Interpreter.from_bytes(image, arena_size=ARENA)
    theirs.set_input(values, 0)
    theirs.invoke()
    assert np.array_equal(theirs.get_output(0), engine.load(lib, image).invoke(values))


def svdf_of_bytes(rng: np.random.Generator) -> tuple[bytes, Array]:
    """SVDF with an int8 state of any zero point, which LiteRT does not have, and a stream for it."""
    graph, filters, memory, inputs = Graph(), 6, 5, 8
    start = graph.tensor((1, inputs), "int8", Quantised(0.05, int(rng.integers(-128, 128))))
    features = graph.constant(rng.integers(-127, 128, (filters, inputs)).astype(np.int8), Quantised(0.01))
    time = graph.constant(rng.integers(-127, 128, (filters, memory)).astype(np.int8), Quantised(0.02))
    bias = graph.constant(rng.integers(-900, 900, filters // 2).astype(np.int32), Quantised(0.06 * 0.02))
    state = graph.variable((1, filters * memory), "int8", Quantised(0.06, int(rng.integers(-50, 50))))
    end = graph.tensor((1, filters // 2), "int8", Quantised(0.15, int(rng.integers(-128, 128))))
    operator = Operator("SVDF", start, features, time, bias, state, rank=2, fusedActivationFunction=1)
    graph.node(operator, end)
    return graph.build([start], [end]), rng.integers(-128, 128, (30, 1, inputs)).astype(np.int8)


def test_svdf_with_an_int8_state_matches_tflm_over_a_stream(lib: ctypes.CDLL) -> None:
    for seed in range(20):
        image, stream = svdf_of_bytes(np.random.default_rng(seed))
        theirs, ours = runtime.Interpreter.from_bytes(image, arena_size=ARENA), engine.load(lib, image)
        for _ in range(2):
            theirs.reset()
            ours.reset()
            for values in stream:
                theirs.set_input(values, 0)
                theirs.invoke()
                assert np.array_equal(theirs.get_output(0), ours.invoke(values)), seed
