# SPDX-License-Identifier: Apache-2.0
"""Utterances and noise to labelled feature arrays with their slices."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

import features
import noise
import plan
import synthesis

CLASSES = ("noise", "speech", "wake")
NOBODY = "none"  # voice, sex and accent of a vector without speech


@dataclass
class Examples:
    """Parallel arrays, one row a vector."""

    cepstra: np.ndarray  # float32 [N, 49, 10]
    label: np.ndarray
    utterance: np.ndarray  # several vectors share one, mixed with different noise
    voice: np.ndarray
    sex: np.ndarray
    accent: np.ndarray
    noise: np.ndarray

    def rows(self, chosen: np.ndarray) -> Examples:
        return Examples(**{name: value[chosen] for name, value in vars(self).items()})


@dataclass(frozen=True)
class Recipe:
    split: str
    seed: int  # of what is said
    noise_seed: int  # and of what sounds beside it
    mixes: int  # an utterance is mixed with noise this many times
    noise_vectors: int
    conditions: tuple[str, ...]  # in these proportions, in random order
    warp: float  # resampling of the voice, up to this much: more speakers from few


def spoken(recipe: Recipe, cache: Path, jobs: int) -> list[tuple[plan.Utterance, np.ndarray]]:
    """The utterances with their sound; a wake phrase that outlasts the window is left out."""
    utts = plan.plan(recipe.split, recipe.seed)
    store = cache / f"speech-{recipe.split}.npz"
    if store.exists():
        kept = np.load(store)
        flat, ends = kept["flat"], kept["ends"]
        waves = np.split(flat, ends[:-1])
        if len(waves) != len(utts):
            raise ValueError(f"{store} is of another plan: remove it")
    else:
        waves = synthesis.synthesise(utts, cache, jobs)
        ends = np.cumsum([len(w) for w in waves])
        np.savez(store, flat=np.concatenate(waves), ends=ends)
    longest = int(0.98 * noise.LENGTH)
    pairs = zip(utts, waves, strict=True)
    return [(u, w) for u, w in pairs if len(w) > 1600 and (u.kind != "wake" or len(w) <= longest)]


def _warped(wave: np.ndarray, warp: float, rng: np.random.Generator) -> np.ndarray:
    factor = 1.0 + rng.uniform(-warp, warp)
    length = int(len(wave) / factor)
    return np.interp(np.arange(length) * factor, np.arange(len(wave)), wave)


def build(recipe: Recipe, cache: Path, jobs: int) -> Examples:
    rng = np.random.default_rng(recipe.noise_seed)
    pairs = spoken(recipe, cache, jobs)
    talkers = [w for u, w in pairs if u.kind != "wake"]
    total = recipe.mixes * len(pairs) + recipe.noise_vectors
    conditions = rng.permutation(np.resize(recipe.conditions, total))
    rows: list[tuple] = []
    vectors: list[np.ndarray] = []
    pending: list[np.ndarray] = []

    def add(speech: np.ndarray | None, row: tuple) -> None:
        condition = str(conditions[len(rows)])
        kind = noise.KINDS[rng.integers(len(noise.KINDS))]
        if condition == "clean":
            kind = "pink"
        sound = noise.make(kind, rng, talkers)
        level = 10 ** (rng.uniform(-32, -20) / 20)
        pending.append(noise.mix(speech, sound, noise.CONDITIONS[condition], level))
        rows.append((*row, condition))
        if len(pending) == 256:
            vectors.append(features.cepstra(np.stack(pending)))
            pending.clear()

    for number, (utt, wave) in enumerate(pairs):
        label = CLASSES.index("wake" if utt.kind == "wake" else "speech")
        for _ in range(recipe.mixes):
            voice = wave if recipe.warp == 0 else _warped(wave, recipe.warp, rng)
            speaker = utt.voice
            row = (label, number, speaker.label, speaker.sex, speaker.accent)
            add(noise.place(voice, rng), row)
    for extra in range(recipe.noise_vectors):
        add(None, (CLASSES.index("noise"), len(pairs) + extra, NOBODY, NOBODY, NOBODY))
    if pending:
        vectors.append(features.cepstra(np.stack(pending)))
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return Examples(np.concatenate(vectors), *columns)
