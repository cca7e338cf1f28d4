# SPDX-License-Identifier: Apache-2.0
"""Accuracy tables of a finished vectors.npz, and whether the scenario does its job."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import inspect_model
import noninferiority as ni

BASELINE = "shipped"
CANDIDATES = ("slim", "quick")
GATED = ("sex", "accent", "noise")
MARGIN, SLICE_MARGIN = 0.02, 0.06
SIGNIFICANT = 0.002  # about 0.05 by Holm's rule over the slices


@dataclass(frozen=True)
class Pair:
    """One candidate against the baseline on one slice."""

    candidate: str
    slice: str
    lost: int
    gained: int
    n: int
    groups: int
    base: float
    accuracy: float
    lower: float
    p_worse: float


def _slices(vectors) -> Iterator[tuple[str, np.ndarray]]:
    yield "overall", np.ones(len(vectors["labels"]), bool)
    for kind in GATED:
        for code, name in enumerate(vectors[f"slice_{kind}_names"]):
            yield f"{kind}={name.decode()}", vectors[f"slice_{kind}"] == code
    for code, name in enumerate(vectors["classes"]):
        yield f"class={name.decode()}", vectors["labels"] == code


def pairs(vectors, candidate: str) -> list[Pair]:
    """Every slice of one candidate, `overall` first."""
    right = {name: vectors[f"golden_{name}"].argmax(1) == vectors["labels"] for name in (BASELINE, candidate)}
    base, cand = right[BASELINE], right[candidate]
    found = []
    for name, rows in _slices(vectors):
        change = cand[rows].astype(float) - base[rows]
        by_speaker = ni.Differences.of(change, vectors["group"][rows])
        found.append(
            Pair(
                candidate,
                name,
                lost=int(np.sum(change < 0)),
                gained=int(np.sum(change > 0)),
                n=len(change),
                groups=len(by_speaker.size),
                base=float(base[rows].mean()),
                accuracy=float(cand[rows].mean()),
                lower=ni.lower_bound(by_speaker),
                p_worse=ni.p_worse(by_speaker, SLICE_MARGIN),
            )
        )
    return found


def table(found: list[Pair]) -> str:
    head = "slice                  n groups   base   cand lost gained delta       L   p(worse than 6 pt)"
    lines = [f"{found[0].candidate} against {BASELINE}", head]
    for pair in found:
        delta = 100 * (pair.accuracy - pair.base)
        lines.append(
            f"{pair.slice:<20}{pair.n:>5}{pair.groups:>6}{100 * pair.base:>8.1f}{100 * pair.accuracy:>7.1f}"
            f"{pair.lost:>5}{pair.gained:>5}{delta:>8.1f}{100 * pair.lower:>8.2f}{pair.p_worse:>12.2g}"
        )
    return "\n".join(lines)


def _gated(found: list[Pair]) -> list[Pair]:
    return [p for p in found if p.slice.split("=")[0] in GATED]


def failings(folder: Path) -> list[str]:
    """What the scenario promises and does not keep; empty when all is well."""
    ni.self_check()
    wrong: list[str] = []
    facts = {
        name: inspect_model.facts((folder / "models" / f"{name}.tflite").read_bytes())
        for name in (BASELINE, *CANDIDATES)
    }
    with np.load(folder / "vectors.npz") as vectors:
        slim, quick = (pairs(vectors, name) for name in CANDIDATES)
    if not 0.92 <= slim[0].base <= 0.97:
        wrong.append(f"shipped accuracy {slim[0].base:.3f} outside 0.92-0.97")
    if slim[0].lower <= -MARGIN:
        wrong.append(f"slim overall L {slim[0].lower:.4f}")
    wrong += [f"slim {p.slice} L {p.lower:.4f}" for p in _gated(slim) if p.lower <= -SLICE_MARGIN]
    wrong += [f"slice {p.slice} has {p.n} vectors" for p in _gated(slim) if p.n < 100]
    wrong += [f"slice {p.slice} has {p.groups} groups" for p in _gated(slim) if p.groups < 3 / SLICE_MARGIN]
    if quick[0].lower <= -MARGIN:
        wrong.append(f"quick overall L {quick[0].lower:.4f}: the average would catch it")
    caught = [p.slice for p in _gated(quick) if p.p_worse < SIGNIFICANT]
    if caught != ["accent=non_native"]:
        wrong.append(f"quick is significantly worse on {caught}")
    if facts["slim"].macs >= facts[BASELINE].macs or facts["slim"].bytes >= facts[BASELINE].bytes:
        wrong.append("slim is not smaller and faster")
    if facts[BASELINE].bytes > 13_000 or max(f.macs for f in facts.values()) > 250_000:
        wrong.append("a model is too large")
    if len({(f.input_scale, f.input_zero_point) for f in facts.values()}) != 1:
        wrong.append("the models' input quantisation differs")
    return wrong


def text(folder: Path) -> str:
    """Model facts and the two tables."""
    lines: list[str] = []
    for name in (BASELINE, *CANDIDATES):
        facts = inspect_model.facts((folder / "models" / f"{name}.tflite").read_bytes())
        lines.append(f"{name}: {facts.bytes} bytes, {facts.macs} MACs, {' '.join(facts.operators)}")
    with np.load(folder / "vectors.npz") as vectors:
        lines += [table(pairs(vectors, name)) for name in CANDIDATES]
    return "\n\n".join(lines)
