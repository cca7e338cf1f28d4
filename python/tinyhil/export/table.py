# SPDX-License-Identifier: Apache-2.0
"""A run as one tidy table: a row an inference, pieces of bounded size, whatever format they go to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _core
from ..campaign import Campaign
from ..errors import UsageError
from ..inferences import COLUMNS, STATUS, Inferences
from ..store import Run, Trial
from .columns import Text, Values, constant, exported_name

PIECE_ROWS = 65_536
PIECE_ELEMENTS = 4_194_304  # of outputs: keeps a piece of large ones at some tens of MB


@dataclass(frozen=True)
class Piece:
    """Some rows of one trial: values by column name, `outputs` [n, k] and for top-k their `output_index`.

    There is an array for each output that a model of the run has; None where this trial's has none. Rows of
    them whose `answered` is false mean nothing.
    """

    values: dict[str, Values]
    outputs: list[NDArray[Any] | None]
    output_index: NDArray[np.uint16] | None
    answered: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.answered)


class Table:
    """The rows of a run. With its campaign also labels, predictions, slices, and who is the baseline."""

    def __init__(self, run: Run, campaign: Campaign | None = None) -> None:
        """Raises UsageError when the run was of other vectors or models than the campaign has."""
        self.run, self.campaign = run, campaign
        self.vectors = None if campaign is None else campaign.vectors
        self.trials = run.trials
        if not self.trials:
            raise UsageError("the run has no trial", f"run {run.id}", "run the campaign to its end")
        for trial in self.trials:
            self._check(trial)

    def _check(self, trial: Trial) -> None:
        if self.campaign is None or self.vectors is None:
            return
        ours = {model.name: model.sha256 for model in self.campaign.core.models}
        same = ours.get(trial.model) == trial.record.model_sha256
        if not same or trial.record.vectors_sha256 != self.vectors.sha256:
            what = "vectors" if same else f"{trial.model}"
            raise UsageError(
                f"run {self.run.id} was made with other {what} than the campaign has",
                str(self.campaign.file),
                "give the campaign as it was, or leave it out",
            )
        self.campaign.core.check_output(trial.model, trial.record.outputs)

    @property
    def output_count(self) -> int:
        """Outputs of the model that has most."""
        return max(len(trial.record.outputs) for trial in self.trials)

    def numbered(self, name: str, output: int) -> str:
        """A column's name for one of several outputs: `outputs_1`; as it is where there is one."""
        return f"{name}_{output}" if self.output_count > 1 else name

    def output_type(self, output: int) -> np.dtype[Any]:
        """Holds every trial's elements without loss."""
        having = [trial.record.outputs[output] for trial in self.trials if output < len(trial.record.outputs)]
        return np.result_type(*(each.dtype for each in having))

    def output_width(self, output: int) -> int:
        """Elements of the widest output."""
        return max(_width(trial, output) for trial in self.trials)

    @property
    def top_k(self) -> int:
        """0: outputs are whole."""
        return max(trial.record.top_k for trial in self.trials)

    def pieces(self) -> Iterator[Piece]:
        """Every stored inference once, trial by trial, an empty piece of one without any.

        All pieces have the same columns. While they are taken, two trials' rows are in memory at most.
        """
        for trial in self.trials:
            rows = trial.read()
            scores = None if self.campaign is None else self.campaign.scores(rows)
            width = sum(_width(trial, i) for i in range(self.output_count))
            step = max(1, min(PIECE_ROWS, PIECE_ELEMENTS // max(1, width)))
            for first in range(0, max(1, len(rows)), step):
                part = slice(first, first + step)
                piece = self._piece(trial, rows, part)
                if scores is not None:
                    piece.values["score"] = np.ma.masked_invalid(scores[part])
                yield piece

    def _piece(self, trial: Trial, rows: Inferences, part: slice) -> Piece:
        raws = [raw[part] for raw in rows.raws]
        index = raws[0]["index"] if trial.record.top_k > 0 else None
        outputs: list[NDArray[Any] | None] = [
            raw["value"] if index is not None else raw.reshape(len(raw), _width(trial, i))
            for i, raw in enumerate(raws)
        ]
        outputs += [None] * (self.output_count - len(outputs))
        answered = ~np.isin(rows.status[part], _core.UNANSWERED)
        return Piece(self._values(trial, rows, part), outputs, index, answered)

    def _values(self, trial: Trial, rows: Inferences, part: slice) -> dict[str, Values]:
        vector = rows.vector[part]
        n, board = len(vector), trial.board
        latency = rows.latency_us[part]
        return {
            "run": np.full(n, self.run.id, np.int64),
            "trial": np.full(n, trial.record.id, np.int64),
            "trial_state": constant(trial.state, n),
            "model": constant(trial.model, n),
            "model_sha256": constant(trial.record.model_sha256, n),
            "role": constant(self._role(trial), n),
            "board": constant(board.name, n),
            "provenance": constant(board.provenance, n),
            "image_sha256": constant(board.image_sha256, n),
            **{exported_name(each): _column(rows, each.name, part) for each in COLUMNS.values()},
            "clock_hz": np.full(n, board.clock_hz, np.uint32),
            "latency_us": np.ma.masked_invalid(latency),
            **self._answers(rows, part),
            **self._quantisation(trial, n),
        }

    def _quantisation(self, trial: Trial, n: int) -> dict[str, Values]:
        values: dict[str, Values] = {}
        for i in range(self.output_count):
            has = i < len(trial.record.outputs)
            output = trial.record.outputs[i if has else 0]
            scale, zero_point = np.full(n, output.scale, np.float32), np.full(n, output.zero_point, np.int32)
            values[self.numbered("output_scale", i)] = scale if has else np.ma.masked_array(scale, mask=True)
            values[self.numbered("output_zero_point", i)] = (
                zero_point if has else np.ma.masked_array(zero_point, mask=True)
            )
        return values

    def _role(self, trial: Trial) -> str | None:
        if trial.is_control:
            return "control"
        if self.campaign is None:
            return None
        return "baseline" if trial.model == self.campaign.baseline else "candidate"

    def _answers(self, rows: Inferences, part: slice) -> dict[str, Values]:
        if self.vectors is None:
            return {}
        vector = rows.vector[part]
        slices: dict[str, Values] = {
            f"slice_{name}": Text(each.code[vector], each.values)
            for name, each in self.vectors.slices.items()
        }
        return self._classes(vector, rows.top_class[part]) | slices

    def _classes(self, vector: NDArray[np.uint32], predicted: NDArray[np.int64]) -> dict[str, Values]:
        if self.vectors is None or not self.vectors.task.has_classes:
            return {}
        label = self.vectors.labels[vector]
        return {
            "label": Text(label, self.vectors.classes),
            "predicted": Text(np.ma.masked_less(predicted, 0), self.vectors.classes),
            "correct": predicted == label,
        }


def _column(rows: Inferences, name: str, part: slice) -> Values:
    values = rows.column(name)[part]
    return Text(values, STATUS) if name == "status" else values


def _width(trial: Trial, output: int) -> int:
    outputs = trial.record.outputs
    if output >= len(outputs):
        return 0
    return trial.record.top_k or prod(outputs[output].shape)
