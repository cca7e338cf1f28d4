# SPDX-License-Identifier: Apache-2.0
"""Make `vectors.npz` again for the models that are there: `python make_vectors.py --work FOLDER`.

A minute, and no TensorFlow: the features' normalisation is fixed in features.py.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

import campaign_vectors
import features
import golden
import recipes
import report
import variants
import voices
from dataset import Examples, Recipe, build

SCENARIO = Path(__file__).resolve().parent.parent


def examples(recipe: Recipe, work: Path, jobs: int) -> Examples:
    """One side's speech and noise as features; kept in `work` and taken from there."""
    store = work / f"examples-{recipe.split}.npz"
    if not store.exists():
        variants.install(work, recipe.split, recipes.VARIANT_SEEDS[recipe.split])
        np.savez(store, **vars(build(recipe, work, jobs)))
    with np.load(store) as kept:
        return Examples(**dict(kept))


def make_vectors(work: Path, jobs: int) -> None:
    """Write vectors.npz and say what it shows of the models."""
    voices.check_disjoint()
    test = examples(recipes.TEST, work, jobs)
    test = test.rows(np.random.default_rng(recipes.SHUFFLE_SEED).permutation(len(test.label)))
    inputs = features.quantise(test.cepstra)
    outputs = {
        name: golden.run((SCENARIO / "models" / f"{name}.tflite").read_bytes(), inputs)
        for name in recipes.STUDENTS
    }
    campaign_vectors.write(SCENARIO / "vectors.npz", test, inputs, outputs)
    print(report.text(SCENARIO))
    for failing in report.failings(SCENARIO):
        print("FALLS SHORT:", failing)


def parser(description: str | None) -> argparse.ArgumentParser:
    """The options of both scripts."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--work", type=Path, required=True, help="folder for sound and caches")
    made.add_argument("--jobs", type=int, default=2)
    return made


def work_folder(given: Path) -> Path:
    folder = given.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    options = parser(__doc__).parse_args()
    make_vectors(work_folder(options.work), options.jobs)
