# SPDX-License-Identifier: Apache-2.0
"""A board as a context manager, asked with numpy arrays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyhil
from desk import AGENT, CRASH, FAIL, FAKE_AGENT, HANG, WAKE_WORD, fake_model, vectors, write_yaml
from means import Means


@pytest.fixture
def fake() -> Iterator[tinyhil.Board]:
    with tinyhil.Board.process([FAKE_AGENT]) as board:
        yield board


@pytest.fixture
def real() -> Iterator[tinyhil.Board]:
    with tinyhil.Board.process([AGENT]) as board:
        yield board


def test_outputs_of_a_batch_are_golden_byte_for_byte(real: tinyhil.Board) -> None:
    with np.load(WAKE_WORD / "vectors.npz") as file:
        inputs, golden = file["inputs"], file["golden_shipped"]
    model = real.load(WAKE_WORD / "models" / "shipped.tflite")
    result = model.infer(inputs)
    np.testing.assert_array_equal(result.raw, golden)
    assert result.raw.shape == (len(inputs), 3)
    assert result.raw.dtype == np.int8
    assert np.isfinite(result.latency_us[result.status == 0]).all()


def test_floats_are_quantised_and_outputs_are_real_again(real: tinyhil.Board) -> None:
    with np.load(WAKE_WORD / "vectors.npz") as file:
        raw = file["inputs"][:20]
    model = real.load(WAKE_WORD / "models" / "shipped.tflite")
    x = model.input.scale * (raw.astype(np.float32) - model.input.zero_point)
    np.testing.assert_array_equal(model.infer(x).raw, model.infer(raw).raw)
    probabilities = model.predict(x)
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=0.02)
    assert model.predict(x[0]).shape == (3,)
    np.testing.assert_array_equal(model.predict(x[0]), probabilities[0])


def test_rows_come_by_vector_and_repeat(fake: tinyhil.Board) -> None:
    fake.load(fake_model(bias=3))
    result = fake.infer(vectors(1, 2), repeats=2)
    assert result.vector.tolist() == [0, 0, 1, 1]
    assert result.repeat.tolist() == [0, 1, 0, 1]
    assert result.raw.tolist() == [[4, 5], [4, 5], [5, 6], [5, 6]]


def test_several_models_stay_on_the_board(fake: tinyhil.Board) -> None:
    one, two = fake.load(fake_model(bias=1)), fake.load(fake_model(bias=2))
    assert one.predict(vectors(5)[0])[0] == 6
    assert two.predict(vectors(5)[0])[0] == 7
    assert one.sha256 != two.sha256


def test_arrays_are_views_that_outlive_what_made_them(fake: tinyhil.Board) -> None:
    fake.load(fake_model())
    result = fake.infer(vectors(*range(100)))
    raw, clock = result.raw, result.clock
    assert not raw.flags.owndata
    assert not raw.flags.writeable
    expected = raw.copy()
    del result
    fake.infer(vectors(*range(50)))
    np.testing.assert_array_equal(raw, expected)
    assert len(clock) == 100


def test_a_failed_inference_has_no_latency_and_no_class(fake: tinyhil.Board) -> None:
    fake.load(fake_model())
    result = fake.infer(vectors(1, FAIL))
    assert result.status.tolist() == [0, 1]
    assert np.isnan(result.latency_us[1])
    assert result.top_class.tolist() == [1, -1]


def test_overlapped_inferences_have_no_latency(fake: tinyhil.Board) -> None:
    fake.load(fake_model())
    result = fake.infer(vectors(1, 2, 3), overlap=True)
    assert result.raw[:, 0].tolist() == [1, 2, 3]
    assert np.isnan(result.latency_us).all()


def test_a_crash_names_its_vector_and_where_it_happened(fake: tinyhil.Board) -> None:
    fake.load(fake_model())
    with pytest.raises(tinyhil.DeviceCrash, match="the device crashed on vector 2") as caught:
        fake.infer(vectors(0, 1, CRASH, 3))
    assert caught.value.kind == "reset"
    assert caught.value.crash.vector == 2
    assert caught.value.crash.pc != 0
    assert "PC 0x" in str(caught.value)
    assert not isinstance(caught.value, tinyhil.Error)
    assert fake.infer(vectors(7)).raw[0, 0] == 7


def test_a_hang_names_its_vector(fake: tinyhil.Board) -> None:
    fake.load(fake_model())
    with pytest.raises(tinyhil.DeviceTimeout, match="hung on vector 1"):
        fake.infer(vectors(0, HANG, 2), timeout=0.3)
    assert fake.infer(vectors(7)).raw[0, 0] == 7


def test_a_model_that_the_engine_refuses_is_a_fault_of_the_device(real: tinyhil.Board) -> None:
    with pytest.raises(tinyhil.DeviceRefused):
        real.load(b"no flatbuffer at all", name="rubbish")


@pytest.mark.parametrize(
    ("x", "what"),
    [
        (np.zeros((2, 5), np.int8), r"shape \(2, 5\); the model takes \[n, 4\]"),
        (np.zeros((2, 4), np.complex64), "type complex64; the model takes int8"),
        (np.full((2, 4), 200), "beyond int8"),
        (np.zeros((0, 4), np.int8), "no vectors"),
    ],
)
def test_vectors_the_model_does_not_take_are_the_users_mistake(
    fake: tinyhil.Board, x: np.ndarray, what: str
) -> None:
    fake.load(fake_model())
    with pytest.raises(tinyhil.UsageError, match=what) as caught:
        fake.infer(x)
    assert caught.value.remedy
    assert isinstance(caught.value, ValueError)


def test_a_closed_board_says_so() -> None:
    board = tinyhil.Board.process([FAKE_AGENT])
    with pytest.raises(tinyhil.UsageError, match="not open"):
        board.load(fake_model())
    with board:
        model = board.load(fake_model())
    with pytest.raises(tinyhil.UsageError, match="not open"):
        model.infer(vectors(1))
    with board, pytest.raises(tinyhil.UsageError, match="no model is loaded"):
        board.infer(vectors(1))


def test_a_board_that_is_not_there_is_a_bench_fault(tmp_path: Path) -> None:
    with pytest.raises(tinyhil.BenchFault) as caught, tinyhil.Board.serial(str(tmp_path / "ttyNone")):
        pass
    assert caught.value.exit_code == 4
    assert "ttyNone" in caught.value.where
    with pytest.raises(tinyhil.BenchFault), tinyhil.Board.process(["/does/not/exist"]):
        pass


@pytest.mark.parametrize(
    ("link", "what"),
    [
        ({"driver": "serail", "port": "/dev/ttyACM0"}, "did you mean `serial`"),
        ({"driver": "tcp", "prot": 5555}, "`port`"),
    ],
)
def test_a_link_that_no_driver_takes_is_refused_before_it_is_opened(link: dict[str, Any], what: str) -> None:
    with pytest.raises(tinyhil.UsageError, match=what):
        tinyhil.Board.of_link("real", **link)


def test_another_provenance_than_promised_is_refused() -> None:
    board = tinyhil.Board.of_link("emulated", driver="process", command=[str(FAKE_AGENT)])
    with pytest.raises(tinyhil.UsageError, match="the bench calls this board"), board:
        pass


def test_another_firmware_than_promised_is_the_wrong_image() -> None:
    board = tinyhil.Board.of_link("process", AGENT, driver="process", command=[str(FAKE_AGENT)])
    with pytest.raises(tinyhil.WrongImage), board:
        pass


def test_progress_is_shown_when_asked_for(fake: tinyhil.Board, capsys: pytest.CaptureFixture[str]) -> None:
    fake.load(fake_model(), name="small")
    fake.infer(vectors(*range(200)), progress=True)
    said = capsys.readouterr()
    assert "small" in said.err
    assert "200/200" in said.err
    assert not said.out
    fake.infer(vectors(*range(200)))  # stderr is no terminal here
    assert not capsys.readouterr().err


def test_ctrl_c_ends_a_long_inference_at_once_and_frees_the_board() -> None:
    script = """
import tinyhil, sys
from desk import fake_model, vectors, HANG, FAKE_AGENT
with tinyhil.Board.process([FAKE_AGENT]) as board:
    board.load(fake_model())
    print("ready", flush=True)
    try:
        board.infer(vectors(HANG), timeout=600)
    except KeyboardInterrupt:
        print("interrupted", board.infer(vectors(9)).raw[0, 0], flush=True)
"""
    child = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=os.environ
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    time.sleep(0.3)  # so that it has begun to wait; too short a time only makes the test easier
    child.send_signal(signal.SIGINT)
    out, _ = child.communicate(timeout=60)
    assert out == "interrupted 9\n"
    assert child.returncode == 0


def test_what_is_compiled_into_the_firmware_is_named_by_its_image() -> None:
    alarm = Path(AGENT).parent / "thil-agent-alarm"
    x = np.arange(32, dtype=np.int8).reshape(2, 16)
    with tinyhil.Board.process([alarm]) as board:
        with pytest.raises(tinyhil.UsageError, match="cannot load `shipped`"):
            board.load(WAKE_WORD / "models" / "shipped.tflite")
        assert board.load(alarm).infer(x).raw.argmax(axis=1).tolist() == [3, 3]
        with pytest.raises(tinyhil.WrongImage, match="not this image"):
            board.load(AGENT)


def test_the_means_of_the_bench_reset_switch_and_flash_a_board_which_is_greeted_again(tmp_path: Path) -> None:
    means = Means(tmp_path)
    bench = write_yaml(tmp_path / "bench.yaml", {"bench": "desk", "boards": [means.board("b1")]})
    with tinyhil.Bench(bench).board() as board:
        board.reset()
        board.power_cycle()
        assert board.flash(AGENT)
        assert board.info.kind == "host"
    reset = "tool reset --chip X"
    assert means.notes() == [reset, "switch cycle", f"tool download --chip X {AGENT}", reset]
    means.stand_in("tool", "echo no target found; exit 1")
    with pytest.raises(tinyhil.BenchFault, match="no target found"):
        board.reset()
