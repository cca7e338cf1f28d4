# SPDX-License-Identifier: Apache-2.0
"""Bounds for a paired difference of accuracy whose vectors come in groups (one speaker each).

The Bayesian bootstrap over groups, with one group more, never seen, at the worst value:
Gaffke (2005), Math. Methods Statist. 14, 451-467; Learned-Miller and Thomas (2019), "A
new confidence interval for the mean of a bounded random variable". The harness computes
the same in harness/stats/group_mean.hpp; here it is drawn, as a check on it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_DRAWS, _AT_ONCE, _SEED = 20_000, 1_000, 5


@dataclass(frozen=True)
class Differences:
    """Of each group: vectors gained less vectors lost, and vectors."""

    total: np.ndarray
    size: np.ndarray

    @staticmethod
    def of(change: np.ndarray, group: np.ndarray) -> Differences:
        """`change` is 1, 0 or -1 a vector: gained, as before, lost."""
        _, place = np.unique(group, return_inverse=True)
        return Differences(np.bincount(place, change), np.bincount(place).astype(float))


def _drawn(groups: Differences, unseen: float) -> np.ndarray:
    """Draws of the mean difference a vector, when a group never seen has `unseen`."""
    rng = np.random.default_rng(_SEED)
    size = np.sum(groups.size**2) / np.sum(groups.size)  # of the group of a vector drawn at random
    totals = np.append(groups.total, unseen * size)
    sizes = np.append(groups.size, size)
    found = []
    for _ in range(_DRAWS // _AT_ONCE):
        weights = rng.standard_exponential((_AT_ONCE, len(sizes)))
        found.append((weights @ totals) / (weights @ sizes))
    return np.concatenate(found)


def lower_bound(groups: Differences, alpha: float = 0.05) -> float:
    """One-sided lower confidence limit of the difference."""
    return float(np.quantile(_drawn(groups, -1.0), alpha))


def p_worse(groups: Differences, margin: float) -> float:
    """One-sided p-value against "the candidate is at most `margin` worse"."""
    return float(np.mean(_drawn(groups, 1.0) >= -margin))


def self_check() -> None:
    """Single vectors, some lost and none gained, are binomial: Clopper and Pearson's limit."""
    for lost, n, expected in ((0, 58, -0.05034), (5, 300, -0.03472)):
        change = -(np.arange(n) < lost).astype(float)
        if abs(lower_bound(Differences.of(change, np.arange(n))) - expected) > 1e-3:
            raise AssertionError(f"the lower bound for {lost} lost of {n} is off")
