# SPDX-License-Identifier: Apache-2.0
"""Ten thousand inferences over a bad line, with 20 resets of the board and 50 kill -9 of the host: none is
wrong, none missing, none there twice, and nobody blames the device."""

from __future__ import annotations

from pathlib import Path

import pytest

from chaos import Plan, clean_rows, storm_over
from fake_desk import MODELS, golden, noise


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan(seed=1)


def test_a_campaign_survives_a_bad_line_resets_and_kill_9(plan: Plan, tmp_path: Path) -> None:
    code, clean = clean_rows(plan, tmp_path / "clean")
    assert code == 0
    assert len(clean.found) == plan.inferences == 10_000
    storm = storm_over(plan, tmp_path / "storm")
    assert storm.code == code, storm.said
    assert (storm.kills, storm.resets) == (50, 20), (
        "all while the campaign ran; lower `life` if it ended before"
    )
    assert 0 < storm.rows_when_killed[-1] < plan.inferences, "hosts that were killed got on with it"
    assert storm.rows.twice == 0
    assert storm.rows.missing(clean) == 0
    assert storm.rows.wrong(clean) == 0
    assert storm.survived, "no host saw a reset"
    assert not [what for what, of_the_device in storm.survived if of_the_device]


def test_the_outputs_it_compares_with_are_those_expected(plan: Plan, tmp_path: Path) -> None:
    small = Plan(seed=plan.seed, vectors=20, repeats=2)
    _, clean = clean_rows(small, tmp_path / "clean")
    vectors = noise(20, 100, seed=plan.seed)
    for (model, vector, _), (status, output) in clean.found.items():
        assert status == 0
        assert output == golden(vectors[vector : vector + 1], MODELS[model]).tobytes()
