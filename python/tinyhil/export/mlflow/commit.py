# SPDX-License-Identifier: Apache-2.0
"""The git commit that a campaign belongs to."""

from __future__ import annotations

import subprocess
from pathlib import Path


def commit_of(file: Path) -> dict[str, str]:
    """MLflow's tags for the commit checked out where the file lies; none outside a repository."""
    commit = _git(file.resolve().parent, "rev-parse", "HEAD")
    if commit is None:
        return {}
    changed = _git(file.resolve().parent, "status", "--porcelain", "--untracked-files=no")
    return {"mlflow.source.git.commit": commit, "mlflow.source.git.dirty": "true" if changed else "false"}


def _git(folder: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None  # no git, or none that answers: the commit is not known
    return done.stdout.strip() if done.returncode == 0 else None
