# SPDX-License-Identifier: Apache-2.0
"""Models that remember from one inference to the next."""

from __future__ import annotations

import numpy as np
from maker import Family, Maker
from tflite_builder import Graph, Operator, Quantised


def variables(make: Maker) -> None:
    """A ring of the last frames, as streaming wake words keep it: read, extended, cut and assigned."""
    kept, quantised = make.pick(1, 5), Quantised(make.scale, make.zero)
    shape = (1, kept, *make.shape[2:])
    once, graph = Graph(buffers=make.graph.buffers, codes=make.graph.codes), make.graph
    name = f"stream_{make.pick(0, 99)}/states".encode()
    first = once.constant(make.rng.integers(-128, 128, shape).astype(np.int8), quantised)
    handle = once.node(Operator("VAR_HANDLE", sharedName=name), once.tensor((), "resource"))
    once.node(Operator("ASSIGN_VARIABLE", handle, first), [])
    graph.others = [once]
    graph.node(Operator("CALL_ONCE", initSubgraphIndex=1), [])
    handle = graph.node(Operator("VAR_HANDLE", sharedName=name), graph.tensor((), "resource"))
    before = graph.node(Operator("READ_VARIABLE", handle), make.again(shape))
    length = kept + make.shape[1]
    make.keep(Operator("CONCATENATION", before, make.at, axis=1), (1, length, *make.shape[2:]))
    bounds = ((0, length - kept, 0, 0), (1, length, 0, 0), (1, 1, 1, 1))
    masks = {"beginMask": 13, "endMask": 13, "shrinkAxisMask": 0}
    ring = Operator("STRIDED_SLICE", make.at, *(make.integers(*each) for each in bounds), **masks)
    graph.node(Operator("ASSIGN_VARIABLE", handle, graph.node(ring, make.again(shape))), [])


def rows(make: Maker) -> tuple[int, int]:
    """Makes of the image a batch of rows, and says how many and how long."""
    batch, length = make.shape[1], int(np.prod(make.shape[2:]))
    make.keep(Operator("RESHAPE", make.at, make.integers(batch, length)), (batch, length))
    return batch, length


def svdf(make: Maker) -> None:
    """SVDF with an int16 state: LiteRT has no other."""
    batch, length = rows(make)
    rank, memory = make.pick(1, 2), make.pick(1, 9)
    filters = rank * make.pick(1, 6)
    features, scales = make.weights((filters, length), 0, per_channel=False)
    kept = float(np.float32(scales[0] * make.scale * 2.0 ** make.pick(-1, 1)))
    time_scale = make.random_scale() / 4096
    time = make.graph.constant(
        make.rng.integers(-32767, 32768, (filters, memory)).astype(np.int16), Quantised(time_scale)
    )
    bias = make.rng.integers(-20000, 20000, filters // rank).astype(np.int32)
    state = make.graph.variable((batch, filters * memory), "int16", Quantised(kept))
    make.scale, make.zero = kept * time_scale * 2.0**15, make.random_zero()
    inputs = (make.at, features, time, make.graph.constant(bias), state)
    operator = Operator("SVDF", *inputs, rank=rank, fusedActivationFunction=1)
    make.keep(operator, (batch, filters // rank))


def lstm(make: Maker) -> None:
    """UNIDIRECTIONAL_SEQUENCE_LSTM, int8 with an int16 cell, by batch or by time."""
    rows(make)
    first, length = make.shape
    steps = make.pick(1, 5)
    make.keep(Operator("CONCATENATION", *[make.at] * steps, axis=0), (first * steps, length))
    by_time = make.pick(0, 1) == 1
    shape = (steps, first, length) if by_time else (first, steps, length)
    make.keep(Operator("RESHAPE", make.at, make.integers(*shape)), shape)
    cells, graph = make.pick(1, 7), make.graph
    hidden, zero = float(np.float32(make.rng.uniform(0.5, 1.0) / 128)), make.pick(-20, 20)
    weights = [make.weights((cells, length), 0, per_channel=False)[0] for _ in range(4)]
    recurrent = [
        graph.constant(
            make.rng.integers(-127, 128, (cells, cells)).astype(np.int8), Quantised(make.random_scale() / 32)
        )
        for _ in range(4)
    ]
    biases = [graph.constant(make.rng.integers(-9000, 9000, cells).astype(np.int32)) for _ in range(4)]
    state = graph.variable((first, cells), "int8", Quantised(hidden, zero))
    cell = graph.variable((first, cells), "int16", Quantised(2.0 ** make.pick(-13, -10)))
    absent = [-1, -1, -1]
    inputs = [make.at, *weights, *recurrent, *absent, *biases, -1, -1, state, cell, -1, *absent]
    options = {
        "fusedActivationFunction": 4,
        "cellClip": float(make.rng.choice([0, 1, 10])),
        "timeMajor": by_time,
    }
    between = [graph.tensor((0,), "float32") for _ in range(4)]
    between.append(graph.tensor((0,), "int8", Quantised(hidden, zero)))
    make.scale, make.zero = hidden, zero
    operator = Operator("UNIDIRECTIONAL_SEQUENCE_LSTM", *inputs, intermediates=between, **options)
    make.keep(operator, (*shape[:2], cells))


STATEFUL_OPS: dict[str, Family] = {
    "VAR_HANDLE": variables,
    "SVDF": svdf,
    "UNIDIRECTIONAL_SEQUENCE_LSTM": lstm,
}
