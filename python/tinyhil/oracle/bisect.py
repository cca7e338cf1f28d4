# SPDX-License-Identifier: Apache-2.0
"""Finds the layer in which a device departs from the host.

A model that ends after operator k is again a model, so any engine that loads models shows any layer. The
end differs and the input does not; halving the operators between them takes a handful of loads.

What holds. For the vectors looked at, the operator named got equal inputs on both sides and made unequal
outputs: the fault is in its kernel, its weights or its quantisation, and not before it. There is such an
operator whenever the end differs: the first differing one of those that the end is made by. Halving alone
might not meet one: an operator that differs, after one that does not, may read a third that differs, as
through a residual connection. So all inputs of the operator found are compared too, and where one differs,
the search goes on among the operators that this one is made by.

What does not hold. It need not be the only such operator, nor the earliest: a difference that ReLU, pooling
or saturation hides before the next layer looked at is passed over. And each layer is read from a shorter
model, which lies elsewhere in the arena: a fault of memory, such as a buffer that overlaps another, may show
in another layer or vanish. VanishedError says when it does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from tinyhil import tflite
from tinyhil.oracle.differences import Array, Mismatch, compare_outputs
from tinyhil.oracle.halving import Search
from tinyhil.oracle.litert import golden
from tinyhil.oracle.probe import OUTPUT_MAX, Board, Probe, Reading, Results

__all__ = [
    "OUTPUT_MAX",
    "Board",
    "LayerDifference",
    "Reading",
    "Results",
    "VanishedError",
    "first_difference",
]

VECTORS_MAX = 8  # looked at, of those whose end differs


class VanishedError(RuntimeError):
    """The outputs differ, but not those of the same model packed anew, so no layer can be blamed."""


@dataclass(frozen=True)
class LayerDifference:
    """The operator that departs, and by what.

    unread: operators before it whose outputs the board could not return; the fault is in `operator` or in one
    of these. Empty: it is in `operator`.
    first: the first differing element; `vector` is its place in the set given, `golden` the host's value.
    """

    operator: int
    name: str
    tensor: str
    unread: tuple[int, ...]
    first: Mismatch
    differing: int  # elements, over the vectors looked at
    elements: int  # likewise

    def __str__(self) -> str:
        before = ", ".join(map(str, self.unread))
        unread = f" or an unread one before it ({before})" if before else ""
        return (
            f"operator {self.operator}, {self.name}{unread}: {self.differing} of {self.elements} elements of "
            f"`{self.tensor}` differ; first in vector {self.first.vector}, element {list(self.first.index)}: "
            f"device {self.first.device}, host {self.first.golden}"
        )


def first_difference(
    board: Board | Reading, model: bytes | Path, x: Array, *, host_model: bytes | Path | None = None
) -> LayerDifference | None:
    """The layer in which the board departs from LiteRT's reference kernels; None when all outputs are equal.

    model: what the board runs. host_model: what the host runs, the same unless given; both have operators and
    tensors of one numbering. x: [N, ...] as the model takes them. board: as a Reading, where it returns more
    than a tinyhil.Board or refuses otherwise.

    Raises VanishedError; ValueError when the two models or the vectors do not fit; ModelError and ImportError
    as oracle.golden. What the board raises passes, save the refusals that the Reading names.
    """
    ours = tflite.content_of(model)[0]
    theirs = ours if host_model is None else tflite.content_of(host_model)[0]
    known = tflite.read(ours)
    _require_alike(known, tflite.read(theirs))
    reading = board if isinstance(board, Reading) else Reading(board)
    reading.board.load(model)
    host = golden(theirs, x)
    end = compare_outputs(reading.board.infer(x).raw.reshape(host.shape), host)
    if end.differing == 0:
        return None
    chosen = end.which[:VECTORS_MAX]
    search = Search(known, Probe(reading, (ours, theirs), x[chosen]))
    return _answer(search, known, chosen)


def _answer(search: Search, model: tflite.Model, chosen: Array) -> LayerDifference:
    last = next(op for op in model.operators if model.outputs[0].index in op.outputs)
    if (end := search.layer(last)) is None or end.first is None:
        raise VanishedError(
            "the outputs differ, but not those of the same model packed anew, or the board refuses it; look "
            "at the arena's layout, at the transfer, and whether the board gives equal outputs twice"
        )
    operator, unread = search.blame(last)
    layer = search.layer(operator)
    assert layer is not None
    assert layer.first is not None
    first = replace(layer.first, vector=int(chosen[layer.first.vector]))
    return LayerDifference(
        operator.index, operator.name, layer.tensor.name, unread, first, layer.differing, layer.elements
    )


def _require_alike(ours: tflite.Model, theirs: tflite.Model) -> None:
    def structure(model: tflite.Model) -> list[object]:
        nodes = [(op.name, op.inputs, op.outputs) for op in model.operators]
        return [nodes, [t.index for t in model.outputs], [t.shape for t in model.tensors]]

    if structure(ours) != structure(theirs):
        raise ValueError("the host's model has other operators or shapes; name one of the same structure")
    if not any(ours.outputs[0].index in op.outputs for op in ours.operators):
        raise ValueError("no operator makes the model's output, so there is no layer to look at")
