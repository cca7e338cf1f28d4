# SPDX-License-Identifier: Apache-2.0
"""Campaigns run by a test, on the board that its process holds."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from ..campaign import Campaign
from ..report import Report
from ..store import Store
from .desk import Desk
from .measurements import board_properties, report_properties


class CampaignOnBoard:
    """campaign(file): runs it and judges it. What the fixture `campaign` gives to one test."""

    def __init__(self, desk: Desk, item: pytest.Item, store: Path) -> None:
        """`store`: the results database, made when it is not there."""
        self._desk, self._item, self._store = desk, item, store

    def __call__(self, file: str | os.PathLike[str], candidates: Sequence[str] = ()) -> Report:
        """The verdicts of these candidates, of all when none is named; raises as Campaign.run."""
        campaign = Campaign(file, candidates)
        board = self._desk.held(self._item)
        was_open = board.is_open
        board.close()  # the campaign opens the line itself
        self._store.parent.mkdir(parents=True, exist_ok=True)
        report = campaign.run(
            store=self._store, bench=self._desk.bench.file, boards=[board.name], is_held=True
        )
        board.check()
        self._record(campaign, report)
        if was_open:
            board.open()
        return report

    def __repr__(self) -> str:
        return "<campaign on a board>"

    def _record(self, campaign: Campaign, report: Report) -> None:
        properties = list(report_properties(campaign.name, report))
        if "board" not in getattr(self._item, "fixturenames", ()):  # which records it itself
            properties += board_properties(Store(self._store).run(report.run_id).trials[0].board)
        self._item.user_properties.extend(properties)
        reasons = "\n".join(f"{each.candidate}: {each.outcome}: {each.reason}" for each in report.verdicts)
        self._item.add_report_section("call", "campaign", reasons)
