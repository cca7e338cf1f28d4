# SPDX-License-Identifier: Apache-2.0
"""Reads a .tflite file without running it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tinyhil.tflite import metadata
from tinyhil.tflite.error import ModelError
from tinyhil.tflite.flatbuffer import I8, I32, U8, U32, Source, Table
from tinyhil.tflite.model import Model, Operator, Tensor
from tinyhil.tflite.names import DTYPES, OPERATORS, name_of

FILE_MAX = 64 << 20

# Field numbers of the schema (schema.fbs, version 3).
MODEL_VERSION, MODEL_CODES, MODEL_SUBGRAPHS, MODEL_DESCRIPTION, MODEL_BUFFERS, MODEL_METADATA = (
    0,
    1,
    2,
    3,
    4,
    6,
)
GRAPH_TENSORS, GRAPH_INPUTS, GRAPH_OUTPUTS, GRAPH_OPERATORS = 0, 1, 2, 3
TENSOR_SHAPE, TENSOR_TYPE, TENSOR_NAME, TENSOR_QUANTIZATION = 0, 1, 3, 4
TENSOR_BUFFER, BUFFER_DATA = 2, 0
QUANTIZATION_SCALE, QUANTIZATION_ZERO_POINT = 2, 3
CODE_OLD, CODE_CUSTOM, CODE_VERSION, CODE_BUILTIN = 0, 1, 2, 3
OPERATOR_CODE, OPERATOR_INPUTS, OPERATOR_OUTPUTS = 0, 1, 2
ENTRY_NAME, ENTRY_BUFFER = 0, 1


def content_of(model: bytes | Path) -> tuple[bytes, str]:
    """A model's bytes, and its name for messages.

    Raises ModelError above FILE_MAX, OSError as the file does.
    """
    name = model.name if isinstance(model, Path) else "the model"
    size = model.stat().st_size if isinstance(model, Path) else len(model)
    if size > FILE_MAX:
        raise ModelError(
            f"has {size:,} bytes, 64 MiB is the most", name, "name a model for a microcontroller"
        )
    return (model.read_bytes() if isinstance(model, Path) else model), name


def read(model: bytes | Path) -> Model:
    """Reads a file or its bytes.

    Raises ModelError for anything that is no readable .tflite of at most 64 MiB, OSError as the file does.
    """
    content, name = content_of(model)
    source = Source(content, name)
    root = source.root(b"TFL3")
    if root.number(MODEL_VERSION, U32) != 3:
        source.refuse("the root", "is not of schema version 3")
    graphs = root.tables(MODEL_SUBGRAPHS, "subgraph")
    if not graphs:
        source.refuse("the root", "has no subgraph")
    buffers = root.tables(MODEL_BUFFERS, "buffer")
    tensors = tuple(
        _tensor(table, i, buffers) for i, table in enumerate(graphs[0].tables(GRAPH_TENSORS, "tensor"))
    )
    entries = {
        entry.text(ENTRY_NAME): _buffer(entry, ENTRY_BUFFER, buffers)
        for entry in root.tables(MODEL_METADATA, "metadata entry")
    }
    notes = metadata.read(source, entries.get("TFLITE_METADATA"))
    return Model(
        name=name,
        description=root.text(MODEL_DESCRIPTION),
        subgraphs=len(graphs),
        tensors=tensors,
        operators=_operators(root, graphs[0], len(tensors)),
        inputs=_ends(graphs[0], GRAPH_INPUTS, tensors),
        outputs=_ends(graphs[0], GRAPH_OUTPUTS, tensors),
        metadata=entries,
        input_notes=notes.inputs,
        output_notes=notes.outputs,
        labels=metadata.labels(source, notes.outputs),
    )


def _buffer(table: Table, field: int, buffers: list[Table]) -> memoryview:
    index = table.number(field, U32)
    if index >= len(buffers):
        table.source.refuse(table.where, f"names buffer {index:,} of {len(buffers):,}")
    return buffers[index].octets(BUFFER_DATA)


def _tensor(table: Table, index: int, buffers: list[Table]) -> Tensor:
    shape = table.integers(TENSOR_SHAPE)
    if any(dim < -1 for dim in shape):
        table.source.refuse(table.where, f"has the shape {list(shape)}")
    scale, zero_point, channels = _quantisation(table)
    return Tensor(
        index=index,
        name=table.text(TENSOR_NAME),
        shape=shape,
        dtype=name_of(DTYPES, table.number(TENSOR_TYPE, I8)),
        scale=scale,
        zero_point=zero_point,
        channels=channels,
        constant=len(_buffer(table, TENSOR_BUFFER, buffers)) > 0,
    )


def _quantisation(tensor: Table) -> tuple[float, int, int]:
    table = tensor.table(TENSOR_QUANTIZATION, "quantisation")
    if table is None:
        return 0.0, 0, 0
    scales = table.numbers(QUANTIZATION_SCALE, np.dtype("<f4"))
    zero_points = table.numbers(QUANTIZATION_ZERO_POINT, np.dtype("<i8"))
    scale = float(scales[0]) if len(scales) else 0.0
    return scale, int(zero_points[0]) if len(zero_points) else 0, len(scales)


def _operators(root: Table, graph: Table, tensors: int) -> tuple[Operator, ...]:
    codes = [_code(table) for table in root.tables(MODEL_CODES, "operator code")]
    found: list[Operator] = []
    for i, table in enumerate(graph.tables(GRAPH_OPERATORS, "operator")):
        code = table.number(OPERATOR_CODE, U32)
        inputs, outputs = table.integers(OPERATOR_INPUTS), table.integers(OPERATOR_OUTPUTS)
        if code >= len(codes) or not all(-1 <= t < tensors for t in inputs + outputs) or -1 in outputs:
            table.source.refuse(table.where, "names an operator code or a tensor that does not exist")
        found.append(Operator(i, *codes[code], inputs, outputs))
    return tuple(found)


def _code(table: Table) -> tuple[str, int]:
    # Old files have the code in a byte only; new ones put 127 there when it does not fit.
    code = max(table.number(CODE_OLD, U8), table.number(CODE_BUILTIN, I32))
    name = name_of(OPERATORS, code)
    if name == "CUSTOM":
        name = table.text(CODE_CUSTOM) or name
    return name, table.number(CODE_VERSION, I32, 1)


def _ends(graph: Table, field: int, tensors: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    indices = graph.integers(field)
    if not all(0 <= i < len(tensors) for i in indices):
        graph.source.refuse(graph.where, "has an input or output that is no tensor")
    return tuple(tensors[i] for i in indices)
