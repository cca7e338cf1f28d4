# SPDX-License-Identifier: Apache-2.0
"""Tango's score test for the difference of two paired proportions.

Tango (1998), Statistics in Medicine 17, 891-908. b: baseline right and candidate
wrong; c: the reverse; n pairs; the difference is (c - b) / n.
"""

from __future__ import annotations

from math import inf, sqrt
from statistics import NormalDist

_NORMAL = NormalDist()


def score(b: int, c: int, n: int, difference: float) -> float:
    """Z of the hypothesis that the true difference is `difference`."""
    d = difference
    linear = -(b + c) + (2 * n - c + b) * d
    constant = -b * d * (1 - d)
    q = (sqrt(max(linear * linear - 8 * n * constant, 0.0)) - linear) / (4 * n)
    spread = n * (2 * q + d * (1 - d))
    distance = c - b - n * d
    if spread <= 0:
        return inf if distance > 0 else -inf if distance < 0 else 0.0
    return distance / sqrt(spread)


def lower_bound(b: int, c: int, n: int, alpha: float = 0.05) -> float:
    """One-sided lower confidence limit of the difference, by bisection."""
    wanted = _NORMAL.inv_cdf(1 - alpha)
    low, high = -1.0, (c - b) / n
    while high - low > 1e-12:
        middle = (low + high) / 2
        if score(b, c, n, middle) > wanted:
            low = middle
        else:
            high = middle
    return high


def p_worse(b: int, c: int, n: int, margin: float) -> float:
    """One-sided p-value against "the candidate is at most `margin` worse"."""
    return _NORMAL.cdf(score(b, c, n, -margin))


def self_check() -> None:
    """Fixtures computed with R's PropCIs and contingencytables."""
    for b, c, n, expected in ((40, 20, 160, -0.20303480), (5, 0, 300, -0.03383747)):
        if abs(lower_bound(b, c, n) - expected) > 1e-6:
            raise AssertionError(f"Tango lower bound for {(b, c, n)} is off")
