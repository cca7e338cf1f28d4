# SPDX-License-Identifier: Apache-2.0
"""The TFLite metadata of a model: how inputs are normalised, which labels outputs have.

Written by MediaPipe's and TensorFlow's metadata writers: a second FlatBuffer (metadata_schema.fbs 1.5,
identifier M001) in the entry TFLITE_METADATA. The label files lie in a zip archive appended to the model.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

from tinyhil.tflite.flatbuffer import I8, U8, Source, Table

LABELS_MAX = 1 << 20  # bytes of a label file, and of the archive's directory

# Field numbers of metadata_schema.fbs.
MODEL_SUBGRAPHS, GRAPH_INPUTS, GRAPH_OUTPUTS = 3, 2, 3
TENSOR_NAME, TENSOR_DESCRIPTION, TENSOR_UNITS, TENSOR_FILES = 0, 1, 4, 6
UNIT_TYPE, UNIT_OPTIONS, UNIT_IS_NORMALIZATION = 0, 1, 1
NORMALIZATION_MEAN, NORMALIZATION_STD = 0, 1
FILE_NAME, FILE_TYPE, FILE_LOCALE = 0, 2, 3
FILE_TYPES = (
    "unknown",
    "descriptions",
    "axis labels",
    "value labels",
    "calibration",
    "vocabulary",
    "scann index",
)
# All that zipfile raises for a damaged archive; RuntimeError is that of an encrypted one.
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    KeyError,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True)
class Normalisation:
    """(x - mean) / std, before quantisation; one value a channel, or one for all."""

    mean: tuple[float, ...]
    std: tuple[float, ...]


@dataclass(frozen=True)
class AssociatedFile:
    """A file of the appended archive."""

    name: str
    type: str  # of FILE_TYPES
    locale: str


@dataclass(frozen=True)
class TensorNote:
    """What the metadata say of one input or output."""

    name: str
    description: str
    normalisation: Normalisation | None
    files: tuple[AssociatedFile, ...]


@dataclass(frozen=True)
class Notes:
    """Of the first subgraph, in the order of its inputs and outputs."""

    inputs: tuple[TensorNote, ...] = ()
    outputs: tuple[TensorNote, ...] = ()


class _BoundedFile(io.BytesIO):
    """zipfile reads an archive's directory at once, as long as the archive says that it is."""

    def read(self, size: int | None = -1, /) -> bytes:
        left = len(self.getbuffer()) - self.tell()
        if (left if size is None or size < 0 else min(size, left)) > LABELS_MAX + zipfile.ZIP_MAX_COMMENT:
            raise zipfile.BadZipFile("a directory over 1 MiB")
        return super().read(size)


def read(source: Source, content: memoryview | None) -> Notes:
    """The metadata in `content`, empty for None. Raises ModelError."""
    if content is None:
        return Notes()
    part = Source(content, f"{source.name}, TFLITE_METADATA")
    part.left = source.left
    graphs = part.root(b"M001").tables(MODEL_SUBGRAPHS, "subgraph")
    if not graphs:
        return Notes()
    inputs = tuple(_note(table) for table in graphs[0].tables(GRAPH_INPUTS, "input"))
    return Notes(inputs, tuple(_note(table) for table in graphs[0].tables(GRAPH_OUTPUTS, "output")))


def labels(source: Source, outputs: tuple[TensorNote, ...]) -> tuple[str, ...] | None:
    """The labels along the first output, None when it has none; without locale first. Raises ModelError."""
    files = [file for file in outputs[0].files if file.type == "axis labels"] if outputs else []
    if not files:
        return None
    name = min(files, key=lambda file: file.locale != "").name
    try:
        content = _packed(source.view, name)
    except _ZIP_ERRORS as error:
        source.refuse("the appended archive", f"does not give the label file {name}: {error}")
    if len(content) > LABELS_MAX:
        source.refuse(f"label file {name}", "is longer than 1 MiB")
    lines = content.decode("utf-8", "replace").split("\n")
    names = tuple(line.rstrip("\r") for line in lines)
    return names[:-1] if names[-1] == "" else names


def _packed(model: memoryview, name: str) -> bytes:
    with zipfile.ZipFile(_BoundedFile(model)) as archive:
        member = archive.getinfo(name)
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile("packed in a way that metadata writers do not use")
        with archive.open(member) as file:
            return file.read(LABELS_MAX + 1)


def _note(table: Table) -> TensorNote:
    return TensorNote(
        name=table.text(TENSOR_NAME),
        description=table.text(TENSOR_DESCRIPTION),
        normalisation=_normalisation(table.tables(TENSOR_UNITS, "process unit")),
        files=tuple(_file(file) for file in table.tables(TENSOR_FILES, "file")),
    )


def _normalisation(units: list[Table]) -> Normalisation | None:
    for unit in units:
        options = unit.table(UNIT_OPTIONS, "options")
        if options is not None and unit.number(UNIT_TYPE, U8) == UNIT_IS_NORMALIZATION:
            return Normalisation(options.reals(NORMALIZATION_MEAN), options.reals(NORMALIZATION_STD))
    return None


def _file(table: Table) -> AssociatedFile:
    kind = table.number(FILE_TYPE, I8)
    known = FILE_TYPES[kind] if 0 <= kind < len(FILE_TYPES) else FILE_TYPES[0]
    return AssociatedFile(table.text(FILE_NAME), known, table.text(FILE_LOCALE))
