# SPDX-License-Identifier: Apache-2.0
"""Do vectors and model fit each other? Asked of the file, before board time is spent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tinyhil.tflite.model import Model, Tensor

SHOWN = 5  # labels in a sentence
INPUTS_MAX = 8  # of a model


@dataclass(frozen=True)
class InputArray:
    """What a vector file says about one input of a model that has several."""

    dtype: str
    shape: tuple[int, ...]  # of one vector, without N
    scale: float = 0.0  # 0: not known
    zero_point: int = 0


@dataclass(frozen=True)
class VectorSet:
    """What a vector file (docs/campaign.md) says about its inputs and classes."""

    dtype: str
    shape: tuple[int, ...]  # of one vector, without N
    classes: tuple[str, ...] = ()  # empty: not known
    input_scale: float = 0.0  # 0: not known
    input_zero_point: int = 0
    further: tuple[InputArray, ...] = ()  # inputs after the first

    @property
    def inputs(self) -> tuple[InputArray, ...]:
        """All of them."""
        first = InputArray(self.dtype, self.shape, self.input_scale, self.input_zero_point)
        return (first, *self.further)

    @classmethod
    def of(cls, arrays: Mapping[str, npt.NDArray[np.generic]]) -> VectorSet:
        """From the arrays of a vector file, as np.load gives them. Raises KeyError without `inputs`."""
        suffixes = [f"_{i}" for i in range(INPUTS_MAX) if f"inputs_{i}" in arrays] or [""]
        first, *further = [_input_array(arrays, suffix) for suffix in suffixes]
        return cls(
            dtype=first.dtype,
            shape=first.shape,
            classes=tuple(bytes(name).decode() for name in arrays.get("classes", np.empty(0, "S"))),
            input_scale=first.scale,
            input_zero_point=first.zero_point,
            further=tuple(further),
        )


def _input_array(arrays: Mapping[str, npt.NDArray[np.generic]], suffix: str) -> InputArray:
    def number(name: str) -> float:
        array = arrays.get(name + suffix)
        return 0 if array is None else array.item()

    inputs = arrays["inputs" + suffix]
    return InputArray(
        str(inputs.dtype), inputs.shape[1:], float(number("input_scale")), int(number("input_zero_point"))
    )


@dataclass(frozen=True)
class Complaint:
    """One reason why results would mean nothing."""

    about: str  # input, dtype, shape, quantisation, output, labels
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what}; {self.remedy}"


def check(model: Model, vectors: VectorSet) -> list[Complaint]:
    """Every complaint about the pair, none when they fit."""
    found: list[Complaint] = []
    if len(model.inputs) != len(vectors.inputs):
        what = f"the model has {len(model.inputs)} inputs, the vectors have {len(vectors.inputs)}"
        found.append(Complaint("input", what, "save an array for each: inputs_0, inputs_1, ..."))
    for wanted, given in zip(model.inputs, vectors.inputs, strict=False):
        found += _input(wanted, given)
    if vectors.classes and len(model.outputs) != 1:
        what = f"the model has {len(model.outputs)} outputs; a classification reads a single one"
        found.append(Complaint("output", what, "export a model whose only output has one score a class"))
    if model.outputs and vectors.classes:
        found += _classes(model.outputs[0], model.labels, vectors.classes)
    return found


def same_scale(a: float, b: float) -> bool:
    """Scales travel as float32 through converters that may round the last bit."""
    return abs(a - b) <= 1e-6 * abs(b)


def differing(ours: tuple[str, ...], theirs: tuple[str, ...]) -> str:
    """The first places in which two lists of labels differ, for a sentence."""
    length = max(len(ours), len(theirs))
    pairs = [(i, _at(ours, i), _at(theirs, i)) for i in range(length) if _at(ours, i) != _at(theirs, i)]
    shown = ", ".join(f"{i} is {a} and not {b}" for i, a, b in pairs[:SHOWN])
    return shown + (f", and {len(pairs) - SHOWN} more" if len(pairs) > SHOWN else "")


def _at(names: tuple[str, ...], i: int) -> str:
    return f"`{names[i]}`" if i < len(names) else "missing"


def _is_real(tensor: Tensor | InputArray) -> bool:
    """It is known which numbers it stands for, so that `run` quantises it for the model, or the other way."""
    return tensor.dtype == "float32" or tensor.scale > 0


def _input(wanted: Tensor, vectors: InputArray) -> list[Complaint]:
    found: list[Complaint] = []
    remedy = "make the vectors with the model's own preprocessing"
    is_encoded = wanted.dtype != vectors.dtype and _is_real(wanted) and _is_real(vectors)
    if wanted.dtype != vectors.dtype and not is_encoded:
        what = f"the vectors are {vectors.dtype}, the model takes {wanted.dtype}"
        found.append(Complaint("dtype", what, remedy))
    if wanted.shape != (1, *vectors.shape):
        what = f"a vector has the shape {[1, *vectors.shape]}, the model takes {list(wanted.shape)}"
        found.append(Complaint("shape", what, remedy))
    fits = same_scale(vectors.scale, wanted.scale) and vectors.zero_point == wanted.zero_point
    if vectors.scale != 0 and not fits and not is_encoded:
        what = (
            f"the vectors are quantised with scale {vectors.scale:.9g}, zero point "
            f"{vectors.zero_point}; the model expects {wanted.scale:.9g}, {wanted.zero_point}"
        )
        remedy = "save the vectors as float32, in the units that the models were trained on"
        found.append(Complaint("quantisation", what, remedy))
    return found


def _classes(output: Tensor, labels: tuple[str, ...] | None, classes: tuple[str, ...]) -> list[Complaint]:
    found: list[Complaint] = []
    if output.elements != len(classes):
        what = f"the model has {output.elements:,} output elements, the vectors have {len(classes):,} classes"
        found.append(Complaint("output", what, "name the classes in the order of the model's outputs"))
    if labels is not None and labels != classes:
        order = sorted(labels) == sorted(classes)
        what = (
            "the model's label file has the classes in another order"
            if order
            else ("the model's label file names other classes")
        )
        what += f": {differing(labels, classes)}"
        found.append(
            Complaint("labels", what, "bring the vectors' classes into the order of the model's labels")
        )
    return found
