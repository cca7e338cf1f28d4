# SPDX-License-Identifier: Apache-2.0
"""A random model under construction: what the families of operators have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from tflite_builder import Array, Graph, Operator, Quantised

ACTIVATIONS = (0, 0, 1, 2, 3)  # none, relu, relu_n1_to_1, relu6


@dataclass
class Maker:
    """A graph that grows from one input; `at` is the tensor the next operator reads."""

    rng: np.random.Generator
    graph: Graph = field(default_factory=Graph)
    at: int = 0
    shape: tuple[int, ...] = ()
    scale: float = 1.0
    zero: int = 0
    ends: list[int] = field(default_factory=list)  # outputs of a model that has several

    def pick(self, low: int, high: int) -> int:
        """A uniform integer, both ends included."""
        return int(self.rng.integers(low, high + 1))

    def start(self, shape: tuple[int, ...]) -> None:
        """The graph's input."""
        self.scale, self.zero, self.shape = self.random_scale(), self.random_zero(), shape
        self.at = self.graph.tensor(shape, "int8", Quantised(self.scale, self.zero))

    def random_scale(self) -> float:
        """A float32 scale without a pattern in its mantissa."""
        return float(np.float32(self.rng.uniform(0.5, 1.0) * 2.0 ** self.pick(-8, 0)))

    def random_zero(self) -> int:
        """A zero point, often at an end of the range."""
        return int(self.rng.choice([-128, 127, 0, self.pick(-128, 127)]))

    def follow(self, operator: Operator, shape: tuple[int, ...]) -> None:
        """Adds an operator with a newly quantised output and moves on to it."""
        self.scale, self.zero = self.random_scale(), self.random_zero()
        self.keep(operator, shape)

    def keep(self, operator: Operator, shape: tuple[int, ...]) -> None:
        """Adds an operator whose output has the quantisation in force, and moves on to it."""
        self.at = self.graph.node(
            operator, self.graph.tensor(shape, "int8", Quantised(self.scale, self.zero))
        )
        self.shape = shape

    def weights(self, shape: tuple[int, ...], channel_dimension: int, per_channel: bool) -> tuple[int, Array]:
        """Int8 weights; the scales are such that the sums fill the output's range."""
        fan_in = max(1, int(np.prod(shape)) // shape[channel_dimension])
        count = shape[channel_dimension] if per_channel else 1
        scales = self.rng.uniform(0.3, 3.0, count) / (self.scale * 3000.0 * np.sqrt(fan_in))
        scales = (scales * 2.0 ** self.rng.integers(-1, 3)).astype(np.float32)
        values = self.rng.integers(-127, 128, shape).astype(np.int8)
        return self.graph.constant(values, Quantised(scales, 0, channel_dimension)), scales

    def bias(self, channels: int, scales: Array) -> int:
        """An int32 bias with the scale converters give it."""
        values = self.rng.integers(-20000, 20000, channels).astype(np.int32)
        return self.graph.constant(values, Quantised(scales * np.float32(self.scale)))

    def again(self, shape: tuple[int, ...], dtype: str = "int8") -> int:
        """A tensor with the quantisation in force, of another shape."""
        quantised = Quantised(self.scale, self.zero) if dtype == "int8" else None
        return self.graph.tensor(shape, dtype, quantised)

    def constant(self, values: Array) -> int:
        """A constant with the quantisation in force."""
        return self.graph.constant(values, Quantised(self.scale, self.zero))

    def integers(self, *values: int) -> int:
        """A constant int32 vector."""
        return self.graph.constant(np.array(values, np.int32))

    def number(self, value: int) -> int:
        """A constant int32 of no dimension."""
        return self.graph.constant(np.array(value, np.int32))


Family = Callable[[Maker], None]  # adds one operator, with everything varied


def image_shape(make: Maker, channels: int = 9) -> tuple[int, ...]:
    """A small NHWC shape."""
    return (1, make.pick(1, 11), make.pick(1, 11), make.pick(1, channels))
