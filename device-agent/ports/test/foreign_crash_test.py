# SPDX-License-Identifier: Apache-2.0
"""Real crashes on ports that are projects of their own; no linker and no loader knows where the record is."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from crasher import NONE, PROCESSOR, SOURCE, Crasher

MODEL = SOURCE / "scenarios/wake_word/models/slim.tflite"
MACHINES = {
    "microbit": ["qemu-system-arm", "-M", "microbit"],
    "riscv-virt": ["qemu-system-riscv32", "-M", "virt", "-bios", "none"],
}
OPTIONS = "-accel tcg -icount shift=5,sleep=off -display none -monitor none -nodefaults"
LINE = "-chardev stdio,id=line,signal=off -serial chardev:line"


@pytest.mark.parametrize("port", MACHINES)
def test_a_crash_in_an_inference_is_explained_after_the_reset(tmp_path: Path, port: str) -> None:
    configure = ["cmake", "-G", "Ninja", "-S", str(SOURCE / "device-agent/ports" / port), "-B", str(tmp_path)]
    for command in ([*configure, "-DCRASH=ON", f"-DMODEL={MODEL}"], ["cmake", "--build", str(tmp_path)]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    kernel = ["-kernel", str(tmp_path / f"{port}.elf")]
    with Crasher([*MACHINES[port], *OPTIONS.split(), *LINE.split(), *kernel]) as board:
        assert board.record().cause == NONE, "power on"
        first = board.after(b"iu")
        assert first.cause == PROCESSOR
        assert first.inference == (42, 1, 700, 3)
        assert first.pc != 0
        assert first.lr != 0
        assert board.after(b"r") == first, "until it is cleared"
        assert board.after(b"cr").cause == NONE
        assert board.after(b"if").cause == PROCESSOR
