# SPDX-License-Identifier: Apache-2.0
"""Real runs for the tests of what is exported, on the agent as a process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from desk import write_wake_word, write_yaml
from tinyhil import Campaign, Report, Run, Store


@dataclass(frozen=True)
class Exported:
    """A stored run with what it was made from."""

    campaign: Campaign
    store: Path
    report: Report

    @property
    def run(self) -> Run:
        return Store(self.store).run(self.report.run_id)


def run_campaign(file: Path, boards: tuple[str, ...] = ()) -> Exported:
    """Runs and judges it; the store lies beside it."""
    campaign, store = Campaign(file), file.parent / "results.db"
    return Exported(campaign, store, campaign.run(store=store, boards=boards, progress=False))


def run_wake_word(folder: Path, boards: tuple[str, ...] = (), **changes: Any) -> Exported:
    """The wake-word campaign with some keys changed, run and judged in a folder of its own."""
    file = write_wake_word(folder)
    write_yaml(file, yaml.safe_load(file.read_text()) | changes)
    return run_campaign(file, boards)
