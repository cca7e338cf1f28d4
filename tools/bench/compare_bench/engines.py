# SPDX-License-Identifier: Apache-2.0
"""The same comparison by others. The tables are there before the clock starts, in order and with predictions,
which we find ourselves; the joined pairs are kept once and counted six times: quicker than six joins.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from compare_bench.columns import CLASSES, Columns, Counts, Result, Side

Measured = tuple[float, Result]  # seconds
OUTPUTS = [f"o{i}" for i in range(CLASSES)]


def counts(rows: Iterable[Iterable[Any]]) -> Counts:
    return {int(value): int(count) for value, count in rows}


def frame(columns: Columns, side: Side, facts: bool) -> pd.DataFrame:
    given: dict[str, Any] = {"id": np.arange(columns.pairs, dtype="u4")}
    if facts:
        given |= {"label": columns.label, "slice": columns.slice}
    given |= {"prediction": side.prediction, "ticks": side.ticks}
    return pd.DataFrame(given | {name: side.outputs[:, i] for i, name in enumerate(OUTPUTS)})


def by_pandas(columns: Columns) -> Measured:
    candidate = frame(columns, columns.candidate, facts=False)
    baseline = frame(columns, columns.baseline, facts=True)
    start = time.perf_counter()
    both = candidate.merge(baseline, on="id", suffixes=("_c", "_b"))
    label = both["label"]
    right = 2 * (both["prediction_b"] == label) + (both["prediction_c"] == label)
    cell = (both["slice"].astype("u4") * CLASSES + label) * 4 + right
    step = np.zeros(len(both), "i2")
    for name in OUTPUTS:
        np.maximum(step, (both[f"{name}_c"].astype("i2") - both[f"{name}_b"]).abs(), out=step)
    change = both["ticks_c"].astype("i8") - both["ticks_b"]
    found = [
        series.groupby(series).size().items()
        for series in (cell, pd.Series(step), change, both["ticks_c"], both["ticks_b"])
    ]
    flipped = int((both["prediction_c"] != both["prediction_b"]).sum())
    seconds = time.perf_counter() - start
    outcomes, *histograms = (counts(rows) for rows in found)
    return seconds, Result(outcomes, flipped, *histograms)


STEPS = [f"abs(CAST(c.{name} AS INTEGER) - b.{name})" for name in OUTPUTS]


def pairs_query(join: str, largest: str) -> str:
    right = [f"(CASE WHEN {side}.prediction = b.label THEN 1 ELSE 0 END)" for side in "bc"]
    return f"""CREATE TEMP TABLE pairs AS SELECT
      (CAST(b.slice AS INTEGER) * {CLASSES} + b.label) * 4 + 2 * {right[0]} + {right[1]} AS cell,
      {largest}({", ".join(STEPS)}) AS step, CAST(c.ticks AS BIGINT) - b.ticks AS change,
      c.ticks AS candidate_ticks, b.ticks AS baseline_ticks, c.prediction <> b.prediction AS flip
      FROM {join}"""


ID_JOIN = "candidate AS c JOIN baseline AS b ON c.id = b.id"
COUNTED = ["cell", "step", "change", "candidate_ticks", "baseline_ticks"]


def count_pairs(ask: Callable[[str], list[Any]]) -> tuple[list[list[Any]], int]:
    found = [ask(f"SELECT {name}, COUNT(*) FROM pairs GROUP BY 1") for name in COUNTED]
    return found, int(ask("SELECT COUNT(*) FROM pairs WHERE flip")[0][0])


def timed_query(connection: duckdb.DuckDBPyConnection | sqlite3.Connection, pairs: str) -> Measured:
    """From the tables to the counts; closes the connection."""
    start = time.perf_counter()
    connection.execute(pairs)
    found, flipped = count_pairs(lambda query: connection.execute(query).fetchall())
    seconds = time.perf_counter() - start
    connection.close()
    outcomes, *histograms = (counts(rows) for rows in found)
    return seconds, Result(outcomes, flipped, *histograms)


def by_duckdb(columns: Columns, join: str, threads: int | None = None) -> Measured:
    connection = duckdb.connect(config={"threads": threads} if threads else {})
    for name, side in (("candidate", columns.candidate), ("baseline", columns.baseline)):
        connection.register("given", frame(columns, side, facts=name == "baseline"))
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
        connection.unregister("given")
    return timed_query(connection, pairs_query(join, "greatest"))


def by_duckdb_hash_join(columns: Columns) -> Measured:
    return by_duckdb(columns, ID_JOIN)


def by_duckdb_hash_join_on_one_core(columns: Columns) -> Measured:
    """As many cores as our own comparison takes."""
    return by_duckdb(columns, ID_JOIN, threads=1)


def by_duckdb_positional_join(columns: Columns) -> Measured:
    return by_duckdb(columns, "candidate AS c POSITIONAL JOIN baseline AS b")


def by_sqlite(columns: Columns) -> Measured:
    connection = sqlite3.connect(":memory:")
    for name, side in (("candidate", columns.candidate), ("baseline", columns.baseline)):
        given = frame(columns, side, facts=name == "baseline")
        names = ", ".join(f"{column} INTEGER" for column in given.columns if column != "id")
        connection.execute(f"CREATE TABLE {name} (id INTEGER PRIMARY KEY, {names})")
        marks = ", ".join("?" * len(given.columns))
        values = (given[column].tolist() for column in given.columns)
        connection.executemany(f"INSERT INTO {name} VALUES ({marks})", zip(*values, strict=True))
    return timed_query(connection, pairs_query(ID_JOIN, "max"))


ENGINES: dict[str, Callable[[Columns], Measured]] = {
    "DuckDB, hash join": by_duckdb_hash_join,
    "DuckDB, hash join on one core": by_duckdb_hash_join_on_one_core,
    "DuckDB, positional join": by_duckdb_positional_join,
    "pandas, merge and groupby": by_pandas,
    "SQLite, row tables": by_sqlite,
}
