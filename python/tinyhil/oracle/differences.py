# SPDX-License-Identifier: Apache-2.0
"""How a device's outputs differ from the golden ones, bit for bit over a whole set."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

NAN_DISTANCE = 1 << 32  # a NaN against a number: farther than any two float32 are


@dataclass(frozen=True)
class Mismatch:
    """One output element: the vector's place in the set, the element's in its output, both values."""

    vector: int
    index: tuple[int, ...]
    device: int | float
    golden: int | float


@dataclass(frozen=True)
class Differences:
    """How two sets of outputs differ, bit for bit.

    `histogram` counts vectors by their largest difference in LSB, 0 for equal ones; of float32 an LSB is a
    step to the next number. `which` holds the places of differing vectors, ascending.
    """

    vectors: int
    differing: int
    histogram: dict[int, int]
    first: Mismatch | None
    which: npt.NDArray[np.int64] = field(compare=False, repr=False)


def compare_outputs(device: Array, golden: Array) -> Differences:
    """Every element of two sets of outputs [N, ...] of one type: int8, uint8, int16, int32 or float32.

    Floats are equal when their bits are, or both are NaN. Raises ValueError for other types and unequal
    shapes.
    """
    if device.dtype != golden.dtype or device.shape != golden.shape or device.ndim == 0:
        raise ValueError(
            f"the device's outputs are {device.dtype}{list(device.shape)}, the golden ones are "
            f"{golden.dtype}{list(golden.shape)}; compare outputs of the same vectors and model"
        )
    elements = tuple(range(1, device.ndim))
    far = distance(device, golden).max(axis=elements, initial=0)
    which = np.flatnonzero(far)
    sizes, counts = np.unique(far, return_counts=True)
    first = first_mismatch(device, golden, int(which[0])) if len(which) else None
    histogram = dict(zip(sizes.tolist(), counts.tolist(), strict=True))
    return Differences(len(device), len(which), histogram, first, which)


def first_mismatch(device: Array, golden: Array, vector: int) -> Mismatch:
    """The first differing element of a vector whose outputs differ."""
    index = tuple(np.argwhere(distance(device[vector], golden[vector]))[0].tolist())
    return Mismatch(vector, index, device[vector][index].item(), golden[vector][index].item())


def distance(a: Array, b: Array) -> Array:
    """|a - b| in LSB, element by element, in an integer type that holds it.

    Raises ValueError as compare_outputs.
    """
    wide = {"int8": np.int16, "uint8": np.int16, "int16": np.int32, "int32": np.int64, "float32": np.int64}
    if str(a.dtype) not in wide:
        raise ValueError(f"outputs are {a.dtype}; int8, uint8, int16, int32 and float32 can be compared")
    if a.dtype != np.float32:
        return np.abs(np.subtract(a, b, dtype=wide[str(a.dtype)]))
    nan_a, nan_b = np.isnan(a), np.isnan(b)
    steps = np.abs(_order(a) - _order(b))
    return np.where(nan_a | nan_b, np.where(nan_a & nan_b, 0, NAN_DISTANCE), steps)


def _order(values: Array) -> Array:
    """A number for each float32 that grows by one from each to the next; -0 comes before 0."""
    bits = np.ascontiguousarray(values).view(np.int32).astype(np.int64)
    return np.where(bits < 0, -(bits & 0x7FFFFFFF) - 1, bits)
