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
}
VERSIONS = {"CONV_2D": 3, "DEPTHWISE_CONV_2D": 3, "FULLY_CONNECTED": 4, "RESHAPE": 1}
OPTIONS = {
    "ADD": "Add",
    "AVERAGE_POOL_2D": "Pool2D",
    "CONV_2D": "Conv2D",
    "DEPTHWISE_CONV_2D": "DepthwiseConv2D",
    "FULLY_CONNECTED": "FullyConnected",
    "MAX_POOL_2D": "Pool2D",
    "MEAN": "Reducer",
    "RESHAPE": "Reshape",
    "SOFTMAX": "Softmax",
}


@dataclass
class Graph:
    """One subgraph under construction; tensors are named by the index that `tensor` returns."""

    tensors: list[Any] = field(default_factory=list)
    operators: list[Any] = field(default_factory=list)
    codes: list[Any] = field(default_factory=list)
    buffers: list[Any] = field(default_factory=lambda: [schema.BufferT()])

    def tensor(
        self,
        shape: tuple[int, ...],
        dtype: str = "int8",
        scale: float | Array | None = None,
        zero_point: int = 0,
        data: Array | None = None,
        channel_dimension: int = 0,
    ) -> int:
        """Adds a tensor; `data` makes it constant, an array of scales makes it per-channel."""
        made = schema.TensorT()
        made.shape = [int(dim) for dim in shape]
        made.type = TYPES[dtype]
        made.name = f"t{len(self.tensors)}".encode()
        made.buffer = 0
        if data is not None:
            assert data.dtype == np.dtype(dtype)
            assert data.shape == tuple(shape)
            buffer = schema.BufferT()
            buffer.data = np.frombuffer(data.tobytes(), np.uint8)
            self.buffers.append(buffer)
            made.buffer = len(self.buffers) - 1
        if scale is not None:
            scales = np.atleast_1d(np.asarray(scale, np.float32))
            quantization = schema.QuantizationParametersT()
            quantization.scale = [float(value) for value in scales]
            quantization.zeroPoint = [zero_point] * len(scales)
            quantization.quantizedDimension = channel_dimension
            made.quantization = quantization
        self.tensors.append(made)
        return len(self.tensors) - 1

    def constant(self, values: Array) -> int:
        """Adds an unquantised constant, such as axes or paddings."""
        return self.tensor(values.shape, str(values.dtype), data=values)

    def node(self, name: str, inputs: list[int], output: int, **options: object) -> int:
        """Adds an operator and returns its output's index."""
        code = schema.OperatorCodeT()
        code.builtinCode = getattr(schema.BuiltinOperator, name)
        code.deprecatedBuiltinCode = min(code.builtinCode, 127)
        code.version = VERSIONS.get(name, 2)
        self.codes.append(code)
        made = schema.OperatorT()
        made.opcodeIndex = len(self.codes) - 1
        made.inputs = inputs
        made.outputs = [output]
        if name in OPTIONS:
            table = f"{OPTIONS[name]}Options"
            made.builtinOptionsType = getattr(schema.BuiltinOptions, table)
            made.builtinOptions = getattr(schema, f"{table}T")()
            for key, value in options.items():
                assert hasattr(made.builtinOptions, key), key
                setattr(made.builtinOptions, key, value)
        self.operators.append(made)
        return output

    def build(self, inputs: list[int], outputs: list[int]) -> bytes:
        """The finished .tflite image."""
        graph = schema.SubGraphT()
        graph.tensors, graph.operators = self.tensors, self.operators
        graph.inputs, graph.outputs = inputs, outputs
        model = schema.ModelT()
        model.version = 3
        model.operatorCodes = self.codes
        model.subgraphs = [graph]
        model.buffers = self.buffers
        builder = flatbuffers.Builder(1024)
        builder.Finish(model.Pack(builder), b"TFL3")
        return bytes(builder.Output())
