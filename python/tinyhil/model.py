# SPDX-License-Identifier: Apache-2.0
"""A model that a board has loaded."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from . import _core, tflite
from .energy import Energy, seconds
from .errors import UsageError
from .inferences import Inferences
from .progress import bar
from .tensor import only, to_model

if TYPE_CHECKING:
    from .board import Board

Vectors = ArrayLike | Sequence[ArrayLike] | Mapping[str, ArrayLike]

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
    def inputs(self) -> list[_core.Tensor]:
        """Each with shape (batch first), dtype, scale (0: not quantised) and zero point, in order."""
        return self._loaded.inputs

    @property
    def outputs(self) -> list[_core.Tensor]:
        return self._loaded.outputs

    @property
    def input(self) -> _core.Tensor:
        """The only one; UsageError for a model with several."""
        return only(self.inputs, "input", self.name)

    @property
    def output(self) -> _core.Tensor:
        return only(self.outputs, "output", self.name)

    @property
    def arena_used(self) -> int:
        """Bytes."""
        return self._loaded.arena_used

    def __repr__(self) -> str:
        given, made = (", ".join(map(repr, tensors)) for tensors in (self.inputs, self.outputs))
        return f"<Model {self.name} {given} -> {made} on {self._board.name}>"

    def infer(
        self,
        x: Vectors,
        *,
        repeats: int = 1,
        timeout: float = 10.0,
        overlap: bool = False,
        energy: bool = False,
        progress: bool | None = None,
    ) -> Inferences:
        """Runs vectors `x` of shape [n, ...], or one without n: n * repeats rows, by vector and repeat.

        A model with several inputs takes a list of such arrays in their order, or a dict of them by the
        names that the .tflite file gives its inputs (`input_names`).

        Integers of the model's type go as they are; floats are quantised by its scale and zero point.
        `timeout`: seconds for one inference; longer is a hang. `overlap`: transfer and inference at the same
        time, which is faster, but then no latency counts. `energy`: afterwards, as `measure_energy` with its
        defaults, for `energy_uj` of what comes back. `progress`: a bar on stderr; None: on a terminal, for
        long work.

        Raises UsageError for vectors the model does not take, DeviceCrash, DeviceTimeout and the like when
        the device fails, BenchFault when the line does. After any of them the next call works, once what is
        broken is mended.
        """
        if not 1 <= repeats <= REPEATS_MAX:
            raise UsageError(f"{repeats} repeats", self.name, f"ask for 1 to {REPEATS_MAX}")
        if not 0.001 <= timeout <= 3600:
            raise UsageError(f"a timeout of {timeout} s", self.name, "choose 1 ms to an hour")
        vectors, _ = self._as_taken(x)
        count = len(vectors[0])
        if count == 0:
            raise UsageError("no vectors", self.name, "give at least one")
        core = self._board.core
        with bar(count * repeats, self.name, progress, delay=1) as told:
            rows = core.infer(self._file, self._loaded, vectors, repeats, timeout, overlap, told)
        measured = self.measure_energy(x, progress=progress) if energy else None
        result = Inferences(rows, self._board.info.clock_hz, not overlap, measured)
        if self._board.on_inferences is not None:
            self._board.on_inferences(self, result)
        return result

    def measure_energy(
        self,
        x: Vectors,
        *,
        window: float = 0.02,
        idle: float = 0.1,
        traces: str | os.PathLike[str] = "",
        progress: bool | None = None,
    ) -> Energy:
        """What an inference of each of the vectors takes, by the board's current meter; `x` as of `infer`.

        Each vector is run over and over for `window` seconds, as a campaign's `energy` does, and the board
        waits for `idle` seconds beside it (0: not, and then nothing is known net of waiting). `traces`: a
        folder that keeps the samples. Raises as `infer`, UsageError for a board without a meter, BenchFault
        when the meter is lost. A window that does not count is no error: its energy is NaN.
        """
        vectors, _ = self._as_taken(x)
        lengths = seconds("a window", window), seconds("an idle window", idle, least=0.0)
        if len(vectors[0]) == 0:
            raise UsageError("no vectors", self.name, "give at least one")
        core = self._board.core
        with bar(len(vectors[0]), self.name, progress, delay=1) as told:
            return Energy(core.measure(self._file, self._loaded, vectors, *lengths, os.fspath(traces), told))

    @cached_property
    def input_names(self) -> list[str]:
        """As the .tflite file has them; UsageError for a model of another kind."""
        try:
            known = tflite.read(self._file.content)
        except tflite.ModelError as error:
            raise UsageError(
                "the model's inputs have no names", self.name, "give the arrays in a list"
            ) from error
        return [tensor.name for tensor in known.inputs]

    def _given(self, x: Vectors) -> list[Any]:
        """One array an input, in the model's order."""
        if isinstance(x, Mapping):
            if set(x) != set(self.input_names):
                names = ", ".join(f"`{name}`" for name in self.input_names)
                raise UsageError(
                    f"arrays for {', '.join(map(repr, x))}", self.name, f"give one for each of {names}"
                )
            return [x[name] for name in self.input_names]
        if len(self.inputs) == 1:
            return [x]
        if not isinstance(x, list | tuple) or len(x) != len(self.inputs):
            what = f"{len(x)} arrays" if isinstance(x, list | tuple) else "one array"
            raise UsageError(
                f"{what}; the model has {len(self.inputs)} inputs",
                self.name,
                "give a list of one array an input",
            )
        return list(x)

    def _as_taken(self, x: Vectors) -> tuple[list[np.ndarray[Any, Any]], bool]:
        """As the model takes them, and whether it was one vector without n."""
        several = len(self.inputs) > 1
        taken = [
            to_model(each, tensor, f"{self.name}, input {i}" if several else self.name)
            for i, (each, tensor) in enumerate(zip(self._given(x), self.inputs, strict=True))
        ]
        vectors, singles = [array for array, _ in taken], [single for _, single in taken]
        if len({len(array) for array in vectors}) > 1 or len(set(singles)) > 1:
            counts = ", ".join(str(len(array)) for array in vectors)
            raise UsageError(f"other numbers of vectors: {counts}", self.name, "give as many for each input")
        return vectors, singles[0]

    def predict(self, x: Vectors) -> Any:
        """Outputs only, in the kind of numbers that `x` is of: real for floats, raw for integers.

        One array, or a list of them of a model with several outputs.
        """
        _, single = self._as_taken(x)
        result = self.infer(x)
        is_real = any(np.asarray(each).dtype.kind == "f" for each in self._given(x))
        outputs = [each[0] if single else each for each in (result.reals if is_real else result.raws)]
        return outputs[0] if len(outputs) == 1 else outputs


def read_model(path: Path) -> bytes:
    """The file's bytes; UsageError when it cannot be read or is larger than any device takes."""
    try:
        if path.stat().st_size > FILE_MAX:
            raise UsageError(f"more than {FILE_MAX >> 20} MiB", str(path), "name a model's file")
        return path.read_bytes()
    except OSError as error:
        what = f"the model cannot be read: {error.strerror}"
        raise UsageError(what, str(path), "correct the path") from error
