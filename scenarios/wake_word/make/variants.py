# SPDX-License-Identifier: Apache-2.0
"""Made-up espeak-ng speakers: seeded formant tables beside the engine's own.

espeak-ng reads at most 349 voice files, so each side, and on the test side each
accent, has a copy of the engine's data with its own speakers and without mbrola's.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from voices import ACCENTS, made_up_speakers

_SYSTEM_FOLDERS = sorted(Path("/usr/lib").glob("*/espeak-ng-data"))


def _table(name: str, sex: str, rng: np.random.Generator) -> str:
    female = sex == "female"
    low = rng.uniform(130, 210) if female else rng.uniform(62, 105)
    high = low * rng.uniform(1.25, 1.65)
    lines = [f"language variant\nname {name}\ngender {sex}", f"pitch {low:.0f} {high:.0f}"]
    for formant in range(4):
        frequency = rng.uniform(98, 125) if female else rng.uniform(84, 108)
        strength, width = rng.uniform(65, 160), rng.uniform(75, 175)
        lines.append(f"formant {formant} {frequency:.0f} {strength:.0f} {width:.0f}")
    lines.append(f"voicing {rng.uniform(40, 160):.0f}")
    if rng.random() < 0.3:
        breath = " ".join(str(level) for level in rng.integers(0, 8, 8))
        lines.append(f"breath {breath}")
    return "\n".join(lines) + "\n"


def home(cache: Path, split: str, accent: str) -> Path:
    """The folder whose espeak-ng-data knows the speakers of this split and accent."""
    return cache / ("espeak-train" if split == "train" else f"espeak-test-{accent}")


def install(cache: Path, split: str, seed: int) -> None:
    """Write the made-up speakers of one split for espeak-ng to find (`--path`)."""
    rng = np.random.default_rng(seed)
    for accent in ACCENTS if split == "test" else ACCENTS[:1]:
        data = home(cache, split, accent) / "espeak-ng-data"
        if not data.exists():
            shutil.copytree(_SYSTEM_FOLDERS[0], data, ignore=shutil.ignore_patterns("mb"))
        for name, sex in made_up_speakers(split, accent):
            (data / "voices" / "!v" / name).write_text(_table(name, sex, rng), encoding="ascii")
