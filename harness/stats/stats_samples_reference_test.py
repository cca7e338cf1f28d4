# SPDX-License-Identifier: Apache-2.0
"""The formulas of stats/ that compare two samples, against scipy and statsmodels, over random cases."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import accumulate

import numpy as np
import pytest
from scipy import stats

from stats_probe import probe

SEED = 20261124


def random_samples(count: int, most: int) -> list[tuple[list[int], list[int]]]:
    """With ties, of unlike size, sometimes shifted."""
    chance = random.Random(SEED)
    cases: list[tuple[list[int], list[int]]] = []
    while len(cases) < count:
        values = chance.choice([3, 20, 5_000])
        shift = chance.randint(0, 3)
        x = [chance.randint(0, values) for _ in range(chance.randint(3, most))]
        y = [chance.randint(0, values) + shift for _ in range(chance.randint(3, most))]
        if len(set(x + y)) > 1:
            cases.append((x, y))
    return cases


def ask(name: str, cases: list[tuple[list[int], list[int]]]) -> list[list[float]]:
    return probe([f"{name} {len(x)} {' '.join(map(str, x + y))}" for x, y in cases])


def test_mann_whitney_equals_scipy() -> None:
    cases = random_samples(300, 60)
    for (x, y), (u, corrected, plain, greater) in zip(cases, ask("mann_whitney", cases), strict=True):
        expected = stats.mannwhitneyu(y, x, method="asymptotic")
        assert u == expected.statistic
        assert corrected == pytest.approx(expected.pvalue, rel=1e-9)
        without = stats.mannwhitneyu(y, x, method="asymptotic", use_continuity=False)
        assert plain == pytest.approx(without.pvalue, rel=1e-9)
        one_sided = stats.mannwhitneyu(y, x, method="asymptotic", alternative="greater")
        assert greater == pytest.approx(one_sided.pvalue, rel=1e-9)


def test_signed_rank_equals_scipy() -> None:
    cases = [case for case in random_samples(300, 60) if any(case[0])]
    answers = probe(["signed_rank " + " ".join(str(v - 2) for v in x) for x, _ in cases])
    for (x, _), (w, p) in zip(cases, answers, strict=True):
        d = np.array(x) - 2
        if not d.any():
            continue
        assert w == stats.wilcoxon(d, alternative="greater", method="approx").statistic
        assert p == pytest.approx(stats.wilcoxon(d, correction=True, method="approx").pvalue, rel=1e-9)


def test_brunner_munzel_equals_scipy() -> None:
    cases = [
        (x, y) for x, y in random_samples(300, 60) if max(x) >= min(y) and len(set(x)) > 1 and len(set(y)) > 1
    ]
    for (x, y), (statistic, p) in zip(cases, ask("brunner_munzel", cases), strict=True):
        expected = stats.brunnermunzel(x, y)
        assert statistic == pytest.approx(expected.statistic, rel=1e-8, abs=1e-12)
        assert p == pytest.approx(expected.pvalue, rel=1e-8)


def test_distances_of_distributions_equal_scipy() -> None:
    cases = random_samples(200, 60)
    for (x, y), (d, p, wasserstein) in zip(cases, ask("distance", cases), strict=True):
        expected = stats.ks_2samp(x, y, method="exact")
        assert d == pytest.approx(expected.statistic, abs=1e-12)
        assert p == pytest.approx(expected.pvalue, rel=1e-8, abs=1e-12)
        assert wasserstein == pytest.approx(stats.wasserstein_distance(x, y), rel=1e-9, abs=1e-9)


def rank_sum_orders(n: int, m: int) -> list[int]:
    """[u]: of how many of the orders of n and m observations U is u; by what stands last."""
    table: dict[tuple[int, int], list[int]] = {}
    for i in range(n + 1):
        for j in range(m + 1):
            orders = [0] * (i * j + 1)
            if i == 0 or j == 0:
                orders[0] = 1
            else:
                for u, ways in enumerate(table[i - 1, j]):
                    orders[u + j] += ways
                for u, ways in enumerate(table[i, j - 1]):
                    orders[u] += ways
            table[i, j] = orders
    return table[n, m]


def signed_rank_orders(n: int) -> list[int]:
    orders = [1]
    for rank in range(1, n + 1):
        longer = [0] * (len(orders) + rank)
        for w, ways in enumerate(orders):
            longer[w] += ways
            longer[w + rank] += ways
        orders = longer
    return orders


def rank_within(orders: list[int], tail: float) -> int:
    passed = list(accumulate(orders))
    return sum(1 for ways in passed if Fraction(ways, passed[-1]) <= Fraction(tail))


def test_ranks_that_bound_a_shift_equal_those_counted_in_whole_numbers() -> None:
    chance = random.Random(SEED)
    cases = [
        (chance.randint(1, 25), chance.randint(1, 25), chance.choice([0.011, 0.026, 0.051, 0.11]))
        for _ in range(60)
    ]
    answers = probe([f"rank_bounds {n} {m} {tail}" for n, m, tail in cases])
    for (n, m, tail), (two_samples, pairs) in zip(cases, answers, strict=True):
        assert two_samples == rank_within(rank_sum_orders(n, m), tail)
        assert pairs == rank_within(signed_rank_orders(n), tail)


def test_shifts_are_order_statistics_of_all_differences() -> None:
    cases = random_samples(150, 25)
    ranks = probe([f"rank_bounds {len(x)} {len(y)} 0.05" for x, y in cases])
    for (x, y), answer, (k, _) in zip(cases, ask("shift", cases), ranks, strict=True):
        differences = np.sort(np.subtract.outer(y, x).ravel())
        expected = [np.nan, np.nan] if k == 0 else [differences[int(k) - 1], differences[-int(k)]]
        assert answer == pytest.approx([np.median(differences), *expected], nan_ok=True)


def test_welch_equals_scipy() -> None:
    cases = [(x, y) for x, y in random_samples(100, 40) if len(set(x)) > 1 or len(set(y)) > 1]
    for (x, y), (difference, t, p, degrees, low, high) in zip(cases, ask("welch", cases), strict=True):
        expected = stats.ttest_ind(y, x, equal_var=False)
        assert difference == pytest.approx(np.mean(y) - np.mean(x), rel=1e-9, abs=1e-12)
        assert (t, p, degrees) == pytest.approx((expected.statistic, expected.pvalue, expected.df), rel=1e-9)
        interval = expected.confidence_interval(0.9)
        assert (low, high) == pytest.approx((interval.low, interval.high), rel=1e-9, abs=1e-12)


def test_effective_size_equals_geyers_sum_over_all_autocovariances() -> None:
    chance = np.random.default_rng(SEED)
    for rho in (0.0, 0.3, 0.8, 0.97):
        series = [0.0]
        while len(series) < 800:
            series.append(rho * series[-1] + float(chance.normal()))
        x = np.array(series) - np.mean(series)
        gamma = np.correlate(x, x, "full")[len(x) - 1 :] / len(x)
        tau = -1.0
        for lag in range(0, len(x) - 1, 2):
            if gamma[lag] + gamma[lag + 1] <= 0:
                break
            tau += 2 * (gamma[lag] + gamma[lag + 1]) / gamma[0]
        answer = probe(["effective_size " + " ".join(map(repr, series))])[0][0]
        assert answer == pytest.approx(len(x) / max(tau, 1.0), rel=1e-9)


def test_bca_equals_scipy_on_the_same_replicates() -> None:
    chance = np.random.default_rng(SEED)
    for _ in range(20):
        values = chance.exponential(size=30)
        found = stats.bootstrap(
            (values,), np.mean, n_resamples=999, confidence_level=0.9, method="BCa", rng=chance
        )
        jackknife = [np.delete(values, i).mean() for i in range(len(values))]
        numbers = [0.95, values.mean(), len(jackknife), *jackknife, *found.bootstrap_distribution]
        low, high = probe(["bca " + " ".join(repr(float(number)) for number in numbers)])[0]
        expected = found.confidence_interval
        assert (low, high) == pytest.approx((expected.low, expected.high), rel=1e-9)
