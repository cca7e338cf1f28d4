# SPDX-License-Identifier: Apache-2.0
"""The agent as one task of FreeRTOS, beside a task that never waits, on an emulated Cortex-M4."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from foreign_test import PORTS, VECTORS, Desk, build, emulator

CARGO = shutil.which("cargo")
MODELS = ["shipped", "slim"]


def run(*command: str, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """FreeRTOS-Kernel's sources, which a crate carries; Cargo.lock has its digest. No Rust is compiled."""
    if CARGO is None and "CI" not in os.environ:
        pytest.skip("there is no cargo to fetch FreeRTOS's sources with")
    assert CARGO is not None, "CI has to have cargo (1.78 or later)"
    folder = tmp_path_factory.mktemp("freertos")
    for name in ("Cargo.toml", "Cargo.lock"):
        shutil.copy(PORTS / "freertos" / name, folder)
    (folder / "src").mkdir()
    (folder / "src" / "lib.rs").touch()
    run(CARGO, "fetch", "--locked", folder=folder)
    packages = run(CARGO, "metadata", "--locked", "--offline", "--format-version", "1", folder=folder)
    (found,) = [p for p in json.loads(packages)["packages"] if p["name"] == "freertos-next"]
    return Path(found["manifest_path"]).parent / "FreeRTOS-Kernel"


@pytest.mark.parametrize("suspend", [True, False])
def test_outputs_are_golden_beside_a_busy_task_and_disturbed_rows_are_marked(
    tmp_path: Path, kernel: Path, suspend: bool
) -> None:
    desk = Desk(tmp_path)
    options = [f"-DFREERTOS={kernel}", f"-DSUSPEND={'ON' if suspend else 'OFF'}"]
    image = build("freertos", tmp_path / "build", *options)
    desk.plug_in(emulator(["qemu-system-arm", "-M", "mps2-an386"], image), image=str(image))
    policy = desk.read("gate.yaml")
    latency = {"id": "latency", "test": "latency_quantile", "quantile": 0.5, "limit": "1 s"}
    desk.write("gate.yaml", policy | {"rules": [*policy["rules"], latency]})
    done = desk.call("run", "--candidate", "slim")
    assert done.code == (0 if suspend else 4), done.out + done.err  # disturbed rows have no latency to judge
    desk.assert_golden(MODELS)
    for card in desk.report()["scorecards"]:
        assert card["latency"]["disturbed"] == (0 if suspend else VECTORS)
        assert card["latency"]["suspect"] == 0
