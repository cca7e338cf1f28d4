# SPDX-License-Identifier: Apache-2.0
"""The same emulated board, reached in several ways: bench files and the simulated probe."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
MACHINE = "mps2-an386"
IMAGES = ROOT / f"build/firmware-{MACHINE}"
TINYHIL = ROOT / "build/dev/bin/tinyhil"
SERIAL = "BENCH"
TITLES = {
    "memory": "probe, slots by memory",
    "memory-cmsis-dap": "the same, CMSIS-DAP",
    "rings": "probe, frames through rings",
    "uart": "UART, as fast as QEMU",
    "uart-921600": "UART at 921,600 baud",
    "uart-115200": "UART at 115,200 baud",
}


def paced(baud: int) -> dict[str, Any]:
    board = [str(TINYHIL), "sim", "board", "--machine", MACHINE, "--image", str(IMAGES / "agent.elf")]
    return {
        "driver": "process",
        "command": [str(TINYHIL), "sim", "line", "--baud", str(baud), "--latency", "1ms", "--", *board],
    }


def at_probe(kind: str, **more: str) -> dict[str, Any]:
    return {"driver": "openocd", "probe": SERIAL, "config": [f"{kind}.cfg"], **more}


def write_bench(folder: Path) -> Path:
    """Where the image is no ELF file, nothing tells what may be written: frames then."""
    links = {
        "memory": ("agent-rtt.elf", at_probe("st-link")),
        "memory-cmsis-dap": ("agent-rtt.elf", at_probe("cmsis-dap")),
        "rings": ("agent-rtt.bin", at_probe("st-link", search="0x20000000")),
        "uart": ("agent.elf", {"driver": "emulated", "machine": MACHINE}),
        "uart-921600": ("agent.elf", paced(921_600)),
        "uart-115200": ("agent.elf", paced(115_200)),
    }
    boards = [
        {"name": name, "provenance": "emulated", "image": str(IMAGES / image), "link": link}
        for name, (image, link) in links.items()
    ]
    file = folder / "bench.yaml"
    file.write_text(yaml.safe_dump({"bench": "probe", "boards": boards}, sort_keys=False))
    return file


@contextlib.contextmanager
def probe(folder: Path, kind: str) -> Iterator[dict[str, str]]:
    """A simulated probe with its board; what has to be in the environment of its hosts."""
    command = [str(TINYHIL), "sim", "probe", "--machine", MACHINE, "--as", kind, "--serial", SERIAL]
    command += ["--firmware", str(IMAGES / "agent-rtt.elf"), "--openocd-config", str(folder / f"{kind}.cfg")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield {**os.environ, **json.loads(process.stdout.readline()).get("environment", {})}
        finally:
            process.terminate()
