# SPDX-License-Identifier: Apache-2.0
"""Reads any layer of a model from a board, and says how it differs from the host's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from tinyhil import tflite
from tinyhil.errors import DeviceRefused
from tinyhil.oracle.cut import Piece, cut
from tinyhil.oracle.differences import Array, Mismatch, distance, first_mismatch
from tinyhil.oracle.litert import golden

# Bytes of an output that comes in one frame: a payload (THIL_MTU_MAX in thil/wire.h) less the
# heads of frame and row (THIL_OUTPUT_MAX in device-agent/agent/output.h). Larger ones come in parts.
OUTPUT_MAX = 1024 - 8 - 9


class Results(Protocol):
    """What inferences over a set of vectors gave."""

    @property
    def raw(self) -> Array:
        """[N, ...] in the type of the model's output."""


class Board(Protocol):
    """A board, or whatever else loads models and runs them; tinyhil.Board is one."""

    def load(self, model: bytes | Path) -> object:
        """Makes this the model that runs."""

    def infer(self, x: Array) -> Results:
        """Runs it over the vectors x [N, ...]."""


@dataclass(frozen=True)
class Reading:
    """A board, what it can return, and how it says that it cannot.

    output_max: bytes of an output; larger layers are read in pieces.
    refusals: exceptions by which its `load` says that it cannot run a model, for want of an operator or of
    memory. Any other is not caught: it says nothing about a layer.
    """

    board: Board
    output_max: int = OUTPUT_MAX
    refusals: tuple[type[Exception], ...] = (DeviceRefused,)


@dataclass(frozen=True)
class Layer:
    """One tensor as the board and the host computed it, over the vectors looked at."""

    tensor: tflite.Tensor
    differing: int  # elements, over all vectors
    elements: int  # likewise
    first: Mismatch | None


@dataclass
class Probe:
    """Board and host side by side on a few vectors. Every layer is read once.

    models: the board's and the host's, of one structure. x: [N, ...].
    """

    reading: Reading
    models: tuple[bytes, bytes]
    x: Array

    def __post_init__(self) -> None:
        self._board_model, self._host_model = self.models
        self._model = tflite.read(self._board_model)
        self._seen: dict[int, Layer | None] = {}

    def layer(self, operator: tflite.Operator, output: int = 0) -> Layer | None:
        """What the operator made; None when the board cannot tell."""
        tensor = operator.outputs[output]
        if tensor not in self._seen:
            self._seen[tensor] = self._compare(operator.index, output, self._model.tensors[tensor])
        return self._seen[tensor]

    def _compare(self, operator: int, output: int, tensor: tflite.Tensor) -> Layer | None:
        host = golden(cut(self._host_model, operator, output=output), self.x)
        try:
            device = self._read(operator, output, host)
        except self.reading.refusals:
            return None
        if device is None:
            return None
        differs = distance(device, host) != 0
        where = np.flatnonzero(differs.reshape(len(host), -1).any(axis=1))
        first = first_mismatch(device, host, int(where[0])) if len(where) else None
        return Layer(tensor, int(np.count_nonzero(differs)), host.size, first)

    def _read(self, operator: int, output: int, host: Array) -> Array | None:
        """The board's values in the shape of the host's; None for a type of which there are no pieces."""
        if host[0].nbytes <= self.reading.output_max:
            values = self._run(cut(self._board_model, operator, output=output))
            return values.reshape(host.shape)
        if host.dtype != np.int8:
            return None
        whole = np.empty((len(host), host[0].size), np.int8)
        for piece in pieces(host[0].size, self.reading.output_max):
            values = self._run(cut(self._board_model, operator, output=output, piece=piece))
            piece.put(values.reshape(len(host), -1), whole)
        return whole.reshape(host.shape)

    def _run(self, model: bytes) -> Array:
        self.reading.board.load(model)
        return self.reading.board.infer(self.x).raw


def pieces(elements: int, most: int) -> list[Piece]:
    """As few pieces of a tensor as hold all its elements and at most so many each, two or more."""
    stride = 2
    while -(-(elements + stride - 1) // stride) > most:
        stride += 1
    return [Piece(shift, stride) for shift in range(stride)]
