# SPDX-License-Identifier: Apache-2.0
"""That all engines agree, that a disagreement is seen, and what is judged."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest

from compare_bench import engines, judge, main
from compare_bench.columns import Columns, load_columns, our_result

BIN = Path(os.environ["TINYHIL_BINARY_DIR"]) / "bin"
PROGRAM = BIN / "bench-compare-host"


@pytest.mark.parametrize("name", engines.ENGINES)
def test_every_engine_says_what_we_say(name: str, tmp_path: Path) -> None:
    ours = main.measure_ours(PROGRAM, tmp_path, 5_000, 1)
    wanted = our_result(ours["result"])
    assert sum(wanted.outcomes.values()) == 5_000
    columns = load_columns(tmp_path)
    assert engines.ENGINES[name](columns)[1] == wanted
    columns.candidate.prediction[17] ^= 1
    assert engines.ENGINES[name](columns)[1] != wanted


def test_an_engine_that_disagrees_ends_the_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    name = main.HASH_JOIN

    def wrong(columns: Columns) -> engines.Measured:
        seconds, result = engines.by_duckdb_hash_join(columns)
        return seconds, dataclasses.replace(result, flipped=result.flipped + 1)

    monkeypatch.setitem(engines.ENGINES, name, wrong)
    with pytest.raises(SystemExit, match="do not agree on 2,000 pairs"):
        main.measure(PROGRAM, 2_000, 1, [])


def test_targets_are_judged_by_medians() -> None:
    memory = {"resident": [0.05, 0.09, 9], "reading": [0.02, 0.01, 0.03]}
    ours = {"memory": memory, "store": {"cold": {"whole": [0.6, 0.4, 0.6]}}}
    found = judge.targets(ours, 2.25)
    assert [target.met for target in found] == [True, False, True, False]
    assert str(found[1]) == "seconds from a cold store: 0.6, wanted <= 0.5"
