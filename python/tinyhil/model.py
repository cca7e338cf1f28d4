# SPDX-License-Identifier: Apache-2.0
"""A model that a board has loaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from . import _core
from .errors import UsageError
from .inferences import Inferences
from .progress import bar
from .tensor import dequantise, to_model

if TYPE_CHECKING:
    from .board import Board

REPEATS_MAX = 1000
FILE_MAX = 64 << 20


class Model:
    """A model on a board; `infer` runs it. Made by `Board.load`."""

    def __init__(self, board: Board, file: _core.ModelFile, loaded: _core.LoadedModel) -> None:
        """`loaded`: what the device said about it."""
        self._board, self._file, self._loaded = board, file, loaded

    @property
    def name(self) -> str:
        return self._file.name

    @property
    def sha256(self) -> str:
        return self._file.sha256

    @property
    def input(self) -> _core.Tensor:
        """Shape with batch dimension, dtype, scale (0: not quantised) and zero point."""
        return self._loaded.input

    @property
    def output(self) -> _core.Tensor:
        return self._loaded.output

    @property
    def arena_used(self) -> int:
        """Bytes."""
        return self._loaded.arena_used

    def __repr__(self) -> str:
        return f"<Model {self.name} {self.input!r} -> {self.output!r} on {self._board.name}>"

    def infer(
        self,
        x: ArrayLike,
        *,
        repeats: int = 1,
        timeout: float = 10.0,
        overlap: bool = False,
        progress: bool | None = None,
    ) -> Inferences:
        """Runs vectors `x` of shape [n, ...], or one without n: n * repeats rows, by vector and repeat.

        Integers of the model's type go as they are; floats are quantised by its scale and zero point.
        `timeout`: seconds for one inference; longer is a hang. `overlap`: transfer and inference at the same
        time, which is faster, but then no latency counts. `progress`: a bar on stderr; None: on a terminal,
        for long work.

        Raises UsageError for vectors the model does not take, DeviceCrash, DeviceTimeout and the like when
        the device fails, BenchFault when the line does. After any of them the next call works, once what is
        broken is mended.
        """
        if not 1 <= repeats <= REPEATS_MAX:
            raise UsageError(f"{repeats} repeats", self.name, f"ask for 1 to {REPEATS_MAX}")
        if not 0.001 <= timeout <= 3600:
            raise UsageError(f"a timeout of {timeout} s", self.name, "choose 1 ms to an hour")
        vectors, _ = to_model(x, self.input, self.name)
        if len(vectors) == 0:
            raise UsageError("no vectors", self.name, "give at least one")
        core = self._board.core
        with bar(len(vectors) * repeats, self.name, progress, delay=1) as told:
            rows = core.infer(self._file, self._loaded, vectors, repeats, timeout, overlap, told)
        result = Inferences(rows, self._board.info.clock_hz, is_measured=not overlap)
        if self._board.on_inferences is not None:
            self._board.on_inferences(self, result)
        return result

    def predict(self, x: ArrayLike) -> np.ndarray[Any, Any]:
        """Outputs only, in the kind of numbers that `x` is of: real for floats, raw for integers."""
        single = np.shape(x) == self.input.shape[1:]
        outputs = self.infer(x).raw
        if np.asarray(x).dtype.kind == "f":
            outputs = dequantise(outputs, self.output)
        return outputs[0] if single else outputs


def read_model(path: Path) -> bytes:
    """The file's bytes; UsageError when it cannot be read or is larger than any device takes."""
    try:
        if path.stat().st_size > FILE_MAX:
            raise UsageError(f"more than {FILE_MAX >> 20} MiB", str(path), "name a model's file")
        return path.read_bytes()
    except OSError as error:
        what = f"the model cannot be read: {error.strerror}"
        raise UsageError(what, str(path), "correct the path") from error
