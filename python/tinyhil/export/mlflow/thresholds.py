# SPDX-License-Identifier: Apache-2.0
"""MLflow's validation thresholds as rules of gate.yaml.

MLflow compares one measured number with the threshold; a rule of the gate also asks that the evidence shows
it. So a rule made here never lets more through than the threshold did, but a small vector set may leave it
undecided. What has no such rule is refused: nothing is dropped in silence.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from math import isfinite
from pathlib import Path
from typing import Any

from ...errors import UsageError

_KEYS = ("threshold", "min_absolute_change", "min_relative_change", "greater_is_better")
_UNITS = ("us", "ms", "s")
_KNOWN = (
    "accuracy, accuracy_score, latency_<provenance>/p<nn>_us (or _ms, _s), arena_used_bytes, "
    "model_size_bytes, flash_size_bytes, ram_size_bytes"
)

Rule = dict[str, Any]


class _Refused(Exception):
    """Why one metric has no rule."""


def import_thresholds(thresholds: str | os.PathLike[str] | Mapping[str, Any]) -> list[Rule]:
    """Rules for `rules:` of gate.yaml, in the order of the metrics.

    `thresholds`: a JSON file, or what MLflow's validate_evaluation_results takes: {metric: MetricThreshold},
    where each may be a dict of its arguments. Raises UsageError that names every metric that has no rule.
    """
    where = "thresholds" if isinstance(thresholds, Mapping) else str(thresholds)
    document = thresholds if isinstance(thresholds, Mapping) else _read(Path(thresholds))
    rules, refusals = [], []
    for metric, threshold in document.items():
        try:
            rules.append(_rule(metric, _arguments(threshold)))
        except _Refused as reason:
            refusals.append(f"{metric}: {reason}")
    if refusals or not rules:
        raise UsageError(
            "not every threshold has a rule: " + "; ".join(refusals or ["there is none"]),
            where,
            "take these out and write rules for what they are to protect (docs/campaign.md)",
        )
    return rules


def _read(file: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"the thresholds cannot be read: {error}", str(file), "give a JSON file") from error
    if not isinstance(document, dict):
        raise UsageError("this is no object", str(file), 'write {"accuracy_score": {"threshold": 0.9, ...}}')
    return document


def _arguments(threshold: Any) -> dict[str, Any]:
    if not isinstance(threshold, Mapping):  # a MetricThreshold
        return {name: getattr(threshold, name) for name in _KEYS}
    unknown = sorted(set(threshold) - set(_KEYS))
    if unknown:
        raise _Refused(f"unknown key {', '.join(unknown)}; MLflow knows {', '.join(_KEYS)}")
    return {name: threshold.get(name) for name in _KEYS}


def _rule(metric: str, given: dict[str, Any]) -> Rule:
    make, is_greater_better = _maker(metric)
    if given["greater_is_better"] is not is_greater_better:
        raise _Refused(f"greater_is_better must be {json.dumps(is_greater_better)}")
    for change in ("min_absolute_change", "min_relative_change"):
        if given[change] is not None:
            raise _Refused(
                f"{change} asks for a candidate that is better than the baseline by so much; rules of the "
                "gate ask that it is not worse by more than a margin or growth, which lets more through"
            )
    limit = given["threshold"]
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not isfinite(limit):
        raise _Refused("threshold must be a number")
    return {"id": metric} | make(float(limit))


def _maker(metric: str) -> tuple[Callable[[float], Rule], bool]:
    if metric in ("accuracy", "accuracy_score"):
        return _accuracy, True
    size = re.fullmatch(r"(arena_used|model_size|flash_size|ram_size)_bytes", metric)
    if size:
        return lambda limit: _memory(size[1], limit), False
    latency = re.fullmatch(
        rf"latency(?:_real|_emulated|_process)?[/_]p(\d{{1,2}})_({'|'.join(_UNITS)})", metric
    )
    if latency and latency[1] not in ("0", "00"):
        quantile = int(latency[1]) / 100
        return lambda limit: _latency(quantile, latency[2], limit), False
    raise _Refused(f"no rule of the gate is about it; there are rules for {_KNOWN}")


def _accuracy(limit: float) -> Rule:
    if not 0 < limit < 1:
        raise _Refused("threshold must lie between 0 and 1: no evidence shows that every answer is right")
    return {"test": "accuracy", "at_least": f"{limit * 100:.12g} %"}


def _memory(size: str, limit: float) -> Rule:
    if not limit >= 0:
        raise _Refused("threshold is below zero bytes")
    return {"test": "memory", "metric": size, "limit": f"{int(limit)} B"}


def _latency(quantile: float, unit: str, limit: float) -> Rule:
    if not limit > 0:
        raise _Refused("threshold must be above zero")
    return {"test": "latency_quantile", "quantile": quantile, "limit": f"{limit:.12g} {unit}"}
