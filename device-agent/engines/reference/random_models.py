# SPDX-License-Identifier: Apache-2.0
"""Seeded random int8 models, one family an operator, and whole networks of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from activation_models import ACTIVATION_OPS
from maker import ACTIVATIONS, Family, Maker, image_shape
from moving_models import MOVING_OPS
from paired_models import PAIRED_OPS
from stateful_models import STATEFUL_OPS
from tflite_builder import Operator

SAME, VALID = 0, 1


@dataclass(frozen=True)
class Window:
    """A window that slides along one axis."""

    taps: int
    stride: int
    padding: int
    dilation: int = 1

    def steps(self, size: int) -> int:
        """Length of the output over so many elements; below 1 when there is none."""
        if self.padding == SAME:
            return -(-size // self.stride)
        return (size - (self.taps - 1) * self.dilation - 1) // self.stride + 1


def convolution(make: Maker, depthwise: bool) -> None:
    """CONV_2D or DEPTHWISE_CONV_2D with everything varied."""
    _, height, width, channels = make.shape
    padding = make.pick(SAME, VALID)
    strides = (make.pick(1, 3), make.pick(1, 3))
    dilations = (make.pick(1, 3), make.pick(1, 3)) if make.pick(0, 2) == 0 else (1, 1)
    taps = (make.pick(1, 5), make.pick(1, 5))
    rows = Window(taps[0], strides[0], padding, dilations[0]).steps(height)
    columns = Window(taps[1], strides[1], padding, dilations[1]).steps(width)
    if rows < 1 or columns < 1:
        convolution(make, depthwise)
        return
    options = {
        "padding": padding,
        "strideH": strides[0],
        "strideW": strides[1],
        "dilationHFactor": dilations[0],
        "dilationWFactor": dilations[1],
        "fusedActivationFunction": int(make.rng.choice(ACTIVATIONS)),
    }
    if depthwise:
        outputs = channels * make.pick(1, 3)
        options["depthMultiplier"] = outputs // channels
        filter_shape: tuple[int, ...] = (1, *taps, outputs)
    else:
        groups = 1 if make.pick(0, 4) or channels % 2 else 2
        outputs = make.pick(1, 6) * groups
        filter_shape = (outputs, *taps, channels // groups)
    inputs = [make.at]
    weights, scales = make.weights(filter_shape, 3 if depthwise else 0, bool(make.pick(0, 3)))
    inputs += [weights, make.bias(outputs, scales)]
    if depthwise and make.pick(0, 3) == 0:
        inputs.pop()  # LiteRT wants a bias for CONV_2D
    shape = (make.shape[0], rows, columns, outputs)
    name = "DEPTHWISE_CONV_2D" if depthwise else "CONV_2D"
    make.follow(Operator(name, *inputs, **options), shape)


def transposed(make: Maker) -> None:
    """TRANSPOSE_CONV onto any of the sizes that a convolution would bring back to the input's."""
    batch, height, width, channels = make.shape
    padding = make.pick(SAME, VALID)
    strides, taps = (make.pick(1, 3), make.pick(1, 3)), (make.pick(1, 5), make.pick(1, 5))

    def size_of(length: int, stride: int, tap: int) -> int:
        most = length * stride if padding == SAME else (length - 1) * stride + tap + stride - 1
        return most - make.pick(0, stride - 1)

    shape = (
        batch,
        size_of(height, strides[0], taps[0]),
        size_of(width, strides[1], taps[1]),
        make.pick(1, 6),
    )
    weights, scales = make.weights((shape[3], *taps, channels), 0, bool(make.pick(0, 3)))
    inputs = [make.integers(*shape), weights, make.at]
    if make.pick(0, 2):
        inputs.append(make.bias(shape[3], scales))
    activation = int(make.rng.choice(ACTIVATIONS))
    options = {"padding": padding, "strideH": strides[0], "strideW": strides[1]}
    operator = Operator("TRANSPOSE_CONV", *inputs, fusedActivationFunction=activation, **options)
    make.follow(operator, shape)


def pool(make: Maker, name: str) -> None:
    """AVERAGE_POOL_2D or MAX_POOL_2D."""
    batch, height, width, channels = make.shape
    padding = make.pick(SAME, VALID)
    strides, taps = (make.pick(1, 3), make.pick(1, 3)), (make.pick(1, 6), make.pick(1, 6))
    rows = Window(taps[0], strides[0], padding).steps(height)
    columns = Window(taps[1], strides[1], padding).steps(width)
    if rows < 1 or columns < 1:
        pool(make, name)
        return
    operator = Operator(
        name,
        make.at,
        padding=padding,
        strideH=strides[0],
        strideW=strides[1],
        filterHeight=taps[0],
        filterWidth=taps[1],
        fusedActivationFunction=int(make.rng.choice(ACTIVATIONS)),
    )
    make.keep(operator, (batch, rows, columns, channels))


def dense(make: Maker, outputs: int) -> None:
    """FULLY_CONNECTED over all elements, with a bias."""
    weights, scales = make.weights((outputs, int(np.prod(make.shape))), 0, per_channel=False)
    operator = Operator("FULLY_CONNECTED", make.at, weights, make.bias(outputs, scales))
    make.follow(operator, (1, outputs))


def fully_connected(make: Maker) -> None:
    """FULLY_CONNECTED over the flattened input, or over its last dimension."""
    inputs = int(np.prod(make.shape)) if make.pick(0, 1) else make.shape[-1]
    rows, outputs = int(np.prod(make.shape)) // inputs, make.pick(1, 12)
    weights, scales = make.weights((outputs, inputs), 0, bool(make.pick(0, 1)))
    bias = make.bias(outputs, scales) if make.pick(0, 3) else -1
    activation = int(make.rng.choice(ACTIVATIONS))
    operator = Operator("FULLY_CONNECTED", make.at, weights, bias, fusedActivationFunction=activation)
    make.follow(operator, (rows, outputs))


def mean(make: Maker) -> None:
    """MEAN over a random set of axes, with the image case every network has made likely."""
    rank = len(make.shape)
    chosen = [axis for axis in range(rank) if make.pick(0, 1)] or [rank - 1]
    axes = [1, 2] if rank == 4 and make.pick(0, 1) else chosen
    keep = bool(make.pick(0, 1))
    kept = [1 if axis in axes else dim for axis, dim in enumerate(make.shape) if keep or axis not in axes]
    signed = [axis - rank if make.pick(0, 1) else axis for axis in axes]
    operator = Operator("MEAN", make.at, make.graph.constant(np.array(signed, np.int32)), keepDims=keep)
    add = make.keep if make.pick(0, 2) == 0 else make.follow
    add(operator, tuple(kept))


def pad(make: Maker) -> None:
    """PAD on any side of any dimension but the batch."""
    sides = np.array([[make.pick(0, 3), make.pick(0, 3)] for _ in make.shape], np.int32)
    sides[0] = 0
    shape = tuple(dim + int(side.sum()) for dim, side in zip(make.shape, sides, strict=True))
    make.keep(Operator("PAD", make.at, make.graph.constant(sides)), shape)


def reshape(make: Maker) -> None:
    """RESHAPE to two dimensions."""
    shape = (1, int(np.prod(make.shape)))
    operator = Operator(
        "RESHAPE", make.at, make.graph.constant(np.array(shape, np.int32)), newShape=list(shape)
    )
    make.keep(operator, shape)


def squash(make: Maker, name: str) -> None:
    """SOFTMAX or LOGISTIC: the output's quantisation is fixed."""
    options = {"beta": float(make.rng.choice([1.0, 0.5, 2.0]))} if name == "SOFTMAX" else {}
    make.scale, make.zero = 1 / 256, -128
    make.keep(Operator(name, make.at, **options), make.shape)


def relu(make: Maker, name: str) -> None:
    """RELU or RELU6 as an operator of its own, mostly rescaling."""
    (make.follow if make.pick(0, 3) else make.keep)(Operator(name, make.at), make.shape)


def requantize(make: Maker) -> None:
    """QUANTIZE from int8 to int8."""
    make.follow(Operator("QUANTIZE", make.at), make.shape)


IMAGE_OPS: dict[str, Family] = {
    "CONV_2D": lambda make: convolution(make, depthwise=False),
    "DEPTHWISE_CONV_2D": lambda make: convolution(make, depthwise=True),
    "AVERAGE_POOL_2D": lambda make: pool(make, "AVERAGE_POOL_2D"),
    "MAX_POOL_2D": lambda make: pool(make, "MAX_POOL_2D"),
    "PAD": pad,
}
ANY_OPS: dict[str, Family] = {
    "RELU": lambda make: relu(make, "RELU"),
    "RELU6": lambda make: relu(make, "RELU6"),
    "QUANTIZE": requantize,
}
LAST_OPS: dict[str, Family] = {
    "FULLY_CONNECTED": fully_connected,
    "MEAN": mean,
    "RESHAPE": reshape,
    "SOFTMAX": lambda make: squash(make, "SOFTMAX"),
    "LOGISTIC": lambda make: squash(make, "LOGISTIC"),
}
GROWING_OPS: dict[str, Family] = {"TRANSPOSE_CONV": transposed}  # not for networks of many operators
ALL_OPS = (
    IMAGE_OPS | GROWING_OPS | ANY_OPS | LAST_OPS | ACTIVATION_OPS | MOVING_OPS | PAIRED_OPS | STATEFUL_OPS
)


def single(name: str, seed: int) -> bytes:
    """A model of one operator."""
    make = Maker(np.random.default_rng(seed))
    make.start(image_shape(make))
    start = make.at
    ALL_OPS[name](make)
    return make.graph.build([start], make.ends[:8] or [make.at])


def two_and_two(seed: int) -> bytes:
    """Two inputs, an image and six numbers, which meet; two outputs, of which one is also read on."""
    make = Maker(np.random.default_rng(seed))
    make.start((1, 6))
    numbers = make.at
    dense(make, 3)
    changed = make.at
    make.start((1, 8, 8, 2))
    image = make.at
    convolution(make, depthwise=False)
    dense(make, 3)
    first = make.at
    make.follow(Operator("ADD", changed, first), (1, 3))
    dense(make, 5)
    return make.graph.build([image, numbers], [first, make.at])


def network(seed: int) -> bytes:
    """Several image operators, some with a skip connection, then a head."""
    make = Maker(np.random.default_rng(seed))
    make.start((1, make.pick(6, 14), make.pick(6, 14), make.pick(1, 4)))
    start = make.at
    bodies = list((IMAGE_OPS | ANY_OPS | PAIRED_OPS).values())
    for _ in range(make.pick(2, 7)):
        before, shape = make.at, make.shape
        bodies[make.pick(0, len(bodies) - 1)](make)
        if make.shape == shape and before != make.at and make.pick(0, 1):
            make.follow(Operator("ADD", make.at, before), shape)
    for head in (mean, reshape, fully_connected, LAST_OPS["SOFTMAX"])[make.pick(0, 1) :]:
        head(make)
    return make.graph.build([start], [make.at])
