# SPDX-License-Identifier: Apache-2.0
"""A campaign: what is tested, run piece by piece, judged by the C++ gate."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core, tflite
from .bench import Bench
from .errors import UsageError
from .hold import first_free
from .inferences import Inferences
from .progress import bar
from .report import Report
from .store import Store
from .tensor import only

DEFAULT_STORE = "results/tinyhil.db"


@dataclass(frozen=True)
class Slice:
    """A property of vectors such as their accent: `code` [n] is an index into `values`."""

    code: NDArray[np.uint16]
    values: list[str]

    def mask(self, value: str) -> NDArray[np.bool_]:
        """[n] which vectors have it."""
        mask: NDArray[np.bool_] = self.code == self.values.index(value)
        return mask


class Vectors:
    """The campaign's vectors, read-only views: inputs [n, ...], right answers, slices, golden outputs.

    The right answers are those of the campaign's `task`: `labels` [n] into `classes` of a classification,
    `targets` [n, k] of a regression; what the task does not have is empty. For models of several inputs
    `arrays` are their inputs and `tensors` say what they are; golden outputs of several outputs are lists of
    arrays.
    """

    def __init__(self, inputs: _core.Inputs) -> None:
        """Made by `Campaign`."""
        self.file, self.sha256 = inputs.vectors_file, inputs.vectors_sha256
        self.tensors, self.arrays = inputs.tensors, inputs.inputs
        self.task = inputs.task
        self.labels: NDArray[np.uint16] = inputs.labels
        self.targets: NDArray[np.float32] = inputs.targets
        self.classes = inputs.classes
        self.group: NDArray[np.uint32] = inputs.group
        self.slices = {name: Slice(code, values) for name, (code, values) in inputs.slices.items()}
        self.golden: dict[str, NDArray[Any] | list[NDArray[Any]]] = {
            name: each[0] if len(each) == 1 else each for name, each in inputs.golden.items()
        }

    @property
    def input(self) -> _core.Tensor:
        """What one vector is; UsageError when it is several tensors: `tensors` has them."""
        return only(self.tensors, "tensor", str(self.file))

    @property
    def inputs(self) -> NDArray[Any]:
        """[n, ...] the vectors; UsageError when they are several arrays: `arrays` has them."""
        return only(self.arrays, "array", str(self.file))

    def __len__(self) -> int:
        return len(self.arrays[0])


@dataclass(frozen=True)
class Piece:
    """What came back and was stored since the piece before: some rows of one model on one board."""

    model: str
    board: str
    is_control: bool
    inferences: Inferences


class Campaign:
    """campaign.yaml with all that it names: models, vectors, policy, checked before any board is touched."""

    def __init__(self, file: str | os.PathLike[str], candidates: Sequence[str] = ()) -> None:
        """`candidates`: only these; none: all of the file. Raises UsageError with file and line."""
        self.core = _core.Inputs(Path(file), list(candidates))
        self.file = Path(file)

    @property
    def name(self) -> str:
        return self.core.name

    @property
    def baseline(self) -> str:
        return self.core.baseline

    @property
    def candidates(self) -> list[str]:
        return self.core.candidates

    @property
    def models(self) -> dict[str, Path]:
        """Files of baseline and candidates, by name."""
        return {model.name: model.file for model in self.core.models}

    @property
    def vectors(self) -> Vectors:
        return Vectors(self.core)

    def scores(self, inferences: Inferences) -> NDArray[np.float32]:
        """[n] how well each row's output does the campaign's task, 0 to 1; NaN where none was given.

        Raises UsageError when the task cannot score such outputs, or for vectors that the campaign lacks.
        """
        return self.core.scores(inferences.rows)

    def bench(self, file: str | os.PathLike[str] | None = None) -> Bench:
        """The bench given, or else the campaign's own."""
        chosen = self.core.bench if file is None else Path(file)
        if chosen is None:
            raise UsageError("the campaign names no bench", str(self.file), "give run() a bench")
        return Bench(chosen)

    def complaints(self) -> list[str]:
        """Why results would mean nothing, known before any board is taken; `run` and `stream` refuse it.

        What the command line says, too (models, vectors and policy that do not fit each other), and label
        files in .tflite models that name other classes than the vectors. Other kinds of files are the
        engine's to judge.
        """
        arrays = self.vectors
        if not arrays.task.has_classes:
            return self.core.complaints()
        inputs = [
            tflite.InputArray(str(each.dtype), each.shape[1:], tensor.scale, tensor.zero_point)
            for each, tensor in zip(arrays.arrays, arrays.tensors, strict=True)
        ]
        given = tflite.VectorSet(
            dtype=inputs[0].dtype,
            shape=inputs[0].shape,
            classes=tuple(arrays.classes),
            input_scale=inputs[0].scale,
            input_zero_point=inputs[0].zero_point,
            further=tuple(inputs[1:]),
        )
        models = {name: file for name, file in self.models.items() if file.suffix == ".tflite"}
        return self.core.complaints() or [
            f"{name}: {complaint}"
            for name, file in models.items()
            for complaint in tflite.check(tflite.read(file), given)
            if complaint.about == "labels"
        ]

    def stream(
        self,
        *,
        store: str | os.PathLike[str] = DEFAULT_STORE,
        bench: str | os.PathLike[str] | None = None,
        boards: Sequence[str] = (),
        resume: bool = False,
        wait: float = 0.0,
        is_held: bool = False,
    ) -> Iterator[Piece]:
        """Runs the campaign and yields its results as they come, each once it is stored.

        Closing the iterator, or an exception in the loop around it, stops the run; what was yielded is
        stored, and `resume=True` goes on. `boards`: names of the bench that divide the vectors, its first if
        none is named; `wait`: seconds for boards that others hold; `is_held`: the caller holds them. Raises
        as the command line's exit codes say: BoardBusy, BenchFault, WrongImage, TimeLimit, UsageError;
        KeyboardInterrupt on Ctrl-C.
        """
        if complaints := self.complaints():
            raise UsageError("; ".join(complaints), str(self.file), "mend the vectors or the models first")
        chosen = self.bench(bench)
        with ExitStack() as stack:
            for name in () if is_held else sorted(boards or chosen.boards[:1]):
                key = [chosen.core.key(name)]
                stack.enter_context(first_free(key, wait, f"board {name}"))
            place = _core.Place(chosen.core, list(boards))
            run = _core.CampaignRun(self.core, place, Path(store), resume)
            stack.callback(run.close)
            while (arrived := run.next()) is not None:
                for model, is_control, board, clock_hz, mode, rows in arrived:
                    yield Piece(model, board, is_control, Inferences(rows, clock_hz, mode == "measure"))

    def run(self, *, progress: bool | None = None, **options: Any) -> Report:
        """Runs the campaign to its end and judges it; options as of `stream`."""
        total = len(self.core.models) * self.core.vector_count * self.core.repeats
        with bar(total, self.name, progress) as told:
            for piece in self.stream(**options):
                if told and not piece.is_control:
                    told(len(piece.inferences))
        return self.judge(options.get("store", DEFAULT_STORE))

    def judge(self, store: Store | str | os.PathLike[str] = DEFAULT_STORE, run: int | None = None) -> Report:
        """The verdicts of a stored run, the campaign's latest if none is given; touches no board.

        Raises UsageError when the store has no such run, or when it was of other vectors or models.
        """
        opened = store if isinstance(store, Store) else Store(store)
        return Report(self.core, self.core.judge(opened.core, run))

    def __repr__(self) -> str:
        return f"<Campaign {self.name}: {', '.join(self.candidates)} against {self.baseline}>"
