# SPDX-License-Identifier: Apache-2.0
"""The wheel: installed into a new venv, used from elsewhere.

It is made around the module of the build tree. With TINYHIL_WHEEL=isolated, as in `./dev check --all`, pip
builds it from the sources alone, which compiles everything once more.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desk import AGENT, BINARY, SOURCE, WAKE_WORD

USE = """
import importlib.metadata, sys
import numpy as np
import tinyhil

assert "site-packages" in tinyhil.__file__, tinyhil.__file__
assert importlib.metadata.version("tinyhil") == tinyhil.__version__
with np.load(sys.argv[2]) as file, tinyhil.Board.process([sys.argv[1]]) as board:
    board.load(sys.argv[3])
    assert (board.infer(file["inputs"][:50]).raw == file["golden_slim"][:50]).all()
print(tinyhil.__version__)
"""


def pip(python: Path, *words: str | Path) -> None:
    command = [python, "-m", "pip", *words, "-q", "--disable-pip-version-check"]
    subprocess.run(command, check=True, timeout=1500)


def build_wheel(folder: Path) -> Path:
    how = ["--config-settings=cmake.define.CMAKE_CXX_FLAGS_RELEASE=-O0"]  # this is about packaging
    if os.environ.get("TINYHIL_WHEEL") != "isolated":
        how = [
            "--no-build-isolation",
            f"--config-settings=build-dir={folder / 'build'}",
            "--config-settings=cmake.source-dir=tests/prebuilt",
            f"--config-settings=cmake.define.TINYHIL_BINARY_DIR={BINARY}",
        ]
    pip(Path(sys.executable), "wheel", "--no-deps", "-w", folder, *how, SOURCE / "python")
    (wheel,) = folder.glob("tinyhil-*.whl")
    return wheel


@pytest.fixture(scope="module")
def venv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new venv that holds the wheel, and what the wheel asks for, and pytest."""
    folder = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True, timeout=120)
    pip(folder / "bin" / "python", "install", "pytest", build_wheel(tmp_path_factory.mktemp("wheel")))
    return folder


def said_by(venv: Path, folder: Path, *words: str | Path) -> str:
    """What the venv's Python prints, run in a folder where nothing of ours lies."""
    command = [str(venv / "bin" / "python"), *map(str, words)]
    done = subprocess.run(
        command, cwd=folder, env={}, check=True, timeout=60, stdout=subprocess.PIPE, text=True
    )
    return str(done.stdout)


def test_an_installed_package_runs_a_model(venv: Path, tmp_path: Path) -> None:
    files = (WAKE_WORD / "vectors.npz", WAKE_WORD / "models" / "slim.tflite")
    command = [str(BINARY / "bin" / "tinyhil"), "--version"]
    version = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    assert said_by(venv, tmp_path, "-c", USE, AGENT, *files) == version


def test_pytest_knows_the_plugin_of_an_installed_package(venv: Path, tmp_path: Path) -> None:
    assert "--tinyhil-bench" in said_by(venv, tmp_path, "-m", "pytest", "--help")


def test_types_and_sources_are_in_the_package(venv: Path) -> None:
    (package,) = venv.glob("lib/python3*/site-packages/tinyhil")
    here = {
        str(file.relative_to(SOURCE / "python" / "tinyhil"))
        for file in (SOURCE / "python" / "tinyhil").rglob("*")
        if file.suffix in (".py", ".pyi") or file.name == "py.typed"
    }
    installed = {str(file.relative_to(package)) for file in package.rglob("*")}
    assert here <= installed
    assert any(name.startswith("_core.cpython") for name in installed)
