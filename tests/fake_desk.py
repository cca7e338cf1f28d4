# SPDX-License-Identifier: Apache-2.0
"""Campaigns on the fake engine: small models, outputs known beforehand, inferences as long as asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cli import BINARY, Workspace

FAKE_AGENT = BINARY / "bin" / "thil-agent-fake"
OUTPUTS = 12
MODELS = {"one": 7, "two": 100}  # with its bias, by which their outputs differ
OVERFLOW, CRASH, HANG, FAIL = 0xEB, 0xEC, 0xED, 0xEE  # as the first byte of a vector
COPY = b"\1"  # at the end of a model's file
SPECIAL = range(0xEB, 0xEF)

Bytes = np.ndarray[Any, np.dtype[np.int8]]
Row = tuple[str, int, int]  # model, vector, repeat


def noise(count: int, size: int = 490, seed: int = 1) -> Bytes:
    """Vectors that the engine treats all alike."""
    vectors = np.random.default_rng(seed).integers(-128, 128, (count, size), dtype=np.int8)
    vectors[np.isin(vectors[:, 0].view(np.uint8), SPECIAL), 0] = 0
    return vectors


def golden(vectors: Bytes, bias: int) -> Bytes:
    sums = vectors.view(np.uint8).sum(axis=1, dtype=np.uint64) + bias
    outputs: Bytes = (sums[:, None] + np.arange(OUTPUTS, dtype=np.uint64)).astype(np.uint8).view(np.int8)
    return outputs


@dataclass
class FakeDesk(Workspace):
    """A campaign of two models over these vectors, `one` as baseline, on the fake agent as a process."""

    vectors: Bytes = field(default_factory=lambda: noise(100))
    repeats: int = 1
    copies: bool = False  # what `one` does, instead of adding up and of crashing where it is told to

    def __post_init__(self) -> None:
        vectors = self.vectors
        arrays: dict[str, Any] = {"inputs": vectors, "labels": np.zeros(len(vectors), np.uint8)}
        arrays["classes"] = np.array([f"c{i}" for i in range(OUTPUTS)], dtype="S")
        models = {}
        for name, bias in MODELS.items():
            size = vectors.shape[1].to_bytes(2, "little") + OUTPUTS.to_bytes(2, "little")
            (self.folder / f"{name}.bin").write_bytes(b"F\0" + size + bytes([bias]) + self.kind(name))
            arrays[f"golden_{name}"] = self.golden(name)
            models[name] = {"file": f"{name}.bin", "golden": f"golden_{name}"}
        np.savez(self.folder / "vectors.npz", **arrays)
        rules = [
            {"id": "golden", "test": "golden", "max_lsb": 0, "allow_fraction": "0 %"},
            {"id": "no-faults", "test": "no_faults"},
        ]
        self.write("gate.yaml", {"policy": "outputs", "rules": rules})
        campaign = {"campaign": "fake", "vectors": "vectors.npz", "models": models, "repeats": self.repeats}
        roles = {"baseline": "one", "candidates": ["two"], "bench": "bench.yaml", "gate": "gate.yaml"}
        self.write("campaign.yaml", campaign | roles)
        self.link({"driver": "process", "command": [str(FAKE_AGENT), *self.agent_options]})

    def kind(self, model: str) -> bytes:
        return COPY if self.copies and model == "one" else b""

    def golden(self, model: str) -> Bytes:
        return self.vectors[:, :OUTPUTS] if self.kind(model) else golden(self.vectors, MODELS[model])

    def link(self, link: dict[str, Any], **board: Any) -> None:
        entry = {"name": "b1", "provenance": "process", "image": str(FAKE_AGENT), "link": link} | board
        self.write("bench.yaml", {"bench": "desk", "boards": [entry]})

    def change(self, **keys: Any) -> None:
        self.write("campaign.yaml", self.read("campaign.yaml") | keys)


@dataclass
class Rows:
    """What a store holds of its last run: status and output of each inference, and what it holds twice."""

    found: dict[Row, tuple[int, bytes]]
    twice: int

    def missing(self, wanted: Rows) -> int:
        return len(wanted.found.keys() - self.found.keys())

    def wrong(self, wanted: Rows) -> int:
        """Also those that should not be there."""
        return sum(wanted.found.get(row) != value for row, value in self.found.items())


STORED_BLOCKS = """SELECT model_name, vector, repeat, status, output_size, outputs FROM block
                   JOIN trial ON trial.id = block.trial
                   WHERE run = (SELECT MAX(run) FROM trial) AND role IS NULL"""


def stored_rows(desk: Workspace) -> Rows:
    return rows_in(desk.stored(STORED_BLOCKS))


def rows_in(blocks: Iterable[Any]) -> Rows:
    """Of the query above."""
    rows = Rows({}, 0)
    for model, vector, repeat, status, size, outputs in blocks:
        vectors, repeats = np.frombuffer(vector, "<u4").tolist(), np.frombuffer(repeat, "<u2").tolist()
        for i, place in enumerate(zip(vectors, repeats, strict=True)):
            row = (model, *place)
            rows.twice += row in rows.found
            rows.found[row] = (status[i], outputs[i * size : (i + 1) * size])
    return rows
