# SPDX-License-Identifier: Apache-2.0
"""Real numbers to what a model takes, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core
from .errors import UsageError

Array = NDArray[Any]
T = TypeVar("T")


def only(each: Sequence[T], what: str, where: str) -> T:
    """The one that there is; UsageError that names `<what>s` when there are several."""
    if len(each) != 1:
        raise UsageError(f"there are {len(each)} {what}s, not one", where, f"use `{what}s`, a list of all")
    return each[0]


def to_model(x: ArrayLike, tensor: _core.Tensor, where: str) -> tuple[Array, bool]:
    """`x` as the model takes it, [n, ...] in C order, and whether it was one vector without n.

    Integers of the model's own type pass as they are; floats for a quantised model become
    round(x / scale) + zero_point, halves away from zero, clipped to the type, as a campaign's float32 vectors
    do. Raises UsageError for another
    shape or type, for values that are not finite, and for integers that the type cannot hold.
    """
    array = np.asarray(x)
    wanted = tensor.shape[1:]
    single = array.shape == wanted
    if single:
        array = array[np.newaxis]
    if array.shape[1:] != wanted or array.ndim != len(wanted) + 1:
        raise UsageError(
            f"vectors of shape {array.shape}; the model takes [n, {', '.join(map(str, wanted))}]",
            where,
            "give one vector, or a batch with n first",
        )
    return np.ascontiguousarray(_as_type(array, tensor, where)), single


def _as_type(array: Array, tensor: _core.Tensor, where: str) -> Array:
    dtype = tensor.dtype
    if array.dtype == dtype:
        return array
    if array.dtype.kind == "f" and dtype.kind == "f":
        return array.astype(dtype)
    if array.dtype.kind == "f" and tensor.scale > 0:
        return quantise(array, tensor, where)
    if array.dtype.kind in "iub" and dtype.kind in "iu":
        limits = np.iinfo(dtype)
        if array.size and (array.min() < limits.min or array.max() > limits.max):
            raise UsageError(f"values beyond {dtype}", where, "quantise the vectors as the model takes them")
        return array.astype(dtype)
    raise UsageError(
        f"vectors of type {array.dtype}; the model takes {dtype}",
        where,
        f"convert them to {dtype}" + (", or give floats, which are quantised" if tensor.scale > 0 else ""),
    )


def quantise(real: Array, tensor: _core.Tensor, where: str = "") -> Array:
    """Floats to the tensor's integers, by its scale and zero point, as firmware does it in float32."""
    if not np.isfinite(real).all():
        raise UsageError("vectors that are not finite", where, "remove NaN and infinity before quantising")
    with np.errstate(over="ignore"):  # beyond float32 is beyond every integer type, too
        numbers = np.ascontiguousarray(real, np.float32)
    return _core.quantise(numbers, tensor.dtype, tensor.scale, tensor.zero_point)


def dequantise(raw: Array, tensor: _core.Tensor) -> Array:
    """The tensor's elements as float32: scale * (raw - zero_point); as they are where it is not quantised."""
    if tensor.scale == 0:
        return raw.astype(np.float32)
    steps = np.asarray(raw, np.int32) - np.int32(tensor.zero_point)
    return steps.astype(np.float32) * np.float32(tensor.scale)
