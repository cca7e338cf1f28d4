# SPDX-License-Identifier: Apache-2.0
"""Inferences as arrays: outputs, and how long each took."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core, tensor
from .energy import Energy

STATUS = _core.STATUS
"""What a row's `status` says; only of the first is the latency the model's."""

COLUMNS = {each.name: each for each in _core.row_columns() if each.name != "outputs"}
"""What is known of every inference, with unit and meaning."""


@dataclass(frozen=True)
class Inferences:
    """Columns of equal length n, one row an inference: views of the memory they were received or read into.

    `vector` [n] uint32: its number in the vectors. `repeat` [n] uint16. `status` [n] uint8, see STATUS.
    `clock` [n] uint32: ticks of `clock_hz`; `timer` [n]: ticks of the second timer. `raw` [n, ...]: outputs
    in the model's type; of a top-k trial [n, k] of (index, value).
    Of a model with several outputs `raws` and `reals` have an array each, and `raw` and `real` raise
    UsageError.

    `device_run` and `run_index` say which inference of which of the device's runs a row is, `received_us`
    when it arrived (UTC, since 1970): masked where that is not known, as in rows of older databases.
    """

    rows: _core.Rows = field(repr=False)
    clock_hz: int
    is_measured: bool = True
    """False in throughput mode, where transfer and inference overlap: latency is NaN."""
    energy: Energy | None = None
    """What was measured of the same vectors, where it was asked for."""

    @cached_property
    def vector(self) -> NDArray[np.uint32]:
        return self.rows.vector

    @cached_property
    def repeat(self) -> NDArray[np.uint16]:
        return self.rows.repeat

    @cached_property
    def status(self) -> NDArray[np.uint8]:
        return self.rows.status

    @cached_property
    def clock(self) -> NDArray[np.uint32]:
        return self.rows.clock

    @cached_property
    def timer(self) -> NDArray[np.uint32]:
        return self.rows.timer

    @cached_property
    def device_run(self) -> NDArray[np.uint32]:
        return self.column("device_run")

    @cached_property
    def run_index(self) -> NDArray[np.uint32]:
        return self.column("run_index")

    @cached_property
    def received_us(self) -> NDArray[np.int64]:
        return self.column("received_us")

    @cached_property
    def raws(self) -> list[NDArray[Any]]:
        """[n, ...] of each output of the model."""
        return self.rows.outputs

    @cached_property
    def raw(self) -> NDArray[Any]:
        return tensor.only(self.raws, "raw", "the model's outputs")

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[NDArray[Any]]:
        return iter(self.raw)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.raw, dtype=dtype, copy=copy)

    @property
    def real(self) -> NDArray[np.float32]:
        """Outputs in real numbers, float32, dequantised by the model's own scale and zero point."""
        return tensor.only(self.reals, "real", "the model's outputs")

    @property
    def reals(self) -> list[NDArray[np.float32]]:
        """The same of each output of the model."""
        return [tensor.dequantise(raw, of) for raw, of in zip(self.raws, self.rows.tensors, strict=True)]

    @cached_property
    def latency_us(self) -> NDArray[np.float64]:
        """[n] microseconds of the model alone; NaN where the row's latency does not count."""
        if not self.is_measured or self.clock_hz == 0:
            return np.full(len(self), np.nan)
        return np.where(self.status == 0, self.clock * (1e6 / self.clock_hz), np.nan)

    @property
    def energy_uj(self) -> NDArray[np.float64] | None:
        """[n] microjoules of an inference of the row's vector, gross; `energy` has them with their intervals.

        None where it was not asked for; NaN where it could not be measured.
        """
        return None if self.energy is None else self.energy.energy_uj[self.vector]

    @cached_property
    def top_class(self) -> NDArray[np.int64]:
        """[n] index of the largest output; the first of equal ones; -1 where none was answered: the inference
        failed, or its output is not a number. Of a model with several outputs it raises UsageError.
        """
        is_top_k = self.raw.dtype.names is not None
        values = self.raw["value"] if is_top_k else self.raw.reshape(len(self), prod(self.raw.shape[1:]))
        best = self.raw["index"][:, 0].astype(np.int64) if is_top_k else values.argmax(axis=1)
        return np.where(np.isin(self.status, _core.UNANSWERED) | np.isnan(values).any(axis=1), -1, best)

    def column(self, name: str) -> NDArray[Any]:
        """[n] one of COLUMNS; a masked array where values may be missing."""
        values, missing = getattr(self.rows, name), COLUMNS[name].missing
        if missing is None:
            return np.asarray(values)
        if len(values) < len(self):
            return np.ma.MaskedArray(np.zeros(len(self), values.dtype), mask=True)
        return np.ma.masked_equal(values, missing, copy=False)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Every column by its name, for `pandas.DataFrame` and the like; outputs stay one array a row."""
        table = {name: self.column(name) for name in COLUMNS} | {"latency_us": self.latency_us}
        return table | {"top_class": self.top_class} if len(self.raws) == 1 else table
