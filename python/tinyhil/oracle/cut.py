# SPDX-License-Identifier: Apache-2.0
"""Ends a model after any of its operators, so that an engine that loads models shows what that one made."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from tinyhil import tflite
from tinyhil.oracle.differences import Array
from tinyhil.oracle.graph_part import GraphPart, Step


@dataclass(frozen=True)
class Piece:
    """Every `stride`-th element of a tensor laid flat, beginning `shift` before its first.

    What comes before the first is padding. All shifts from 0 to stride - 1 together hold every element.
    """

    shift: int
    stride: int

    def put(self, piece: Array, whole: Array) -> None:
        """Writes the piece [N, count] to its places in the whole [N, elements]."""
        padding = 1 if self.shift else 0
        whole[:, padding * self.stride - self.shift :: self.stride] = piece[:, padding:]


def cut(model: bytes | Path, operator: int, *, output: int = 0, piece: Piece | None = None) -> bytes:
    """The model that ends with what an operator makes, and holds nothing that this does not need.

    operator, output: their places in the model, and among the operator's outputs.
    piece: ends with a part of an int8 tensor. RESHAPE to [1, elements, 1, 1], PAD by `shift` and a
    MAX_POOL_2D over single elements copy values as they are, so what is read this way is exact.

    Raises ModelError for a model that cannot be read or has several subgraphs, IndexError when there is
    no such operator or output, ValueError for a piece of another type, ImportError without LiteRT, whose
    schema it uses.
    """
    known = tflite.read(model)
    if known.subgraphs != 1:
        raise tflite.ModelError("has several subgraphs", known.name, "cut a model without control flow")
    last = known.tensors[known.operators[operator].outputs[output]]
    if piece is not None and last.dtype != "int8":
        raise ValueError(f"tensor {last.index} is {last.dtype}, pieces are made of int8")
    try:
        part = GraphPart(tflite.content_of(model)[0], known, last)
        return part.finish(part.place(last.index) if piece is None else _piece(part, last, piece))
    except tflite.ModelError:
        raise
    except (struct.error, TypeError, LookupError, AttributeError, ArithmeticError, ValueError) as error:
        # What the schema's classes raise when fields are damaged that tflite.read does not look at.
        raise tflite.ModelError(f"cannot be cut: {error}", known.name, "export the model again") from error


def _piece(part: GraphPart, last: tflite.Tensor, piece: Piece) -> int:
    """Appends the operators that copy the piece out; returns its tensor."""
    padded = last.elements + piece.shift
    flat = [1, last.elements, 1, 1]
    at = part.follow(Step("RESHAPE", [part.place(last.index), part.constant(flat)]), flat)
    if piece.shift:
        paddings = part.constant([[0, 0], [piece.shift, 0], [0, 0], [0, 0]])
        at = part.follow(Step("PAD", [at, paddings]), [1, padded, 1, 1])
    options = {"padding": 1, "filterWidth": 1, "filterHeight": 1}  # 1: VALID
    options |= {"strideH": piece.stride, "strideW": 1}
    return part.follow(Step("MAX_POOL_2D", [at], options), [1, -(-padded // piece.stride), 1, 1])
