# SPDX-License-Identifier: Apache-2.0
"""Boards and models for tests: the real agent as a process, with the reference or the fake engine."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import yaml

SOURCE = Path(os.environ["TINYHIL_SOURCE_DIR"])
BINARY = Path(os.environ["TINYHIL_BINARY_DIR"])
AGENT = BINARY / "bin" / "thil-agent-host"
FAKE_AGENT = BINARY / "bin" / "thil-agent-fake"
WAKE_WORD = SOURCE / "scenarios" / "wake_word"
WAKE_WORD_VECTORS = 1264  # of the wake-word scenario
FIRMWARE = SOURCE / "build" / "firmware-mps2-an386" / "agent.elf"

CRASH, HANG, FAIL = 0xEC, 0xED, 0xEE  # what the fake engine does on a vector that begins with it


def fake_model(inputs: int = 4, outputs: int = 2, bias: int = 0, status: int = 0) -> bytes:
    """output[i] = sum of the input + bias + i, int8; `status`: what loading it ends with."""
    size = inputs.to_bytes(2, "little") + outputs.to_bytes(2, "little")
    return b"F" + bytes([status]) + size + bytes([bias])


def fake_model_of_several(bias: int = 0) -> bytes:
    """Four bytes in two inputs, five bytes in two outputs of two and three."""
    return fake_model(4, 5, bias) + bytes([0, 2, 2])


def vectors(*firsts: int, size: int = 4) -> np.ndarray[Any, np.dtype[np.int8]]:
    """One vector for each first byte, the rest zero."""
    x = np.zeros((len(firsts), size), np.uint8)
    x[:, 0] = firsts
    return x.view(np.int8)


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def write_yaml(file: Path, content: dict[str, Any]) -> Path:
    file.write_text(yaml.safe_dump(content, sort_keys=False))
    return file


def write_bench(folder: Path, *names: str, agent: Path = AGENT, options: tuple[str, ...] = ()) -> Path:
    """A bench with boards of these names, each the agent as a process."""
    boards = [
        {
            "name": name,
            "provenance": "process",
            "image": str(agent),
            "link": {"driver": "process", "command": [str(agent), *options]},
        }
        for name in names
    ]
    return write_yaml(folder / "bench.yaml", {"bench": "desk", "boards": boards})


def write_wake_word(folder: Path) -> Path:
    """The wake-word campaign on a process board `b1`, without rules that it cannot answer, nor a meter."""
    write_bench(folder, "b1", "b2")
    policy = yaml.safe_load((WAKE_WORD / "gate.yaml").read_text())
    meaningless = ("latency-p99", "firmware-size", "energy", "battery-life")
    policy["rules"] = [rule for rule in policy["rules"] if rule["id"] not in meaningless]
    write_yaml(folder / "gate.yaml", policy)
    campaign = yaml.safe_load((WAKE_WORD / "campaign.yaml").read_text())
    campaign["vectors"] = str(WAKE_WORD / "vectors.npz")
    for model in campaign["models"].values():
        model["file"] = str(WAKE_WORD / model["file"])
    return write_yaml(folder / "campaign.yaml", campaign | {"bench": "bench.yaml", "gate": "gate.yaml"})
