#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tools/coverage.py BUILD: the share of lines that the tests of a TINYHIL_COVERAGE tree ran, by folder."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("harness/", "device-agent/", "python/core/")
NOT_PRODUCT = r".*(_test\.|/fuzz_|/testing/|/tests/|/ports/test/).*"


def measure(build: Path) -> dict[str, list[dict[str, int]]]:
    """Lines by file."""
    command = [sys.executable, "-m", "gcovr", "--root", str(ROOT), "--object-directory", str(build)]
    command += [word for folder in FOLDERS for word in ("--filter", str(ROOT / folder))]
    command += ["--gcov-ignore-errors=no_working_dir_found", "--gcov-ignore-parse-errors=all"]
    command += ["--exclude", NOT_PRODUCT, "--json", "-", "-j2", str(build)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return {file["file"]: file["lines"] for file in json.loads(said)["files"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=Path)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for file, lines in measure(parser.parse_args().build.resolve()).items():
        for folder in ("all", str(Path(file).parent)):
            counts[folder][0] += sum(line["count"] > 0 for line in lines)
            counts[folder][1] += len(lines)
    print(f"{'lines run by the tests':44}{'run':>8}{'of':>8}{'':>8}")
    for folder, (run, of) in sorted(counts.items(), key=lambda item: (item[0] != "all", item[0])):
        print(f"{folder:44}{run:8}{of:8}{run / max(of, 1):8.1%}")


if __name__ == "__main__":
    main()
