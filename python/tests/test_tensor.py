# SPDX-License-Identifier: Apache-2.0
"""Quantising, held against its definition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pytest

from tinyhil import Tensor, UsageError
from tinyhil.tensor import dequantise, quantise, to_model


@dataclass
class Like:
    """What a Tensor says."""

    dtype: np.dtype[Any]
    scale: float = 0.0
    zero_point: int = 0
    shape: tuple[int, ...] = (1, 3)


def tensor(dtype: str, scale: float = 0.0, zero_point: int = 0) -> Tensor:
    return cast(Tensor, Like(np.dtype(dtype), scale, zero_point))


def test_halves_are_rounded_away_from_zero() -> None:
    raw = quantise(np.array([0.5, 1.5, 2.5, -0.5, -1.5, 0.49]), tensor("int8", 1.0))
    assert raw.tolist() == [1, 2, 3, -1, -2, 0]


def test_the_division_is_that_of_firmware_in_float32() -> None:
    assert quantise(np.array([0.35]), tensor("int8", 0.1)).tolist() == [4]  # 3.4999998 in float64


def test_values_beyond_the_type_are_clipped() -> None:
    assert quantise(np.array([1e9, -1e9]), tensor("int8", 0.5, 10)).tolist() == [127, -128]
    assert quantise(np.array([1e9, -1e9]), tensor("int16", 0.5)).tolist() == [32767, -32768]


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16"])
def test_every_integer_survives_the_way_there_and_back(dtype: str) -> None:
    limits = np.iinfo(dtype)
    every = np.arange(limits.min, limits.max + 1, dtype=dtype)
    for scale, zero_point in ((1 / 256, 0), (0.0235294, -5), (3.7, 11)):
        like = tensor(dtype, scale, zero_point)
        np.testing.assert_array_equal(quantise(dequantise(every, like), like), every)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(UsageError, match="not finite"):
        quantise(np.array([0.0, value]), tensor("int8", 1.0))


def test_one_vector_is_a_batch_of_one() -> None:
    batch, single = to_model([1, 2, 3], tensor("int8"), "m")
    assert single
    assert batch.shape == (1, 3)
    batch, single = to_model(np.ones((4, 3), np.int8, order="F"), tensor("int8"), "m")
    assert not single
    assert batch.flags.c_contiguous


def test_floats_for_a_model_that_is_not_quantised_stay_floats() -> None:
    batch, _ = to_model(np.ones((1, 3), np.float64), tensor("float32"), "m")
    assert batch.dtype == np.float32
    with pytest.raises(UsageError, match="type float64; the model takes int8"):
        to_model(np.ones((1, 3), np.float64), tensor("int8"), "m")
