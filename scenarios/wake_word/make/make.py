# SPDX-License-Identifier: Apache-2.0
"""Make this scenario's models and vectors again: `python make.py --work FOLDER`.

Every step keeps its result under the work folder and is skipped when it is there.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

import campaign_vectors
import convert
import features
import golden
import models
import recipes
import report
import train
import variants
import voices
from dataset import CLASSES, Examples, build

SCENARIO = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Workshop:
    """Data and places shared by the steps."""

    work: Path
    mean: np.ndarray
    deviation: np.ndarray
    training: Examples
    inputs: np.ndarray  # float32, on the int8 grid


def examples(recipe, work: Path, jobs: int) -> Examples:
    store = work / f"examples-{recipe.split}.npz"
    if not store.exists():
        np.savez(store, **vars(build(recipe, work, jobs)))
    with np.load(store) as kept:
        return Examples(**dict(kept))


def open_workshop(work: Path, jobs: int) -> Workshop:
    training = examples(recipes.TRAIN, work, jobs)
    mean = training.cepstra.mean((0, 1))
    deviation = training.cepstra.std((0, 1))
    inputs = features.dequantise(features.quantise(training.cepstra, mean, deviation))
    return Workshop(work, mean, deviation, training, inputs)


def teacher_opinions(shop: Workshop) -> np.ndarray:
    """Soft labels of a large network that heard all the training speakers."""
    store = shop.work / "soft-everyone.npy"
    if store.exists():
        return np.load(store)
    hard = train.one_hot(shop.training.label)
    teacher = models.teacher()
    train.fit(teacher, shop.inputs, np.hstack([hard, hard]), recipes.TEACHER_COURSE)
    soft = train.soft_labels(teacher, shop.inputs)
    np.save(store, soft)
    return soft


def heard(training: Examples, narrowed: recipes.Narrowed | None, seed: int) -> np.ndarray:
    """The rows a student is trained on. Utterances are kept or left out whole."""
    rows = np.arange(len(training.label))
    if narrowed is None:
        return rows
    accent = training.accent == narrowed.accent
    wake = training.label == CLASSES.index("wake")
    kept = np.random.default_rng(seed).random(training.group.max() + 1)[training.group]
    out = accent & wake & (kept >= narrowed.kept_wakes)
    extra = np.repeat(rows[accent & ~wake], narrowed.others_times - 1)
    return np.concatenate([rows[~out], extra])


def make_model(shop: Workshop, name: str) -> None:
    """Train one model by its recipe and write its `.tflite`."""
    recipe = recipes.STUDENTS[name]
    rows = heard(shop.training, recipe.narrowed, recipe.course.seed)
    hard = train.one_hot(shop.training.label[rows])
    soft = teacher_opinions(shop)[rows] if recipe.taught else hard
    model = models.BUILDERS[name]()
    train.fit(model, shop.inputs[rows], np.hstack([hard, soft]), recipe.course)
    model.save_weights(shop.work / f"{name}.weights.h5")
    order = np.random.default_rng(5).permutation(rows)
    out = SCENARIO / "models" / f"{name}.tflite"
    out.write_bytes(convert.to_int8(model, shop.inputs[order[:1000]]))


def make_vectors(shop: Workshop, jobs: int) -> None:
    test = examples(recipes.TEST, shop.work, jobs)
    test = test.rows(np.random.default_rng(recipes.SHUFFLE_SEED).permutation(len(test.label)))
    inputs = features.quantise(test.cepstra, shop.mean, shop.deviation)
    outputs = {
        name: golden.run((SCENARIO / "models" / f"{name}.tflite").read_bytes(), inputs)
        for name in recipes.STUDENTS
    }
    campaign_vectors.write(SCENARIO / "vectors.npz", test, inputs, outputs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="folder for sound and caches")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--retrain", nargs="*", default=[], choices=list(recipes.STUDENTS))
    options = parser.parse_args()
    options.work = options.work.resolve()
    options.work.mkdir(parents=True, exist_ok=True)
    voices.check_disjoint()
    variants.install(options.work, recipes.VARIANT_SEED)
    keras.utils.set_random_seed(recipes.VARIANT_SEED)
    shop = open_workshop(options.work, options.jobs)
    for name in recipes.STUDENTS:
        if name in options.retrain or not (SCENARIO / "models" / f"{name}.tflite").exists():
            make_model(shop, name)
    make_vectors(shop, options.jobs)
    print(report.text(SCENARIO))
    for failing in report.failings(SCENARIO):
        print("FALLS SHORT:", failing)


if __name__ == "__main__":
    main()
