# SPDX-License-Identifier: Apache-2.0
"""The module files of other build systems: each is read by its own tool, and the agent is built by the tool
where it can be had (PlatformIO, Arduino), else by stand-ins for the few functions of the tool that our files
call (Zephyr, ESP-IDF). No vendor's compiler is needed: the processor is this machine's.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import kconfiglib
import pytest
import yaml
from idf_component_tools.manager import ManifestManager
from platformio.dependencies import get_core_dependencies
from platformio.package.manifest.parser import ManifestParserFactory
from platformio.package.manifest.schema import ManifestSchema

SOURCE = Path(os.environ["TINYHIL_SOURCE_DIR"])
AGENT = SOURCE / "device-agent"
PORT = AGENT / "ports/template/port.c"
HERE = Path(__file__).parent
STANDINS = HERE / "standins"
ENGINES = ("REFERENCE", "FIXED", "CALLBACK", "NONE", "OWN")
MAIN = """
#include <thil/agent.h>

int main(void) {
  thil_agent_start();
  while (thil_agent_step()) {
  }
  thil_agent_stop();
  return 0;
}
"""

MODEL = """
#include "thil/fixed.h"

const uint8_t thil_fixed_model[] __attribute__((aligned(4))) = {1, 2, 3};
const size_t thil_fixed_model_size = sizeof thil_fixed_model;
"""


def succeed(*command: str | Path, folder: Path, **environment: str) -> str:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=os.environ | environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def project_version() -> str:
    found = re.search(r"project\(tinyhil VERSION ([0-9.]+)", (SOURCE / "CMakeLists.txt").read_text())
    assert found
    return found[1]


def platformio_manifest(path: Path) -> dict[str, object]:
    manifest: dict[str, object] = ManifestParserFactory.new_from_file(str(path)).as_dict()
    return manifest


@pytest.mark.parametrize("path", ["library.json", "arduino/library.properties"])
def test_a_manifest_of_a_library_is_valid(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"licenses": [{"licenseId": "Apache-2.0"}]}  # what PlatformIO would download
    monkeypatch.setattr(ManifestSchema, "load_spdx_licenses", lambda *_: known)
    manifest = platformio_manifest(AGENT / path)
    ManifestSchema().load_manifest(manifest)
    assert manifest["version"] == project_version()


def test_platformio_builds_the_library(tmp_path: Path) -> None:
    """With its own builder; platform and SCons, which it would download, are put into its folder."""
    core = tmp_path / "core"
    shutil.copytree(STANDINS / "platformio", core)
    requirement = get_core_dependencies()["tool-scons"].lstrip("~^")
    for name in ("package.json", ".piopm"):
        file = core / "packages/tool-scons" / name
        file.write_text(file.read_text().replace("VERSION", requirement))
    sources = tmp_path / "project/src"
    sources.mkdir(parents=True)
    shutil.copy(PORT, sources)
    (sources / "main.c").write_text(MAIN)
    ini = f"[env:here]\nplatform = standin\nlib_deps = symlink://{AGENT}\nbuild_flags = -Wall -Werror\n"
    (tmp_path / "project/platformio.ini").write_text(ini)
    succeed(
        sys.executable,
        "-m",
        "platformio",
        "run",
        folder=tmp_path / "project",
        PLATFORMIO_CORE_DIR=str(core),
        PLATFORMIO_SETTING_ENABLE_TELEMETRY="no",
    )
    succeed(tmp_path / "project/.pio/build/here/program", folder=tmp_path)


def test_arduino_builds_the_library_and_its_example(tmp_path: Path) -> None:
    """With the Arduino builder, for a platform that is this machine."""
    libraries = tmp_path / "libraries"
    succeed(sys.executable, AGENT / "arduino/make_library.py", libraries, folder=tmp_path)
    hardware: list[str | Path] = [
        "-hardware",
        STANDINS / "arduino",
        "-hardware",
        "/usr/share/arduino-builder",
    ]
    folders: list[str | Path] = [
        "-tools",
        "/usr/bin",
        "-libraries",
        libraries,
        "-build-path",
        tmp_path / "build",
    ]
    (tmp_path / "build").mkdir()
    sketch = libraries / "tinyhil-agent/examples/Agent/Agent.ino"
    command: list[str | Path] = ["arduino-builder", "-compile", *hardware, *folders]
    succeed(*command, "-fqbn", "standin:here:here", sketch, folder=tmp_path)
    succeed(tmp_path / "build/Agent.ino.elf", folder=tmp_path)


def test_esp_idfs_component_manager_takes_the_manifest() -> None:
    manifest = ManifestManager(str(AGENT), "tinyhil").validate().load()
    assert str(manifest.version) == project_version()


def test_zephyrs_module_file_names_what_is_there() -> None:
    """Zephyr knows these keys, and wants a CMakeLists.txt in the one and a file at the other."""
    module = yaml.safe_load((AGENT / "zephyr/module.yml").read_text())
    assert set(module) == {"name", "build"}
    assert set(module["build"]) == {"cmake", "kconfig"}
    assert (AGENT / module["build"]["cmake"] / "CMakeLists.txt").is_file()
    assert (AGENT / module["build"]["kconfig"]).is_file()


def configured(kconfig: Path, *chosen: str) -> dict[str, bool]:
    """What Kconfig makes of these choices: every symbol's value."""
    options = kconfiglib.Kconfig(str(kconfig), warn_to_stderr=False)
    for name in chosen:
        options.syms[name].set_value("y")
    assert options.warnings == []
    return {name: symbol.str_value == "y" for name, symbol in options.syms.items()}


@pytest.mark.parametrize("system", ["zephyr", "esp_idf"])
@pytest.mark.parametrize("engine", ENGINES)
def test_a_build_system_with_kconfig_builds_the_agent_with_each_engine(
    tmp_path: Path, system: str, engine: str
) -> None:
    kconfig = AGENT / ("zephyr/Kconfig" if system == "zephyr" else "Kconfig")
    symbols = configured(kconfig, *(["TINYHIL"] if system == "zephyr" else []), f"TINYHIL_ENGINE_{engine}")
    assert [name for name in ENGINES if symbols[f"TINYHIL_ENGINE_{name}"]] == [engine]
    (tmp_path / "main.c").write_text(MAIN)
    (tmp_path / "model.c").write_text(MODEL)
    set_options = [f"-DCONFIG_{name}=y" for name, value in symbols.items() if value]
    own = {
        "FIXED": tmp_path / "model.c",
        "CALLBACK": AGENT / "engines/callback/example.c",
        "OWN": AGENT / "engines/none/engine.c",
    }.get(engine, "")
    given = [f"-DAGENT={AGENT}", f"-DAPPLICATION={tmp_path / 'main.c'};{PORT};{own}"]
    succeed("cmake", "-G", "Ninja", "-B", "build", *set_options, *given, STANDINS / system, folder=tmp_path)
    succeed("cmake", "--build", "build", folder=tmp_path)
    succeed("build/firmware", folder=tmp_path)


def test_zephyr_builds_nothing_without_its_option(tmp_path: Path) -> None:
    assert not configured(AGENT / "zephyr/Kconfig")["TINYHIL"]
    given = [f"-DAGENT={AGENT}", "-DAPPLICATION="]
    succeed("cmake", "-G", "Ninja", "-B", "build", *given, STANDINS / "zephyr", folder=tmp_path)
    assert "agent.c" not in (tmp_path / "build/build.ninja").read_text()


def test_esp_idf_can_ask_for_requirements_before_there_is_a_project(tmp_path: Path) -> None:
    """It reads the component in script mode first, where CMake knows neither project() nor targets."""
    script = tmp_path / "requirements.cmake"
    script.write_text(
        "set(ESP_PLATFORM 1)\n"
        "macro(idf_component_register)\n  message(STATUS registered)\n  return()\nendmacro()\n"
        f"include({AGENT}/CMakeLists.txt)\n"
    )
    assert "registered" in succeed("cmake", "-P", script, folder=tmp_path)
