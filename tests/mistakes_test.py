# SPDX-License-Identifier: Apache-2.0
"""Everything a user or a bench can get wrong: the exit code, what, where and the remedy, and nothing lost."""

from __future__ import annotations

import fcntl
import os
import pty
import socket
from pathlib import Path

import numpy as np
import pytest

from cli import AGENT, TINYHIL, WAKE_WORD_VECTORS, Workspace, call
from fake_desk import FAKE_AGENT


@pytest.fixture
def desk(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def rewrite_vectors(desk: Workspace, **arrays: np.ndarray | np.generic) -> None:
    file = desk.folder / "vectors.npz"
    with np.load(file) as old:
        content = {name: old[name] for name in old.files}
    np.savez_compressed(file, allow_pickle=False, **(content | arrays))


# ---- models: a refused candidate fails, and says why; the baseline's results are kept ----


def failed_candidate(desk: Workspace, *texts: str) -> None:
    done = desk.call("run", "--candidate", "slim")
    assert done.code == 1, done.err
    reason = desk.report()["verdicts"][0]["reason"]
    for text in texts:
        assert text in reason, reason
    assert desk.stored("SELECT model, state FROM v_trial WHERE role = 'subject'") == [
        ("shipped", "complete"),
        ("slim", "faulted"),
    ]
    assert desk.stored("SELECT inferences FROM v_trial WHERE role = 'subject' AND model = 'shipped'") == [
        (WAKE_WORD_VECTORS,)
    ]


def test_a_model_larger_than_the_slot_is_refused_with_the_slots_size(desk: Workspace) -> None:
    model = desk.folder / "models" / "slim.tflite"
    model.write_bytes(model.read_bytes() + bytes(600_000))
    failed_candidate(desk, "larger than the slot")


def test_an_arena_that_is_too_small_says_how_much_is_needed(tmp_path: Path) -> None:
    desk = Workspace(tmp_path, ["--arena-size", "4096"])
    desk.call("run").complains(2, "arena is too small", "the baseline cannot run", "models/shipped.tflite")
    assert desk.stored("SELECT count(*) FROM run") == [(0,)]


def test_an_empty_model_file_is_a_usage_error(desk: Workspace) -> None:
    (desk.folder / "models" / "slim.tflite").write_bytes(b"")
    desk.call("run").complains(2, "slim.tflite")


# ---- vectors ----


def test_vectors_of_another_shape_name_both_shapes(desk: Workspace) -> None:
    rewrite_vectors(desk, inputs=np.zeros((WAKE_WORD_VECTORS, 40, 12, 1), np.int8))
    desk.call("run").complains(2, "40x12", "49x10", "vectors.npz")


def test_vectors_of_another_type_name_both_types(desk: Workspace) -> None:
    rewrite_vectors(desk, inputs=np.zeros((WAKE_WORD_VECTORS, 49, 10, 1), np.float32))
    desk.call("run").complains(
        2, "`input_scale` is given, but float32 inputs are real numbers", "vectors.npz"
    )
    with np.load(desk.folder / "vectors.npz") as old:
        content = {name: old[name] for name in old.files if not name.startswith("input_")}
    np.savez(
        desk.folder / "vectors.npz",
        allow_pickle=False,
        **content | {"inputs": np.zeros((WAKE_WORD_VECTORS, 49, 10, 1), np.uint8)},
    )
    desk.call("run").complains(2, "uint8", "int8", "vectors.npz", "`input_scale`")


def test_vectors_of_another_quantisation_are_refused(desk: Workspace) -> None:
    rewrite_vectors(desk, input_zero_point=np.int32(3))
    desk.call("run").complains(2, "zero point", "vectors.npz")


def test_a_label_too_few_names_the_array(desk: Workspace) -> None:
    rewrite_vectors(desk, labels=np.zeros(WAKE_WORD_VECTORS - 1, np.uint8))
    desk.call("run").complains(2, "labels", str(WAKE_WORD_VECTORS - 1), str(WAKE_WORD_VECTORS), "vectors.npz")


def test_a_truncated_vector_file_is_a_usage_error(desk: Workspace) -> None:
    file = desk.folder / "vectors.npz"
    file.write_bytes(file.read_bytes()[:100_000])
    desk.call("run").complains(2, "vectors.npz")


# ---- files ----


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("campaign.yaml", "basline", "baseline"),
        ("bench.yaml", "bords", "boards"),
        ("gate.yaml", "alfa", "alpha"),
    ],
)
def test_a_misspelt_key_names_the_line_and_the_nearest(
    desk: Workspace, name: str, wrong: str, right: str
) -> None:
    file = desk.folder / name
    text = file.read_text()
    assert f"{right}:" in text
    file.write_text(text.replace(f"{right}:", f"{wrong}:"))
    line = 1 + text[: text.index(f"{right}:")].count("\n")
    desk.call("run").complains(2, wrong, right, f"{name}:{line}")


def test_an_unknown_key_is_an_error(desk: Workspace) -> None:
    with (desk.folder / "campaign.yaml").open("a") as file:
        file.write("colour: blue\n")
    desk.call("run").complains(2, "colour", "campaign.yaml:")


@pytest.mark.parametrize(
    "name", ["campaign.yaml", "vectors.npz", "gate.yaml", "bench.yaml", "models/slim.tflite"]
)
def test_a_missing_file_is_named(desk: Workspace, name: str) -> None:
    (desk.folder / name).unlink()
    desk.call("run").complains(2, name)


def test_an_unknown_board_lists_those_there_are(desk: Workspace) -> None:
    desk.call("run", "--board", "b2").complains(2, "b2", "b1")


def test_a_misspelt_candidate_names_the_nearest(desk: Workspace) -> None:
    desk.call("run", "--candidate", "slimm").complains(2, "did you mean `slim`?")


def test_a_wrong_option_is_a_usage_error(desk: Workspace) -> None:
    assert desk.call("run", "--bord", "b1").code == 2


# ---- the bench ----


def test_a_board_that_does_not_answer_is_a_bench_fault(desk: Workspace) -> None:
    desk.write_bench(["sleep", "60"])
    desk.call("run").complains(4, "no answer to `hello`", "board b1")


def test_a_board_that_exits_shows_its_last_words(desk: Workspace) -> None:
    desk.write_bench(["sh", "-c", "echo no such silicon >&2; exit 7"])
    desk.call("run").complains(4, "no such silicon", "status 7")


def test_boards_shows_who_answers_and_who_does_not(desk: Workspace) -> None:
    bench = desk.read("bench.yaml")
    lost = {"name": "b2", "provenance": "real", "link": {"driver": "serial", "port": "/dev/ttyNONE"}}
    desk.write("bench.yaml", {"bench": "desk", "boards": [*bench["boards"], lost]})
    done = call([str(TINYHIL), "boards", str(desk.folder / "bench.yaml")])
    assert done.code == 4, done.err
    first, second = done.out.splitlines()
    assert first.startswith("b1")
    assert "engine reference" in first
    assert second.startswith("b2")
    assert "plug the board in" in second


def test_a_missing_emulator_says_how_to_install_it(desk: Workspace) -> None:
    board = {
        "name": "m4",
        "provenance": "emulated",
        "image": str(AGENT),
        "link": {"driver": "emulated", "machine": "mps2-an386"},
    }
    desk.write("bench.yaml", {"bench": "desk", "boards": [board]})
    desk.call("run", env={"PATH": "/nowhere"}).complains(4, "qemu-system-arm", "apt install")


def test_a_serial_port_in_use_is_a_bench_fault(desk: Workspace) -> None:
    master, slave = pty.openpty()
    fcntl.flock(slave, fcntl.LOCK_EX | fcntl.LOCK_NB)  # as another terminal program does
    path = os.ttyname(slave)
    board = {"name": "b1", "provenance": "real", "link": {"driver": "serial", "port": path}}
    desk.write("bench.yaml", {"bench": "desk", "boards": [board]})
    desk.call("run").complains(4, "already in use", path)
    os.close(master)
    os.close(slave)


def test_a_tcp_port_in_use_is_a_bench_fault() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [str(TINYHIL), "sim", "board", "--machine", "mps2-an386"]
        done = call([*command, "--image", str(AGENT), "--tcp", str(port)])
    done.complains(4, "already in use", f"127.0.0.1:{port}")


def test_another_firmware_on_the_board_has_its_own_exit_code(desk: Workspace) -> None:
    bench = desk.read("bench.yaml")
    bench["boards"][0]["image"] = str(FAKE_AGENT)
    desk.write("bench.yaml", bench)
    desk.call("run").complains(6, "the device runs firmware", str(FAKE_AGENT))
