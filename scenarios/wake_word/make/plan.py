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


_NEAR = {"train": lexicon.NEAR, "test": lexicon.NEAR + lexicon.TEST_NEAR}
_WORDS = {"train": lexicon.WORDS, "test": lexicon.WORDS + lexicon.TEST_WORDS}


def _kind(draw: float) -> str:
    return "wake" if draw < 0.48 else "near" if draw < 0.73 else "word"


def _say(rng: np.random.Generator, voice: Voice, kind: str) -> Utterance:
    pool = {"wake": (lexicon.WAKE,), "near": _NEAR[voice.split], "word": _WORDS[voice.split]}[kind]
    phrase = pool[rng.integers(len(pool))] if len(pool) > 1 else pool[0]
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


def _training(rng: np.random.Generator) -> list[Utterance]:
    utterances: list[Utterance] = []
    for accent, share in TRAIN_SHARES.items():
        voices = _balanced_pick(rng, espeak_voices("train", accent), share.espeak)
        if share.recorded:
            voices += _balanced_pick(rng, recorded_voices("train", accent), share.recorded)
        utterances += [_say(rng, voice, _kind(rng.random())) for voice in voices]
    return utterances


def _test(rng: np.random.Generator) -> list[Utterance]:
    """Of each speaker the wake phrase and something else: many speakers, few words of each."""
    utterances: list[Utterance] = []
    for accent in ACCENTS:
        for voice in espeak_voices("test", accent) + recorded_voices("test", accent):
            other = ("near", "word")[rng.integers(2)]
            utterances += [_say(rng, voice, kind) for kind in ("wake", other)]
    return utterances


def plan(split: str, seed: int) -> list[Utterance]:
    """Every utterance of one side, in a fixed order."""
    rng = np.random.default_rng(seed)
    return _training(rng) if split == "train" else _test(rng)
