# SPDX-License-Identifier: Apache-2.0
"""The `vectors.npz` a campaign reads: inputs, labels, slices, groups, golden outputs."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import features
from dataset import CLASSES, NOBODY, Examples
from noise import CONDITIONS
from voices import ACCENTS

_SLICE_NAMES: dict[str, tuple[str, ...]] = {
    "sex": ("female", "male", NOBODY),
    "accent": (*ACCENTS, NOBODY),
    "noise": tuple(CONDITIONS),
}


def _codes(values: np.ndarray, names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    place = {name: code for code, name in enumerate(names)}
    return np.array([place[str(v)] for v in values], np.uint8), np.array(names, "S")


def _groups(voice: np.ndarray) -> np.ndarray:
    """A number for each speaker; a vector without one stands alone."""
    _, group = np.unique(voice, return_inverse=True)
    alone = voice == NOBODY
    group[alone] = group.max() + 1 + np.arange(alone.sum())
    return np.unique(group, return_inverse=True)[1]


def write(path: Path, test: Examples, inputs: np.ndarray, golden: dict[str, np.ndarray]) -> None:
    """Rows are stored as given: shuffle before."""
    arrays: dict[str, np.ndarray] = {
        "inputs": inputs,
        "labels": test.label.astype(np.uint8),
        "classes": np.array(CLASSES, "S"),
        "group": _groups(test.voice).astype(np.uint16),
        "group_unit": np.array(["speaker"], "S"),
        "input_scale": np.float32(features.INPUT_SCALE),
        "input_zero_point": np.int32(features.INPUT_ZERO_POINT),
    }
    for kind, values in _SLICE_NAMES.items():
        codes, labels = _codes(getattr(test, kind), values)
        arrays[f"slice_{kind}"], arrays[f"slice_{kind}_names"] = codes, labels
    for model, outputs in golden.items():
        arrays[f"golden_{model}"] = outputs
    np.savez_compressed(path, **arrays)
