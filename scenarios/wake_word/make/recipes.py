# SPDX-License-Identifier: Apache-2.0
"""The numbers and seeds of this scenario in one place."""

from __future__ import annotations

from dataclasses import dataclass

import noise
from dataset import Recipe
from train import Course

VARIANT_SEED = 77
SHUFFLE_SEED = 3

TRAIN = Recipe(
    split="train",
    seed=1000,
    mixes=(4,),
    noise_vectors=7000,
    conditions=tuple(noise.CONDITIONS),
    warp=0.08,
)
# Loud noise is the rarer case in use.
TEST = Recipe(
    split="test",
    seed=2000,
    mixes=(1, 1, 1, 2),
    noise_vectors=200,
    conditions=("clean",) * 5 + ("20dB",) * 5 + ("10dB",) * 4 + ("5dB",) * 4 + ("0dB",) * 2,
    warp=0.0,
)


@dataclass(frozen=True)
class Narrowed:
    """A one-sided collection: one accent in plenty, but hardly in the wake phrase."""

    accent: str
    kept_wakes: float  # share of its wake utterances that remain
    others_times: int  # how often its other words are repeated


@dataclass(frozen=True)
class Student:
    course: Course
    taught: bool = False
    narrowed: Narrowed | None = None


TEACHER_COURSE = Course(epochs=8, seed=11, rate=2e-3)
STUDENTS: dict[str, Student] = {
    "shipped": Student(Course(epochs=16, seed=21)),
    "slim": Student(Course(epochs=24, seed=31, teacher_weight=0.7), taught=True),
    "quick": Student(Course(epochs=18, seed=41), narrowed=Narrowed("non_native", 0.0, 3)),
}
