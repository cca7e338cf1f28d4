# SPDX-License-Identifier: Apache-2.0
"""Models are read completely or refused with a reason, and what does not fit is named."""

from __future__ import annotations

import dataclasses
import struct
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter

from models import LABELLED, SCENARIO_MODELS, SHIPPED, SLIM, VECTORS, pack, unpack, with_entry, with_labels
from tinyhil import tflite
from tinyhil.tflite import names

MUTANTS = 6000
NUMBERS = (0, 1, 3, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF)


def vector_set(**changes: object) -> tflite.VectorSet:
    """That of the wake-word scenario, changed."""
    with np.load(VECTORS) as arrays:
        return dataclasses.replace(tflite.VectorSet.of(arrays), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", [*SCENARIO_MODELS, LABELLED], ids=lambda path: path.stem)
def test_inputs_and_outputs_are_those_that_litert_sees(path: Path) -> None:
    theirs = Interpreter(str(path))
    model = tflite.read(path)
    for tensors, details in (
        (model.inputs, theirs.get_input_details()),
        (model.outputs, theirs.get_output_details()),
    ):
        assert [(t.index, t.name, t.shape, t.dtype, (t.scale, t.zero_point)) for t in tensors] == [
            (d["index"], d["name"], tuple(d["shape"]), np.dtype(d["dtype"]).name, d["quantization"])
            for d in details
        ]


@pytest.mark.parametrize("path", [*SCENARIO_MODELS, LABELLED], ids=lambda path: path.stem)
def test_operators_and_tensors_are_those_of_the_schemas_own_reader(path: Path) -> None:
    tree = unpack(path.read_bytes())
    graph = tree.subgraphs[0]
    model = tflite.read(path)
    codes = [tree.operatorCodes[node.opcodeIndex] for node in graph.operators]
    assert [op.name for op in model.operators] == [names.OPERATORS[code.builtinCode] for code in codes]
    assert [op.version for op in model.operators] == [code.version for code in codes]
    assert [op.inputs for op in model.operators] == [tuple(node.inputs) for node in graph.operators]
    assert [op.outputs for op in model.operators] == [tuple(node.outputs) for node in graph.operators]
    assert [t.name for t in model.tensors] == [t.name.decode() for t in graph.tensors]
    assert [t.constant for t in model.tensors] == [
        tree.buffers[t.buffer].data is not None for t in graph.tensors
    ]
    assert model.description == (tree.description or b"").decode()


def test_names_are_those_of_the_schema_that_litert_ships() -> None:
    for ours, theirs in ((names.OPERATORS, schema.BuiltinOperator), (names.DTYPES, schema.TensorType)):
        codes = {name: code for name, code in vars(theirs).items() if isinstance(code, int)}
        assert {name.upper(): i for i, name in enumerate(ours)} == codes


def test_an_operator_newer_than_the_names_shows_its_number() -> None:
    tree = unpack(SHIPPED.read_bytes())
    tree.operatorCodes[tree.subgraphs[0].operators[0].opcodeIndex].builtinCode = 999
    assert tflite.read(pack(tree)).operators[0].name == "number 999"


def test_a_custom_operator_has_its_own_name() -> None:
    tree = unpack(SHIPPED.read_bytes())
    code = tree.operatorCodes[tree.subgraphs[0].operators[0].opcodeIndex]
    code.builtinCode, code.deprecatedBuiltinCode, code.customCode = 32, 32, b"AcmeFilter"
    assert tflite.read(pack(tree)).operators[0].name == "AcmeFilter"


def test_metadata_of_tensorflows_writer_are_read() -> None:
    model = tflite.read(LABELLED)
    (image,), (probability,) = model.input_notes, model.output_notes
    assert (image.name, image.description) == ("image", "Input image to be classified.")
    assert image.normalisation == tflite.Normalisation((127.5,), (127.5,))
    assert probability.name == "probability"
    assert probability.files == (tflite.AssociatedFile("labels.txt", "axis labels", ""),)
    assert model.labels == ("cat", "dog", "fish")


def test_a_model_without_metadata_has_none() -> None:
    model = tflite.read(SHIPPED)
    assert (model.metadata, model.input_notes, model.output_notes, model.labels) == ({}, (), (), None)
    assert model.min_runtime_version == ""


def test_the_oldest_runtime_is_named_without_its_padding() -> None:
    model = tflite.read(with_entry(SHIPPED.read_bytes(), "min_runtime_version", b"1.14.0".ljust(16, b"\0")))
    assert model.min_runtime_version == "1.14.0"


def test_labels_may_end_in_any_line_end_or_none() -> None:
    given = LABELLED.read_bytes()
    assert tflite.read(with_labels(given, b"cat\r\ndog\r\nfish")).labels == ("cat", "dog", "fish")
    assert tflite.read(with_labels(given, "Käse\n\nfish\n".encode())).labels == ("Käse", "", "fish")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "does not say TFL3"),
        (b"\0" * 64, "does not say TFL3"),
        (SHIPPED.read_bytes()[:2000], "outside the file"),
        (b"\xff\xff\xff\xffTFL3" + b"\0" * 32, "outside the file"),
        (b"x" * (tflite.FILE_MAX + 1), "64 MiB"),
        (LABELLED.read_bytes()[:-30], "label file labels.txt"),
        (with_labels(LABELLED.read_bytes(), b"x" * ((1 << 20) + 1)), "longer than 1 MiB"),
        (
            with_labels(LABELLED.read_bytes(), b"cat", zipfile.ZIP_LZMA),
            "in a way that metadata writers do not use",
        ),
        (with_entry(SHIPPED.read_bytes(), "TFLITE_METADATA", b"junk junk"), "does not say M001"),
    ],
    ids=["empty", "zeros", "cut", "root", "long", "no archive", "long labels", "lzma", "junk metadata"],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_where_and_remedy(content: bytes, words: str) -> None:
    with pytest.raises(tflite.ModelError) as refusal:
        tflite.read(content)
    assert words in refusal.value.what
    assert refusal.value.where.startswith("the model")
    assert refusal.value.remedy


def test_a_file_is_named_in_its_refusal(tmp_path: Path) -> None:
    path = tmp_path / "broken.tflite"
    path.write_bytes(b"not a model")
    with pytest.raises(tflite.ModelError, match="does not say TFL3"):
        tflite.read(path)


def mutated(given: bytes, rng: np.random.Generator) -> bytes:
    """One to four numbers overwritten, sometimes cut short; the end has the offsets and is hit more often."""
    content = bytearray(given)
    for _ in range(rng.integers(1, 5)):
        at = (
            len(content)
            - 4
            - int(rng.integers(0, len(content) // int(rng.choice([1, 2, 4]))) % (len(content) - 4))
        )
        width = int(rng.choice([1, 2, 4]))
        value = int(rng.choice(NUMBERS)) if rng.random() < 0.5 else int(rng.integers(0, 1 << 32))
        content[at : at + width] = struct.pack("<I", value)[:width]
    return bytes(content[: rng.integers(0, len(content))] if rng.random() < 0.05 else content)


def test_thousands_of_damaged_models_are_read_or_refused_and_nothing_else() -> None:
    rng = np.random.default_rng(20_261_127)
    sound = [path.read_bytes() for path in (*SCENARIO_MODELS, LABELLED)]
    # Half are made of the small one, of which a larger part is structure.
    originals = [*sound, *[LABELLED.read_bytes()] * 3]
    baseline, vectors = tflite.read(SHIPPED), vector_set()
    read, refused = 0, 0
    for _ in range(MUTANTS):
        content = mutated(originals[rng.integers(len(originals))], rng)
        try:
            model = tflite.read(content)
        except tflite.ModelError:
            refused += 1
            continue
        read += 1
        assert all(map(str, tflite.check(model, vectors)))
        assert all(tflite.compare(model, baseline))
    assert read > MUTANTS // 10
    assert refused > MUTANTS // 10


def test_a_small_file_that_names_one_part_a_million_times_is_refused_before_it_fills_the_memory() -> None:
    # A root table whose field 2 (subgraphs) is a vector of a million offsets to one and the same table.
    count = 1_000_000
    head = struct.pack("<I4s5H", 20, b"TFL3", 10, 12, 4, 0, 8) + struct.pack("<HiII", 0, 12, 3, 4)
    steps = 4 * np.arange(count, 0, -1, dtype=np.uint32) + 4
    part = struct.pack("<HHi", 4, 4, 4)
    tracemalloc.start()
    with pytest.raises(tflite.ModelError, match="has more parts than a model of 64 MiB could need"):
        tflite.read(head + struct.pack("<I", count) + steps.tobytes() + part)
    assert tracemalloc.get_traced_memory()[1] < 64 << 20
    tracemalloc.stop()


def test_vectors_that_fit_raise_no_complaint() -> None:
    for path in SCENARIO_MODELS:
        assert tflite.check(tflite.read(path), vector_set()) == []


def test_vectors_in_the_worlds_units_are_quantised_for_the_model() -> None:
    model = tflite.read(SHIPPED)
    assert tflite.check(model, vector_set(dtype="float32", input_scale=0.0)) == []
    assert tflite.check(model, vector_set(dtype="int16", input_scale=1 / 4096, input_zero_point=0)) == []


@pytest.mark.parametrize(
    ("changes", "about", "words"),
    [
        ({"dtype": "uint8", "input_scale": 0.0}, "dtype", "the vectors are uint8, the model takes int8"),
        ({"shape": (10, 49, 1)}, "shape", "has the shape [1, 10, 49, 1], the model takes [1, 49, 10, 1]"),
        ({"input_scale": 0.03}, "quantisation", "scale 0.03, zero point -16; the model expects 0.03125, -16"),
        ({"input_zero_point": -15}, "quantisation", "zero point -15; the model expects 0.03125, -16"),
        ({"input_scale": float("nan")}, "quantisation", "scale nan"),
        ({"classes": ("noise", "wake")}, "output", "3 output elements, the vectors have 2 classes"),
    ],
)
def test_vectors_that_do_not_fit_are_named(changes: dict[str, object], about: str, words: str) -> None:
    (complaint,) = tflite.check(tflite.read(SHIPPED), vector_set(**changes))
    assert complaint.about == about
    assert words in complaint.what
    assert str(complaint) == f"{complaint.what}; {complaint.remedy}"


def test_a_scale_that_was_rounded_in_its_last_bit_fits() -> None:
    scale = float(np.nextafter(np.float32(0.03125), np.float32(1)))
    assert tflite.check(tflite.read(SHIPPED), vector_set(input_scale=scale)) == []


def test_classes_in_another_order_than_the_label_file_are_named() -> None:
    model = tflite.read(LABELLED)
    vectors = tflite.VectorSet("uint8", (8, 8, 3), ("cat", "fish", "dog"))
    (complaint,) = tflite.check(model, vectors)
    assert complaint.what == (
        "the model's label file has the classes in another order: "
        "1 is `dog` and not `fish`, 2 is `fish` and not `dog`"
    )
    assert tflite.check(model, dataclasses.replace(vectors, classes=("cat", "dog", "fish"))) == []


def test_other_classes_than_those_of_the_label_file_are_named() -> None:
    vectors = tflite.VectorSet("uint8", (8, 8, 3), ("cat", "dog", "bird"))
    (complaint,) = tflite.check(tflite.read(LABELLED), vectors)
    assert complaint.what == "the model's label file names other classes: 2 is `fish` and not `bird`"


def test_a_model_with_two_outputs_is_named() -> None:
    tree = unpack(SHIPPED.read_bytes())
    tree.subgraphs[0].outputs = [27, 26]
    (complaint,) = tflite.check(tflite.read(pack(tree)), vector_set())
    assert complaint.what == "the model has 2 outputs; a classification reads a single one"


def test_vectors_of_another_number_of_inputs_are_named() -> None:
    vectors = vector_set()
    (first,) = vectors.inputs
    (complaint,) = tflite.check(tflite.read(SHIPPED), dataclasses.replace(vectors, further=(first,)))
    assert complaint.what == "the model has 1 inputs, the vectors have 2"


def test_a_vector_file_of_several_inputs_tells_each() -> None:
    arrays: dict[str, np.ndarray[Any, Any]] = {
        "inputs_0": np.zeros((3, 8, 8), np.int8),
        "inputs_1": np.zeros((3, 6), np.float32),
        "input_scale_0": np.array(0.5),
        "input_zero_point_0": np.array(-3),
    }
    vectors = tflite.VectorSet.of(arrays)
    assert vectors.inputs == (
        tflite.InputArray("int8", (8, 8), 0.5, -3),
        tflite.InputArray("float32", (6,)),
    )


def test_a_model_compared_with_itself_has_not_changed() -> None:
    for path in (*SCENARIO_MODELS, LABELLED):
        assert tflite.compare(tflite.read(path), tflite.read(path)) == []


def test_operators_that_the_baseline_does_not_need_are_named() -> None:
    assert tflite.compare(tflite.read(SLIM), tflite.read(SHIPPED)) == [
        "The candidate needs operators that the baseline does not: MEAN version 2, PAD version 2.",
        "The candidate no longer needs: ADD version 2, AVERAGE_POOL_2D version 2.",
    ]


def test_each_change_of_the_input_is_a_sentence() -> None:
    tree = unpack(SHIPPED.read_bytes())
    given = tree.subgraphs[0].tensors[0]
    given.shape, given.type = [1, 10, 49, 1], schema.TensorType.UINT8
    given.quantization.scale, given.quantization.zeroPoint = [0.5], [112]
    assert tflite.compare(tflite.read(pack(tree)), tflite.read(SHIPPED)) == [
        "The type of input 0 is uint8, the baseline's is int8.",
        "The shape of input 0 is [1, 10, 49, 1], the baseline's is [1, 49, 10, 1].",
        "The scale of input 0 is 0.5, the baseline's is 0.03125.",
        "The zero point of input 0 is 112, the baseline's is -16.",
    ]


def test_changed_normalisation_and_labels_are_sentences() -> None:
    given = LABELLED.read_bytes()
    old = tflite.read(given)
    mean = given.rindex(struct.pack("<f", 127.5), 0, given.index(b"PK\x03\x04"))
    content = with_labels(given[:mean] + struct.pack("<f", 0.0) + given[mean + 4 :], b"cat\nfish\n")
    sentences = tflite.compare(tflite.read(content), old)
    assert len(sentences) == 2
    assert sentences[0].startswith("Input 0 is normalised by mean ")
    assert sentences[0].endswith("the baseline's by mean 127.5 and deviation 127.5.")
    assert sentences[1] == "The labels changed: 1 is `fish` and not `dog`, 2 is missing and not `fish`."


def test_an_operator_used_more_often_is_a_sentence() -> None:
    tree = unpack(SHIPPED.read_bytes())
    graph = tree.subgraphs[0]
    graph.operators = graph.operators[:7] + graph.operators[8:]
    assert tflite.compare(tflite.read(pack(tree)), tflite.read(SHIPPED)) == [
        "Operators are used more or less often: CONV_2D 3 times, not 4."
    ]
