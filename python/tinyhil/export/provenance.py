# SPDX-License-Identifier: Apache-2.0
"""Where a table's numbers come from: digests, versions, boards."""

from __future__ import annotations

from typing import Any

from ..store import Trial
from .table import Table


def provenance_of(table: Table) -> dict[str, Any]:
    """As it goes into a file's metadata; JSON types only."""
    run = table.run.record
    return {
        "schema_version": 1,
        "tinyhil": run.version,
        "run": run.id,
        "campaign": run.campaign,
        "campaign_sha256": run.campaign_sha256,
        "policy_sha256": run.policy_sha256,
        "started_at": run.started_at,
        "host": run.host,
        "vectors_sha256": sorted({trial.record.vectors_sha256 for trial in table.trials}),
        "classes": [] if table.vectors is None else table.vectors.classes,
        "trials": [_trial(each) for each in table.trials],
    }


def _trial(trial: Trial) -> dict[str, Any]:
    board, record = trial.board, trial.record
    return {
        "trial": record.id,
        "model": trial.model,
        "model_sha256": record.model_sha256,
        "state": trial.state,
        "mode": record.mode,
        "board": board.name,
        "board_kind": board.kind,
        "board_serial": board.serial,
        "provenance": board.provenance,
        "image_sha256": board.image_sha256,
        "engine": board.engine,
        "clock": board.clock,
        "clock_hz": board.clock_hz,
        "timer_hz": board.timer_hz,
        "arena_used_bytes": record.arena_used,
    }
