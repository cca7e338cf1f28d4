# SPDX-License-Identifier: Apache-2.0
"""What a model should answer: its outputs on this computer, to hold a device's against.

LiteRT's reference kernels are the standard that engines for small chips reproduce to the bit; its
optimised ones round elsewhere. Needs `pip install tinyhil[litert]`; comparing outputs does not.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from tinyhil import tflite
from tinyhil.oracle.differences import Array, Differences, Mismatch, compare_outputs

__all__ = ["Differences", "Kernels", "Mismatch", "Provenance", "compare_outputs", "golden", "provenance"]

Kernels = Literal["reference", "optimised"]


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
    kernels: `optimised` is LiteRT's default, XNNPACK included; `threads` is for those.

    Raises ModelError when the model cannot be read or run, ValueError when the vectors do not fit,
    ImportError without LiteRT. LiteRT itself does not guard against hostile models.
    """
    known = tflite.read(model)
    _require_one_each(known)
    given = _as_input(x, known.inputs[0])
    interpreter = _interpreter(tflite.content_of(model)[0], known.name, kernels, threads)
    entry = interpreter.get_input_details()[0]["index"]
    output = interpreter.get_output_details()[0]
    answers = np.empty((len(given), *map(int, output["shape"])), output["dtype"])
    for vector, answer in zip(given, answers, strict=True):
        interpreter.reset_all_variables()
        interpreter.set_tensor(entry, vector)
        interpreter.invoke()
        answer[...] = interpreter.get_tensor(output["index"])
    return answers.reshape(len(given), *without_batch(answers.shape[1:]))


def provenance(model: bytes | Path, *, kernels: Kernels = "reference") -> Provenance:
    """What `golden` would make outputs with. Raises ImportError without LiteRT."""
    _litert()
    digest = hashlib.sha256(tflite.content_of(model)[0]).hexdigest()
    return Provenance("LiteRT", importlib.metadata.version("ai-edge-litert"), kernels, digest)


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


def _litert() -> Any:
    try:
        from ai_edge_litert import interpreter
    except ImportError as error:
        raise ImportError("golden outputs are made with LiteRT; `pip install tinyhil[litert]`") from error
    return interpreter


def _interpreter(content: bytes, name: str, kernels: Kernels, threads: int) -> Any:
    litert = _litert()
    kinds = {"reference": litert.OpResolverType.BUILTIN_REF, "optimised": litert.OpResolverType.BUILTIN}
    try:
        made = litert.Interpreter(
            model_content=content, num_threads=threads, experimental_op_resolver_type=kinds[kernels]
        )
        made.allocate_tensors()
    except (RuntimeError, ValueError) as error:
        what = f"cannot be run by LiteRT: {error}"
        raise tflite.ModelError(what, name, "use operators that LiteRT has kernels for") from error
    return made
