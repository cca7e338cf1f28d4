# SPDX-License-Identifier: Apache-2.0
"""What a row amounts to: its class and its latency, or that there is none."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from tinyhil import STATUS, Inferences, _core


class Rows(SimpleNamespace):
    """As `_core` hands them out."""

    def __len__(self) -> int:
        return len(self.outputs[0])


def inferences(outputs: Any, clock_hz: int = 1000, status: tuple[int, ...] | None = None) -> Inferences:
    """Rows with these outputs, each of 5 ticks, good where no status is given."""
    n = len(outputs)
    rows: Any = Rows(
        outputs=[outputs], status=np.array(status or [0] * n, np.uint8), clock=np.full(n, 5, np.uint32)
    )
    return Inferences(rows, clock_hz)


def test_the_class_is_the_largest_output_the_first_of_equal_ones() -> None:
    assert inferences(np.array([[1, 3, 3], [-5, -7, -6]], np.int8)).top_class.tolist() == [1, 0]


def test_an_output_that_is_not_a_number_has_no_class() -> None:
    outputs = np.array([[0.5, np.nan, 0.1], [np.nan, 1, 2], [0, 1, 2]], np.float32)
    assert inferences(outputs).top_class.tolist() == [-1, -1, 2]


def test_of_a_top_k_output_the_class_is_the_first_index() -> None:
    entry = np.dtype([("index", "<u2"), ("value", "<f4")])
    outputs = np.array([[(7, 0.9), (2, 0.1)], [(3, np.nan), (1, 0.2)]], entry)
    assert inferences(outputs).top_class.tolist() == [7, -1]


def test_no_rows_have_no_classes() -> None:
    assert inferences(np.empty((0, 3), np.int8)).top_class.tolist() == []


def test_without_a_clock_there_is_no_latency() -> None:
    outputs = np.zeros((2, 3), np.int8)
    assert inferences(outputs).latency_us.tolist() == [5000, 5000]
    assert np.isnan(inferences(outputs, clock_hz=0).latency_us).all()
    suspect = inferences(outputs, status=(0, 2))
    assert np.isnan(suspect.latency_us).tolist() == [False, True]


def test_a_status_is_named_as_in_reports_and_some_have_no_output() -> None:
    assert STATUS == ("ok", "invoke failed", "clock suspect", "disturbed", "quarantined")
    assert [STATUS[number] for number in _core.UNANSWERED] == ["invoke failed", "quarantined"]
