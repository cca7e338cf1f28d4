# SPDX-License-Identifier: Apache-2.0
"""Operators that move, pick or repeat values and compute none."""

from __future__ import annotations

import numpy as np
from maker import Family, Maker
from tflite_builder import Operator

STRIDED = ("beginMask", "endMask", "ellipsisMask", "newAxisMask", "shrinkAxisMask")


def without(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    """The shape without one dimension."""
    return shape[:axis] + shape[axis + 1 :]


def replaced(shape: tuple[int, ...], axis: int, dim: int) -> tuple[int, ...]:
    """The shape with another length of one dimension."""
    return (*shape[:axis], dim, *shape[axis + 1 :])


def any_axis(make: Maker) -> tuple[int, int]:
    """An axis, and how a model may write it: from the front or from the end."""
    axis = make.pick(0, len(make.shape) - 1)
    return axis, axis - len(make.shape) if make.pick(0, 1) else axis


def concatenation(make: Maker) -> None:
    """CONCATENATION of the tensor, of constants, and of itself."""
    axis, written = any_axis(make)
    inputs, length = [make.at], make.shape[axis]
    for _ in range(make.pick(0, 4)):
        dim = make.pick(1, 4)
        values = make.rng.integers(-128, 128, replaced(make.shape, axis, dim)).astype(np.int8)
        again = make.pick(0, 2) == 0
        inputs.append(make.at if again else make.constant(values))
        length += make.shape[axis] if again else dim
    make.rng.shuffle(inputs)
    make.keep(Operator("CONCATENATION", *inputs, axis=written), replaced(make.shape, axis, length))


def pack(make: Maker) -> None:
    """PACK of three-dimensional images."""
    squeeze(make)
    shape = make.shape
    values = make.rng.integers(-128, 128, shape).astype(np.int8)
    inputs = [make.at if make.pick(0, 1) else make.constant(values) for _ in range(make.pick(1, 5))]
    axis = make.pick(0, len(shape))
    written = axis - len(shape) - 1 if make.pick(0, 1) else axis
    packed = (*shape[:axis], len(inputs), *shape[axis:])
    make.keep(Operator("PACK", *inputs, axis=written, valuesCount=len(inputs)), packed)


def unpack(make: Maker) -> None:
    """UNPACK along any axis."""
    axis, written = any_axis(make)
    make.ends = [make.again(without(make.shape, axis)) for _ in range(make.shape[axis])]
    make.graph.node(Operator("UNPACK", make.at, axis=written, num=len(make.ends)), make.ends)


def split(make: Maker) -> None:
    """SPLIT into equal parts."""
    axis, written = any_axis(make)
    parts = int(make.rng.choice([n for n in range(1, 12) if make.shape[axis] % n == 0]))
    shape = replaced(make.shape, axis, make.shape[axis] // parts)
    make.ends = [make.again(shape) for _ in range(parts)]
    make.graph.node(Operator("SPLIT", make.number(written), make.at, numSplits=parts), make.ends)


def split_v(make: Maker) -> None:
    """SPLIT_V into parts of any size."""
    axis, written = any_axis(make)
    cuts = sorted({0, make.shape[axis], *(make.pick(0, make.shape[axis]) for _ in range(3))})
    sizes = [int(size) for size in np.diff(cuts)]
    make.ends = [make.again(replaced(make.shape, axis, size)) for size in sizes]
    inputs = (make.at, make.integers(*sizes), make.number(written))
    make.graph.node(Operator("SPLIT_V", *inputs, numSplits=len(sizes)), make.ends)


def strided_slice(make: Maker) -> None:
    """STRIDED_SLICE with bounds beyond the edges, either direction, and masks."""
    bounds = [
        (make.pick(-d - 2, d + 2), make.pick(-d - 2, d + 2), step)
        for d in make.shape
        if (step := int(make.rng.choice([1, 1, 2, 3, -1, -2])))
    ]
    masks = dict.fromkeys(STRIDED, 0)
    index: list[slice | int] = []
    for axis, (begin, end, step) in enumerate(bounds):
        bit = {name: make.pick(0, 1) for name in ("beginMask", "endMask")}
        if make.pick(0, 5) == 0:
            at = make.pick(-make.shape[axis], make.shape[axis] - 1)
            bounds[axis] = (at, at + 1, 1)
            index.append(at)
            bit = {"shrinkAxisMask": 1}
        else:
            index.append(slice(None if bit["beginMask"] else begin, None if bit["endMask"] else end, step))
        for name, value in bit.items():
            masks[name] |= value << axis
    shape = np.zeros(make.shape)[tuple(index)].shape
    if 0 in shape:
        strided_slice(make)
        return
    columns = [make.integers(*column) for column in zip(*bounds, strict=True)]
    make.keep(Operator("STRIDED_SLICE", make.at, *columns, **masks), shape)


def slice_of(make: Maker) -> None:
    """SLICE, up to the end where the size is -1."""
    begins = [make.pick(0, dim - 1) for dim in make.shape]
    sizes = [make.pick(1, dim - begin) for begin, dim in zip(begins, make.shape, strict=True)]
    written = [
        -1 if b + s == d and make.pick(0, 1) else s for b, s, d in zip(begins, sizes, make.shape, strict=True)
    ]
    make.keep(Operator("SLICE", make.at, make.integers(*begins), make.integers(*written)), tuple(sizes))


def gather(make: Maker) -> None:
    """GATHER along any axis, by indices of up to two dimensions."""
    if make.pick(0, 1):
        squeeze(make)
    axis, written = any_axis(make)
    rank = make.pick(0, min(2, 5 - len(make.shape)))
    indices = make.rng.integers(0, make.shape[axis], [make.pick(1, 4) for _ in range(rank)], np.int32)
    shape = (*make.shape[:axis], *indices.shape, *make.shape[axis + 1 :])
    make.keep(Operator("GATHER", make.at, make.graph.constant(np.asarray(indices)), axis=written), shape)


def transpose(make: Maker) -> None:
    """TRANSPOSE of any order."""
    order = [int(axis) for axis in make.rng.permutation(len(make.shape))]
    shape = tuple(make.shape[axis] for axis in order)
    make.keep(Operator("TRANSPOSE", make.at, make.integers(*order)), shape)


def shape_of(make: Maker) -> None:
    """SHAPE: int32, which is the model's output."""
    make.at = make.graph.node(
        Operator("SHAPE", make.at, outType=2), make.graph.tensor((len(make.shape),), "int32")
    )


def flatten(make: Maker) -> None:
    """How Keras flattens: the batch, read from SHAPE, is packed with a constant to be RESHAPE's shape."""
    dims = make.graph.node(Operator("SHAPE", make.at, outType=2), make.graph.tensor((4,), "int32"))
    ends = (make.integers(0), make.integers(1), make.integers(1))
    masks = dict.fromkeys(STRIDED, 0) | {"shrinkAxisMask": 1}
    batch = make.graph.node(Operator("STRIDED_SLICE", dims, *ends, **masks), make.graph.tensor((), "int32"))
    rest = int(np.prod(make.shape[1:]))
    packed = Operator("PACK", batch, make.number(rest), axis=0, valuesCount=2)
    shape = make.graph.node(packed, make.graph.tensor((2,), "int32"))
    make.keep(Operator("RESHAPE", make.at, shape), (1, rest))


def expand_dims(make: Maker) -> None:
    """EXPAND_DIMS after the batch was squeezed away, so that there is room."""
    squeeze(make)
    axis = make.pick(0, len(make.shape))
    written = axis - len(make.shape) - 1 if make.pick(0, 1) else axis
    shape = (*make.shape[:axis], 1, *make.shape[axis:])
    make.keep(Operator("EXPAND_DIMS", make.at, make.number(written)), shape)


def squeeze(make: Maker) -> None:
    """SQUEEZE of the batch."""
    make.keep(Operator("SQUEEZE", make.at, squeezeDims=[0]), make.shape[1:])


def resize(make: Maker, name: str) -> None:
    """RESIZE_NEAREST_NEIGHBOR or RESIZE_BILINEAR, larger or smaller."""
    rows, columns = make.pick(1, 20), make.pick(1, 20)
    way = make.pick(0, 2)
    options = {"alignCorners": way == 1, "halfPixelCenters": way == 2}
    operator = Operator(name, make.at, make.integers(rows, columns), **options)
    make.keep(operator, (make.shape[0], rows, columns, make.shape[3]))


MOVING_OPS: dict[str, Family] = {
    "CONCATENATION": concatenation,
    "PACK": pack,
    "UNPACK": unpack,
    "SPLIT": split,
    "SPLIT_V": split_v,
    "STRIDED_SLICE": strided_slice,
    "SLICE": slice_of,
    "GATHER": gather,
    "TRANSPOSE": transpose,
    "SHAPE": shape_of,
    "FLATTEN": flatten,
    "EXPAND_DIMS": expand_dims,
    "SQUEEZE": squeeze,
    "RESIZE_NEAREST_NEIGHBOR": lambda make: resize(make, "RESIZE_NEAREST_NEIGHBOR"),
    "RESIZE_BILINEAR": lambda make: resize(make, "RESIZE_BILINEAR"),
}
