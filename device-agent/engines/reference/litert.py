# SPDX-License-Identifier: Apache-2.0
"""LiteRT as the tests ask it."""

from __future__ import annotations

from ai_edge_litert.interpreter import Interpreter, OpResolverType


def litert(image: bytes) -> Interpreter:
    """With its reference kernels; with its others for an operator that it has no reference kernel for."""
    try:
        made = Interpreter(model_content=image, experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    except ValueError:
        plain = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
        made = Interpreter(model_content=image, experimental_op_resolver_type=plain)
    return made
