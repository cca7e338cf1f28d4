# SPDX-License-Identifier: Apache-2.0
"""The vector file as a Croissant 1.1 data set (JSON-LD): which arrays, what they mean, which digest.

Metadata only. Of the content there are the names of classes and of slice values; inputs, which may be
recordings of people, labels and golden outputs stay in the vector file.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..campaign import Campaign
from .croissant_context import CONFORMS_TO, CONTEXT
from .whole_file import write_json

Document = dict[str, Any]

_PRIVACY = (
    "Raw sensor data: the array `inputs` of {file} holds the model's inputs of every vector, which may be "
    "recordings of people. None of it is in this metadata, which holds shapes, digests and the names of "
    "classes and slice values only."
)


@dataclass(frozen=True)
class Dataset:
    """What the vector file does not say itself; what is left out is left out of the metadata too.

    `license` and `url`: URLs. `published`: ISO date. `version`: as 1.2.0.
    """

    license: str | None = None
    url: str | None = None
    creator: str | None = None
    published: str | None = None
    version: str | None = None
    cite_as: str | None = None
    description: str = ""


@dataclass(frozen=True)
class _Array:
    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]


def croissant(campaign: Campaign, file: str | os.PathLike[str], about: Dataset | None = None) -> Path:
    """Writes the description of the campaign's vectors; returns the path. Needs no package.

    Arrays are columns of the record set `vectors`; codes of labels and slices refer to enumerations. Readers
    that take FileObjects of other formats than npz see what is in the file, but do not open it.
    """
    about = about or Dataset()
    vectors = campaign.vectors
    name = Path(vectors.file).name
    meanings = {f"slice_{each}": values.values for each, values in vectors.slices.items()}
    if vectors.task.has_classes:
        meanings["labels"] = vectors.classes
    document = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": f"{campaign.name}-vectors",
        "description": " ".join(filter(None, [about.description, _PRIVACY.format(file=name)])),
        **_stated(about),
        "distribution": [_file_object(campaign)],
        "recordSet": [
            *(_enumeration(array, values) for array, values in meanings.items()),
            _records(name, _arrays(Path(vectors.file)), meanings),
        ],
    }
    return write_json(document, file)


def _stated(about: Dataset) -> Document:
    creator = {"@type": "sc:Person", "name": about.creator} if about.creator else None
    stated = {
        "license": about.license,
        "url": about.url,
        "creator": creator,
        "datePublished": about.published,
        "version": about.version,
        "citeAs": about.cite_as,
    }
    return {key: value for key, value in stated.items() if value is not None}


def _file_object(campaign: Campaign) -> Document:
    file = Path(campaign.vectors.file)
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "description": "NumPy archive: a zip with one .npy for each array",
        "contentUrl": file.name,
        "contentSize": f"{file.stat().st_size} B",
        "encodingFormat": "application/zip",
        "sha256": campaign.vectors.sha256,
    }


def _arrays(file: Path) -> list[_Array]:
    """What the .npy headers say; their content is not read."""
    arrays = []
    with zipfile.ZipFile(file) as archive:
        for entry in archive.namelist():
            with archive.open(entry) as stream:
                version = np.lib.format.read_magic(stream)
                is_first = version == (1, 0)
                read = (
                    np.lib.format.read_array_header_1_0 if is_first else np.lib.format.read_array_header_2_0
                )
                shape, _, dtype = read(stream)
            arrays.append(_Array(entry.removesuffix(".npy"), dtype, shape))
    return arrays


def _records(file: str, arrays: Sequence[_Array], meanings: dict[str, list[str]]) -> Document:
    count = next(array.shape[0] for array in arrays if array.name == "inputs")
    known = ("inputs", "labels", "targets", "group")
    columns = [a for a in arrays if a.name in known or a.name.startswith("golden_") or a.name in meanings]
    return {
        "@type": "cr:RecordSet",
        "@id": "vectors",
        "name": "vectors",
        "description": f"{count} test vectors, in the order of their numbers",
        "field": [_field(file, array, array.name in meanings) for array in columns],
    }


def _field(file: str, array: _Array, is_code: bool) -> Document:
    field: Document = {
        "@type": "cr:Field",
        "@id": f"vectors/{array.name}",
        "name": array.name,
        "description": _meaning(array.name),
        "dataType": "sc:Integer" if len(array.shape) == 1 else _data_type(array.dtype),
        "source": {"fileObject": {"@id": file}, "extract": {"column": array.name}},
    }
    if len(array.shape) > 1:
        field |= {"isArray": True, "arrayShape": ",".join(map(str, array.shape[1:]))}
    if is_code:
        field["references"] = {"field": {"@id": f"{array.name}_values/code"}}
    return field


def _meaning(name: str) -> str:
    meanings = {
        "inputs": "raw sensor data or features, as the model takes them",
        "labels": "the right class",
        "targets": "the right numbers",
        "group": "the speaker, patient or machine of a vector; vectors of one group are not independent",
    }
    if name.startswith("golden_"):
        return f"expected outputs of the model {name.removeprefix('golden_')}"
    return meanings.get(name, f"which {name.removeprefix('slice_')} a vector has")


def _data_type(dtype: np.dtype[Any]) -> str:
    return {"i": "cr:Int", "u": "cr:UInt", "f": "cr:Float"}[dtype.kind] + str(8 * dtype.itemsize)


def _enumeration(array: str, values: Sequence[str]) -> Document:
    where = f"{array}_values"
    return {
        "@type": "cr:RecordSet",
        "@id": where,
        "name": where,
        "description": f"what the codes of {array} mean",
        "dataType": "sc:Enumeration",
        "key": {"@id": f"{where}/code"},
        "field": [
            {"@type": "cr:Field", "@id": f"{where}/code", "name": "code", "dataType": "sc:Integer"},
            {"@type": "cr:Field", "@id": f"{where}/name", "name": "name", "dataType": "sc:Text"},
        ],
        "data": [{f"{where}/code": code, f"{where}/name": name} for code, name in enumerate(values)],
    }
