# SPDX-License-Identifier: Apache-2.0
"""Models of several inputs and outputs: asked with arrays, run over a campaign, stored and exported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from ai_edge_litert.interpreter import Interpreter, OpResolverType

import tinyhil
from desk import AGENT, FAKE_AGENT, FIRMWARE, fake_model, fake_model_of_several, write_bench, write_yaml
from models import ROOT
from tinyhil import export
from tinyhil.oracle.differences import Array

TWO_AND_TWO = ROOT / "device-agent" / "engines" / "reference" / "testdata" / "two_and_two.tflite"


def litert(x: list[Array]) -> list[Array]:
    """Both outputs for each vector, by LiteRT's reference kernels."""
    interpreter = Interpreter(str(TWO_AND_TWO), experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    interpreter.allocate_tensors()
    outputs: list[list[Array]] = [[], []]
    for vectors in zip(*x, strict=True):
        for details, vector in zip(interpreter.get_input_details(), vectors, strict=True):
            interpreter.set_tensor(details["index"], vector[np.newaxis])
        interpreter.invoke()
        for made, details in zip(outputs, interpreter.get_output_details(), strict=True):
            made.append(interpreter.get_tensor(details["index"])[0])
    return [np.stack(made) for made in outputs]


@pytest.fixture(scope="module")
def x() -> list[Array]:
    """Forty vectors: an image and six numbers each."""
    rng = np.random.default_rng(40)
    return [rng.integers(-128, 128, (40, *shape)).astype(np.int8) for shape in ((8, 8, 2), (6,))]


@pytest.fixture
def real() -> Iterator[tinyhil.Board]:
    with tinyhil.Board.process([AGENT]) as board:
        yield board


@pytest.fixture
def fake() -> Iterator[tinyhil.Board]:
    with tinyhil.Board.process([FAKE_AGENT]) as board:
        yield board


def boards() -> list[tinyhil.Board]:
    return [tinyhil.Board.process([AGENT]), tinyhil.Board.emulated("mps2-an386", FIRMWARE)]


@pytest.mark.parametrize("board", boards(), ids=["process", "cortex-m4"])
def test_both_outputs_are_those_of_litert(board: tinyhil.Board, x: list[Array]) -> None:
    with board:
        result = board.load(TWO_AND_TWO).infer(x)
        for ours, theirs in zip(result.raws, litert(x), strict=True):
            np.testing.assert_array_equal(ours, theirs)


def test_inputs_and_outputs_are_lists_of_which_there_is_no_only_one(
    real: tinyhil.Board, x: list[Array]
) -> None:
    model = real.load(TWO_AND_TWO)
    assert [tensor.shape for tensor in model.inputs] == [(1, 8, 8, 2), (1, 6)]
    assert [tensor.shape for tensor in model.outputs] == [(1, 3), (1, 5)]
    with pytest.raises(tinyhil.UsageError, match=r"(?s)there are 2 inputs, not one.*use `inputs`"):
        _ = model.input
    with pytest.raises(tinyhil.UsageError, match=r"(?s)there are 2 outputs, not one.*use `outputs`"):
        _ = model.output
    result = model.infer(x)
    with pytest.raises(tinyhil.UsageError, match=r"(?s)there are 2 raws, not one.*use `raws`"):
        _ = result.raw
    assert "top_class" not in result.columns()
    assert "1x3 int8" in repr(model)


def test_a_dict_names_the_inputs_as_the_file_does(real: tinyhil.Board, x: list[Array]) -> None:
    model = real.load(TWO_AND_TWO)
    first, second = model.input_names
    in_order, by_name = model.predict(x), model.predict({second: x[1], first: x[0]})
    assert isinstance(in_order, list)
    for ours, theirs in zip(in_order, by_name, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    with pytest.raises(tinyhil.UsageError, match=f"give one for each of `{first}`, `{second}`"):
        model.infer({first: x[0], "mage": x[1]})


def test_floats_are_quantised_by_each_inputs_own_scale(real: tinyhil.Board, x: list[Array]) -> None:
    model = real.load(TWO_AND_TWO)
    floats = [
        tensor.scale * (raw.astype(np.float32) - tensor.zero_point)
        for raw, tensor in zip(x, model.inputs, strict=True)
    ]
    for ours, theirs in zip(model.infer(floats).raws, model.infer(x).raws, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    outputs = model.predict(floats)
    assert [output.dtype for output in outputs] == [np.float32, np.float32]
    single = model.predict([each[0] for each in floats])
    assert [output.shape for output in single] == [(3,), (5,)]
    np.testing.assert_array_equal(single[1], outputs[1][0])


def test_arrays_that_do_not_fit_the_inputs_are_refused(real: tinyhil.Board, x: list[Array]) -> None:
    model = real.load(TWO_AND_TWO)
    with pytest.raises(tinyhil.UsageError, match="one array; the model has 2 inputs"):
        model.infer(x[0])
    with pytest.raises(tinyhil.UsageError, match="3 arrays; the model has 2 inputs"):
        model.infer([*x, x[0]])
    with pytest.raises(tinyhil.UsageError, match="other numbers of vectors: 40, 39"):
        model.infer([x[0], x[1][:39]])
    with pytest.raises(tinyhil.UsageError, match=r"(?s)vectors of shape \(40, 7\).*two_and_two, input 1"):
        model.infer([x[0], np.zeros((40, 7), np.int8)])


def test_a_model_of_another_kind_has_no_names(fake: tinyhil.Board) -> None:
    model = fake.load(fake_model_of_several())
    with pytest.raises(tinyhil.UsageError, match="the model's inputs have no names"):
        model.infer({"a": np.zeros((1, 2), np.int8), "b": np.zeros((1, 2), np.int8)})


def test_one_input_may_have_a_name_too(real: tinyhil.Board) -> None:
    model = real.load(ROOT / "scenarios" / "wake_word" / "models" / "shipped.tflite")
    vectors = np.zeros((2, *model.input.shape[1:]), np.int8)
    np.testing.assert_array_equal(model.predict({model.input_names[0]: vectors}), model.predict(vectors))


def campaign_of_several(folder: Path) -> tinyhil.Campaign:
    """Three vectors of two inputs; the models differ in what they add."""
    np.savez(
        folder / "vectors.npz",
        inputs_0=np.array([[1, 2], [3, 4], [5, 6]], np.int8),
        inputs_1=np.array([[10, 20], [0, 0], [-1, -2]], np.int8),
        labels=np.array([0, 1, 1]),
        classes=np.array([b"low", b"high"]),
        golden_old_0=np.array([[33, 34], [7, 8], [8, 9]], np.int8),
        golden_old_1=np.array([[35, 36, 37], [9, 10, 11], [10, 11, 12]], np.int8),
    )
    (folder / "old").write_bytes(fake_model_of_several())
    (folder / "new").write_bytes(fake_model_of_several(bias=5))
    write_bench(folder, "b1", agent=FAKE_AGENT)
    write_yaml(folder / "gate.yaml", {"policy": "p", "rules": [{"id": "faults", "test": "no_faults"}]})
    models = {"old": {"file": "old", "golden": "golden_old"}, "new": {"file": "new"}}
    campaign = {"campaign": "several", "vectors": "vectors.npz", "models": models, "baseline": "old"}
    more = {"candidates": "new", "bench": "bench.yaml", "gate": "gate.yaml"}
    return tinyhil.Campaign(write_yaml(folder / "campaign.yaml", campaign | more))


def test_vectors_of_several_arrays_are_lists(tmp_path: Path) -> None:
    vectors = campaign_of_several(tmp_path).vectors
    assert [array.tolist() for array in vectors.arrays] == [
        [[1, 2], [3, 4], [5, 6]],
        [[10, 20], [0, 0], [-1, -2]],
    ]
    assert [tensor.shape for tensor in vectors.tensors] == [(1, 2), (1, 2)]
    with pytest.raises(tinyhil.UsageError, match=r"(?s)there are 2 arrays, not one.*use `arrays`"):
        _ = vectors.inputs
    golden = vectors.golden["golden_old"]
    assert [array[0].tolist() for array in golden] == [[33, 34], [35, 36, 37]]


def test_a_run_is_stored_read_back_and_exported_but_its_classes_are_not_judged(tmp_path: Path) -> None:
    campaign = campaign_of_several(tmp_path)
    pieces = list(campaign.stream(store=tmp_path / "results.db"))
    assert {piece.model for piece in pieces} == {"old", "new"}
    run = tinyhil.Store(tmp_path / "results.db").run()
    run.verify()
    trial = run.trial("new")
    assert [tensor.shape for tensor in trial.record.inputs] == [(1, 2), (1, 2)]
    first, second = trial.inferences.raws
    assert first.tolist() == [[38, 39], [12, 13], [13, 14]]
    assert second.tolist() == [[40, 41, 42], [14, 15, 16], [15, 16, 17]]

    frame = pd.read_parquet(export.parquet(run, tmp_path / "run.parquet"))
    new = frame[frame.model == "new"]
    assert [row.tolist() for row in new.outputs_0] == first.tolist()
    assert [row.tolist() for row in new.outputs_1] == second.tolist()
    assert (frame.output_zero_point_1 == 3).all()
    flat = pl.read_csv(export.csv(run, tmp_path / "run.csv")).filter(model="new")
    assert flat["out_0_1"].to_list() == [39, 13, 14]
    assert flat["out_1_2"].to_list() == [42, 16, 17]

    with pytest.raises(tinyhil.UsageError, match="has 2 outputs, 1x2 int8 and 1x3 int8; a classification"):
        campaign.judge(tmp_path / "results.db")
    with pytest.raises(tinyhil.UsageError, match="has 2 outputs, 1x2 int8 and 1x3 int8; a classification"):
        export.csv(run, tmp_path / "other.csv", campaign)


def test_models_of_one_and_of_several_outputs_share_a_table(tmp_path: Path) -> None:
    campaign_of_several(tmp_path)
    (tmp_path / "new").write_bytes(fake_model(4, 2) + bytes([0, 2, 1]))
    campaign = tinyhil.Campaign(tmp_path / "campaign.yaml")
    list(campaign.stream(store=tmp_path / "results.db"))
    run = tinyhil.Store(tmp_path / "results.db").run()
    frame = pd.read_parquet(export.parquet(run, tmp_path / "run.parquet"))
    assert frame[frame.model == "new"].outputs_1.isna().all()
    assert frame[frame.model == "new"].output_scale_1.isna().all()
    assert frame[frame.model == "old"].outputs_1.notna().all()
    flat = pl.read_csv(export.csv(run, tmp_path / "run.csv"))
    assert flat.filter(model="new")["out_1_0"].null_count() == 3
    assert flat.filter(model="old")["out_1_0"].to_list()[:3] == [35, 9, 10]


def test_a_tflite_model_of_several_outputs_is_refused_before_a_board_is_asked(tmp_path: Path) -> None:
    campaign_of_several(tmp_path)
    for name in ("old", "new"):
        (tmp_path / name).write_bytes(TWO_AND_TWO.read_bytes())
    complaints = tinyhil.Campaign(tmp_path / "campaign.yaml").complaints()
    assert any("model `old` has 2 outputs, 1x3 int8 and 1x5 int8" in complaint for complaint in complaints)
    assert any("model `old` takes 1x8x8x2 int8 and 1x6 int8" in complaint for complaint in complaints)
