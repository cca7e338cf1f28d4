# SPDX-License-Identifier: Apache-2.0
"""Writes testdata/: small models, one vector each, and the output LiteRT's reference kernels give for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import random_models
from litert import litert
from tflite_builder import Graph, Operator

SIZE_MAX = 10_000
# A new one at the end: a fixture's seed is its place.
OPERATORS = (
    *("ADD", "AVERAGE_POOL_2D", "CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "LOGISTIC", "MAX_POOL_2D"),
    *("MEAN", "PAD", "QUANTIZE", "RELU", "RELU6", "RESHAPE", "SOFTMAX", "CONCATENATION", "EXPAND_DIMS"),
    *("FLATTEN", "MAXIMUM", "MINIMUM", "MUL", "PACK", "RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR", "SHAPE"),
    *("SLICE", "SPLIT", "SPLIT_V", "SQUEEZE", "STRIDED_SLICE", "SUB", "TRANSPOSE", "UNPACK", "VAR_HANDLE"),
    *("ELU", "HARD_SWISH", "LEAKY_RELU", "PRELU", "SVDF", "TANH", "UNIDIRECTIONAL_SEQUENCE_LSTM"),
    *("TRANSPOSE_CONV", "GATHER"),
)
SINGLES = {name: seed for seed, name in enumerate(OPERATORS, start=100)}
NETWORKS = (3, 8, 21, 34)


def write(folder: Path, name: str, image: bytes) -> None:
    """One fixture: NAME.tflite, NAME.in, NAME.out."""
    assert len(image) < SIZE_MAX, name
    theirs = litert(image)
    theirs.allocate_tensors()
    rng, inputs = np.random.default_rng(len(image)), b""
    for given in theirs.get_input_details():
        values = rng.integers(-128, 128, given["shape"]).astype(np.int8)
        theirs.set_tensor(given["index"], values)
        inputs += values.tobytes()
    theirs.invoke()
    outputs = [theirs.get_tensor(each["index"]).tobytes() for each in theirs.get_output_details()]
    (folder / f"{name}.tflite").write_bytes(image)
    (folder / f"{name}.in").write_bytes(inputs)
    (folder / f"{name}.out").write_bytes(b"".join(outputs))


def unsupported() -> bytes:
    """A well-formed model with an operator the engine lacks."""
    graph = Graph()
    start, end = graph.tensor((1, 4), "int8", 0.5), graph.tensor((1, 4), "int8", 1 / 128)
    graph.node(Operator("SIN", start), end)
    return graph.build([start], [end])


def many_reasons() -> bytes:
    """What the engine lacks is an operator twice, a custom one, and a type."""
    graph = Graph()
    start = graph.tensor((1, 4, 4, 1), "float32")
    sine = graph.node(Operator("SIN", start), graph.tensor((1, 4, 4, 1), "float32"))
    custom = Operator("CUSTOM", sine, custom_code=b"AcmeFilter")
    filtered = graph.node(custom, graph.tensor((1, 4, 4, 1), "float32"))
    pool = Operator("MAX_POOL_2D", filtered, strideH=1, strideW=1, filterHeight=1, filterWidth=1)
    pooled = graph.node(pool, graph.tensor((1, 4, 4, 1), "float32"))
    end = graph.node(Operator("SIN", pooled), graph.tensor((1, 4, 4, 1), "float32"))
    return graph.build([start], [end])


def main() -> None:
    """Everything, from fixed seeds."""
    folder = Path(__file__).parent / "testdata"
    folder.mkdir(exist_ok=True)
    for name, seed in SINGLES.items():
        write(folder, name.lower(), random_models.single(name, seed))
    for number, seed in enumerate(NETWORKS):
        write(folder, f"network_{number}", random_models.network(seed))
    write(folder, "two_and_two", random_models.two_and_two(1))
    (folder / "sin.tflite").write_bytes(unsupported())
    (folder / "many_reasons.tflite").write_bytes(many_reasons())


if __name__ == "__main__":
    main()
