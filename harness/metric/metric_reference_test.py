# SPDX-License-Identifier: Apache-2.0
"""The intervals of metric/ against statsmodels, through metric_probe."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest
from statsmodels.stats.proportion import proportion_confint

BIN = Path(os.environ.get("TINYHIL_BINARY_DIR", Path(__file__).parents[2] / "build" / "dev")) / "bin"
SEED = 20261123


def random_cases() -> list[tuple[int, int, float]]:
    chance = random.Random(SEED)
    cases = [(0, 1, 0.95), (1, 1, 0.95), (0, 20, 0.95), (20, 20, 0.95), (5_000_000, 10_000_000, 0.99)]
    for _ in range(300):
        n = chance.choice([1, 3, 10, 39, 40, 500, 12_345, 10_000_000])
        cases.append((chance.randint(0, n), n, chance.choice([0.8, 0.95, 0.99])))
    return cases


@pytest.mark.parametrize(("name", "method"), [("wilson", "wilson"), ("clopper_pearson", "beta")])
def test_an_interval_equals_statsmodels(name: str, method: str) -> None:
    cases = random_cases()
    lines = "\n".join(f"{name} {successes} {n} {confidence}" for successes, n, confidence in cases)
    done = subprocess.run(
        [BIN / "metric_probe"], input=lines, capture_output=True, text=True, check=True, timeout=60
    )
    answers = [tuple(map(float, line.split())) for line in done.stdout.splitlines()]
    for (successes, n, confidence), interval in zip(cases, answers, strict=True):
        expected = proportion_confint(successes, n, alpha=1 - confidence, method=method)
        assert interval == pytest.approx(expected, rel=1e-9, abs=1e-12), (successes, n, confidence)
