# SPDX-License-Identifier: Apache-2.0
"""A board that is a process, with stand-ins for the tool that programs it and the switch of its supply."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli import AGENT


@dataclass
class Means:
    """Programs in a folder; each notes that it was started, with which arguments."""

    folder: Path

    def __post_init__(self) -> None:
        for name in ("tool", "switch"):
            self.stand_in(name, "exit 0")

    def stand_in(self, name: str, then: str) -> None:
        """`then`: lines of shell after the note."""
        program = self.folder / name
        program.write_text(f'#!/bin/sh\necho {name} "$@" >> {self.folder / "notes"}\n{then}\n')
        program.chmod(0o755)

    def notes(self) -> list[str]:
        file = self.folder / "notes"
        return file.read_text().splitlines() if file.exists() else []

    def board(self, name: str, agent: Path = AGENT) -> dict[str, Any]:
        """As a bench file has it."""
        return {
            "name": name,
            "provenance": "process",
            "image": str(agent),
            "labels": {"kind": "host"},
            "flash": {"tool": "probe-rs", "chip": "X", "program": str(self.folder / "tool")},
            "power": {"command": [str(self.folder / "switch"), "cycle"]},
            "link": {"driver": "process", "command": [str(agent)]},
        }
