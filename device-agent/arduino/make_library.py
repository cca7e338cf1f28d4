#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lays the agent out as an Arduino library: make_library.py FOLDER makes FOLDER/tinyhil-agent.

The Arduino builder compiles what lies in a library's src/ and nothing else, so the files are copied there.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent
AGENT = HERE.parent
COMPILED = ("wire", "agent", "engines/reference")


def copy(files: list[Path], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copy(file, folder)


def make_library(where: Path) -> Path:
    library = where / "tinyhil-agent"
    copy([HERE / "library.properties"], library)
    copy([HERE / "tinyhil_agent.h"], library / "src")
    copy(sorted((AGENT / "include/thil").iterdir()), library / "src/thil")
    for folder in COMPILED:
        files = [file for file in (AGENT / folder).iterdir() if file.suffix in (".c", ".h", ".def")]
        copy(sorted(files), library / "src" / folder)
    example = library / "examples/Agent"
    copy([HERE / "examples/Agent/Agent.ino", AGENT / "ports/template/port.c"], example)
    return library


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="for example ~/Arduino/libraries")
    print(make_library(parser.parse_args().folder))


if __name__ == "__main__":
    main()
