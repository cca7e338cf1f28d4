# SPDX-License-Identifier: Apache-2.0
"""Golden outputs are those of LiteRT's reference kernels, and every differing bit is found."""

from __future__ import annotations

import hashlib
import importlib.metadata
import sys
from pathlib import Path

import numpy as np
import pytest
import random_models

from desk import WAKE_WORD_VECTORS
from models import LABELLED, SCENARIO_MODELS, SHIPPED, VECTORS, pack, unpack, vectors
from tinyhil import oracle, tflite
from tinyhil.oracle import Mismatch
from tinyhil.oracle.differences import NAN_DISTANCE, Array

NAN = np.float32("nan")


@pytest.mark.parametrize("path", SCENARIO_MODELS, ids=lambda path: path.stem)
def test_golden_outputs_are_those_that_the_scenario_was_stored_with(path: Path) -> None:
    with np.load(VECTORS) as arrays:
        stored = arrays[f"golden_{path.stem}"]
    made = oracle.golden(path, vectors())
    assert made.dtype == stored.dtype
    assert np.array_equal(made, stored)


def test_bytes_and_file_of_a_model_give_the_same() -> None:
    path = SCENARIO_MODELS[0]
    assert np.array_equal(oracle.golden(path, vectors(20)), oracle.golden(path.read_bytes(), vectors(20)))


def test_optimised_kernels_answer_differently_and_the_difference_is_counted() -> None:
    reference = oracle.golden(SHIPPED, vectors())
    optimised = oracle.golden(SHIPPED, vectors(), kernels="optimised", threads=2)
    found = oracle.compare_outputs(optimised, reference)
    assert 0 < found.differing < found.vectors == WAKE_WORD_VECTORS
    assert sum(found.histogram.values()) == WAKE_WORD_VECTORS
    assert found.histogram[0] == WAKE_WORD_VECTORS - found.differing


def test_tflm_answers_with_its_own_kernels() -> None:
    reference = oracle.golden(SHIPPED, vectors())
    found = oracle.compare_outputs(oracle.golden(SHIPPED, vectors(), kernels="tflm"), reference)
    assert 0 < found.differing < 20  # FULLY_CONNECTED, which TFLM rounds twice, decides in few vectors
    made = oracle.provenance(SHIPPED, kernels="tflm")
    assert (made.engine, made.kernels) == ("TFLM", "tflm")
    assert made.version == importlib.metadata.version("tflite-micro")


def test_tflm_says_why_it_cannot_run_a_model() -> None:
    tree = unpack(SCENARIO_MODELS[0].read_bytes())
    code = tree.operatorCodes[tree.subgraphs[0].operators[0].opcodeIndex]
    code.builtinCode, code.deprecatedBuiltinCode, code.customCode = 32, 32, b"AcmeFilter"
    with pytest.raises(tflite.ModelError, match="cannot be run by TFLM"):
        oracle.golden(pack(tree), vectors(1), kernels="tflm")


@pytest.mark.parametrize("kernels", ["reference", "tflm"])
def test_every_vector_meets_a_model_in_its_first_state(kernels: oracle.Kernels) -> None:
    model = random_models.single("VAR_HANDLE", 1)
    shape = tflite.read(model).inputs[0].shape
    x = np.random.default_rng(1).integers(-128, 128, (3, *shape)).astype(np.int8)
    x[2] = x[0]
    answers = oracle.golden(model, x, kernels=kernels)
    assert np.array_equal(answers[0], answers[2])
    assert not np.array_equal(answers[0], answers[1])


def test_a_bias_with_its_filters_dimension_does_not_keep_litert_from_running() -> None:
    tree = unpack(SHIPPED.read_bytes())
    for tensor in tree.subgraphs[0].tensors:
        if (
            tensor.quantization is not None
            and tensor.quantization.scale is not None
            and len(tensor.shape) == 1
        ):
            tensor.quantization.quantizedDimension = 3
    odd = pack(tree)
    assert odd != SHIPPED.read_bytes()
    assert np.array_equal(oracle.golden(odd, vectors(20)), oracle.golden(SHIPPED, vectors(20)))


def test_an_empty_set_has_no_outputs() -> None:
    assert oracle.golden(SCENARIO_MODELS[0], vectors(0)).shape == (0, 3)


def test_vectors_with_or_without_the_batch_of_one_give_the_same() -> None:
    x = vectors(3)
    with_batch = oracle.golden(SCENARIO_MODELS[0], x[:, None])
    assert np.array_equal(with_batch, oracle.golden(SCENARIO_MODELS[0], x))


@pytest.mark.parametrize(
    "x",
    [vectors(2).transpose(0, 2, 1, 3), vectors(2).view(np.uint8), np.array(3, np.int8)],
    ids=["transposed", "uint8", "scalar"],
)
def test_vectors_that_do_not_fit_are_refused(x: Array) -> None:
    with pytest.raises(ValueError, match=r"the model takes int8\['N', 49, 10, 1\]; make the vectors"):
        oracle.golden(SCENARIO_MODELS[0], x)


def test_a_model_that_litert_cannot_run_is_refused_with_its_reason() -> None:
    tree = unpack(SCENARIO_MODELS[0].read_bytes())
    code = tree.operatorCodes[tree.subgraphs[0].operators[0].opcodeIndex]
    code.builtinCode, code.deprecatedBuiltinCode, code.customCode = 32, 32, b"AcmeFilter"
    with pytest.raises(tflite.ModelError, match=r"cannot be run by LiteRT: .*AcmeFilter"):
        oracle.golden(pack(tree), vectors(1))


def test_a_model_with_two_outputs_is_refused() -> None:
    tree = unpack(SCENARIO_MODELS[0].read_bytes())
    graph = tree.subgraphs[0]
    graph.outputs = [*graph.outputs, graph.operators[0].outputs[0]]
    with pytest.raises(tflite.ModelError, match="has 1 inputs and 2 outputs"):
        oracle.golden(pack(tree), vectors(1))


def test_without_litert_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ai_edge_litert", None)
    with pytest.raises(ImportError, match=r"`pip install tinyhil\[litert\]`"):
        oracle.golden(SCENARIO_MODELS[0], vectors(1))


def test_provenance_names_engine_version_kernels_and_model() -> None:
    found = oracle.provenance(LABELLED, kernels="optimised")
    digest = hashlib.sha256(LABELLED.read_bytes()).hexdigest()
    version = importlib.metadata.version("ai-edge-litert")
    assert found == oracle.Provenance("LiteRT", version, "optimised", digest)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.int32])
def test_integers_are_compared_without_overflow(dtype: type[np.signedinteger | np.unsignedinteger]) -> None:
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    device = np.array([[low, 0], [7, 7], [high, 1]], dtype)
    golden = np.array([[high, 0], [7, 7], [high, 3]], dtype)
    found = oracle.compare_outputs(device, golden)
    assert (found.vectors, found.differing, found.which.tolist()) == (3, 2, [0, 2])
    assert found.histogram == {high - low: 1, 0: 1, 2: 1}
    assert found.first == Mismatch(0, (0,), low, high)


def test_the_first_mismatch_has_its_place_in_an_output_of_several_dimensions() -> None:
    golden = np.zeros((5, 2, 3), np.int8)
    device = golden.copy()
    device[3, 1, 2], device[4, 0, 0] = -4, 1
    assert oracle.compare_outputs(device, golden).first == Mismatch(3, (1, 2), -4, 0)


def test_floats_are_compared_by_their_bits() -> None:
    one = np.float32(1)
    above = np.nextafter(one, np.float32(2))
    tiny = np.float32(1e-45)  # the smallest above 0
    device = np.array([[one], [above], [-tiny], [np.float32(-0.0)], [-one]], np.float32)
    golden = np.array([[one], [one], [tiny], [np.float32(0.0)], [-above]], np.float32)
    found = oracle.compare_outputs(device, golden)
    assert found.histogram == {0: 1, 1: 3, 3: 1}
    assert found.which.tolist() == [1, 2, 3, 4]


def test_nan_equals_nan_whatever_its_payload_and_no_number() -> None:
    other_nan = np.array([0x7FC0BEEF], np.uint32).view(np.float32)[0]
    device = np.array([[NAN], [other_nan], [NAN], [np.inf]], np.float32)
    golden = np.array([[NAN], [NAN], [np.float32(3)], [-np.inf]], np.float32)
    found = oracle.compare_outputs(device, golden)
    assert found.which.tolist() == [2, 3]
    assert found.histogram == {0: 2, NAN_DISTANCE: 1, 2 * 0x7F800000 + 1: 1}
    assert found.first is not None
    assert np.isnan(found.first.device)


def test_equal_outputs_have_no_first_mismatch() -> None:
    same = np.arange(12, dtype=np.int16).reshape(4, 3)
    assert oracle.compare_outputs(same, same.copy()) == oracle.Differences(
        4, 0, {0: 4}, None, np.empty(0, np.int64)
    )


def test_sets_without_vectors_or_elements_are_equal() -> None:
    for shape in ((0, 3), (3, 0)):
        none = np.empty(shape, np.int8)
        assert oracle.compare_outputs(none, none).differing == 0


def test_outputs_of_other_types_or_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"int8\[2, 3\], the golden ones are int8\[2, 4\]"):
        oracle.compare_outputs(np.zeros((2, 3), np.int8), np.zeros((2, 4), np.int8))
    with pytest.raises(ValueError, match="the device's outputs are uint8"):
        oracle.compare_outputs(np.zeros((2, 3), np.uint8), np.zeros((2, 3), np.int8))
    with pytest.raises(ValueError, match="outputs are float64"):
        oracle.compare_outputs(np.zeros((2, 3)), np.zeros((2, 3)))
