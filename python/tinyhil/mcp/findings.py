# SPDX-License-Identifier: Apache-2.0
"""What an agent asks of a report: the verdict in short, the slices that fail, the vectors that went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..errors import UsageError
from ..store import Run

Document = dict[str, Any]


def short_verdict(report: Mapping[str, Any]) -> Document:
    """Outcome and reason of each candidate, with the rules that do not pass, and who judged what where."""
    return {
        "policy_digest": report["judged_by"]["policy_digest"],
        "is_policy_of_run": report["judged_by"]["is_policy_of_run"],
        "not_shown": [f"{each['topic']}: {each['why']}" for each in report["not_shown"]],
        "candidates": [_candidate(each) for each in report["verdicts"]],
    }


def _candidate(verdict: Mapping[str, Any]) -> Document:
    return {
        "candidate": verdict["candidate"],
        "baseline": verdict["baseline"],
        "outcome": verdict["outcome"],
        "reason": verdict["reason"],
        "rules_not_passed": [_finding(each) for each in verdict["findings"] if each["outcome"] != "pass"],
    }


def _finding(finding: Mapping[str, Any]) -> Document:
    keys = ("subject", "outcome", "n", "unit", "estimate", "interval", "limit", "allowed", "would_change")
    checks = [each for each in finding["checks"] if each["outcome"] != "pass"]
    return {
        **{key: finding[key] for key in ("rule", "kind", "severity", "outcome", "reason")},
        "checks": [{key: each[key] for key in keys} for each in checks],
    }


def slices(report: Mapping[str, Any], candidate: str) -> list[Document]:
    """Accuracy of a candidate by slice beside the baseline's, the widest loss first."""
    ours = _scorecard(report, candidate)
    theirs = _scorecard(report, _baseline_of(report, candidate))
    before = {(each["slice"], each["value"]): each["accuracy"] for each in theirs["slices"]}
    rows = [_slice(each, before.get((each["slice"], each["value"]))) for each in ours["slices"]]
    return sorted(rows, key=lambda row: row["change"] if row["change"] is not None else 0.0)


def _slice(ours: Mapping[str, Any], before: Mapping[str, Any] | None) -> Document:
    accuracy = ours["accuracy"]
    now, then = accuracy["value"], before["value"] if before else None
    return {
        "slice": f"{ours['slice']} = {ours['value']}",
        "vectors": accuracy["n"],
        "accuracy": now,
        "interval": accuracy["interval"],
        "baseline": then,
        "change": now - then if now is not None and then is not None else None,
    }


def faults(report: Mapping[str, Any]) -> list[Document]:
    """What went wrong on the boards while each model ran, and the vectors that were given up."""
    return [
        {
            "model": card["trial"]["model"],
            "board": card["trial"]["board"]["name"],
            "state": card["state"],
            "fault": card["fault"],
            "survived": card["survived_faults"],
            "quarantined_vectors": card["quarantined_vectors"],
        }
        for card in report["scorecards"]
        if card["fault"] or card["survived_faults"] or card["quarantined_vectors"]
    ]


def changed_vectors(run: Run, candidate: str, baseline: str, most: int) -> list[Document]:
    """Vectors whose class, by the largest output, differs between the models; at most so many."""
    ours, theirs = dict(_classes(run, candidate)), dict(_classes(run, baseline))
    both = sorted(ours.keys() & theirs.keys())
    changed = [vector for vector in both if ours[vector] != theirs[vector]]
    return [
        {"vector": vector, "candidate_class": ours[vector], "baseline_class": theirs[vector]}
        for vector in changed[:most]
    ]


def _classes(run: Run, model: str) -> Iterator[tuple[int, int]]:
    trials = [each for each in run.trials if each.model == model and not each.is_control]
    if not trials:
        names = ", ".join(sorted({each.model for each in run.trials}))
        raise UsageError(f"the run has no model `{model}`", f"run {run.id}", f"it has {names}")
    for trial in trials:
        rows = trial.inferences
        first = rows.repeat == 0
        scores = rows.raw[first].reshape(int(first.sum()), -1)
        yield from zip(rows.vector[first].tolist(), np.argmax(scores, axis=1).tolist(), strict=True)


def _scorecard(report: Mapping[str, Any], model: str) -> Document:
    for each in report["scorecards"]:
        if each["trial"]["model"] == model:
            card: Document = each
            return card
    raise UsageError(f"the run has no model `{model}`", "report", "name one that the verdict lists")


def _baseline_of(report: Mapping[str, Any], candidate: str) -> str:
    for verdict in report["verdicts"]:
        if verdict["candidate"] == candidate:
            return str(verdict["baseline"])
    names = ", ".join(str(each["candidate"]) for each in report["verdicts"])
    raise UsageError(f"there is no verdict on `{candidate}`", "report", f"it judges {names}")
