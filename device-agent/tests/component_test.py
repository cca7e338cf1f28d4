# SPDX-License-Identifier: Apache-2.0
"""The device agent in somebody else's build: what docs/porting.md says in its first step, done."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(os.environ["TINYHIL_SOURCE_DIR"])
AGENT = SOURCE / "device-agent"
STRICT = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion", "-Wshadow"]
FOREIGN = f"""
cmake_minimum_required(VERSION 3.16)
project(firmware LANGUAGES C)
add_subdirectory({AGENT} tinyhil)
add_executable(firmware main.c {AGENT}/ports/template/port.c)
target_link_libraries(firmware PRIVATE tinyhil::agent tinyhil::engine_reference)
"""
GUEST = """
#include "thil/agent.h"
#include "thil/callback.h"
#include "thil/fault.h"
#include "thil/port.h"

int main(void) {
  thil_agent_start();
  while (thil_agent_step()) {
  }
  thil_agent_log(THIL_LOG_INFO, "done");
  thil_agent_stop();
  return thil_agent_status_get().session ? 1 : 0;
}
"""
MODEL = """
#include "thil/fixed.h"
const uint8_t thil_fixed_model[] __attribute__((aligned(4))) = {1, 2, 3};
const size_t thil_fixed_model_size = sizeof thil_fixed_model;
"""


def succeed(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def engine(name: str, without: str = "") -> list[str]:
    return [str(path) for path in sorted((AGENT / "engines" / name).glob("*.c")) if path.name != without]


def sources(name: str) -> list[str]:
    agent = [str(path) for folder in ("wire", "agent") for path in sorted((AGENT / folder).glob("*.c"))]
    return agent + engine(name)


def test_is_a_component_of_a_project_in_c(tmp_path: Path) -> None:
    (tmp_path / "CMakeLists.txt").write_text(FOREIGN)
    (tmp_path / "main.c").write_text(GUEST)
    succeed("cmake", "-G", "Ninja", "-B", "build", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", folder=tmp_path)
    succeed("cmake", "--build", "build", folder=tmp_path)
    succeed("build/firmware", folder=tmp_path)
    commands = (tmp_path / "build/compile_commands.json").read_text()
    for forced in ("-Werror", "-Wconversion", "-flto", "-pedantic"):
        assert forced not in commands


@pytest.mark.parametrize("name", ["none", "reference"])
def test_its_folders_link_as_they_lie(tmp_path: Path, name: str) -> None:
    (tmp_path / "main.c").write_text(GUEST)
    include = ["-I", str(AGENT / "include")]
    port = str(AGENT / "ports/template/port.c")
    succeed(
        "cc",
        "-std=c99",
        *STRICT,
        *include,
        *sources(name),
        port,
        "main.c",
        "-o",
        "firmware",
        folder=tmp_path,
    )
    succeed("./firmware", folder=tmp_path)


def test_the_engine_with_a_model_in_flash_links_without_the_pushed_one(tmp_path: Path) -> None:
    (tmp_path / "main.c").write_text(GUEST)
    (tmp_path / "model.c").write_text(MODEL)
    files = [*sources("fixed"), *engine("reference", without="pushed.c")]
    port = str(AGENT / "ports/template/port.c")
    include = ["-I", str(AGENT / "include")]
    succeed(
        "cc", "-std=c99", *STRICT, *include, *files, port, "main.c", "model.c", "-o", "f", folder=tmp_path
    )
    succeed("./f", folder=tmp_path)


@pytest.mark.parametrize("alignment", [1, 2, 4])
def test_does_not_compile_where_structs_are_laid_out_otherwise(tmp_path: Path, alignment: int) -> None:
    """1 is what an 8 bit processor has, 2 a 16 bit one; 4 is too little for a pointer of 8 bytes."""
    command: list[str | Path] = [
        "cc",
        "-std=c99",
        "-c",
        "-I",
        AGENT / "include",
        AGENT / "wire/messages.c",
        "-o",
        "messages.o",
    ]
    succeed(*command, folder=tmp_path)
    packed = [*command, f"-fpack-struct={alignment}"]
    done = subprocess.run(packed, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "_has_another_layout" in done.stderr


def test_is_called_from_cpp(tmp_path: Path) -> None:
    (tmp_path / "main.cpp").write_text(GUEST)
    include = ["-I", str(AGENT / "include")]
    port = str(AGENT / "ports/template/port.c")
    succeed("cc", "-std=c99", "-c", *include, *sources("none"), port, folder=tmp_path)
    objects = sorted(str(path) for path in tmp_path.glob("*.o"))
    succeed("c++", "-std=c++11", *STRICT, *include, "main.cpp", *objects, "-o", "firmware", folder=tmp_path)
    succeed("./firmware", folder=tmp_path)


def test_every_symbol_begins_with_thil(tmp_path: Path) -> None:
    succeed("cc", "-std=c99", "-c", "-I", AGENT / "include", *sources("reference"), folder=tmp_path)
    symbols = succeed(
        "nm", "-g", "--defined-only", "--format=just-symbols", *sorted(tmp_path.glob("*.o")), folder=tmp_path
    )
    names = [name for name in symbols.split() if not name.endswith(".o:")]
    assert len(names) > 50
    assert [name for name in names if not name.startswith("thil_")] == []


def test_every_header_is_below_thil() -> None:
    assert [path.name for path in (AGENT / "include").iterdir()] == ["thil"]
