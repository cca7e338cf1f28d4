# SPDX-License-Identifier: Apache-2.0
"""Operators on two sides, each broadcast to the output."""

from __future__ import annotations

import numpy as np
from maker import ACTIVATIONS, Family, Maker
from tflite_builder import Operator, Quantised


def partner(make: Maker, quantised: Quantised) -> int:
    """A constant, mostly one that is broadcast, or the tensor itself."""
    dims = [dim if make.pick(0, 2) else 1 for dim in make.shape]
    shape = tuple(dims[make.pick(0, 1) * make.pick(0, len(dims)) :])
    if make.pick(0, 3) == 0:
        return make.at
    return make.graph.constant(make.rng.integers(-128, 128, shape).astype(np.int8), quantised)


def pair(make: Maker, name: str) -> None:
    """ADD, SUB or MUL of a constant, broadcast either way, or of the tensor itself."""
    other = partner(make, Quantised(make.random_scale(), make.random_zero()))
    inputs = [make.at, other] if make.pick(0, 1) else [other, make.at]
    activation = int(make.rng.choice(ACTIVATIONS))
    make.follow(Operator(name, *inputs, fusedActivationFunction=activation), make.shape)


def extreme(make: Maker, name: str) -> None:
    """MAXIMUM or MINIMUM: one quantisation on all sides."""
    other = partner(make, Quantised(make.scale, make.zero))
    inputs = [make.at, other] if make.pick(0, 1) else [other, make.at]
    make.keep(Operator(name, *inputs), make.shape)


def add(make: Maker) -> None:
    """ADD, which networks use for their skip connections."""
    pair(make, "ADD")


PAIRED_OPS: dict[str, Family] = {
    "ADD": add,
    "SUB": lambda make: pair(make, "SUB"),
    "MUL": lambda make: pair(make, "MUL"),
    "MAXIMUM": lambda make: extreme(make, "MAXIMUM"),
    "MINIMUM": lambda make: extreme(make, "MINIMUM"),
}
