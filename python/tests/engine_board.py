# SPDX-License-Identifier: Apache-2.0
"""The reference engine as a board: the C code that the firmware links, with the agent's bound on outputs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import reference_engine as engine

from models import ROOT
from tinyhil.oracle.differences import Array
from tinyhil.oracle.probe import OUTPUT_MAX

LIBRARY = "device-agent/engines/reference/libthil_reference_shared.so"


class RefusedError(Exception):
    """A model that does not load, as the agent would answer."""


@dataclass
class Results:
    raw: Array


class EngineBoard:
    """`loads` counts models; `arena_size` is what the board can spare, in bytes."""

    def __init__(self, arena_size: int = 1 << 20) -> None:
        binaries = Path(os.environ.get("TINYHIL_BINARY_DIR", ROOT / "build" / "dev"))
        library = Path(os.environ.setdefault("TINYHIL_REFERENCE_ENGINE", str(binaries / LIBRARY)))
        assert library.exists(), f"{library} is missing; run `./dev build`, or set TINYHIL_BINARY_DIR"
        self._library = engine.library()
        self._arena_size = arena_size
        self._model: engine.Model | None = None
        self.loads = 0

    def load(self, model: bytes | Path) -> None:
        self.loads += 1
        content = model.read_bytes() if isinstance(model, Path) else model
        try:
            loaded = engine.load(self._library, content, self._arena_size)
        except engine.LoadError as error:
            raise RefusedError(str(error)) from error
        if loaded.output.bytes > OUTPUT_MAX:
            raise RefusedError(f"output of {loaded.output.bytes} bytes, {OUTPUT_MAX} are the most")
        self._model = loaded

    def infer(self, x: Array) -> Results:
        assert self._model is not None
        dims = self._model.input.dims[: self._model.input.rank]
        return Results(np.stack([self._model.invoke(vector.reshape(dims)) for vector in x]))
