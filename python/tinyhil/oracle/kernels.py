# SPDX-License-Identifier: Apache-2.0
"""The runtimes that compute golden outputs: LiteRT, and TFLM in the wheel `tflite-micro`.

Each runs one vector from the model's first state.
"""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np

from tinyhil import tflite
from tinyhil.oracle.differences import Array

Kernels = Literal["reference", "optimised", "tflm"]
ARENA_BYTES = 64 << 20  # TFLM takes of it what the model needs


@dataclass(frozen=True)
class ModelFile:
    """What a file holds, and what it says."""

    content: bytes
    model: tflite.Model


class Runner(Protocol):
    """A loaded model with one input and one output."""

    def answer(self, vector: Array) -> Array:
        """Its output for one vector."""


class LitertRunner:
    """LiteRT with its reference kernels, or those it takes by default."""

    def __init__(self, file: ModelFile, kernels: Kernels, threads: int) -> None:
        """Raises ImportError without LiteRT, ModelError for a model that it cannot run."""
        self._litert = _litert()
        self._content, self._model = with_possible_dimensions(file.content), file.model
        self._kernels, self._threads = kernels, threads
        self._interpreter = self._made()

    def answer(self, vector: Array) -> Array:
        """From the first state: an interpreter can reset variable tensors alone."""
        if has_named_variables(self._model):
            self._interpreter = self._made()
        interpreter = self._interpreter
        interpreter.reset_all_variables()
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], vector)
        interpreter.invoke()
        return np.asarray(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]))

    def _made(self) -> Any:
        resolvers = self._litert.OpResolverType
        kinds = {"reference": resolvers.BUILTIN_REF, "optimised": resolvers.BUILTIN}
        try:
            made = self._litert.Interpreter(
                model_content=self._content,
                num_threads=self._threads,
                experimental_op_resolver_type=kinds[self._kernels],
            )
            made.allocate_tensors()
        except (RuntimeError, ValueError) as error:
            what = f"cannot be run by LiteRT: {error}"
            raise tflite.ModelError(
                what, self._model.name, "use operators that LiteRT has kernels for"
            ) from error
        return made


class TflmRunner:
    """TFLM's reference kernels."""

    def __init__(self, file: ModelFile) -> None:
        """Raises ImportError without the wheel, ModelError for a model that it cannot run."""
        self._runtime = _tflm()
        self._content, self._model = file.content, file.model
        self._interpreter = self._made()

    def answer(self, vector: Array) -> Array:
        """From the first state: its reset does not call CALL_ONCE again."""
        if has_named_variables(self._model):
            self._interpreter = self._made()
        self._interpreter.reset()
        self._interpreter.set_input(vector, 0)
        self._interpreter.invoke()
        return np.array(self._interpreter.get_output(0))

    def _made(self) -> Any:
        try:
            return self._runtime.Interpreter.from_bytes(self._content, arena_size=ARENA_BYTES)
        except RuntimeError as error:
            what = f"cannot be run by TFLM: {error}"
            remedy = "use operators that TFLM has kernels for"
            raise tflite.ModelError(what, self._model.name, remedy) from error


def has_named_variables(model: tflite.Model) -> bool:
    """Those of VAR_HANDLE, which CALL_ONCE sets."""
    return any(operator.name == "VAR_HANDLE" for operator in model.operators)


def runner(file: ModelFile, kernels: Kernels, threads: int) -> Runner:
    """The one that has these kernels."""
    if kernels == "tflm":
        return TflmRunner(file)
    return LitertRunner(file, kernels, threads)


def version(kernels: Kernels) -> tuple[str, str]:
    """Name and version of what has them. Raises ImportError where it is not installed."""
    if kernels == "tflm":
        _tflm()
        return "TFLM", importlib.metadata.version("tflite-micro")
    _litert()
    return "LiteRT", importlib.metadata.version("ai-edge-litert")


def with_possible_dimensions(content: bytes) -> bytes:
    """The model with the scales of vectors along their only dimension.

    Some converters wrote the filter's dimension into the bias, too; LiteRT refuses such a model.
    """
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    tree = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    found = [
        tensor.quantization
        for graph in tree.subgraphs
        for tensor in graph.tensors
        if tensor.quantization is not None
        and tensor.quantization.quantizedDimension != 0
        and (tensor.shape is None or len(tensor.shape) <= 1)
    ]
    if not found:
        return content
    for quantization in found:
        quantization.quantizedDimension = 0
    builder = flatbuffers.Builder(len(content))
    builder.Finish(tree.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _litert() -> Any:
    try:
        from ai_edge_litert import interpreter
    except ImportError as error:
        raise ImportError("golden outputs are made with LiteRT; `pip install tinyhil[litert]`") from error
    return interpreter


def _tflm() -> Any:
    try:
        from tflite_micro import runtime
    except ImportError as error:
        raise ImportError("TFLM's outputs are made with its wheel; `pip install tinyhil[tflm]`") from error
    return runtime
