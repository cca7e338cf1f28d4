# SPDX-License-Identifier: Apache-2.0
"""The search for an operator that makes unequal outputs of equal inputs."""

from __future__ import annotations

from tinyhil import tflite
from tinyhil.oracle.graph_part import producers
from tinyhil.oracle.probe import Layer, Probe


class Search:
    """Looks at as few layers as it can: each costs a model to load."""

    def __init__(self, model: tflite.Model, probe: Probe) -> None:
        self._probe = probe
        self._model = model
        self._maker = {tensor: op for op in model.operators for tensor in op.outputs}

    def blame(self, operator: tflite.Operator) -> tuple[tflite.Operator, tuple[int, ...]]:
        """Goes back from one that differs: the operator to blame, and those before it that cannot be read.

        Ends, because each turn begins at an operator that comes before the last turn's.
        """
        while True:
            operator = self._halve(operator)
            earlier, unread = self._inputs(operator)
            if earlier is None:
                return operator, unread
            operator = earlier

    def _halve(self, operator: tflite.Operator) -> tflite.Operator:
        """Of a differing operator and all that it is made by: one that differs, after one that does not."""
        chain = producers(self._model, operator.outputs[0])
        equal, differs = -1, len(chain) - 1
        while (middle := self._middle(chain, equal, differs)) is not None:
            layer = self.layer(chain[middle])
            if layer is not None and layer.first is None:
                equal = middle
            else:
                differs = middle
        return chain[differs]

    def _middle(self, chain: list[tflite.Operator], equal: int, differs: int) -> int | None:
        """The place nearest to the middle that the board can tell about; None when there is none left."""
        between = range(equal + 1, differs)
        nearest = sorted(between, key=lambda i: abs(2 * i - equal - differs))
        return next((i for i in nearest if self.layer(chain[i]) is not None), None)

    def layer(self, operator: tflite.Operator) -> Layer | None:
        """Of the operator's outputs one that differs; else None if the board cannot tell of all; else one."""
        layers = [self._probe.layer(operator, i) for i in range(len(operator.outputs))]
        for layer in layers:
            if layer is not None and layer.first is not None:
                return layer
        return None if None in layers else layers[0]

    def _inputs(self, operator: tflite.Operator) -> tuple[tflite.Operator | None, tuple[int, ...]]:
        """An operator that makes a differing input of this one, or those before it that cannot be read."""
        unread: set[int] = set()
        tensors = list(operator.inputs)
        while tensors:
            tensor = tensors.pop()
            maker = self._maker.get(tensor)
            if maker is None or maker.index in unread:
                continue
            layer = self._probe.layer(maker, maker.outputs.index(tensor))
            if layer is None:
                unread.add(maker.index)
                tensors += maker.inputs
            elif layer.first is not None:
                return maker, ()
        return None, tuple(sorted(unread))
