# SPDX-License-Identifier: Apache-2.0
"""What a test measured, as properties of the test in JUnit and other reports."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..board import BoardInfo, Model
from ..inferences import Inferences
from ..report import Report

Property = tuple[str, str]

_NOT_FOR_RELEASE = {
    "emulated": "not for a release: instructions counted by an emulator",
    "process": "not for a release: a process on this computer",
}


class Measurements:
    """Of one test on one board: collected while it runs, by model."""

    def __init__(self) -> None:
        """Empty."""
        self._by_model: dict[str, tuple[Model, list[Inferences]]] = {}

    def add(self, model: Model, inferences: Inferences) -> None:
        """Fits Board.on_inferences."""
        self._by_model.setdefault(model.sha256, (model, []))[1].append(inferences)

    def properties(self, info: BoardInfo) -> list[Property]:
        """Board and firmware; then of each model its digest, counts, and the latency of those that count.

        With several models the names of their properties end in [model].
        """
        found = list(board_properties(info))
        for model, results in self._by_model.values():
            suffix = f"[{model.name}]" if len(self._by_model) > 1 else ""
            found += [(f"tinyhil.{name}{suffix}", value) for name, value in _measured(model, results)]
        if self._by_model:
            found.append(("tinyhil.latency_grade", _NOT_FOR_RELEASE.get(info.provenance, "release")))
        return found


def board_properties(info: BoardInfo) -> Iterator[Property]:
    yield "tinyhil.board", info.name
    yield "tinyhil.kind", info.kind
    yield "tinyhil.provenance", info.provenance
    yield "tinyhil.firmware_sha256", info.image_sha256


def report_properties(campaign: str, report: Report) -> Iterator[Property]:
    """Of a campaign that the test ran."""
    yield "tinyhil.campaign", campaign
    yield "tinyhil.run", str(report.run_id)
    for verdict in report.verdicts:
        yield f"tinyhil.verdict[{verdict.candidate}]", verdict.outcome


def _measured(model: Model, results: list[Inferences]) -> Iterator[Property]:
    status = np.concatenate([each.status for each in results])
    latency = np.concatenate([each.latency_us for each in results])
    counting = latency[np.isfinite(latency)]
    yield "model", model.name
    yield "model_sha256", model.sha256
    yield "inferences", str(len(status))
    yield "inferences_not_ok", str(np.count_nonzero(status))
    yield "latency_samples", str(len(counting))
    if len(counting):
        yield "latency_us_median", f"{np.median(counting):.3f}"
        yield "latency_us_max", f"{counting.max():.3f}"
