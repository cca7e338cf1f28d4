# SPDX-License-Identifier: Apache-2.0
"""What the gate says, as values; docs/schema/report.schema.json describes the whole document."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import _core

Document = dict[str, Any]


@dataclass(frozen=True)
class Finding:
    """One rule on one candidate. `checks`: estimate, interval and limit of each part, as in report.json."""

    rule: str
    kind: str
    severity: str
    outcome: str
    reason: str
    checks: list[Document]


@dataclass(frozen=True)
class Verdict:
    """A candidate against the baseline: outcome is pass, fail, inconclusive, error or waived."""

    candidate: str
    baseline: str
    outcome: str
    reason: str
    findings: list[Finding]

    def finding(self, rule: str) -> Finding:
        """The finding of a rule by its id; KeyError when the policy has no such rule."""
        for each in self.findings:
            if each.rule == rule:
                return each
        raise KeyError(rule)


class Report:
    """A judged run. `verdicts` in the campaign's order; `document` is the whole report.json."""

    def __init__(self, inputs: _core.Inputs, judged: _core.Judged) -> None:
        """Of the campaign `inputs`, judged by the C++ gate; nothing is computed here."""
        self.inputs, self._judged = inputs, judged
        self.document: Document = json.loads(judged.json())
        self.verdicts = [_verdict(each) for each in self.document["verdicts"]]

    @property
    def run_id(self) -> int:
        return self._judged.run.id

    @property
    def exit_code(self) -> int:
        """As of the command line: 0 pass, 1 fail, 3 inconclusive, 4 error, 5 waived; of the worst verdict."""
        return self._judged.exit_code

    @property
    def passed(self) -> bool:
        """Every candidate passed; a waived one did not."""
        return self.exit_code == 0

    def verdict(self, candidate: str) -> Verdict:
        """Of one candidate; KeyError for one that was not judged."""
        for each in self.verdicts:
            if each.candidate == candidate:
                return each
        raise KeyError(candidate)

    def scorecard(self, model: str) -> Document:
        """Accuracy (over all and by slice), latency and memory of one model, as in report.json."""
        for each in self.document["scorecards"]:
            if each["trial"]["model"] == model:
                found: Document = each
                return found
        raise KeyError(model)

    @property
    def energies(self) -> list[_core.BoardEnergy]:
        """By board and meter, the baseline's first; none where nothing measured current."""
        return self._judged.energies

    def energy(self, model: str, board: str | None = None) -> _core.ModelEnergy:
        """Of one model, on a board where several were measured; KeyError when there is none."""
        for each in self.energies:
            for energy in each.models:
                if energy.model == model and board in (None, each.board):
                    return energy
        raise KeyError(model)

    def write(self, folder: str | os.PathLike[str]) -> Path:
        """Writes HTML, Markdown, JUnit, SARIF, OpenMetrics and JSON; returns the path of report.html."""
        self._judged.write(Path(folder))
        return Path(folder) / "report.html"

    def __repr__(self) -> str:
        said = ", ".join(f"{each.candidate}: {each.outcome}" for each in self.verdicts)
        return f"<Report of run {self.run_id}: {said}>"


def _verdict(document: Document) -> Verdict:
    findings = [
        Finding(each["rule"], each["kind"], each["severity"], each["outcome"], each["reason"], each["checks"])
        for each in document["findings"]
    ]
    return Verdict(
        document["candidate"], document["baseline"], document["outcome"], document["reason"], findings
    )
