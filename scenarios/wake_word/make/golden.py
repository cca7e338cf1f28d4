# SPDX-License-Identifier: Apache-2.0
"""Golden outputs: LiteRT's reference kernels, not its optimised ones."""

from __future__ import annotations

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType


def run(flatbuffer: bytes, inputs: np.ndarray) -> np.ndarray:
    """int8 [N, 49, 10, 1] to int8 [N, 3]."""
    interpreter = Interpreter(
        model_content=flatbuffer, experimental_op_resolver_type=OpResolverType.BUILTIN_REF
    )
    interpreter.allocate_tensors()
    source = interpreter.get_input_details()[0]["index"]
    sink = interpreter.get_output_details()[0]["index"]
    outputs = np.empty((len(inputs), 3), np.int8)
    for row, vector in enumerate(inputs):
        interpreter.set_tensor(source, vector[None])
        interpreter.invoke()
        outputs[row] = interpreter.get_tensor(sink)[0]
    return outputs
