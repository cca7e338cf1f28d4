# SPDX-License-Identifier: Apache-2.0
"""Models that crash or hang the device, end to end: on an emulated board's real firmware and in a process."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chaos import Line, ends_within, line_to
from cli import SOURCE, TINYHIL
from fake_desk import CRASH, FAIL, FAKE_AGENT, HANG, MODELS, FakeDesk, noise, stored_rows

COUNT = 40
BAD = 17  # the vector
IMAGE = SOURCE / "build" / "firmware-mps2-an386" / "agent-fake.elf"
QUARANTINED, INVOKE_FAILED = 4, 1


def desk_with(folder: Path, first_byte: int, repeats: int = 1) -> FakeDesk:
    folder.mkdir()
    vectors = noise(COUNT)
    vectors[BAD, 0] = np.uint8(first_byte).view(np.int8)
    desk = FakeDesk(folder, [], vectors, repeats, copies=True)
    desk.change(inference_timeout="2 s")
    return desk


def board_of(kind: str) -> list[str]:
    if kind == "process":
        return [str(FAKE_AGENT)]
    return [str(TINYHIL), "sim", "board", "--machine", "mps2-an386", "--image", str(IMAGE)]


@contextmanager
def living(kind: str, desk: FakeDesk) -> Iterator[Line]:
    """A board that outlives hosts: what a crash leaves in its memory is there for the next one."""
    with line_to(board_of(kind), desk.folder / "line.json", "--listen", "0") as line:
        if kind == "process":
            desk.link(line.link())
        else:
            desk.link(line.link(), provenance="emulated", image=str(IMAGE))
        yield line


def assert_only_the_bad_vector_has_no_output(desk: FakeDesk, status: int) -> None:
    rows = stored_rows(desk)
    assert rows.twice == 0
    assert len(rows.found) == 2 * COUNT * desk.repeats
    outputs = {model: desk.golden(model) for model in MODELS}
    wrong = set()
    for (model, vector, repeat), (found, output) in rows.found.items():
        if found == status:
            wrong.add((model, vector, repeat))
            assert output == bytes(len(output))
        else:
            assert output == outputs[model][vector].tobytes()
    assert wrong == {("two", BAD, repeat) for repeat in range(desk.repeats)}


def faults(desk: FakeDesk) -> list[tuple[Any, ...]]:
    return desk.stored("SELECT vector, of_the_device, kind, evidence FROM survived_fault ORDER BY id")


@pytest.mark.parametrize("kind", ["emulated", "process"])
def test_a_vector_that_crashes_the_device_twice_is_quarantined_and_named(tmp_path: Path, kind: str) -> None:
    desk = desk_with(tmp_path / "desk", CRASH, repeats=3)
    with living(kind, desk):
        done = desk.call("run")
    assert done.code == 1, done.err
    assert_only_the_bad_vector_has_no_output(desk, QUARANTINED)
    found = faults(desk)
    assert [(vector, of, kind) for vector, of, kind, _ in found] == [(BAD, 1, "reset")] * 2, found
    counters = [match[0] for *_, evidence in found if (match := re.search(r"PC 0x[0-9a-f]{8}", evidence))]
    assert len(counters) == 2
    counter = counters[0]
    if kind == "emulated":  # a process is loaded to another address each time
        assert counters[1] == counter
        assert "thil_engine_invoke" in symbol_at(counter.removeprefix("PC "))
        for *_, evidence in found:
            assert re.search(r"; PC in \w+ \(\S*fake_engine\.c:\d+\)", evidence), evidence
    report = json.dumps(desk.report())
    page = (desk.reports / "report.html").read_text()
    for text in (counter, f"vector {BAD}", "quarantine"):
        assert text in report, text
        assert text in page, text


def symbol_at(address: str) -> str:
    command = ["arm-none-eabi-addr2line", "-f", "-i", "-e", str(IMAGE), address]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("kind", ["emulated", "process"])
def test_a_failed_invoke_fails_the_gate_and_nothing_else(tmp_path: Path, kind: str) -> None:
    desk = desk_with(tmp_path / "desk", FAIL)
    with living(kind, desk):
        assert desk.call("run").code == 1
    assert_only_the_bad_vector_has_no_output(desk, INVOKE_FAILED)
    assert faults(desk) == []


def test_a_vector_that_hangs_the_process_twice_is_quarantined_and_named(tmp_path: Path) -> None:
    """With a driver that starts the device anew, as a watchdog would."""
    desk = desk_with(tmp_path / "desk", HANG)
    done = desk.call("run")
    assert done.code == 1, done.err
    assert_only_the_bad_vector_has_no_output(desk, QUARANTINED)
    blamed = [(vector, of) for vector, of, kind, _ in faults(desk) if vector is not None]
    assert blamed == [(BAD, 1)] * 2
    for text in (f"vector {BAD}", "quarantine"):
        assert text in json.dumps(desk.report())
        assert text in (desk.reports / "report.html").read_text()


def test_a_hang_is_named_by_its_vector_of_the_file_in_any_order(tmp_path: Path) -> None:
    desk = desk_with(tmp_path / "desk", HANG)
    sampling = {"stop": "never", "order": "random", "seed": 5}
    desk.write("gate.yaml", desk.read("gate.yaml") | {"sampling": sampling})
    assert desk.call("run").code == 1
    said = [what for (what,) in desk.stored("SELECT what FROM survived_fault WHERE vector IS NOT NULL")]
    assert len(said) == 2
    for text in said:
        assert set(re.findall(r"\bvector (\d+)", text)) == {str(BAD)}, text


def test_a_hang_that_nobody_ends_is_the_benchs_as_a_pulled_cable_would_be(tmp_path: Path) -> None:
    desk = desk_with(tmp_path / "desk", HANG)
    with living("process", desk):
        desk.call("run").complains(4, "b1")
    assert all(status == 0 for status, _ in stored_rows(desk).found.values()), "what was stored is sound"
    assert not any(of_the_device for _, of_the_device, _, _ in faults(desk))


# ---- resets from outside ----


def test_twenty_resets_from_outside_do_not_fail_the_gate(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    slots = ["--vector-slot-size", "2048", "--invoke-us", "3000"]
    desk = FakeDesk(folder, slots, noise(100, 100), repeats=6)
    with line_to([str(FAKE_AGENT), *slots], folder / "line.json", "--listen", "0") as line:
        desk.link(line.link())
        with subprocess.Popen(desk.command("run"), stderr=subprocess.PIPE, text=True) as host:
            for reset in range(20):
                wait_for_rows(desk, host, 20 * (reset + 1))
                line.press_reset()
            _, said = host.communicate(timeout=120)
        assert host.returncode == 0, said
    assert len(stored_rows(desk).found) == 2 * 100 * 6
    found = faults(desk)
    assert len(found) >= 2
    assert not any(of_the_device for _, of_the_device, _, _ in found)
    assert "not held against it" in json.dumps(desk.report())


def wait_for_rows(desk: FakeDesk, host: subprocess.Popen[str], count: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            ((rows,),) = desk.stored("SELECT COALESCE(SUM(n), 0) FROM block")
        except Exception:  # not there yet
            rows = 0
        if rows >= count:
            return
        assert not ends_within(host, 0.01), "it ended before all resets"
    os.kill(host.pid, signal.SIGKILL)
    raise AssertionError("no rows")
