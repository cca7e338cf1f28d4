# SPDX-License-Identifier: Apache-2.0
"""Ports as projects of their own, outside of our build: a Cortex-M0 with its model in flash, and a RISC-V."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from cli import SOURCE, WAKE_WORD, Workspace, stored_outputs

PORTS = SOURCE / "device-agent" / "ports"
VECTORS = 48
DETERMINISTIC = ["-accel", "tcg", "-icount", "shift=5,sleep=off"]
LINE = ["-chardev", "stdio,id=s0,signal=off", "-serial", "chardev:s0"]
QUIET = ["-display", "none", "-monitor", "none"]


def build(port: str, folder: Path, *options: str) -> Path:
    """The port's image, built as its README says."""
    configure = ["cmake", "-G", "Ninja", "-S", str(PORTS / port), "-B", str(folder), *options]
    for command in (configure, ["cmake", "--build", str(folder)]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "warning: " not in done.stdout + done.stderr, done.stdout + done.stderr
    return folder / f"{port}.elf"


def emulator(machine: list[str], image: Path) -> list[str]:
    return [*machine, *DETERMINISTIC, *QUIET, *LINE, "-kernel", str(image)]


class Desk(Workspace):
    """Some vectors of the wake-word scenario; outputs are compared, and latency is not judged."""

    def __post_init__(self) -> None:
        super().__post_init__()
        with np.load(WAKE_WORD / "vectors.npz") as whole:
            count = len(whole["labels"])
            chosen = np.linspace(0, count - 1, VECTORS).astype(int)
            self.vectors = {
                name: whole[name][chosen] if whole[name].shape[:1] == (count,) else whole[name]
                for name in whole
            }
        np.savez(self.folder / "vectors.npz", **self.vectors)
        golden = {"id": "golden", "test": "golden", "max_lsb": 0, "allow_fraction": "0 %"}
        self.write("gate.yaml", {"policy": "ports", "rules": [golden, {"id": "faults", "test": "no_faults"}]})

    def plug_in(self, command: list[str], **more: str) -> None:
        board: dict[str, Any] = {"name": "b1", "provenance": "emulated"} | more
        board["link"] = {"driver": "process", "command": command}
        self.write("bench.yaml", {"bench": "desk", "boards": [board]})

    def assert_golden(self, models: list[str]) -> None:
        for card in self.report()["scorecards"]:
            assert card["golden"] | {"first": None} == {
                "compared": VECTORS,
                "differing": 0,
                "max_lsb": 0,
                "first": None,
            }
        for model in models:
            assert stored_outputs(self, model) == self.vectors[f"golden_{model}"].tobytes(), model


def test_models_in_flash_are_compared_on_a_board_of_16_kilobytes(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    models = ["shipped", "slim"]
    for model in models:  # in one build folder: only the model is compiled anew
        image = build("microbit", tmp_path / "build", f"-DMODEL={WAKE_WORD / 'models' / model}.tflite")
        shutil.copy(image, tmp_path / f"{model}.elf")
    entries = {model: {"image": f"{model}.elf", "golden": f"golden_{model}"} for model in models}
    roles = {"baseline": "shipped", "candidates": ["slim"]}
    desk.write("campaign.yaml", desk.read("campaign.yaml") | {"models": entries} | roles)
    codes = []
    for model, more in zip(models, ([], ["--resume"]), strict=True):
        image = tmp_path / f"{model}.elf"
        desk.plug_in(emulator(["qemu-system-arm", "-M", "microbit"], image), image=str(image))
        codes.append(desk.call("run", *more).code)
    assert codes == [3, 0], "the first image alone is not judged"
    desk.assert_golden(models)


def test_a_riscv_takes_pushed_models(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    image = build("riscv-virt", tmp_path / "build")
    machine = ["qemu-system-riscv32", "-M", "virt", "-bios", "none", "-rtc", "clock=vm"]
    desk.plug_in(emulator(machine, image), image=str(image))
    done = desk.call("run")
    assert done.code == 0, done.out + done.err
    desk.assert_golden(["shipped", "slim", "quick"])
    assert {card["latency"]["suspect"] for card in desk.report()["scorecards"]} == {0}, "both clocks agree"
