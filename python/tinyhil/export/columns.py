# SPDX-License-Identifier: Apache-2.0
"""Columns of the table of inferences: what each means, in which unit, and how text is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _core
from ..inferences import COLUMNS


def exported_name(column: _core.RowColumn) -> str:
    """`clock` is `clock_ticks`: in a table a name says its unit."""
    return f"{column.name}_ticks" if column.unit == "ticks" else column.name


def _unit(column: _core.RowColumn) -> str:
    return f"1/{column.name}_hz s" if column.unit == "ticks" else column.unit


_MEANING = {  # name: (unit, meaning)
    "run": ("", "number of the run in its results database"),
    "trial": ("", "number of the trial: one model on one board"),
    "trial_state": ("", "complete; or faulted, interrupted, running: then rows are missing"),
    "model": ("", "name in the campaign"),
    "model_sha256": ("", "digest of the model file"),
    "role": ("", "baseline, candidate, or control: the baseline a second time; null: not known"),
    "board": ("", "name in the bench"),
    "provenance": ("", "real, emulated or process: only of a real board is the latency that of silicon"),
    "image_sha256": ("", "digest of the firmware, read back from the device"),
    **{exported_name(each): (_unit(each), each.meaning) for each in COLUMNS.values()},
    "clock_hz": ("Hz", "ticks of the clock in a second; 0: the board cannot measure"),
    "latency_us": ("us", "duration of the model alone; null where it does not count"),
    "label": ("", "class that the vector has"),
    "predicted": ("", "class of the largest output, the first of equal ones; null: no answer"),
    "correct": ("", "whether it is the label; false without an answer"),
    "score": ("", "how well the campaign's task was done, 0 to 1; null: no answer"),
    "output_scale": ("", "real = output_scale * (output - output_zero_point); 0: outputs are real already"),
    "output_zero_point": ("", "see output_scale"),
    "outputs": ("quantisation steps", "elements as the device sent them; null: no answer"),
    "output_index": ("", "which elements `outputs` are, the largest first (results: top-k)"),
}


OF_AN_OUTPUT = ("output_scale", "output_zero_point", "outputs")
"""Columns that a model of several outputs has for each of them, numbered from 0."""


@dataclass(frozen=True)
class Text:
    """Strings as codes into `names`; a masked code is null."""

    codes: NDArray[Any]
    names: Sequence[str]


Values = NDArray[Any] | Text
"""Of one column; a masked array where numbers may be null."""


def _unnumbered(name: str) -> str:
    """`outputs` for `outputs_1`, the second of several; other names as they are."""
    stem, _, number = name.rpartition("_")
    return stem if number.isdecimal() and stem in OF_AN_OUTPUT else name


def about(name: str) -> dict[str, str]:
    """Unit, where there is one, and meaning."""
    unit, meaning = _MEANING.get(_unnumbered(name), ("", "value of this slice of the vector file"))
    return ({"unit": unit} if unit else {}) | {"description": meaning}


def constant(value: str | None, n: int) -> Text:
    """The same string n times, or n nulls."""
    codes = np.zeros(n, np.int8)
    return Text(codes, [value]) if value is not None else Text(np.ma.masked_array(codes, mask=True), [""])
