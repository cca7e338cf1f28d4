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

    Rows of `outputs` whose `answered` is false mean nothing.
    """

    values: dict[str, Values]
    outputs: NDArray[Any]
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
        outputs = prod(trial.record.output.shape[1:])
        if outputs != len(self.vectors.classes):
            raise UsageError(
                f"{trial.model} gives {outputs} scores; there are {len(self.vectors.classes)} classes",
                str(self.campaign.file),
                "use the vector file that this model was made for",
            )

    @property
    def output_type(self) -> np.dtype[Any]:
        """Holds every trial's elements without loss."""
        return np.result_type(*(trial.record.output.dtype for trial in self.trials))

    @property
    def output_width(self) -> int:
        """Elements of the widest output."""
        return max(_width(trial) for trial in self.trials)

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
            step = max(1, min(PIECE_ROWS, PIECE_ELEMENTS // max(1, _width(trial))))
            for first in range(0, max(1, len(rows)), step):
                yield self._piece(trial, rows, slice(first, first + step))

    def _piece(self, trial: Trial, rows: Inferences, part: slice) -> Piece:
        raw = rows.raw[part]
        top = trial.record.top_k > 0
        outputs = raw["value"] if top else raw.reshape(len(raw), _width(trial))
        answered = ~np.isin(rows.status[part], _core.UNANSWERED)
        return Piece(self._values(trial, rows, part), outputs, raw["index"] if top else None, answered)

    def _values(self, trial: Trial, rows: Inferences, part: slice) -> dict[str, Values]:
        vector = rows.vector[part]
        n, board, output = len(vector), trial.board, trial.record.output
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
            "output_scale": np.full(n, output.scale, np.float32),
            "output_zero_point": np.full(n, output.zero_point, np.int32),
        }

    def _role(self, trial: Trial) -> str | None:
        if trial.is_control:
            return "control"
        if self.campaign is None:
            return None
        return "baseline" if trial.model == self.campaign.baseline else "candidate"

    def _answers(self, rows: Inferences, part: slice) -> dict[str, Values]:
        if self.vectors is None:
            return {}
        vector, predicted = rows.vector[part], rows.top_class[part]
        label = self.vectors.labels[vector]
        slices: dict[str, Values] = {
            f"slice_{name}": Text(each.code[vector], each.values)
            for name, each in self.vectors.slices.items()
        }
        return {
            "label": Text(label, self.vectors.classes),
            "predicted": Text(np.ma.masked_less(predicted, 0), self.vectors.classes),
            "correct": predicted == label,
        } | slices


def _column(rows: Inferences, name: str, part: slice) -> Values:
    values = rows.column(name)[part]
    return Text(values, STATUS) if name == "status" else values


def _width(trial: Trial) -> int:
    return trial.record.top_k or prod(trial.record.output.shape[1:])
