# SPDX-License-Identifier: Apache-2.0
"""Make this scenario's models and vectors again: `python make.py --work FOLDER`.

Every step keeps its result under the work folder and is skipped when it is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

import convert
import features
import models
import recipes
import train
from dataset import CLASSES, Examples
from make_vectors import SCENARIO, examples, make_vectors, parser, work_folder


@dataclass(frozen=True)
class Workshop:
    """Data and places shared by the steps."""

    work: Path
    training: Examples
    inputs: np.ndarray  # float32, on the int8 grid


def open_workshop(work: Path, jobs: int) -> Workshop:
    training = examples(recipes.TRAIN, work, jobs)
    inputs = features.dequantise(features.quantise(training.cepstra))
    return Workshop(work, training, inputs)


def teacher_opinions(shop: Workshop) -> np.ndarray:
    """Soft labels of a large network that heard all the training speakers."""
    store = shop.work / "soft-everyone.npy"
    if store.exists():
        return np.load(store)
    hard = train.one_hot(shop.training.label)
    keras.utils.set_random_seed(recipes.TEACHER_COURSE.seed)
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
    kept = np.random.default_rng(seed).random(training.utterance.max() + 1)[training.utterance]
    out = accent & wake & (kept >= narrowed.kept_wakes)
    extra = np.repeat(rows[accent & ~wake], narrowed.others_times - 1)
    return np.concatenate([rows[~out], extra])


def make_model(shop: Workshop, name: str) -> None:
    """Train one model by its recipe and write its `.tflite`."""
    recipe = recipes.STUDENTS[name]
    rows = heard(shop.training, recipe.narrowed, recipe.course.seed)
    hard = train.one_hot(shop.training.label[rows])
    soft = teacher_opinions(shop)[rows] if recipe.taught else hard
    keras.utils.set_random_seed(recipe.course.seed)
    model = models.BUILDERS[name]()
    train.fit(model, shop.inputs[rows], np.hstack([hard, soft]), recipe.course)
    model.save_weights(shop.work / f"{name}.weights.h5")
    order = np.random.default_rng(5).permutation(rows)
    out = SCENARIO / "models" / f"{name}.tflite"
    out.write_bytes(convert.to_int8(model, shop.inputs[order[:1000]]))


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--retrain", nargs="*", default=[], choices=list(recipes.STUDENTS))
    given = options.parse_args()
    work = work_folder(given.work)
    places = {name: SCENARIO / "models" / f"{name}.tflite" for name in recipes.STUDENTS}
    wanted = [name for name, place in places.items() if name in given.retrain or not place.exists()]
    if wanted:
        shop = open_workshop(work, given.jobs)
        for name in wanted:
            make_model(shop, name)
    make_vectors(work, given.jobs)


if __name__ == "__main__":
    main()
