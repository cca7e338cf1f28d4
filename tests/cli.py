# SPDX-License-Identifier: Apache-2.0
"""The tinyhil program as users call it, for tests: a campaign in a folder of its own, free to be broken."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import yaml

SOURCE = Path(os.environ["TINYHIL_SOURCE_DIR"])
BINARY = Path(os.environ["TINYHIL_BINARY_DIR"])
TINYHIL = BINARY / "bin" / "tinyhil"
AGENT = BINARY / "bin" / "thil-agent-host"
WAKE_WORD = SOURCE / "scenarios" / "wake_word"
WAKE_WORD_VECTORS = 1264  # of the wake-word scenario


@dataclass
class Outcome:
    code: int
    out: str
    err: str

    def complains(self, code: int, *texts: str) -> None:
        """Asserts exit code and complaint: the three lines of every complaint, `texts` in them."""
        said = f"exit {self.code}\n{self.out}{self.err}"
        assert self.code == code, said
        assert "tinyhil: " in self.err, said
        assert "\n  where:  " in self.err, said
        assert "\n  remedy: " in self.err, said
        for text in texts:
            assert text in self.err, f"`{text}` is missing from:\n{said}"


@dataclass
class Workspace:
    """The wake-word scenario, copied, with the agent as a process for its only board."""

    folder: Path
    agent_options: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        shutil.copytree(WAKE_WORD / "models", self.folder / "models")
        for name in ("vectors.npz", "campaign.yaml", "gate.yaml"):
            shutil.copy(WAKE_WORD / name, self.folder)
        self.write_bench([str(AGENT), *self.agent_options])
        policy = self.read("gate.yaml")
        # A process has no flash and no meter, and its latency depends on its neighbours.
        meaningless = ("latency-p99", "firmware-size", "energy", "battery-life")
        policy["rules"] = [rule for rule in policy["rules"] if rule["id"] not in meaningless]
        self.write("gate.yaml", policy)

    @property
    def store(self) -> Path:
        return self.folder / "results.db"

    @property
    def reports(self) -> Path:
        return self.folder / "reports"

    def write_bench(self, command: list[str]) -> None:
        board: dict[str, Any] = {"name": "b1", "provenance": "process", "image": str(AGENT)}
        board["link"] = {"driver": "process", "command": command}
        self.write("bench.yaml", {"bench": "desk", "boards": [board]})

    def write(self, name: str, content: dict[str, Any]) -> None:
        (self.folder / name).write_text(yaml.safe_dump(content, sort_keys=False))

    def read(self, name: str) -> dict[str, Any]:
        content: dict[str, Any] = yaml.safe_load((self.folder / name).read_text())
        return content

    def command(self, verb: str, *arguments: str) -> list[str]:
        places = ["--store", str(self.store), "--report", str(self.reports)]
        return [str(TINYHIL), verb, str(self.folder / "campaign.yaml"), *places, *arguments]

    def call(self, verb: str, *arguments: str, env: dict[str, str] | None = None) -> Outcome:
        return call(self.command(verb, *arguments), env)

    def call_plain(self, verb: str, *arguments: str, env: dict[str, str] | None = None) -> Outcome:
        """With no more than these arguments."""
        return call([str(TINYHIL), verb, *arguments], env)

    def report(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.reports / "report.json").read_text())
        return document

    def stored(self, query: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(f"file:{self.store}?mode=ro", uri=True) as database:
            return list(database.execute(query))


def call(command: list[str], env: dict[str, str] | None = None) -> Outcome:
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, env=env, check=False)
    return Outcome(done.returncode, done.stdout, done.stderr)


def stored_outputs(desk: Workspace, model: str) -> bytes:
    """In the vectors' order; rows that were lost on the line and asked for again stand in later blocks."""
    query = f"""SELECT block.vector, block.output_size, block.outputs FROM block
                JOIN trial ON trial.id = block.trial
                WHERE trial.model_name = '{model}' AND role IS NULL ORDER BY block.first_vector"""
    outputs: list[tuple[int, bytes]] = []
    for vectors, size, rows in desk.stored(query):
        ordinals = np.frombuffer(vectors, "<u4").tolist()
        outputs += [(ordinal, rows[i * size : (i + 1) * size]) for i, ordinal in enumerate(ordinals)]
    return b"".join(output for _, output in sorted(outputs, key=lambda row: row[0]))


def assert_every_output_is_golden(
    desk: Workspace, models: tuple[str, ...] = ("shipped", "slim", "quick")
) -> None:
    with np.load(WAKE_WORD / "vectors.npz") as vectors:
        for model in models:
            assert stored_outputs(desk, model) == vectors[f"golden_{model}"].tobytes(), model
