# SPDX-License-Identifier: Apache-2.0
"""The formulas of stats/ against scipy and statsmodels, over random cases and at the edges.

The bounds of a paired comparison are in neither, so their definition is integrated here a second way.
"""

from __future__ import annotations

import math
import random
from itertools import permutations

import numpy as np
import pytest
from scipy.stats import beta, binom, f_oneway, fisher_exact, median_abs_deviation
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from stats_probe import probe

SEED = 20261123


def not_worse(b: int, c: int, n: int, margin: float) -> float:
    """P(W_gained - W_lost <= -margin), weights by Dirichlet(b + 1, c, n - b - c): over W_gained."""
    rest = n - b - c
    if c == 0:
        return float(beta.sf(margin, b + 1, rest)) if rest else 1.0
    low, high = beta.ppf(1e-14, c, b + 1 + rest), beta.isf(1e-14, c, b + 1 + rest)
    nodes, weights = np.polynomial.legendre.leggauss(600)
    gained = low + (high - low) * (nodes + 1) / 2
    least = np.minimum((gained + margin) / (1 - gained), 1)
    lost = beta.sf(least, b + 1, rest) if rest else (least < 1).astype(float)
    return float(np.sum(weights * beta.pdf(gained, c, b + 1 + rest) * lost) * (high - low) / 2)


def random_pairs(count: int) -> list[tuple[int, int, int]]:
    chance = random.Random(SEED)
    cases = [(0, 0, 1), (1, 0, 1), (0, 1, 1), (0, 0, 400), (7, 0, 7), (0, 7, 7), (3, 4, 7), (0, 9, 300)]
    while len(cases) < count:
        n = chance.choice([2, 10, 40, 300, 5_000, 1_000_000])
        lost = chance.randint(0, n // chance.choice([1, 10, 100]))
        cases.append((lost, chance.randint(0, (n - lost) // chance.choice([1, 10, 100])), n))
    return cases


def test_a_paired_comparison_equals_its_definition() -> None:
    chance = random.Random(SEED)
    cases = [
        (*pairs, chance.choice([0.002, 0.01, 0.06, 0.3]), chance.choice([0.9, 0.95, 0.99]))
        for pairs in random_pairs(200)
    ]
    answers = probe([f"paired {b} {c} {n} {m!r} {confidence}" for b, c, n, m, confidence in cases])
    for (b, c, n, margin, confidence), (p, lower, upper) in zip(cases, answers, strict=True):
        if b + c < n:  # else the integrand jumps
            assert p == pytest.approx(not_worse(b, c, n, margin), abs=2e-6), (b, c, n, margin)
        assert -1 <= lower <= (c - b) / n <= upper <= 1
        if c == 0:
            assert lower == pytest.approx(-beta.ppf(confidence, b + 1, n - b) if b < n else -1.0, abs=1e-8)
        if b == 0:
            assert upper == pytest.approx(beta.ppf(confidence, c + 1, n - c) if c < n else 1.0, abs=1e-8)


@pytest.mark.parametrize(
    ("name", "method"), [("holm", "holm"), ("bh", "fdr_bh"), ("by", "fdr_by"), ("hommel", "hommel")]
)
def test_adjusted_p_values_equal_statsmodels(name: str, method: str) -> None:
    chance = random.Random(SEED)
    cases = [[chance.random() ** 3 for _ in range(chance.randint(1, 40))] for _ in range(100)]
    cases.append([0.03, 0.03, 0.03, 0.5])
    answers = probe([f"{name} " + " ".join(map(repr, p)) for p in cases])
    for p, adjusted in zip(cases, answers, strict=True):
        assert adjusted == pytest.approx(list(multipletests(p, method=method)[1]), rel=1e-12)


def expected_ranks(n: int, quantile: float, confidence: float) -> tuple[int, int]:
    upper = int(binom.ppf(confidence, n, quantile)) + 1  # smallest r with cdf(r - 1) >= confidence
    lower = int(binom.ppf(1 - confidence, n, quantile))  # cdf(lower - 1) < 1 - confidence
    return lower, upper if upper <= n else 0


def test_ranks_equal_binomial_quantiles() -> None:
    chance = random.Random(SEED)
    cases = [
        (
            chance.choice([1, 2, 5, 58, 59, 298, 299, 458, 459, 1_000, 54_321, 10_000_000]),
            quantile,
            confidence,
        )
        for quantile in (0.5, 0.9, 0.95, 0.99, 0.999)
        for confidence in (0.91, 0.951, 0.976, 0.992)  # no binomial tail hits these exactly
        for _ in range(12)
    ]
    answers = probe([f"ranks {n} {quantile} {confidence}" for n, quantile, confidence in cases])
    for case, (lower, upper) in zip(cases, answers, strict=True):
        assert (lower, upper) == expected_ranks(*case), case


def test_a_paired_comparison_keeps_its_error_level_at_the_margin() -> None:
    """How often a candidate exactly at the margin passes, summed over all tables of a small trial."""
    n, margin, alpha, discordance = 60, 0.05, 0.05, 0.15
    lost_rate, gained_rate = (discordance + margin) / 2, (discordance - margin) / 2
    tables = [(b, c) for b in range(n + 1) for c in range(n + 1 - b)]
    bounds = probe([f"paired {b} {c} {n} {margin} {1 - alpha}" for b, c in tables])
    passing = 0.0
    for (b, c), (p, _, _) in zip(tables, bounds, strict=True):
        if p < alpha:
            given = gained_rate / (1 - lost_rate)
            passing += float(binom.pmf(b, n, lost_rate)) * float(binom.pmf(c, n - b, given))
    assert 0.02 < passing <= alpha


@pytest.mark.parametrize(("name", "method"), [("wilson", "wilson"), ("clopper_pearson", "beta")])
def test_an_interval_of_a_proportion_equals_statsmodels(name: str, method: str) -> None:
    chance = random.Random(SEED)
    cases = [(0, 1, 0.95), (1, 1, 0.95), (0, 20, 0.95), (20, 20, 0.95), (5_000_000, 10_000_000, 0.99)]
    for _ in range(300):
        n = chance.choice([1, 3, 10, 39, 40, 500, 12_345, 10_000_000])
        cases.append((chance.randint(0, n), n, chance.choice([0.8, 0.95, 0.99])))
    answers = probe([f"{name} {successes} {n} {confidence}" for successes, n, confidence in cases])
    for (successes, n, confidence), interval in zip(cases, answers, strict=True):
        expected = proportion_confint(successes, n, alpha=1 - confidence, method=method)
        assert tuple(interval) == pytest.approx(expected, rel=1e-9, abs=1e-12), (successes, n, confidence)


def newcombe(one: tuple[int, int], other: tuple[int, int], tail: float) -> tuple[float, float]:
    low, high = confint_proportions_2indep(*one, *other, method="newcomb", alpha=2 * tail)
    return float(low), float(high)


def test_the_largest_gap_is_made_of_newcombes_intervals() -> None:
    chance = random.Random(SEED)
    cases = []
    for _ in range(60):
        sizes = [chance.randint(5, 2000) for _ in range(chance.randint(2, 5))]
        cases.append([(chance.randint(0, n), n) for n in sizes])
    lines = ["gap 0.95 " + " ".join(f"{x} {n}" for x, n in groups) for groups in cases]
    for groups, (low, high) in zip(cases, probe(lines), strict=True):
        ordered = list(permutations(groups, 2))
        tail = 0.05 / (len(ordered) / 2)
        assert high == pytest.approx(max(newcombe(*pair, tail)[1] for pair in ordered), rel=1e-9)
        expected = max(newcombe(*pair, tail / 2)[0] for pair in ordered)
        assert low == pytest.approx(max(0.0, expected), rel=1e-9, abs=1e-12)


def placements(positives: list[int], negatives: list[int]) -> tuple[list[float], list[float]]:
    def wins(a: int, b: int) -> float:
        return 1.0 if a > b else 0.5 if a == b else 0.0

    of_positives = [sum(wins(p, q) for q in negatives) / len(negatives) for p in positives]
    return of_positives, [sum(wins(p, q) for p in positives) / len(positives) for q in negatives]


def test_delong_equals_its_definition_over_all_pairs_of_vectors() -> None:
    chance = random.Random(SEED)
    cases = []
    for _ in range(60):
        labels = [1, 1, 0, 0] + [chance.randint(0, 1) for _ in range(chance.randint(0, 60))]
        cases.append([(label, chance.randint(0, 9) + label, chance.randint(0, 9)) for label in labels])
    lines = [f"delong {len(case)} " + " ".join(f"{y} {a} {b}" for y, a, b in case) for case in cases]
    for case, (candidate, baseline, se) in zip(cases, probe(lines), strict=True):
        split = [[[row[model] for row in case if row[0] == label] for label in (1, 0)] for model in (1, 2)]
        (v10_a, v01_a), (v10_b, v01_b) = (placements(*model) for model in split)
        assert candidate == pytest.approx(np.mean(v10_a), rel=1e-12)
        assert baseline == pytest.approx(np.mean(v10_b), rel=1e-12)
        spread = [np.subtract(a, b) for a, b in ((v10_a, v10_b), (v01_a, v01_b))]
        expected = math.sqrt(sum(float(np.var(d, ddof=1)) / len(d) for d in spread))
        assert se == pytest.approx(expected, rel=1e-9, abs=1e-11)


def test_the_design_effect_is_the_ratio_of_robust_variances() -> None:
    """Of a regression on a constant, robust against groups and against none; plus one disagreement."""
    chance = random.Random(SEED)
    for _ in range(40):
        sizes = [chance.randint(1, 12) for _ in range(chance.randint(3, 60))] + [2]
        differences = [[chance.choice([-1, 0, 0, chance.choice([-1, 1])])] * n for n in sizes]
        flat = np.concatenate(differences)
        n = len(flat)
        groups = np.repeat(np.arange(len(sizes)), sizes)
        fit = OLS(flat, np.ones(n))
        kinds = {"groups": groups, "use_correction": False}
        clustered = fit.fit(cov_type="cluster", cov_kwds=kinds).bse[0] ** 2 * n * n
        independent = fit.fit(cov_type="HC1").bse[0] ** 2 * n * n
        clustered *= len(sizes) / (len(sizes) - 1)
        worst = sum(size * size for size in sizes) / n
        expected = max(1.0, (clustered + worst) / (independent + 1))
        line = " ".join(f"{d.count(0)} {d.count(-1)} {d.count(1)}" for d in differences)
        assert probe([f"design_effect {line}"])[0][0] == pytest.approx(expected, rel=1e-9)


def test_boards_equal_statsmodels() -> None:
    chance = random.Random(SEED)
    for _ in range(60):
        # Two boards far apart: statsmodels does not stop tau2 at 0, where this does.
        boards = [(-9.0, chance.uniform(0.1, 3)), (9.0, chance.uniform(0.1, 3))]
        boards += [(chance.gauss(0, 2), chance.uniform(0.1, 3)) for _ in range(chance.randint(0, 10))]
        expected = combine_effects(*np.array(boards).T, method_re="dl")
        line = "boards " + " ".join(f"{value!r} {variance!r}" for value, variance in boards)
        mean, se, q, i2, tau = probe([line])[0]
        means = (expected.mean_effect_re, expected.sd_eff_w_re_hksj)
        assert (mean, se) == pytest.approx(means, rel=1e-9)
        assert q == pytest.approx(expected.q, rel=1e-9)
        assert i2 == pytest.approx(expected.i2, rel=1e-9)
        assert tau**2 == pytest.approx(expected.tau2, rel=1e-9)


def test_fishers_exact_test_equals_scipy() -> None:
    chance = random.Random(SEED)
    cases = [(0, 5, 5, 5), (1, 1, 0, 300), (3, 3, 3, 3), (0, 2_000, 1_900, 2_000)]
    while len(cases) < 100:
        n, other = chance.choice([1, 7, 64, 1_000, 20_000]), chance.choice([3, 80, 5_000, 100_000])
        share = chance.random() ** 2
        cases.append((round(share * n * chance.random()), n, round(share * other), other))
    answers = probe([f"fisher {a} {n} {b} {m}" for a, n, b, m in cases])
    for (a, n, b, m), (p,) in zip(cases, answers, strict=True):
        wanted = fisher_exact([[a, n - a], [b, m - b]])[1]
        assert p == pytest.approx(wanted, rel=1e-6, abs=1e-290), (a, n, b, m)


def one_way(groups: list[list[float]]) -> tuple[float, ...]:
    """By the definition of the expected mean squares, over the values themselves."""
    every = np.concatenate([np.asarray(group) for group in groups])
    within = sum(float(((np.asarray(g) - np.mean(g)) ** 2).sum()) for g in groups) / (
        len(every) - len(groups)
    )
    spread = sum(len(g) * (float(np.mean(g)) - float(every.mean())) ** 2 for g in groups) / (len(groups) - 1)
    sizes = np.array([len(g) for g in groups])
    n0 = (len(every) - float((sizes**2).sum()) / len(every)) / (len(groups) - 1)
    between = max(0.0, (spread - within) / n0)
    f, p = f_oneway(*groups)
    return between, within, float(f), float(p), between / (between + within)


def test_components_of_variance_equal_scipys_analysis_of_variance() -> None:
    chance = random.Random(SEED)
    cases = []
    for _ in range(40):
        shifts = [chance.gauss(0, chance.choice([0, 0.5, 3])) for _ in range(chance.randint(2, 9))]
        cases.append(
            [[chance.gauss(10 + shift, 1) for _ in range(chance.randint(2, 30))] for shift in shifts]
        )
    lines = [" ".join(f"{len(g)} " + " ".join(map(repr, g)) for g in groups) for groups in cases]
    answers = probe([f"one_way {len(groups)} {line}" for groups, line in zip(cases, lines, strict=True)])
    for groups, answer in zip(cases, answers, strict=True):
        assert answer == pytest.approx(one_way(groups), rel=1e-8, abs=1e-11)


def test_modified_z_scores_equal_those_by_scipys_median_distance() -> None:
    chance = random.Random(SEED)
    cases = [[chance.gauss(100, 5) for _ in range(chance.randint(3, 40))] for _ in range(40)]
    for case, answer in zip(
        cases, probe(["modified_z " + " ".join(map(repr, c)) for c in cases]), strict=True
    ):
        values = np.asarray(case)
        scores = 0.6745 * (values - np.median(values)) / median_abs_deviation(values)
        assert answer == pytest.approx(list(scores), rel=1e-9)
