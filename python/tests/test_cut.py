# SPDX-License-Identifier: Apache-2.0
"""A model that ends early shows what its operator made, whole or in pieces, to the byte."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema
from tflite_builder import Graph, Operator, Quantised

from engine_board import EngineBoard
from models import SCENARIO_MODELS, SHIPPED, pack, unpack, vectors
from tinyhil import tflite
from tinyhil.oracle import golden
from tinyhil.oracle.cut import Piece, cut
from tinyhil.oracle.probe import OUTPUT_MAX, pieces


@pytest.mark.parametrize("path", SCENARIO_MODELS, ids=lambda path: path.stem)
def test_every_cut_gives_the_same_bytes_on_the_engine_and_on_litert(path: Path) -> None:
    x, board = vectors(30), EngineBoard()
    for operator in tflite.read(path).operators:
        content = cut(path, operator.index)
        host = golden(content, x)
        if host[0].nbytes <= OUTPUT_MAX:
            board.load(content)
            assert np.array_equal(board.infer(x).raw.reshape(host.shape), host)
        whole = np.zeros((len(x), host[0].size), np.int8)
        for piece in pieces(host[0].size, OUTPUT_MAX):
            part = cut(path, operator.index, piece=piece)
            board.load(part)
            values = board.infer(x).raw.reshape(len(x), -1)
            assert np.array_equal(values, golden(part, x).reshape(len(x), -1))
            piece.put(values, whole)
        assert np.array_equal(whole.reshape(host.shape), host)


@pytest.mark.parametrize("path", SCENARIO_MODELS, ids=lambda path: path.stem)
def test_the_last_cut_answers_as_the_model_and_an_early_one_is_small(path: Path) -> None:
    x, last = vectors(30), len(tflite.read(path).operators) - 1
    assert np.array_equal(golden(cut(path, last), x), golden(path, x))
    assert len(cut(path, 0)) < path.stat().st_size / 3


@pytest.mark.parametrize("elements", [1, 2, 5, 1007, 1008, 2000, 3001])
def test_pieces_hold_every_element_once_and_fit(elements: int) -> None:
    whole = np.full((1, elements), -1, np.int64)
    given = np.arange(elements)
    for piece in pieces(elements, OUTPUT_MAX):
        padded = np.concatenate([np.full(piece.shift, -9), given])[:: piece.stride]
        assert len(padded) <= OUTPUT_MAX
        written = np.full_like(whole, -1)
        piece.put(padded[None], written)
        assert np.all(whole[written >= 0] == -1)
        piece.put(padded[None], whole)
    assert np.array_equal(whole[0], given)


def test_a_cut_after_an_operator_that_is_not_there_is_refused() -> None:
    with pytest.raises(IndexError):
        cut(SHIPPED, 11)
    with pytest.raises(IndexError):
        cut(SHIPPED, 0, output=1)


def test_pieces_of_another_type_than_int8_are_refused() -> None:
    graph = Graph()
    start, end = graph.tensor((1, 8), "int8", 0.5), graph.tensor((1, 8), "uint8", Quantised(0.5, 128))
    graph.node(Operator("QUANTIZE", start), end)
    with pytest.raises(ValueError, match="tensor 1 is uint8, pieces are made of int8"):
        cut(graph.build([start], [end]), 0, piece=Piece(0, 2))


def test_tensors_that_an_operator_keeps_for_itself_come_along() -> None:
    tree = unpack(SHIPPED.read_bytes())
    tree.subgraphs[0].operators[3].intermediates = [27]
    part = unpack(cut(pack(tree), 3)).subgraphs[0]
    (operator,) = (op for op in part.operators if op.intermediates is not None)
    assert part.tensors[operator.intermediates[0]].name == b"output"
    tree.subgraphs[0].operators[3].intermediates = [99]
    with pytest.raises(tflite.ModelError, match="there is no tensor 99"):
        cut(pack(tree), 3)


def test_a_model_with_control_flow_is_not_cut() -> None:
    tree = unpack(SHIPPED.read_bytes())
    tree.subgraphs.append(schema.SubGraphT())
    with pytest.raises(tflite.ModelError, match="has several subgraphs"):
        cut(pack(tree), 0)


def test_each_output_of_an_operator_with_several_can_be_cut_to() -> None:
    graph = Graph()
    start = graph.tensor((1, 6), "int8", 0.5)
    axis = graph.constant(np.array(1, np.int32))
    left, right = (graph.tensor((1, 3), "int8", 0.5) for _ in range(2))
    graph.node(Operator("SPLIT", axis, start), left)
    options = schema.SplitOptionsT()
    options.numSplits = 2
    node = graph.operators[0]
    node.outputs, node.builtinOptions = [left, right], options
    node.builtinOptionsType = schema.BuiltinOptions.SplitOptions
    content = graph.build([start], [left])
    x = np.arange(6, dtype=np.int8)[None]
    assert golden(cut(content, 0, output=0), x).tolist() == [[0, 1, 2]]
    assert golden(cut(content, 0, output=1), x).tolist() == [[3, 4, 5]]


def test_damaged_models_are_cut_or_refused_and_nothing_else() -> None:
    rng, given = np.random.default_rng(9), SHIPPED.read_bytes()
    done = refused = 0
    for _ in range(800):
        content = bytearray(given)
        for _ in range(rng.integers(1, 4)):
            content[len(content) - 1 - int(rng.integers(0, 3000))] = int(rng.integers(0, 256))
        try:
            cut(bytes(content), 5)
            done += 1
        except (tflite.ModelError, IndexError):
            refused += 1
    assert min(done, refused) > 80
