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


STATEFUL_OPS: dict[str, Family] = {"VAR_HANDLE": variables}
