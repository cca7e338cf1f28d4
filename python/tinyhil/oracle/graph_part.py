# SPDX-License-Identifier: Apache-2.0
"""Part of a model's graph, copied into a model of its own."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

import flatbuffers
import numpy as np

from tinyhil import tflite

# The first versions that take int8; engines refuse what is newer than they are.
VERSIONS = {"RESHAPE": 1, "PAD": 2, "MAX_POOL_2D": 2}
OPTIONS = {"RESHAPE": "ReshapeOptions", "PAD": "PadOptions", "MAX_POOL_2D": "Pool2DOptions"}


def producers(model: tflite.Model, tensor: int) -> list[tflite.Operator]:
    """The operators that a tensor is computed by, directly or not, in the model's order."""
    wanted = {tensor}
    found: list[tflite.Operator] = []
    for operator in reversed(model.operators):
        if wanted & set(operator.outputs):
            wanted |= set(operator.inputs)
            found.append(operator)
    return found[::-1]


@dataclass(frozen=True)
class Step:
    """An operator to be appended; its output has type and quantisation of its first input."""

    name: str
    inputs: list[int]
    options: dict[str, int] = field(default_factory=dict)


class GraphPart:
    """The model's inputs and all that computes one tensor; nothing else is unpacked.

    Tensors are numbered anew: `place`, `constant` and `follow` tell how.
    """

    def __init__(self, content: bytes, model: tflite.Model, last: tflite.Tensor) -> None:
        self._schema = _schema()
        self._model = model
        self._old = self._schema.Model.GetRootAs(content, 0)
        self._places = {-1: -1}
        self._codes: dict[int, int] = {}
        self._new = self._schema.ModelT()
        self._new.version, self._new.operatorCodes = 3, []
        self._new.buffers = [self._schema.BufferT()]
        self._graph = self._schema.SubGraphT()
        self._graph.tensors, self._graph.operators = [], []
        self._graph.inputs = [self.place(tensor.index) for tensor in model.inputs]
        for operator in producers(model, last.index):
            self._copy(operator.index)

    def place(self, tensor: int) -> int:
        """Where the model's tensor is in this part; brings it in with its content."""
        if tensor not in self._places:
            if not 0 <= tensor < len(self._model.tensors):
                raise IndexError(f"there is no tensor {tensor}")
            made = self._schema.TensorT.InitFromObj(self._old.Subgraphs(0).Tensors(tensor))
            made.buffer = self._buffer(made.buffer)
            self._places[tensor] = len(self._graph.tensors)
            self._graph.tensors.append(made)
        return self._places[tensor]

    def constant(self, values: list[int] | list[list[int]]) -> int:
        """A new int32 tensor with these values."""
        content = np.array(values, "<i4")
        made, buffer = self._schema.TensorT(), self._schema.BufferT()
        buffer.data = np.frombuffer(content.tobytes(), np.uint8)
        made.shape, made.type, made.name = list(content.shape), self._schema.TensorType.INT32, "constant"
        made.buffer = len(self._new.buffers)
        self._new.buffers.append(buffer)
        self._graph.tensors.append(made)
        return len(self._graph.tensors) - 1

    def follow(self, step: Step, shape: list[int]) -> int:
        """Appends an operator with an output of this shape; returns the output."""
        name, inputs = step.name, step.inputs
        code, node = self._schema.OperatorCodeT(), self._schema.OperatorT()
        code.builtinCode = code.deprecatedBuiltinCode = getattr(self._schema.BuiltinOperator, name)
        code.version = VERSIONS[name]
        output = copy.copy(self._graph.tensors[inputs[0]])
        output.shape, output.shapeSignature, output.name, output.buffer = shape, None, name.lower(), 0
        node.opcodeIndex, node.inputs, node.outputs = len(self._new.operatorCodes), inputs, []
        node.builtinOptionsType = getattr(self._schema.BuiltinOptions, OPTIONS[name])
        node.builtinOptions = getattr(self._schema, f"{OPTIONS[name]}T")(**step.options)
        node.outputs = [len(self._graph.tensors)]
        self._new.operatorCodes.append(code)
        self._graph.tensors.append(output)
        self._graph.operators.append(node)
        return len(self._graph.tensors) - 1

    def finish(self, output: int) -> bytes:
        """The part as a model whose output is this tensor."""
        self._graph.outputs = [output]
        self._new.subgraphs = [self._graph]
        builder = flatbuffers.Builder(1024)
        builder.Finish(self._new.Pack(builder), b"TFL3")
        return bytes(builder.Output())

    def _copy(self, index: int) -> None:
        node = self._schema.OperatorT.InitFromObj(self._old.Subgraphs(0).Operators(index))
        if node.opcodeIndex not in self._codes:
            code = self._schema.OperatorCodeT.InitFromObj(self._old.OperatorCodes(node.opcodeIndex))
            self._codes[node.opcodeIndex] = len(self._new.operatorCodes)
            self._new.operatorCodes.append(code)
        node.opcodeIndex = self._codes[node.opcodeIndex]
        known = self._model.operators[index]
        node.inputs = [self.place(tensor) for tensor in known.inputs]
        node.outputs = [self.place(tensor) for tensor in known.outputs]
        if node.intermediates is not None:
            node.intermediates = [self.place(int(tensor)) for tensor in node.intermediates]
        self._graph.operators.append(node)

    def _buffer(self, index: int) -> int:
        old = self._old.Buffers(index)
        if old.Offset() > 1:
            what, remedy = "keeps weights outside its FlatBuffer", "convert it to a file below 2 GiB"
            raise tflite.ModelError(what, self._model.name, remedy)
        if old.DataLength() == 0:
            return 0
        made = self._schema.BufferT()
        made.data = old.DataAsNumpy()
        self._new.buffers.append(made)
        return len(self._new.buffers) - 1


def _schema() -> Any:
    try:
        from ai_edge_litert import schema_py_generated
    except ImportError as error:
        raise ImportError("models are cut with LiteRT's schema; `pip install tinyhil[litert]`") from error
    return schema_py_generated
