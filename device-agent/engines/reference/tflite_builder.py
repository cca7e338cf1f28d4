# SPDX-License-Identifier: Apache-2.0
"""Writes small int8 .tflite models with nothing but flatbuffers and the schema that LiteRT ships."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

Array = np.ndarray[Any, np.dtype[Any]]

TYPES = {
    "int8": schema.TensorType.INT8,
    "uint8": schema.TensorType.UINT8,
    "int16": schema.TensorType.INT16,
    "int32": schema.TensorType.INT32,
    "float32": schema.TensorType.FLOAT32,
    "resource": schema.TensorType.RESOURCE,
}
VERSIONS = {
    "ASSIGN_VARIABLE": 1,
    "CALL_ONCE": 1,
    "CAST": 1,
    "CONV_2D": 3,
    "DEPTHWISE_CONV_2D": 3,
    "ELU": 1,
    "EXPAND_DIMS": 1,
    "FULLY_CONNECTED": 4,
    "HARD_SWISH": 1,
    "LOG_SOFTMAX": 1,
    "PRELU": 1,
    "READ_VARIABLE": 1,
    "RESHAPE": 1,
    "SHAPE": 1,
    "SQUEEZE": 1,
    "SVDF": 3,
    "TRANSPOSE_CONV": 4,
    "UNIDIRECTIONAL_SEQUENCE_LSTM": 3,
    "VAR_HANDLE": 1,
}
OPTIONS = {
    "ADD": "Add",
    "ASSIGN_VARIABLE": "AssignVariable",
    "AVERAGE_POOL_2D": "Pool2D",
    "CALL_ONCE": "CallOnce",
    "CAST": "Cast",
    "CONCATENATION": "Concatenation",
    "CONV_2D": "Conv2D",
    "DEPTHWISE_CONV_2D": "DepthwiseConv2D",
    "FULLY_CONNECTED": "FullyConnected",
    "GATHER": "Gather",
    "LEAKY_RELU": "LeakyRelu",
    "LOG_SOFTMAX": "LogSoftmax",
    "MAXIMUM": "MaximumMinimum",
    "MAX_POOL_2D": "Pool2D",
    "MEAN": "Reducer",
    "MINIMUM": "MaximumMinimum",
    "MUL": "Mul",
    "PACK": "Pack",
    "READ_VARIABLE": "ReadVariable",
    "RESHAPE": "Reshape",
    "RESIZE_BILINEAR": "ResizeBilinear",
    "RESIZE_NEAREST_NEIGHBOR": "ResizeNearestNeighbor",
    "SHAPE": "Shape",
    "SLICE": "Slice",
    "SOFTMAX": "Softmax",
    "SPLIT": "Split",
    "SPLIT_V": "SplitV",
    "SQUEEZE": "Squeeze",
    "STRIDED_SLICE": "StridedSlice",
    "SUB": "Sub",
    "SVDF": "SVDF",
    "TRANSPOSE": "Transpose",
    "TRANSPOSE_CONV": "TransposeConv",
    "UNIDIRECTIONAL_SEQUENCE_LSTM": "UnidirectionalSequenceLSTM",
    "UNPACK": "Unpack",
    "VAR_HANDLE": "VarHandle",
}


@dataclass(frozen=True)
class Quantised:
    """How a tensor's integers stand for real numbers; an array of scales: one a channel."""

    scale: float | Array
    zero_point: int = 0
    channel_dimension: int = 0

    def table(self) -> Any:
        """As the schema has it."""
        scales = np.atleast_1d(np.asarray(self.scale, np.float32))
        made = schema.QuantizationParametersT()
        made.scale = [float(value) for value in scales]
        made.zeroPoint = [self.zero_point] * len(scales)
        made.quantizedDimension = self.channel_dimension
        return made


class Operator:
    """What an operator does and to which tensors; where its output goes is the graph's to say."""

    def __init__(self, name: str, *inputs: int, **options: object) -> None:
        """`options`: of the schema's table for this operator, `custom_code` and `intermediates`."""
        self.name, self.inputs, self.options = name, list(inputs), options


@dataclass
class Graph:
    """A subgraph under construction; tensors are named by the index that `tensor` and `constant` return."""

    tensors: list[Any] = field(default_factory=list)
    operators: list[Any] = field(default_factory=list)
    codes: list[Any] = field(default_factory=list)
    buffers: list[Any] = field(default_factory=lambda: [schema.BufferT()])
    others: list[Graph] = field(default_factory=list)  # subgraphs after this one, with its codes and buffers

    def tensor(
        self, shape: tuple[int, ...], dtype: str = "int8", quantised: Quantised | float | None = None
    ) -> int:
        """Adds a tensor that the model computes or is given."""
        made = schema.TensorT()
        made.shape = [int(dim) for dim in shape]
        made.type = TYPES[dtype]
        made.name = f"t{len(self.tensors)}".encode()
        made.buffer = 0
        if quantised is not None:
            known = quantised if isinstance(quantised, Quantised) else Quantised(quantised)
            made.quantization = known.table()
        self.tensors.append(made)
        return len(self.tensors) - 1

    def constant(self, values: Array, quantised: Quantised | float | None = None) -> int:
        """Adds a tensor with these values, such as weights or axes."""
        index = self.tensor(values.shape, str(values.dtype), quantised)
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(values.tobytes(), np.uint8)
        self.buffers.append(buffer)
        self.tensors[index].buffer = len(self.buffers) - 1
        return index

    def variable(self, shape: tuple[int, ...], dtype: str, quantised: Quantised) -> int:
        """Adds a tensor that keeps its values from one inference to the next."""
        index = self.tensor(shape, dtype, quantised)
        self.tensors[index].isVariable = True
        return index

    def node(self, operator: Operator, output: int | list[int]) -> int:
        """Adds an operator and returns its output's index; the first one's, when there are several."""
        name, options = operator.name, dict(operator.options)
        code = schema.OperatorCodeT()
        code.builtinCode = getattr(schema.BuiltinOperator, name)
        code.deprecatedBuiltinCode = min(code.builtinCode, 127)
        code.customCode = options.pop("custom_code", None)
        between = options.pop("intermediates", None)
        code.version = VERSIONS.get(name, 2)
        self.codes.append(code)
        made = schema.OperatorT()
        made.opcodeIndex = len(self.codes) - 1
        made.inputs = operator.inputs
        made.intermediates = between
        made.outputs = [output] if isinstance(output, int) else output
        if name in OPTIONS:
            table = f"{OPTIONS[name]}Options"
            made.builtinOptionsType = getattr(schema.BuiltinOptions, table)
            made.builtinOptions = getattr(schema, f"{table}T")()
            for key, value in options.items():
                assert hasattr(made.builtinOptions, key), key
                setattr(made.builtinOptions, key, value)
        self.operators.append(made)
        return made.outputs[0] if made.outputs else -1

    def table(self, inputs: list[int], outputs: list[int]) -> Any:
        """The subgraph as the schema has it."""
        graph = schema.SubGraphT()
        graph.tensors, graph.operators = self.tensors, self.operators
        graph.inputs, graph.outputs = inputs, outputs
        return graph

    def build(self, inputs: list[int], outputs: list[int]) -> bytes:
        """The finished .tflite image."""
        model = schema.ModelT()
        model.version = 3
        model.operatorCodes = self.codes
        model.subgraphs = [self.table(inputs, outputs), *(other.table([], []) for other in self.others)]
        model.buffers = self.buffers
        builder = flatbuffers.Builder(1024)
        builder.Finish(model.Pack(builder), b"TFL3")
        return bytes(builder.Output())
