# SPDX-License-Identifier: Apache-2.0
"""A board behind a debug probe: the OpenOCD that is installed, and a simulated probe with real firmware."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

import tinyhil
from desk import BINARY, CRASH, FIRMWARE, WAKE_WORD, fake_model, vectors, write_yaml

IMAGE, OTHER = FIRMWARE.with_name("agent-rtt.elf"), FIRMWARE.with_name("agent-fake.elf")
SERIAL = "BOARD_A"


@pytest.fixture(autouse=True)
def own_locks(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of another clone have probes of the same serial numbers."""
    monkeypatch.setenv("TINYHIL_LOCKS", str(tmp_path_factory.mktemp("locks")))


@contextmanager
def plugged_in(config: Path, *options: str, image: Path = IMAGE) -> Iterator[None]:
    command = [str(BINARY / "bin" / "tinyhil"), "sim", "probe", "--machine", "mps2-an386", "--as", "st-link"]
    command += ["--serial", SERIAL, "--firmware", str(image), "--openocd-config", str(config), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            json.loads(process.stdout.readline())
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Path]:
    """The probe's file for OpenOCD; the probe is plugged in."""
    file = tmp_path / "st-link.cfg"
    with plugged_in(file):
        yield file


def board_at(config: Path, image: Path | None = IMAGE, serial: str = SERIAL) -> tinyhil.Board:
    return tinyhil.Board.probe(serial, config=[config], image=image, provenance="emulated")


def assert_outputs_are_golden(board: tinyhil.Board, count: int = 8) -> None:
    with np.load(WAKE_WORD / "vectors.npz") as file:
        inputs, golden = file["inputs"][:count], file["golden_quick"][:count]
    board.load(WAKE_WORD / "models" / "quick.tflite")
    np.testing.assert_array_equal(board.infer(inputs).raw, golden)


def test_a_board_behind_a_probe_infers_as_any_other(config: Path) -> None:
    with board_at(config) as board:
        assert board.info.kind == "mps2-an386"
        assert_outputs_are_golden(board)


def test_the_mailbox_is_searched_for_without_an_image(config: Path) -> None:
    board = tinyhil.Board.probe(SERIAL, config=[config], search=0x20000000, provenance="emulated")
    with board:
        assert board.info.kind == "mps2-an386"


def test_a_reset_board_is_greeted_again_and_its_model_goes_on(config: Path) -> None:
    with board_at(config) as board:
        assert_outputs_are_golden(board)
        model = board.load(WAKE_WORD / "models" / "quick.tflite")
        x = np.zeros(model.input.shape[1:], np.int8)
        before = model.infer(x).raw
        board.reset()
        np.testing.assert_array_equal(model.infer(x).raw, before)
    board.reset()
    with board:
        assert_outputs_are_golden(board)


def test_an_image_is_put_on_a_board_once(config: Path) -> None:
    board = board_at(config)
    with board:
        assert_outputs_are_golden(board)
        assert not board.flash()
        assert_outputs_are_golden(board)
    assert board.flash(OTHER)
    assert not board.flash(OTHER)
    assert board.flash()


def other_version(image: Path, file: Path) -> Path:
    """Firmware that calls its board by another name."""
    content = image.read_bytes()
    assert b"mps2-an386\0" in content
    file.write_bytes(content.replace(b"mps2-an386\0", b"mps2-other\0"))
    return file


def test_another_image_than_the_boards_is_refused_when_it_is_greeted(config: Path, tmp_path: Path) -> None:
    other = other_version(IMAGE, tmp_path / "other.elf")
    with board_at(config) as board:
        for act in (lambda: board.flash(other), lambda: board.load(WAKE_WORD / "models" / "quick.tflite")):
            with pytest.raises(tinyhil.WrongImage):
                act()
        assert board.flash()
        assert_outputs_are_golden(board)


def test_an_image_that_was_built_anew_is_the_boards_once_it_is_flashed(config: Path, tmp_path: Path) -> None:
    image = tmp_path / "agent.elf"
    image.write_bytes(IMAGE.read_bytes())
    with board_at(config, image) as board:
        other_version(IMAGE, image)
        assert board.flash()
        assert board.info.kind == "mps2-other"
        assert_outputs_are_golden(board)


def test_other_threads_go_on_while_an_image_is_written(config: Path) -> None:
    turns, is_done = 0, threading.Event()

    def flash() -> None:
        try:
            assert board_at(config).flash(OTHER)
        finally:
            is_done.set()

    writer = threading.Thread(target=flash)
    writer.start()
    while not is_done.wait(0.01):
        turns += 1
    writer.join()
    assert turns > 5, "the GIL was held"


def test_a_probe_that_is_not_there_is_a_bench_fault(config: Path) -> None:
    for act in (tinyhil.Board.open, tinyhil.Board.flash, tinyhil.Board.reset):
        with pytest.raises(tinyhil.BenchFault, match="OpenOCD on probe BOARD_B"):
            act(board_at(config, serial="BOARD_B"))


def test_a_probe_has_one_user_at_a_time(config: Path) -> None:
    with board_at(config):
        for act in (tinyhil.Board.open, tinyhil.Board.flash, tinyhil.Board.reset):
            with pytest.raises(tinyhil.BoardBusy, match=f"process {os.getpid()}"):
                act(board_at(config))


def test_what_was_not_written_is_the_wrong_image(tmp_path: Path) -> None:
    """OpenOCD is told to write nothing, and says that it did."""
    config, silent = tmp_path / "st-link.cfg", tmp_path / "silent.cfg"
    with plugged_in(config):
        silent.write_text("proc flash {args} { return bank }\n")
        board = tinyhil.Board.probe(SERIAL, config=[config, silent], image=IMAGE, provenance="emulated")
        with pytest.raises(tinyhil.WrongImage, match="does not hold the image that was written") as caught:
            board.flash(OTHER)
    assert caught.value.exit_code == 6
    assert caught.value.remedy


def test_a_mistake_is_said_before_a_probe_is_touched(tmp_path: Path) -> None:
    with pytest.raises(tinyhil.UsageError, match="where the board's mailbox is"):
        tinyhil.Board.probe(SERIAL, config=["interface/cmsis-dap.cfg"]).open()
    with pytest.raises(tinyhil.UsageError, match="needs `config`"):
        tinyhil.Board.probe(SERIAL, config=[], image=IMAGE)
    board = board_at(tmp_path / "absent.cfg")
    with pytest.raises(tinyhil.UsageError, match="where it belongs"):
        board.flash(IMAGE.with_suffix(".bin"))


def test_a_board_of_a_serial_port_has_no_probe() -> None:
    board = tinyhil.Board.serial("/dev/ttyNone")
    for act in (tinyhil.Board.flash, tinyhil.Board.reset):
        with pytest.raises(tinyhil.UsageError, match="not reached by a debug probe"):
            act(board)


def test_a_bench_file_gives_the_same_board(config: Path, tmp_path: Path) -> None:
    link = {"driver": "openocd", "probe": SERIAL, "config": [config.name]}
    entry = {"name": "m4", "provenance": "emulated", "image": str(IMAGE), "link": link}
    board = tinyhil.Bench(write_yaml(tmp_path / "bench.yaml", {"bench": "desk", "boards": [entry]})).board()
    board.reset()
    assert not board.flash()
    with board:
        assert_outputs_are_golden(board)


def test_a_crash_is_told_with_all_calls_on_the_stack(tmp_path: Path) -> None:
    image = FIRMWARE.with_name("agent-fake-rtt.elf")
    config = tmp_path / "st-link.cfg"
    with plugged_in(config, image=image), board_at(config, image) as board:
        board.load(fake_model())
        with pytest.raises(tinyhil.DeviceCrash, match="the device crashed on vector 2") as caught:
            board.infer(vectors(0, 1, CRASH, 3))
        for call in ("begin", "thil_engine_invoke", "invoke", "thil_agent_run", "main"):
            assert re.search(rf"\b{call} \(\S+\.c:\d+\)", caught.value.evidence), caught.value.evidence
        core = tmp_path / "board.core"
        core.write_bytes(caught.value.core_dump or b"")
        command = ["gdb-multiarch", "-nx", "-batch", "-ex", "bt", str(image), str(core)]
        assert (
            "thil_engine_invoke" in subprocess.run(command, capture_output=True, text=True, check=True).stdout
        )
        assert board.infer(vectors(7)).raw[0, 0] == 7
