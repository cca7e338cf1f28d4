# SPDX-License-Identifier: Apache-2.0
"""The results database as arrays."""

from __future__ import annotations

import datetime
import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pytest

import tinyhil
from desk import WAKE_WORD_VECTORS, write_wake_word
from tinyhil import _core


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    tinyhil.Campaign(write_wake_word(folder), ["slim"]).run(store=folder / "r.db")
    return folder / "r.db"


def test_arrays_hold_what_the_blocks_hold(store: Path) -> None:
    run = tinyhil.Store(store).run()
    for trial in run.trials:
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as database:
            blocks = list(
                database.execute(
                    "SELECT vector, repeat, status, clock, timer, outputs FROM block WHERE trial = ?"
                    " ORDER BY first_vector",
                    (trial.record.id,),
                )
            )
        rows = trial.inferences
        wanted = {
            "vector": "<u4",
            "repeat": "<u2",
            "status": "u1",
            "clock": "<u4",
            "timer": "<u4",
        }
        order = np.argsort(
            np.concatenate([np.frombuffer(block[0], "<u4") for block in blocks]), kind="stable"
        )
        for place, (name, dtype) in enumerate(wanted.items()):
            stored = np.concatenate([np.frombuffer(block[place], dtype) for block in blocks])[order]
            np.testing.assert_array_equal(getattr(rows, name), stored, err_msg=name)
        outputs = np.concatenate([np.frombuffer(block[5], np.int8).reshape(-1, 3) for block in blocks])
        np.testing.assert_array_equal(rows.raw, outputs[order])


def test_arrays_are_read_once_and_never_copied(store: Path) -> None:
    trial = tinyhil.Store(store).run().trial("slim")
    rows = trial.inferences
    assert trial.inferences is rows
    for name in ("vector", "repeat", "status", "clock", "timer", "raw"):
        first, second = getattr(rows, name), getattr(tinyhil.Inferences(rows.rows, rows.clock_hz), name)
        assert not first.flags.owndata, name
        assert not first.flags.writeable, name
        assert first.__array_interface__["data"] == second.__array_interface__["data"], name


def test_rows_know_their_run_and_time_and_rows_of_an_older_database_say_that_they_do_not(
    store: Path, tmp_path: Path
) -> None:
    run = tinyhil.Store(store).run()
    rows = run.trial("slim").inferences
    began = datetime.datetime.fromisoformat(run.record.started_at).timestamp() * 1e6
    assert not np.ma.getmaskarray(rows.received_us).any()
    assert (rows.received_us > began - 2e6).all()
    assert (rows.received_us < began + 600e6).all()
    made = set(zip(rows.device_run.tolist(), rows.run_index.tolist(), strict=True))
    assert len(made) == len(rows), "no inference of a run is two rows"

    older = tmp_path / "older.db"
    shutil.copy(store, older)
    with sqlite3.connect(older) as database:
        database.execute("DROP TRIGGER no_UPDATE_of_block")
        database.execute("UPDATE block SET device_run = NULL, run_index = NULL, received_us = NULL")
    record = tinyhil.Store(store).run().trial("slim").record
    bare = tinyhil.Inferences(_core.Store(older).rows(record), rows.clock_hz)
    for name in ("device_run", "run_index", "received_us"):
        column = bare.columns()[name]
        assert len(column) == len(rows), name
        assert np.ma.getmaskarray(column).all(), name
    np.testing.assert_array_equal(bare.vector, rows.vector)


def test_a_trial_says_what_it_was_run_on(store: Path) -> None:
    run = tinyhil.Store(store).run(1)
    trial = run.trial("slim")
    assert trial.board.kind == "host"
    assert trial.board.provenance == "process"
    assert trial.state == "complete"
    assert len(trial.record.model_sha256) == 64
    assert trial.record.output.shape == (1, 3)
    assert [each.is_control for each in run.trials].count(True) == 1
    with pytest.raises(KeyError):
        run.trial("nobody")


def test_a_database_that_is_not_there_or_not_ours_is_refused(tmp_path: Path) -> None:
    with pytest.raises(tinyhil.UsageError):
        tinyhil.Store(tmp_path / "none.db")
    (tmp_path / "other.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(tinyhil.UsageError):
        tinyhil.Store(tmp_path / "other.db")
    assert not (tmp_path / "none.db").exists()


def test_a_changed_row_is_found(store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(store, copy)
    tinyhil.Store(copy).run().verify()
    with sqlite3.connect(copy) as database:
        database.execute("DROP TRIGGER no_UPDATE_of_block")
        database.execute("UPDATE block SET status = zeroblob(n) WHERE 1")
        database.execute("UPDATE block SET clock = zeroblob(4 * n) WHERE id = (SELECT MIN(id) FROM block)")
    with pytest.raises(tinyhil.UsageError, match="block"):
        tinyhil.Store(copy).run().verify()


def test_columns_make_a_data_frame(store: Path) -> None:
    import pandas as pd

    rows = tinyhil.Store(store).run().trial("slim").inferences
    frame = pd.DataFrame(rows.columns())
    assert len(frame) == WAKE_WORD_VECTORS
    assert frame["vector"].is_monotonic_increasing
    np.testing.assert_array_equal(frame["top_class"], rows.raw.argmax(axis=1))


def test_a_run_has_the_attempts_that_failed_before(store: Path, tmp_path: Path) -> None:
    assert tinyhil.Store(store).run().failed_attempts == []
    retried = tmp_path / "retried.db"
    shutil.copy(store, retried)
    with sqlite3.connect(retried) as database:
        database.execute(
            "INSERT INTO failed_attempt (run, boards, failure_class, what)"
            " VALUES (1, 'b1,b2', 'bench', 'gone')"
        )
    (attempt,) = tinyhil.Store(retried).run().failed_attempts
    assert (attempt.boards, attempt.failure_class, attempt.what) == (["b1", "b2"], "bench", "gone")
