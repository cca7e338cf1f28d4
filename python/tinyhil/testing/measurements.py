# SPDX-License-Identifier: Apache-2.0
"""What a test measured, as properties of the test in JUnit and other reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..board_info import BoardInfo
from ..inferences import Inferences
from ..model import Model
from ..report import Report

Property = tuple[str, str]

_NOT_FOR_RELEASE = {
    "emulated": "not for a release: instructions counted by an emulator",
    "process": "not for a release: a process on this computer",
}


@dataclass
class _OfModel:
    name: str
    sha256: str
    status: list[NDArray[np.uint8]] = field(default_factory=list)
    latency_us: list[NDArray[np.float64]] = field(default_factory=list)

    def properties(self) -> Iterator[Property]:
        status, latency = np.concatenate(self.status), np.concatenate(self.latency_us)
        counting = latency[np.isfinite(latency)]
        yield "model", self.name
        yield "model_sha256", self.sha256
        yield "inferences", str(len(status))
        yield "inferences_not_ok", str(np.count_nonzero(status))
        yield "latency_samples", str(len(counting))
        if len(counting):
            yield "latency_us_median", f"{np.median(counting):.3f}"
            yield "latency_us_max", f"{counting.max():.3f}"


class Measurements:
    """Of one test on one board: collected while it runs, by model."""

    def __init__(self) -> None:
        """Empty."""
        self._by_model: dict[str, _OfModel] = {}

    def add(self, model: Model, inferences: Inferences) -> None:
        """Fits Board.on_inferences. Keeps no outputs."""
        of_model = self._by_model.setdefault(model.sha256, _OfModel(model.name, model.sha256))
        of_model.status.append(inferences.status.copy())
        of_model.latency_us.append(inferences.latency_us)

    def properties(self, info: BoardInfo) -> list[Property]:
        """Board and firmware; then of each model its digest, counts, and the latency of those that count.

        With several models the names of their properties end in [model].
        """
        found = list(board_properties(info))
        for each in self._by_model.values():
            suffix = f"[{each.name}]" if len(self._by_model) > 1 else ""
            found += [(f"tinyhil.{name}{suffix}", value) for name, value in each.properties()]
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
        yield f"tinyhil.reason[{verdict.candidate}]", verdict.reason
