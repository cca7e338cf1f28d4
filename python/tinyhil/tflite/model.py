# SPDX-License-Identifier: Apache-2.0
"""What a .tflite file says about itself."""

from __future__ import annotations

from dataclasses import dataclass

from tinyhil.tflite.metadata import TensorNote


@dataclass(frozen=True)
class Tensor:
    """A tensor of the graph; real = scale * (q - zero_point), scale 0 when it is not quantised.

    Of weights with a scale for each channel, scale and zero point are the first channel's.
    """

    index: int
    name: str
    shape: tuple[int, ...]
    dtype: str
    scale: float
    zero_point: int
    channels: int  # number of scales
    constant: bool

    @property
    def elements(self) -> int:
        """Their number; 1 for a scalar."""
        count = 1
        for dim in self.shape:
            count *= dim
        return count


@dataclass(frozen=True)
class Operator:
    """A node of the graph; tensors by index, -1 for an optional one that is not given."""

    index: int
    name: str  # the builtin's, or a custom operator's own
    version: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


@dataclass(frozen=True)
class Model:
    """Subgraph 0, all there is in a model for microcontrollers; `subgraphs` says whether there are others."""

    name: str
    description: str
    subgraphs: int
    tensors: tuple[Tensor, ...]
    operators: tuple[Operator, ...]
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    metadata: dict[str, memoryview]  # views of the file
    input_notes: tuple[TensorNote, ...]
    output_notes: tuple[TensorNote, ...]
    labels: tuple[str, ...] | None  # of the first output, in order

    @property
    def min_runtime_version(self) -> str:
        """The oldest TensorFlow Lite that runs it, such as `1.14.0`; empty when the file does not say."""
        text = self.metadata.get("min_runtime_version", memoryview(b""))
        return bytes(text[:32]).rstrip(b"\0").decode("utf-8", "replace")
