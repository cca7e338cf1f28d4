# SPDX-License-Identifier: Apache-2.0
"""Real runs for the tests of what is exported, on the agent as a process."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tinyhil import Campaign, Report, Run, Store

SOURCE = Path(os.environ["TINYHIL_SOURCE_DIR"])
PROGRAMS = Path(os.environ["TINYHIL_BINARY_DIR"]) / "bin"
AGENT, FAKE_AGENT = PROGRAMS / "thil-agent-host", PROGRAMS / "thil-agent-fake"
WAKE_WORD = SOURCE / "scenarios" / "wake_word"
MEANINGLESS = ("latency-p99", "firmware-size")  # of a process
FAIL = 0xEE  # what makes the fake engine fail an inference: a vector's first byte


@dataclass(frozen=True)
class Exported:
    """A stored run with what it was made from."""

    campaign: Campaign
    store: Path
    report: Report

    @property
    def run(self) -> Run:
        return Store(self.store).run(self.report.run_id)


def write_yaml(file: Path, content: dict[str, Any]) -> None:
    file.write_text(yaml.safe_dump(content, sort_keys=False))


def board(name: str, agent: Path = AGENT) -> dict[str, Any]:
    link = {"driver": "process", "command": [str(agent)]}
    return {"name": name, "provenance": "process", "image": str(agent), "link": link}


def run_campaign(folder: Path, boards: tuple[str, ...] = ()) -> Exported:
    """Runs and judges campaign.yaml of the folder."""
    campaign, store = Campaign(folder / "campaign.yaml"), folder / "results.db"
    return Exported(campaign, store, campaign.run(store=store, boards=boards, progress=False))


def run_wake_word(folder: Path, boards: tuple[str, ...] = (), **changes: Any) -> Exported:
    """The campaign with some keys changed, run and judged in a folder of its own."""
    write_yaml(folder / "bench.yaml", {"bench": "desk", "boards": [board("b1"), board("b2")]})
    policy = yaml.safe_load((WAKE_WORD / "gate.yaml").read_text())
    policy["rules"] = [rule for rule in policy["rules"] if rule["id"] not in MEANINGLESS]
    write_yaml(folder / "gate.yaml", policy)
    campaign = yaml.safe_load((WAKE_WORD / "campaign.yaml").read_text())
    campaign["vectors"] = str(WAKE_WORD / "vectors.npz")
    for model in campaign["models"].values():
        model["file"] = str(WAKE_WORD / model["file"])
    write_yaml(folder / "campaign.yaml", campaign | changes)
    return run_campaign(folder, boards)
