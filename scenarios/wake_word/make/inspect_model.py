# SPDX-License-Identifier: Apache-2.0
"""What a `.tflite` file holds: operators, multiply-accumulates, input quantisation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from ai_edge_litert import schema_py_generated as schema

_NAMES = {value: name for name, value in vars(schema.BuiltinOperator).items() if name.isupper()}


@dataclass(frozen=True)
class ModelFacts:
    bytes: int
    macs: int
    operators: tuple[str, ...]
    input_scale: float
    input_zero_point: int


def _macs(name: str, weights: list[int], output: list[int]) -> int:
    if name == "CONV_2D":
        return int(np.prod(output) * np.prod(weights[1:]))
    if name == "DEPTHWISE_CONV_2D":
        return int(np.prod(output) * np.prod(weights[1:3]))
    if name == "FULLY_CONNECTED":
        return int(np.prod(weights))
    return 0


def facts(flatbuffer: bytes) -> ModelFacts:
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(flatbuffer, 0))
    graph = model.subgraphs[0]
    names, macs = [], 0
    for op in graph.operators:
        code = model.operatorCodes[op.opcodeIndex]
        name = _NAMES[max(code.builtinCode, code.deprecatedBuiltinCode)]
        names.append(name)
        weights = list(graph.tensors[op.inputs[1]].shape) if len(op.inputs) > 1 else []
        macs += _macs(name, weights, list(graph.tensors[op.outputs[0]].shape))
    quantised = graph.tensors[graph.inputs[0]].quantization
    scale, zero = float(quantised.scale[0]), int(quantised.zeroPoint[0])
    return ModelFacts(len(flatbuffer), macs, tuple(names), scale, zero)
