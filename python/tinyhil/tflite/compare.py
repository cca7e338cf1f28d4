# SPDX-License-Identifier: Apache-2.0
"""What changed between two models that firmware and preprocessing may depend on."""

from __future__ import annotations

from collections import Counter

from tinyhil.tflite.check import differing, same_scale
from tinyhil.tflite.metadata import Normalisation, TensorNote
from tinyhil.tflite.model import Model, Tensor


def compare(candidate: Model, baseline: Model) -> list[str]:
    """One sentence for each change of the candidate's inputs, outputs, normalisation, labels or operators."""
    found: list[str] = []
    for kind, new, old in (
        ("input", candidate.inputs, baseline.inputs),
        ("output", candidate.outputs, baseline.outputs),
    ):
        if len(new) != len(old):
            found.append(f"The candidate has {len(new)} {kind}s, the baseline has {len(old)}.")
        for i, (ours, theirs) in enumerate(zip(new, old, strict=False)):
            found += _tensors(f"{kind} {i}", ours, theirs)
    found += _normalisation(candidate.input_notes, baseline.input_notes)
    found += _labels(candidate.labels, baseline.labels)
    return found + _operators(candidate, baseline)


def _tensors(which: str, new: Tensor, old: Tensor) -> list[str]:
    found: list[str] = []
    if new.dtype != old.dtype:
        found.append(f"The type of {which} is {new.dtype}, the baseline's is {old.dtype}.")
    if new.shape != old.shape:
        found.append(f"The shape of {which} is {list(new.shape)}, the baseline's is {list(old.shape)}.")
    if not same_scale(new.scale, old.scale):
        found.append(f"The scale of {which} is {new.scale:.9g}, the baseline's is {old.scale:.9g}.")
    if new.zero_point != old.zero_point:
        found.append(f"The zero point of {which} is {new.zero_point}, the baseline's is {old.zero_point}.")
    return found


def _normalisation(new: tuple[TensorNote, ...], old: tuple[TensorNote, ...]) -> list[str]:
    found: list[str] = []
    for i in range(max(len(new), len(old))):
        ours = new[i].normalisation if i < len(new) else None
        theirs = old[i].normalisation if i < len(old) else None
        if ours != theirs:
            found.append(
                f"Input {i} is normalised by {_formula(ours)}, the baseline's by {_formula(theirs)}."
            )
    return found


def _formula(normalisation: Normalisation | None) -> str:
    if normalisation is None:
        return "nothing that its metadata name"
    mean, std = ([f"{value:.9g}" for value in values] for values in (normalisation.mean, normalisation.std))
    return f"mean {', '.join(mean) or 'none'} and deviation {', '.join(std) or 'none'}"


def _labels(new: tuple[str, ...] | None, old: tuple[str, ...] | None) -> list[str]:
    if new == old:
        return []
    if new is None or old is None:
        return [f"The candidate has {'no' if new is None else 'a'} label file, unlike the baseline."]
    return [f"The labels changed: {differing(new, old)}."]


def _operators(candidate: Model, baseline: Model) -> list[str]:
    new, old = (Counter((o.name, o.version) for o in model.operators) for model in (candidate, baseline))
    found: list[str] = []
    if lacking := sorted(new.keys() - old.keys()):
        names = ", ".join(f"{name} version {version}" for name, version in lacking)
        found.append(f"The candidate needs operators that the baseline does not: {names}.")
    if spared := sorted(old.keys() - new.keys()):
        names = ", ".join(f"{name} version {version}" for name, version in spared)
        found.append(f"The candidate no longer needs: {names}.")
    kept = sorted(kind for kind in new.keys() & old.keys() if new[kind] != old[kind])
    if kept:
        counts = ", ".join(
            f"{name} {new[name, version]} times, not {old[name, version]}" for name, version in kept
        )
        found.append(f"Operators are used more or less often: {counts}.")
    return found
