# SPDX-License-Identifier: Apache-2.0
"""Every energy window of a run as a Parquet file (needs pyarrow)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import UsageError
from ..recording import Recording
from ..store import Run
from .extras import needed
from .whole_file import whole_file

_MEANING = {  # name: (unit, meaning)
    "run": ("", "number of the run in its results database"),
    "recording": ("", "number of the recording: one board, by one meter, without a break"),
    "recording_state": ("", "complete; or running, lost, interrupted"),
    "started_at": ("", "when the recording began, UTC"),
    "board": ("", "name in the bench"),
    "provenance": ("", "real, emulated or process; null: not known"),
    "meter": ("", "its driver"),
    "meter_serial": ("", "empty where it has none"),
    "simulated": ("", "whether the meter is a simulated one: then nothing was measured"),
    "range_mode": ("", "of the meter"),
    "rate_hz": ("Hz", "samples a second"),
    "supply_v": ("V", "of the board"),
    "kind": ("", "inference: many of one vector; idle: awake and waiting; or sleep"),
    "model": ("", "name in the campaign; null where there were no inferences"),
    "model_sha256": ("", "digest of the model file"),
    "vector": ("", "number in the vector file; null where there were no inferences"),
    "block": ("", "windows of one block were measured side by side, in turns"),
    "asked": ("", "inferences that the window was to hold"),
    "proven": ("", "inferences that succeeded"),
    "counts": ("", "whether the report's figures are made of it"),
    "state": ("", "complete or incomplete"),
    "why": ("", "it is incomplete"),
    "begin_s": ("s", "in the trace"),
    "length_s": ("s", "from edge to edge"),
    "missing_s": ("s", "of the length, without samples"),
    "charge_c": ("C", "by the meter's own calibration; missing time at the mean current of the rest"),
    "current_ua": ("uA", "mean; null where the window does not count"),
    "energy_uj": ("uJ", "of an inference, gross; null where the window does not count or holds none"),
    "trace": ("", "file of the samples, relative to the database's folder; null: none was kept"),
}


def energy(run: Run, file: str | os.PathLike[str]) -> Path:
    """Writes one row a window, a row group a recording; returns the path.

    Units and meanings are metadata of the columns. The uncertainty of what follows from the windows is not a
    window's own: `Run.energies` and the report have it. Raises UsageError for a run without recordings,
    BenchFault for a file that cannot be written.
    """
    pa, pq = needed("pyarrow", "parquet"), needed("pyarrow.parquet", "parquet")
    if not run.recordings:
        raise UsageError(
            "no current was measured", f"run {run.id}", "run a campaign with `energy` on a board with a meter"
        )
    tables = [_table(pa, run, each) for each in run.recordings]
    with whole_file(file) as part, pq.ParquetWriter(part, tables[0].schema, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table)
    return Path(file)


def _table(pa: Any, run: Run, recording: Recording) -> Any:
    windows = recording.windows.columns()
    resting = windows["kind"] != "inference"
    digests = {trial.model: trial.record.model_sha256 for trial in run.trials}
    masked = {name: np.ma.masked_invalid(windows[name]) for name in ("current_ua", "energy_uj")}
    texts = {
        "model": pa.array(windows["model"].tolist(), pa.string(), mask=resting),
        "model_sha256": pa.array([digests.get(name) for name in windows["model"].tolist()], pa.string()),
    }
    values = _of_recording(pa, run, recording) | windows | masked | texts
    fields = [_field(pa, name, _array(pa, values[name])) for name in _MEANING]
    schema = pa.schema([field for field, _ in fields], {"tinyhil": json.dumps(_provenance(run))})
    return pa.Table.from_arrays([array for _, array in fields], schema=schema)


def _of_recording(pa: Any, run: Run, recording: Recording) -> dict[str, Any]:
    record, meter = recording.record, recording.meter
    provenance = {trial.board.name: trial.board.provenance for trial in run.trials}
    same = {
        "run": pa.scalar(run.id, pa.int64()),
        "recording": pa.scalar(record.id, pa.int64()),
        "recording_state": pa.scalar(recording.state),
        "started_at": pa.scalar(record.started_at),
        "board": pa.scalar(recording.board),
        "provenance": pa.scalar(provenance.get(recording.board), pa.string()),
        "meter": pa.scalar(meter.driver),
        "meter_serial": pa.scalar(meter.serial),
        "simulated": pa.scalar(meter.simulated),
        "range_mode": pa.scalar(meter.range_mode),
        "rate_hz": pa.scalar(meter.rate_hz),
        "supply_v": pa.scalar(meter.supply_v),
        "trace": pa.scalar(record.trace or None, pa.string()),
    }
    return {name: pa.repeat(value, len(recording.windows)) for name, value in same.items()}


def _array(pa: Any, values: NDArray[Any] | Any) -> Any:
    if not isinstance(values, np.ndarray):
        return values
    return pa.array(values.tolist(), pa.string()) if values.dtype.kind == "U" else pa.array(values)


def _field(pa: Any, name: str, array: Any) -> tuple[Any, Any]:
    unit, meaning = _MEANING[name]
    about = ({"unit": unit} if unit else {}) | {"description": meaning}
    return pa.field(name, array.type, metadata=about), array


def _provenance(run: Run) -> dict[str, Any]:
    record = run.record
    return {
        "schema_version": 1,
        "tinyhil": record.version,
        "run": record.id,
        "campaign": record.campaign,
        "campaign_sha256": record.campaign_sha256,
        "started_at": record.started_at,
        "host": record.host,
    }
