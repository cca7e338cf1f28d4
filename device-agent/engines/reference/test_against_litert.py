# SPDX-License-Identifier: Apache-2.0
"""Every output byte of the reference engine against LiteRT's reference kernels."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import operators_page
import pytest
import random_models
import reference_engine as engine
from litert import litert
from stateful_models import STATEFUL_OPS
from tflite_builder import Array, Graph, Operator, Quantised

CASES = 300
NETWORKS = 200
INPUTS_PER_MODEL = 3
CASTS = ("int8", "uint8", "int16", "int32", "float32")


@pytest.fixture(scope="session")
def lib() -> ctypes.CDLL:
    """The engine under test."""
    return engine.library()


def random_input(details: dict[str, Any], rng: np.random.Generator) -> Array:
    """Values over the whole range of the input's type, ends made likely."""
    shape, dtype = tuple(details["shape"]), np.dtype(details["dtype"])
    if dtype == np.float32:
        return rng.normal(0.0, 40.0, shape).astype(np.float32)
    info = np.iinfo(dtype)
    values = rng.integers(info.min, info.max + 1, shape)
    ends = rng.choice([info.min, info.max], shape)
    return np.where(rng.random(shape) < 0.1, ends, values).astype(dtype)


def differences(lib: ctypes.CDLL, image: bytes, seed: int) -> int:
    """How many output bytes differ over a few random inputs."""
    rng = np.random.default_rng(seed)
    theirs = litert(image)
    theirs.allocate_tensors()
    model = engine.load(lib, image)
    assert engine.load(lib, image, model.arena_needed).arena_needed == model.arena_needed
    wrong = 0
    for _ in range(INPUTS_PER_MODEL):
        values = [random_input(details, rng) for details in theirs.get_input_details()]
        for details, each in zip(theirs.get_input_details(), values, strict=True):
            theirs.set_tensor(details["index"], each)
        theirs.invoke()
        for out, found in zip(theirs.get_output_details(), model.invoke_all(values), strict=True):
            expected = theirs.get_tensor(out["index"])
            assert (expected.shape, expected.dtype) == (found.shape, found.dtype)
            wrong += sum(a != b for a, b in zip(expected.tobytes(), found.tobytes(), strict=True))
    return wrong


def zero_point(rng: np.random.Generator, dtype: str) -> int:
    """One that the type may have: the wide ones are symmetric."""
    return 0 if dtype in ("int16", "int32") else int(rng.integers(-100, 100)) + 128 * (dtype == "uint8")


@pytest.mark.parametrize("name", sorted(random_models.ALL_OPS))
def test_an_operator_matches_litert_byte_for_byte(lib: ctypes.CDLL, name: str) -> None:
    """Random shapes, quantisation and options of one operator."""
    wrong = {seed: differences(lib, random_models.single(name, seed), seed) for seed in range(CASES)}
    assert {seed: count for seed, count in wrong.items() if count} == {}


def test_whole_networks_match_litert_byte_for_byte(lib: ctypes.CDLL) -> None:
    """Random chains with skip connections: the arena plan is under test too."""
    wrong = {seed: differences(lib, random_models.network(seed), seed) for seed in range(NETWORKS)}
    assert {seed: count for seed, count in wrong.items() if count} == {}


@pytest.mark.parametrize(
    ("source", "target"),
    [
        *[
            ("float32", "int8"),
            ("float32", "uint8"),
            ("float32", "int16"),
            ("int8", "uint8"),
            ("uint8", "int8"),
        ],
        *[("uint8", "uint8"), ("int16", "int8"), ("int16", "int16"), ("int16", "int32")],
    ],
)
def test_quantize_between_types_matches_litert(lib: ctypes.CDLL, source: str, target: str) -> None:
    """QUANTIZE from and to what stands at a model's edges."""
    for seed in range(CASES // 5):
        rng = np.random.default_rng(seed)
        graph = Graph()
        scales = rng.uniform(0.05, 1.0, 2)
        zeros = [zero_point(rng, kind) for kind in (source, target)]
        quantised = source != "float32"
        start = graph.tensor((1, 200), source, Quantised(scales[0], zeros[0]) if quantised else None)
        end = graph.tensor((1, 200), target, Quantised(scales[1], zeros[1]))
        graph.node(Operator("QUANTIZE", start), end)
        assert differences(lib, graph.build([start], [end]), seed) == 0


@pytest.mark.parametrize("source", ["int8", "uint8", "int16"])
def test_dequantize_matches_litert(lib: ctypes.CDLL, source: str) -> None:
    """DEQUANTIZE to float32, bit for bit."""
    for seed in range(CASES // 5):
        rng = np.random.default_rng(seed)
        graph = Graph()
        start = graph.tensor((1, 200), source, Quantised(rng.uniform(0.01, 1.0), zero_point(rng, source)))
        end = graph.tensor((1, 200), "float32")
        graph.node(Operator("DEQUANTIZE", start), end)
        assert differences(lib, graph.build([start], [end]), seed) == 0


@pytest.mark.parametrize("source", CASTS)
@pytest.mark.parametrize("target", CASTS)
def test_cast_matches_litert(lib: ctypes.CDLL, source: str, target: str) -> None:
    """CAST from and to every type, without a scale."""
    graph = Graph()
    start, end = graph.tensor((7, 30), source), graph.tensor((7, 30), target)
    graph.node(Operator("CAST", start), end)
    assert differences(lib, graph.build([start], [end]), 1) == 0


@pytest.mark.parametrize("target", [each for each in CASTS if each != "float32"])
def test_cast_of_what_no_integer_holds_matches_litert(lib: ctypes.CDLL, target: str) -> None:
    graph = Graph()
    start, end = graph.tensor((1, 9), "float32"), graph.tensor((1, 9), target)
    graph.node(Operator("CAST", start), end)
    image = graph.build([start], [end])
    values = np.array([[np.nan, np.inf, -np.inf, 3e9, -3e9, 32768, -32769, 256.5, -129]], np.float32)
    theirs = litert(image)
    theirs.allocate_tensors()
    theirs.set_tensor(theirs.get_input_details()[0]["index"], values)
    theirs.invoke()
    expected = theirs.get_tensor(theirs.get_output_details()[0]["index"])
    assert np.array_equal(expected, engine.load(lib, image).invoke(values))


def test_softmax_to_int16_matches_litert(lib: ctypes.CDLL) -> None:
    """As keyword models end that go on in 16 bits."""
    for seed in range(CASES // 5):
        rng = np.random.default_rng(seed)
        graph = Graph()
        start = graph.tensor((3, int(rng.integers(1, 40))), "int8", Quantised(rng.uniform(0.01, 0.5), 3))
        end = graph.tensor(tuple(graph.tensors[start].shape), "int16", Quantised(1 / 65536, -32768))
        graph.node(Operator("SOFTMAX", start, beta=1.0), end)
        assert differences(lib, graph.build([start], [end]), seed) == 0


def test_log_softmax_of_floats_is_litert_s_but_for_its_c_library_s_last_bit(lib: ctypes.CDLL) -> None:
    """Ours rounds exp and log right; glibc, which LiteRT calls, is off by a unit now and then."""
    graph = Graph()
    start, end = (graph.tensor((50, 10), "float32") for _ in range(2))
    graph.node(Operator("LOG_SOFTMAX", start), end)
    image, rng = graph.build([start], [end]), np.random.default_rng(1)
    theirs, model = litert(image), engine.load(lib, image)
    theirs.allocate_tensors()
    apart = []
    for _ in range(40):
        values = rng.normal(0, rng.choice([0.5, 3, 20]), (50, 10)).astype(np.float32)
        theirs.set_tensor(theirs.get_input_details()[0]["index"], values)
        theirs.invoke()
        expected, found = theirs.get_tensor(theirs.get_output_details()[0]["index"]), model.invoke(values)
        apart.append(np.abs(expected.view(np.int32) - found.view(np.int32)))
    steps = np.concatenate(apart)
    assert steps.max() <= 64
    assert np.count_nonzero(steps) < 0.01 * steps.size


def test_what_a_model_remembers_matches_litert_over_a_stream(lib: ctypes.CDLL) -> None:
    """Forty steps without a reset, then a reset, which is a new interpreter."""
    for seed, name in ((seed, name) for seed in range(5) for name in STATEFUL_OPS):
        image, rng = random_models.single(name, seed), np.random.default_rng(seed)
        model = engine.load(lib, image)
        for _ in range(2):
            theirs = litert(image)
            theirs.allocate_tensors()
            model.reset()
            for _ in range(40):
                values = random_input(theirs.get_input_details()[0], rng)
                theirs.set_tensor(theirs.get_input_details()[0]["index"], values)
                theirs.invoke()
                expected = theirs.get_tensor(theirs.get_output_details()[0]["index"])
                assert np.array_equal(expected, model.invoke(values)), (name, seed)


def test_an_arena_one_byte_too_small_is_refused_and_says_what_would_do(lib: ctypes.CDLL) -> None:
    """The size reported is exact, and true for arenas too small to hold even the graph."""
    for seed in range(20):
        image = random_models.network(seed)
        needed = engine.load(lib, image).arena_needed
        with pytest.raises(engine.LoadError) as refusal:
            engine.load(lib, image, needed - 1)
        assert (refusal.value.status, refusal.value.arena_needed) == ("ARENA_TOO_SMALL", needed)
        with pytest.raises(engine.LoadError) as refusal:
            engine.load(lib, image, 64)
        assert refusal.value.status == "ARENA_TOO_SMALL"
        assert engine.load(lib, image, refusal.value.arena_needed).arena_needed == needed


def test_an_operator_it_lacks_is_refused_by_name(lib: ctypes.CDLL) -> None:
    """The detail is for a person."""
    graph = Graph()
    start, end = (graph.tensor((1, 4), "int8", 0.5) for _ in range(2))
    graph.node(Operator("SIN", start), end)
    with pytest.raises(engine.LoadError) as refusal:
        engine.load(lib, graph.build([start], [end]))
    assert refusal.value.status == "UNSUPPORTED"
    assert refusal.value.detail == "operator SIN (subgraph 0, node 0)"


def test_a_float_operator_is_refused_with_its_name_and_type(lib: ctypes.CDLL) -> None:
    """Only int8 convolution is bit-exact across kernels, so only that runs."""
    graph = Graph()
    start, end = (graph.tensor((1, 4, 4, 1), "float32") for _ in range(2))
    graph.node(Operator("MAX_POOL_2D", start, strideH=1, strideW=1, filterHeight=1, filterWidth=1), end)
    with pytest.raises(engine.LoadError) as refusal:
        engine.load(lib, graph.build([start], [end]))
    assert refusal.value.detail == "operator MAX_POOL_2D (node 0): input is FLOAT32"


def test_a_custom_operator_is_refused_by_its_own_name(lib: ctypes.CDLL) -> None:
    """The schema's code says no more than CUSTOM."""
    graph = Graph()
    start, end = (graph.tensor((1, 4), "int8", 0.5) for _ in range(2))
    graph.node(Operator("CUSTOM", start, custom_code=b"AcmeFilter"), end)
    with pytest.raises(engine.LoadError) as refusal:
        engine.load(lib, graph.build([start], [end]))
    assert refusal.value.detail == "custom operator AcmeFilter (subgraph 0, node 0)"


def test_two_inputs_and_two_outputs_match_litert_byte_for_byte(lib: ctypes.CDLL) -> None:
    """One output is read on by the graph, so nothing may be put in its place."""
    wrong = {seed: differences(lib, random_models.two_and_two(seed), seed) for seed in range(NETWORKS)}
    assert {seed: count for seed, count in wrong.items() if count} == {}


def test_a_model_with_nine_inputs_is_refused(lib: ctypes.CDLL) -> None:
    """THIL_TENSORS_MAX."""
    graph = Graph()
    inputs = [graph.tensor((1, 4), "int8", 0.5) for _ in range(9)]
    end = graph.node(Operator("ADD", *inputs[:2]), graph.tensor((1, 4), "int8", 0.5))
    with pytest.raises(engine.LoadError) as refusal:
        engine.load(lib, graph.build(inputs, [end]))
    assert refusal.value.status == "UNSUPPORTED"
    assert refusal.value.detail == "inputs 9, outputs 1; 1 to 8 of each can be had"


def test_an_input_that_is_named_twice_is_refused(lib: ctypes.CDLL) -> None:
    """It would be written twice, with two values."""
    graph = Graph()
    start, end = (graph.tensor((1, 4), "int8", 0.5) for _ in range(2))
    graph.node(Operator("ADD", start, start), end)
    with pytest.raises(engine.LoadError) as refusal:
        engine.load(lib, graph.build([start, start], [end]))
    assert refusal.value.status == "MALFORMED"


def test_a_model_that_would_run_for_hours_is_refused_at_load(lib: ctypes.CDLL) -> None:
    """The bound is on inner-loop steps, so it holds on every processor."""
    graph = Graph()
    start, end = (graph.tensor((1, 1024, 1024, 8), "int8", 0.5) for _ in range(2))
    graph.node(Operator("MAX_POOL_2D", start, strideH=1, strideW=1, filterHeight=999, filterWidth=999), end)
    with pytest.raises(engine.LoadError) as refusal:
        engine.load(lib, graph.build([start], [end]), 1 << 16)
    assert refusal.value.detail == "operator MAX_POOL_2D (node 0): work is over the limit"


def test_the_page_of_operators_is_that_of_the_list() -> None:
    """operators_page.py writes it."""
    assert operators_page.PAGE.read_text() == operators_page.page()
