# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from probe_bench import judge, lines


def round_of(*seconds: float) -> dict[str, Any]:
    return {
        "line": "a line",
        "models_s": [0.5] * len(seconds),
        "vectors_s": list(seconds),
        "digest_s": [0.01] * len(seconds),
        "digested_bytes": 100,
        "model_bytes": 300,
        "vector_bytes": 700,
        "vector_slots": 2,
        "bytes_on_line": 92_160,
    }


def test_a_line_is_told_by_the_fastest_of_all_its_pushes() -> None:
    line = judge.summary([round_of(1.5, 9.5, 2.5), round_of(0.5)])
    assert line["seconds"] == [2.0, 10.0, 3.0, 1.0]
    assert line["median_s"] == 2.5
    assert line["fastest_s"] == 1
    assert line["bytes_per_second"] == 1000
    assert line["digest_of_all_s"] == pytest.approx(0.1)
    assert judge.bytes_alone(line) == {921_600: 1, 115_200: 8}


def test_memory_is_to_be_ten_times_as_fast_as_each_uart_and_as_no_other_line() -> None:
    told = {
        "memory": judge.summary([round_of(0.5)]),
        "rings": judge.summary([round_of(1.5)]),
        "uart": judge.summary([round_of(8.5)]),
        "uart-921600": judge.summary([round_of(9.5)]),
    }
    assert judge.ratios(told) == {"memory": 1, "rings": 2, "uart": 9, "uart-921600": 10}
    assert [(target.what, target.met) for target in judge.targets(told)] == [
        ("uart / memory, seconds", False),
        ("uart-921600 / memory, seconds", True),
    ]


def test_every_line_of_the_table_is_a_board_of_the_bench(tmp_path: Path) -> None:
    bench = yaml.safe_load(lines.write_bench(tmp_path).read_text())
    assert [board["name"] for board in bench["boards"]] == list(lines.TITLES)
