# SPDX-License-Identifier: Apache-2.0
"""Which utterances to synthesise: a seeded, balanced list for each split."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import lexicon
from voices import ACCENTS, Voice, espeak_voices, recorded_voices


@dataclass(frozen=True)
class Utterance:
    voice: Voice
    text: str
    kind: str  # wake, near, word
    rate: float  # 1.0 is the engine's usual speed
    pitch: float  # 1.0 is the voice's usual pitch


@dataclass(frozen=True)
class Share:
    """How many utterances one accent gets from each kind of voice."""

    espeak: int
    recorded: int


TRAIN_SHARES: dict[str, Share] = {
    "american": Share(1100, 1150),
    "british": Share(1500, 0),
    "regional": Share(1350, 0),
    "scottish": Share(1150, 350),
    "caribbean": Share(1250, 0),
    "non_native": Share(1100, 800),
}
TEST_SHARES: dict[str, Share] = {
    "american": Share(80, 80),
    "british": Share(100, 52),
    "regional": Share(144, 0),
    "scottish": Share(144, 0),
    "caribbean": Share(136, 0),
    "non_native": Share(52, 52),
}


def _phrase(rng: np.random.Generator, split: str) -> tuple[str, tuple[str, str]]:
    draw = rng.random()
    if draw < 0.48:
        return "wake", lexicon.WAKE
    near, words = lexicon.NEAR, lexicon.WORDS
    if split == "test":
        near, words = near + lexicon.TEST_NEAR, words + lexicon.TEST_WORDS
    kind, pool = ("near", near) if draw < 0.73 else ("word", words)
    return kind, pool[rng.integers(len(pool))]


def _draw(rng: np.random.Generator, voice: Voice) -> Utterance:
    kind, phrase = _phrase(rng, voice.split)
    text = lexicon.spell(phrase, voice.language)
    if rng.random() < 0.3:
        text += "?" if rng.random() < 0.5 else "!"
    rate = float(np.round(rng.uniform(0.9, 1.4), 2))
    pitch = float(np.round(rng.uniform(0.85, 1.2), 2))
    return Utterance(voice, text, kind, rate, pitch)


def _balanced_pick(rng: np.random.Generator, pool: list[Voice], count: int) -> list[Voice]:
    """Both sexes get half each, so that sex and accent do not stand for each other."""
    picked: list[Voice] = []
    sexes = sorted({v.sex for v in pool})
    for place in range(count):
        of_sex = [v for v in pool if v.sex == sexes[place % len(sexes)]]
        picked.append(of_sex[rng.integers(len(of_sex))])
    return picked


def plan(split: str, seed: int) -> list[Utterance]:
    """Every utterance of one side, in a fixed order."""
    rng = np.random.default_rng(seed)
    shares = TRAIN_SHARES if split == "train" else TEST_SHARES
    utterances: list[Utterance] = []
    for accent in ACCENTS:
        share = shares[accent]
        voices = _balanced_pick(rng, espeak_voices(split, accent), share.espeak)
        if share.recorded:
            voices += _balanced_pick(rng, recorded_voices(split, accent), share.recorded)
        utterances += [_draw(rng, voice) for voice in voices]
    return utterances
