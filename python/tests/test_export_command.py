# SPDX-License-Identifier: Apache-2.0
"""python -m tinyhil, as a CI job calls it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from desk import BINARY
from exported import Exported
from mlflow_server import mlflow_reads
from tinyhil.export.command import main


def call(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tinyhil", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_a_campaigns_latest_run_is_written_in_every_format(exported: Exported, tmp_path: Path) -> None:
    stored = (exported.campaign.file, "--store", exported.store)
    assert call("export", "parquet", *stored, "--out", tmp_path / "a.parquet").returncode == 0
    assert call("export", "csv", *stored, "--out", tmp_path / "a.csv").returncode == 0
    assert call("export", "cyclonedx", *stored, "--out", tmp_path / "bom.json").returncode == 0
    done = call("export", "croissant", exported.campaign.file, "--out", tmp_path / "vectors.json")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{tmp_path / 'vectors.json'}\n", "")
    assert len(pl.read_parquet(tmp_path / "a.parquet")) == len(pl.read_csv(tmp_path / "a.csv")) == 3856
    assert json.loads((tmp_path / "bom.json").read_text())["specVersion"] == "1.6"


def test_a_run_is_chosen_by_its_number_without_a_campaign(exported: Exported, tmp_path: Path) -> None:
    stored = ("--store", exported.store, "--out", tmp_path / "a.csv")
    assert call("export", "csv", *stored, "--run", "1").returncode == 0
    assert "label" not in pl.read_csv(tmp_path / "a.csv").columns
    done = call("export", "csv", *stored, "--run", "7")
    assert done.returncode == 2
    assert "no such run" in done.stderr


@mlflow_reads
def test_mlflow_gets_the_run_and_a_failed_champion_is_its_verdicts_exit_code(
    exported: Exported, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["export", "mlflow", str(exported.campaign.file), "--store", str(exported.store)]
    words += ["--to", str(tmp_path / "mlflow"), "--champion"]
    assert main([*words, "quick"]) == 1
    said = capsys.readouterr()
    assert re.fullmatch(rf"run [0-9a-f]{{32}} at {tmp_path}/mlflow\n", said.out)
    assert "tinyhil: quick is no champion: fail, worst-slice" in said.err
    assert main([*words, "slim"]) == 0
    assert capsys.readouterr().out.endswith("slim is version 1 and champion\n")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("export", "parquet", "none.yaml", "--out", "a"), 2, "none.yaml"),
        (("export", "csv", "--store", "none.db", "--out", "a"), 2, "none.db"),
        (("thresholds", "none.json"), 2, "none.json"),
    ],
)
def test_a_mistake_is_told_as_the_program_tells_it(words: tuple[str, ...], code: int, said: str) -> None:
    done = call(*words)
    assert done.returncode == code
    assert done.stderr.startswith("tinyhil: ")
    assert f"  where:  {said}" in done.stderr
    assert "  remedy: " in done.stderr


def test_thresholds_are_printed_as_a_policy_that_tinyhil_takes(tmp_path: Path) -> None:
    thresholds = {
        "accuracy_score": {"threshold": 0.9, "greater_is_better": True},
        "latency_real/p99_us": {"threshold": 20000, "greater_is_better": False},
        "model_size_bytes": {"threshold": 13000, "greater_is_better": False},
    }
    (tmp_path / "thresholds.json").write_text(json.dumps(thresholds))
    done = call("thresholds", tmp_path / "thresholds.json")
    policy = tmp_path / "gate.yaml"
    policy.write_text(done.stdout)
    taken = subprocess.run(
        [BINARY / "bin" / "tinyhil", "policy", "diff", policy, policy], check=False, timeout=60
    )
    assert taken.returncode == 0
