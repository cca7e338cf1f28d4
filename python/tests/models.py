# SPDX-License-Identifier: Apache-2.0
"""The models that tests read and run."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

from tinyhil.oracle.differences import Array

ROOT = Path(__file__).parents[2]
LABELLED = Path(__file__).parent / "testdata" / "labelled.tflite"
SCENARIO = ROOT / "scenarios" / "wake_word"
SCENARIO_MODELS = sorted((SCENARIO / "models").glob("*.tflite"))
SHIPPED, SLIM = (SCENARIO / "models" / f"{name}.tflite" for name in ("shipped", "slim"))
VECTORS = SCENARIO / "vectors.npz"


def unpack(model: bytes) -> Any:
    """The schema's object tree of a model that is known to be good; `pack` makes bytes of it again."""
    return schema.ModelT.InitFromObj(schema.Model.GetRootAs(model, 0))


def pack(tree: Any) -> bytes:
    builder = flatbuffers.Builder(1024)
    builder.Finish(tree.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def with_entry(model: bytes, name: str, content: bytes) -> bytes:
    """The model with one more metadata entry."""
    tree = unpack(model)
    buffer, entry = schema.BufferT(), schema.MetadataT()
    buffer.data = np.frombuffer(content, np.uint8)
    tree.buffers.append(buffer)
    entry.name, entry.buffer = name, len(tree.buffers) - 1
    tree.metadata = [*(tree.metadata or []), entry]
    return pack(tree)


def with_labels(model: bytes, content: bytes, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """LABELLED's flatbuffer with another label file behind it."""
    archive = io.BytesIO(model[: model.index(b"PK\x03\x04")])
    with zipfile.ZipFile(archive, "a", compression) as file:
        file.writestr("labels.txt", content)
    return archive.getvalue()


def vectors(count: int | None = None) -> Array:
    """The first inputs of the scenario, all of them for None."""
    with np.load(VECTORS) as arrays:
        return np.asarray(arrays["inputs"][:count])
