# SPDX-License-Identifier: Apache-2.0
"""Every inference of a run as a Parquet file (needs pyarrow)."""

from __future__ import annotations

import json
import os
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from ..campaign import Campaign
from ..store import Run
from .columns import Text, Values, about
from .extras import needed
from .provenance import provenance_of
from .table import Piece, Table
from .whole_file import whole_file


def parquet(run: Run, file: str | os.PathLike[str], campaign: Campaign | None = None) -> Path:
    """Writes one row an inference, a row group for some tens of thousands; returns the path.

    `outputs` is a list column in the model's own type; of models with several outputs there are
    `outputs_0`, `outputs_1` and so on. Units and meanings are metadata of the columns; the
    key `tinyhil` of the schema's has digests, versions and boards as JSON. With `campaign` there are labels,
    predictions and slices too. Memory: two trials' rows at most, and one row group. Raises UsageError for
    another campaign's run, BenchFault for a file that cannot be written.
    """
    pa, pq = needed("pyarrow", "parquet"), needed("pyarrow.parquet", "parquet")
    table = Table(run, campaign)
    pieces = table.pieces()
    piece = next(pieces)
    schema = _schema(pa, table, piece)
    with whole_file(file) as part, pq.ParquetWriter(part, schema, compression="zstd") as writer:
        for each in chain([piece], pieces):
            writer.write_batch(pa.record_batch(_arrays(pa, each, schema), schema=schema))
    return Path(file)


def _schema(pa: Any, table: Table, piece: Piece) -> Any:
    fields = [
        pa.field(name, pa.string() if isinstance(each, Text) else pa.from_numpy_dtype(each.dtype))
        for name, each in piece.values.items()
    ]
    if table.top_k:
        fields.append(pa.field("output_index", pa.list_(pa.uint16())))
    fields += [
        pa.field(table.numbered("outputs", i), pa.list_(pa.from_numpy_dtype(table.output_type(i))))
        for i in range(table.output_count)
    ]
    described = [field.with_metadata(about(field.name)) for field in fields]
    return pa.schema(described, {"tinyhil": json.dumps(provenance_of(table))})


def _arrays(pa: Any, piece: Piece, schema: Any) -> list[Any]:
    arrays = [_array(pa, each) for each in piece.values.values()]
    if piece.output_index is not None:
        arrays.append(_lists(pa, piece.output_index, piece, schema.field("output_index").type))
    kinds = [field.type for field in schema][len(arrays) :]
    for outputs, kind in zip(piece.outputs, kinds, strict=True):
        if outputs is None:
            arrays.append(pa.nulls(len(piece), kind))
        else:
            arrays.append(_lists(pa, outputs, piece, kind))
    return arrays


def _array(pa: Any, values: Values) -> Any:
    if isinstance(values, Text):
        codes = pa.array(values.codes.astype(np.int32))
        return pa.DictionaryArray.from_arrays(codes, pa.array(values.names, pa.string())).cast(pa.string())
    return pa.array(values)


def _lists(pa: Any, rows: np.ndarray[Any, Any], piece: Piece, kind: Any) -> Any:
    kept = np.ascontiguousarray(rows[piece.answered]).reshape(-1)
    ends = np.concatenate([[0], np.cumsum(piece.answered)]) * rows.shape[1]
    offsets = pa.array(ends.astype(np.int32), mask=np.append(~piece.answered, False))
    return pa.ListArray.from_arrays(offsets, pa.array(kept).cast(kind.value_type), type=kind)
