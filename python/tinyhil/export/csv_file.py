# SPDX-License-Identifier: Apache-2.0
"""Every inference of a run as CSV (RFC 4180, UTF-8)."""

from __future__ import annotations

import csv as csv_format
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..campaign import Campaign
from ..store import Run
from .columns import Text, Values
from .table import Piece, Table
from .whole_file import whole_file


def csv(run: Run, file: str | os.PathLike[str], campaign: Campaign | None = None) -> Path:
    """Writes a header and one row an inference; returns the path.

    Outputs are columns out_0 .. out_<n-1>, of a top-k run index_0, out_0 and so on, of models with several
    outputs out_0_0 .. for the first and out_1_0 .. for the second; null is an empty field,
    a float reads back bit for bit, truth is true or false. Columns, memory and errors as of `parquet`.
    """
    table = Table(run, campaign)
    with whole_file(file) as part, part.open("w", encoding="utf-8", newline="") as stream:
        writer = csv_format.writer(stream, lineterminator="\r\n")
        for place, piece in enumerate(table.pieces()):
            if place == 0:
                writer.writerow([*piece.values, *_output_names(table, piece)])
            writer.writerows(_rows(table, piece))
    return Path(file)


def _output_names(table: Table, piece: Piece) -> list[str]:
    widths = [table.output_width(output) for output in range(table.output_count)]
    indices = [] if piece.output_index is None else [f"index_{i}" for i in range(widths[0])]
    names = [table.numbered("out", output) for output in range(table.output_count)]
    return indices + [f"{name}_{i}" for name, width in zip(names, widths, strict=True) for i in range(width)]


def _rows(table: Table, piece: Piece) -> Iterator[tuple[Any, ...]]:
    columns = [_cells(each) for each in piece.values.values()]
    if piece.output_index is not None:
        columns += _output_cells(piece.output_index, piece.answered, table.output_width(0))
    for i, block in enumerate(piece.outputs):
        columns += _output_cells(block, piece.answered, table.output_width(i))
    return zip(*columns, strict=True)


def _cells(values: Values) -> list[Any]:
    if isinstance(values, Text):
        return [None if code is None else values.names[code] for code in values.codes.tolist()]
    cells: list[Any] = _exact(values).tolist()  # None where it is masked
    return [str(cell).lower() for cell in cells] if values.dtype == np.bool_ else cells


def _output_cells(block: NDArray[Any] | None, answered: NDArray[np.bool_], width: int) -> list[Any]:
    nothing: list[None] = [None] * len(answered)
    if block is None:
        return [nothing] * width
    masked = np.ma.masked_array(_exact(block), np.broadcast_to(~answered[:, None], block.shape))
    return [column.tolist() for column in masked.T] + [nothing] * (width - block.shape[1])


def _exact(values: NDArray[Any]) -> NDArray[Any]:
    """float32 as the shortest text that reads back as the same float32."""
    return values.astype(np.str_) if values.dtype == np.float32 else values
