# SPDX-License-Identifier: Apache-2.0
"""What a model should answer: its outputs on this computer, to hold a device's against.

LiteRT's reference kernels are the standard that engines/reference reproduces to the bit; its optimised ones
round elsewhere, and so does TFLM, whose own reference kernels are those of the wheel `tflite-micro`. Needs
`pip install tinyhil[litert]` or `tinyhil[tflm]`; comparing outputs does not.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyhil import tflite
from tinyhil.oracle.differences import Array, Differences, Mismatch, compare_outputs
from tinyhil.oracle.kernels import Kernels, ModelFile, runner, version

__all__ = ["Differences", "Kernels", "Mismatch", "Provenance", "compare_outputs", "golden", "provenance"]


@dataclass(frozen=True)
class Provenance:
    """What made golden outputs, to be stored beside them."""

    engine: str
    version: str
    kernels: Kernels
    model_sha256: str


def golden(model: bytes | Path, x: Array, *, kernels: Kernels = "reference", threads: int = 1) -> Array:
    """Outputs of all vectors.

    x: [N, ...] in the model's input type and shape; the result is [N, ...] in its output's. The model's
    own leading dimension of 1 is left out, or may be there in x.
    kernels: `reference` are LiteRT's, `optimised` its default, XNNPACK included; `threads` is for those.
    `tflm` are the reference kernels of TFLM, for a device that links it. Every vector meets the model in its
    first state, as on the device.

    Raises ModelError when the model cannot be read or run, ValueError when the vectors do not fit,
    ImportError without the runtime. Neither guards against hostile models.
    """
    known = tflite.read(model)
    _require_one_each(known)
    given = _as_input(x, known.inputs[0])
    made = runner(ModelFile(tflite.content_of(model)[0], known), kernels, threads)
    answers = np.empty((len(given), *known.outputs[0].shape), known.outputs[0].dtype)
    for vector, answer in zip(given, answers, strict=True):
        answer[...] = made.answer(vector)
    return answers.reshape(len(given), *without_batch(answers.shape[1:]))


def provenance(model: bytes | Path, *, kernels: Kernels = "reference") -> Provenance:
    """What `golden` would make outputs with. Raises ImportError without the runtime."""
    digest = hashlib.sha256(tflite.content_of(model)[0]).hexdigest()
    return Provenance(*version(kernels), kernels, digest)


def without_batch(shape: tuple[int, ...]) -> tuple[int, ...]:
    """An output's shape in a set: without the model's batch of one."""
    return shape[1:] if shape[:1] == (1,) else shape


def _require_one_each(model: tflite.Model) -> None:
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        what = f"has {len(model.inputs)} inputs and {len(model.outputs)} outputs"
        raise tflite.ModelError(
            what, model.name, "the oracle compares one of each: cut the model, or export such a one"
        )


def _as_input(x: Array, wanted: tflite.Tensor) -> Array:
    fits = x.shape[1:] in (wanted.shape, without_batch(wanted.shape))
    if str(x.dtype) != wanted.dtype or not fits or x.ndim == 0:
        raise ValueError(
            f"the vectors are {x.dtype}{list(x.shape)}, the model takes {wanted.dtype}"
            f"{['N', *without_batch(wanted.shape)]}; make the vectors with the model's own preprocessing"
        )
    return x.reshape(len(x), *wanted.shape)
