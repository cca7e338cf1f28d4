# SPDX-License-Identifier: Apache-2.0
"""Activation functions as operators of their own."""

from __future__ import annotations

import numpy as np
from maker import Family, Maker
from tflite_builder import Operator, Quantised


def tanh(make: Maker) -> None:
    """TANH: the output's quantisation is fixed."""
    make.scale, make.zero = 1 / 128, 0
    make.keep(Operator("TANH", make.at), make.shape)


def elu(make: Maker) -> None:
    """ELU, rescaling."""
    make.follow(Operator("ELU", make.at), make.shape)


def leaky_relu(make: Maker) -> None:
    """LEAKY_RELU of any slope, also one that turns the sign."""
    make.follow(Operator("LEAKY_RELU", make.at, alpha=float(make.rng.uniform(-1.5, 1.5))), make.shape)


def prelu(make: Maker) -> None:
    """PRELU of a slope a channel, or of fewer."""
    dims = [dim if make.pick(0, 2) == 0 else 1 for dim in make.shape[1:]]
    dims[-1] = make.shape[-1] if make.pick(0, 3) else dims[-1]
    slopes = make.graph.constant(
        make.rng.integers(-128, 128, dims).astype(np.int8), Quantised(make.random_scale(), make.random_zero())
    )
    make.follow(Operator("PRELU", make.at, slopes), make.shape)


def hard_swish(make: Maker) -> None:
    """HARD_SWISH, whose output is not much finer than its input."""
    given = make.scale
    make.scale, make.zero = given * float(make.rng.uniform(0.3, 1.5)), make.random_zero()
    make.keep(Operator("HARD_SWISH", make.at), make.shape)


ACTIVATION_OPS: dict[str, Family] = {
    "TANH": tanh,
    "ELU": elu,
    "LEAKY_RELU": leaky_relu,
    "PRELU": prelu,
    "HARD_SWISH": hard_swish,
}
