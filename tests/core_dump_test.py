# SPDX-License-Identifier: Apache-2.0
"""A core that fails behind a debug probe is read before it resets itself, and kept as a file for GDB."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from fake_desk import CRASH, HANG, OVERFLOW, FakeDesk, noise
from probes import IMAGES, plugged_in

IMAGE = IMAGES / "agent-fake-rtt.elf"
BAD = 7  # the vector
KEPT = re.compile(r"core dump (\S+\.core) \(SHA-256 ([0-9a-f]{64})\)")
CALLS = r"\w+ \(\S*fake_engine\.c:\d+\)(, called from \w+ \(\S+\.[ch]:\d+\)){2,}"


@pytest.fixture(autouse=True)
def own_locks(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINYHIL_LOCKS", str(tmp_path_factory.mktemp("locks")))


def desk_with(folder: Path, first_byte: int, **link: str) -> FakeDesk:
    vectors = noise(12)
    vectors[BAD, 0] = np.uint8(first_byte).view(np.int8)
    desk = FakeDesk(folder, [], vectors, copies=True)
    desk.change(inference_timeout="3 s")
    openocd = {"driver": "openocd", "probe": "BOARD_A", "config": ["st-link.cfg"], **link}
    desk.link(openocd, provenance="emulated", image=str(IMAGE))
    return desk


def evidence(desk: FakeDesk) -> list[str]:
    return [
        text for (text,) in desk.stored("SELECT evidence FROM survived_fault WHERE of_the_device ORDER BY id")
    ]


def backtrace(core: Path, look: str = "x/wx 0xe000ed28") -> str:
    command = ["gdb-multiarch", "-nx", "-batch", "-ex", "bt", "-ex", look, str(IMAGE), str(core)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def test_a_crash_is_kept_with_its_stack_and_told_with_all_its_calls(tmp_path: Path) -> None:
    with plugged_in(tmp_path, "st-link", "--serial", "BOARD_A", firmware=IMAGE) as probe:
        desk = desk_with(tmp_path, CRASH)
        done = desk.call("run", env=probe.environment)
    assert done.code == 1, done.err
    found = evidence(desk)
    assert len(found) == 2, found
    for text in found:
        assert re.search(
            rf"; PC in {CALLS}; undefined instruction; escalated to a HardFault; core dump", text
        )
        kept = KEPT.search(text)
        assert kept, text
        core = tmp_path / kept[1]
        assert hashlib.sha256(core.read_bytes()).hexdigest() == kept[2]
        frames = backtrace(core)
        assert re.search(r"#\d .*thil_engine_invoke \(.*fake_engine\.c:\d+", frames), frames
        assert re.search(r"#\d .*main \(", frames), frames
        assert "0xe000ed28:\t0x00010000" in frames, "CFSR: an undefined instruction"
    report = json.dumps(desk.report())
    page = (desk.reports / "report.html").read_text()
    for text in ("called from thil_agent_run (", ".core"):
        assert text in report
        assert text in page


def test_a_hang_is_told_with_where_the_core_was(tmp_path: Path) -> None:
    with plugged_in(tmp_path, "st-link", "--serial", "BOARD_A", firmware=IMAGE) as probe:
        desk = desk_with(tmp_path, HANG, reset="run")
        done = desk.call("run", env=probe.environment)
    assert done.code == 1, done.err
    found = evidence(desk)
    assert found
    for text in found:
        assert re.search(rf"the core was in {CALLS}; no fault; core dump", text), text
    kept = KEPT.search(found[0])
    assert kept
    assert "thil_engine_invoke" in backtrace(tmp_path / kept[1])


def test_core_dumps_a_running_core_which_goes_on(tmp_path: Path) -> None:
    with plugged_in(tmp_path, "st-link", "--serial", "BOARD_A", firmware=IMAGE) as probe:
        desk = desk_with(tmp_path, CRASH)
        bench, core = str(tmp_path / "bench.yaml"), tmp_path / "now.core"
        done = desk.call_plain("core", bench, "--dump", str(core), env=probe.environment)
        assert done.code == 0, done.err
        assert re.search(r"#0 .*\w+ \(.*\) at \S+\.c:\d+", backtrace(core))
        assert "the core is running" in desk.call_plain("core", bench, env=probe.environment).out
        assert desk.call_plain("reset", bench, "--halt", env=probe.environment).code == 0
        assert desk.call_plain("core", bench, "--dump", str(core), env=probe.environment).code == 0
        assert "halted" in desk.call_plain("core", bench, env=probe.environment).out
    assert re.search(r"#0 .*thil_reset_handler", backtrace(core))


def test_of_an_overflowed_stack_the_registers_are_kept_and_no_calls_are_made_up(tmp_path: Path) -> None:
    with plugged_in(tmp_path, "st-link", "--serial", "BOARD_A", firmware=IMAGE) as probe:
        desk = desk_with(tmp_path, OVERFLOW)
        done = desk.call("run", env=probe.environment)
    assert done.code == 1, done.err
    found = evidence(desk)
    assert len(found) == 2, found
    for text in found:
        assert "the stack is full" in text
        assert "PC in" not in text
        kept = KEPT.search(text)
        assert kept
        memory = backtrace(tmp_path / kept[1], "x/2wx 0x20000000")
        assert re.search(r"0x20000000.*:\t0x\w+\t0x\w+", memory), "the stack itself, above where it ended"
