# SPDX-License-Identifier: Apache-2.0
"""An evidence bundle, named by its digest: is it about this run, and about which candidates?

Whether it is genuine is not asked here; `tinyhil verify` tells.
"""

from __future__ import annotations

import hashlib
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import UsageError
from ...report import Report

_SAME_RUN = ("campaign_digest", "policy_digest", "started_at", "host")


@dataclass(frozen=True)
class Evidence:
    """`sha256` of the bundle, and the candidates that it judges."""

    sha256: str
    candidates: list[str]

    def tags(self, model: str | None = None) -> dict[str, str]:
        """For the run of a model: none unless the bundle judges it. For the campaign's run without one."""
        return {"hil.evidence.sha256": self.sha256} if model is None or model in self.candidates else {}


def evidence_of(file: Path, report: Report) -> Evidence:
    """Raises UsageError for what is no bundle, or one of another run or with other verdicts."""
    ours, theirs = report.document, _results(file)
    if any(ours["run"][name] != theirs["run"].get(name) for name in _SAME_RUN):
        raise UsageError("the bundle is about another run", str(file), "bundle this one: tinyhil bundle")
    said = {each["candidate"]: each["outcome"] for each in theirs["verdicts"]}
    for verdict in report.verdicts:
        outcome = said.get(verdict.candidate, verdict.outcome)
        if outcome != verdict.outcome:
            raise UsageError(
                f"the bundle says {outcome} of {verdict.candidate}, the report {verdict.outcome}",
                str(file),
                "bundle the run again: policy, or time for its waivers, has gone on",
            )
    return Evidence(_digest(file), list(said))


def _results(file: Path) -> dict[str, Any]:
    try:
        with tarfile.open(file) as bundle:
            entry = bundle.extractfile("results.json")
            document = json.load(entry) if entry else {}
            return {"run": document["run"], "verdicts": document["verdicts"]}
    except (OSError, KeyError, ValueError, tarfile.TarError) as error:
        raise UsageError(f"this is no bundle: {error}", str(file), "make one: tinyhil bundle") from error


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while part := stream.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()
