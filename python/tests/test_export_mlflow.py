# SPDX-License-Identifier: Apache-2.0
"""Runs in MLflow: in a folder that is carried elsewhere and served there, and pushed to that server."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient

from desk import BINARY
from exported import Exported
from mlflow_server import free_port, mlflow_reads, mlflow_server
from tinyhil import BenchFault, Report, UsageError, Verdict, export
from tinyhil.export.mlflow import Logged, NotPassed
from tinyhil.export.mlflow.commit import commit_of
from tinyhil.export.mlflow.evidence import evidence_of
from tinyhil.export.mlflow.facts import Facts, key
from tinyhil.export.mlflow.log import _Log
from tinyhil.export.mlflow.registry import alias_of

pytestmark = mlflow_reads

Run = Any  # MLflow's


@pytest.fixture(scope="module")
def bundle(exported: Exported, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of slim only."""
    file: Path = tmp_path_factory.mktemp("evidence") / "evidence.tar"
    where = ["--store", str(exported.store), "--candidate", "slim", "--out", str(file)]
    subprocess.run(
        [BINARY / "bin" / "tinyhil", "bundle", exported.campaign.file, *where], check=True, timeout=60
    )
    return file


@pytest.fixture(scope="module")
def logged(exported: Exported, bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Logged:
    """In a folder, with slim as champion."""
    folder = tmp_path_factory.mktemp("mlflow") / "portable"
    done = export.mlflow.log_run(exported.report, folder, evidence=bundle)
    assert export.mlflow.set_alias(done, "slim") == "1"
    return done


@pytest.fixture(scope="module")
def server(logged: Logged, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """On a copy of that folder, elsewhere."""
    folder = tmp_path_factory.mktemp("elsewhere") / "moved"
    shutil.copytree(logged.place.where, folder)
    with mlflow_server(folder) as address:
        yield address


def runs_by_role(client: MlflowClient, experiment: str) -> dict[str, Run]:
    """The campaign's run under `campaign`, the models' under their names."""
    found = client.get_experiment_by_name(experiment)
    assert found is not None
    runs = client.search_runs([found.experiment_id])
    return {run.data.params.get("model", "campaign"): run for run in runs}


def assert_tells_the_report(runs: dict[str, Run], exported: Exported) -> None:
    assert set(runs) == {"campaign", "shipped", "slim", "quick"}
    assert runs["campaign"].data.tags["hil.verdict"] == "fail"
    verdicts = {name: run.data.tags.get("hil.verdict") for name, run in runs.items()}
    assert verdicts == {"campaign": "fail", "shipped": None, "slim": "pass", "quick": "fail"}
    for card in exported.report.document["scorecards"]:
        run = runs[card["trial"]["model"]]
        assert run.data.tags["mlflow.parentRunId"] == runs["campaign"].info.run_id
        assert run.data.metrics["accuracy"] == card["accuracy"]["value"]
        assert run.data.metrics["latency_process/p99_us"] == pytest.approx(
            card["latency"]["ticks"]["p99"] / 1e3
        )
        for part in card["slices"]:
            name = f"accuracy/{part['slice']}/{key(part['value'])}"
            assert run.data.metrics[name] == part["accuracy"]["value"]
        assert run.info.status == "FINISHED"


def test_a_folder_tells_what_the_report_tells(logged: Logged, exported: Exported) -> None:
    runs = runs_by_role(logged.place.client, "wake-word")
    assert_tells_the_report(runs, exported)
    assert runs["slim"].data.metrics["arena_used_bytes"] == 5168
    assert runs["quick"].data.metrics["accuracy_n/accent/non_native"] == 129
    assert runs["quick"].data.tags["hil.rule.worst-slice"] == "fail"
    assert {run.data.tags["hil.provenance"] for run in runs.values()} == {"process"}
    assert not [name for name in runs["slim"].data.metrics if name.startswith(("latency_real", "latency/"))]


def test_evidence_is_named_by_digest_where_it_judges(logged: Logged, bundle: Path) -> None:
    runs = runs_by_role(logged.place.client, "wake-word")
    digests = {name: run.data.tags.get("hil.evidence.sha256") for name, run in runs.items()}
    digest = hashlib.sha256(bundle.read_bytes()).hexdigest()
    assert digests == {"campaign": digest, "slim": digest, "shipped": None, "quick": None}


def test_vectors_are_named_by_digest(logged: Logged, exported: Exported) -> None:
    for run in runs_by_role(logged.place.client, "wake-word").values():
        (dataset,) = (each.dataset for each in run.inputs.dataset_inputs)
        assert dataset.name == "vectors.npz"
        assert exported.campaign.vectors.sha256.startswith(dataset.digest)
        assert json.loads(dataset.profile)["sha256"] == exported.campaign.vectors.sha256


def test_a_server_shows_a_folder_that_was_carried_to_it(
    server: str, exported: Exported, tmp_path: Path
) -> None:
    client = MlflowClient(server)
    runs = runs_by_role(client, "wake-word")
    assert_tells_the_report(runs, exported)
    run_id = runs["campaign"].info.run_id
    report = Path(client.download_artifacts(run_id, "report/report.json", str(tmp_path)))
    assert json.loads(report.read_text())["run"] == exported.report.document["run"]
    asked = {each.path for each in client.list_artifacts(run_id, "asked")}
    assert asked == {"asked/campaign.yaml", "asked/gate.yaml"}


def test_a_run_is_pushed_to_a_server(server: str, exported: Exported, tmp_path: Path) -> None:
    done = export.mlflow.log_run(exported.report, server, experiment="pushed")
    client = MlflowClient(server)
    runs = runs_by_role(client, "pushed")
    assert_tells_the_report(runs, exported)
    assert runs["campaign"].info.run_id == done.run_id
    page = Path(client.download_artifacts(done.run_id, "report/report.html", str(tmp_path)))
    assert "<html" in page.read_text()


def test_the_champion_is_the_version_that_passed(server: str, exported: Exported, tmp_path: Path) -> None:
    client = MlflowClient(server, registry_uri=server)
    done = export.mlflow.log_run(exported.report, server, experiment="promoted")
    version = export.mlflow.set_alias(done, "slim")
    champion = client.get_model_version_by_alias("wake-word", "champion-host-process")
    assert (version, champion.version) == ("2", "2")
    assert client.get_model_version("wake-word", "1").tags["hil.evidence.sha256"]  # made in the folder
    assert champion.tags["hil.verdict"] == "pass"
    assert champion.tags["hil.provenance"] == "process"
    assert champion.run_id == done.model_run_ids["slim"]
    model = client.download_artifacts(champion.run_id, "model/slim.tflite", str(tmp_path))
    assert Path(model).read_bytes() == exported.campaign.models["slim"].read_bytes()


def test_what_failed_or_was_never_a_candidate_gets_no_alias(logged: Logged) -> None:
    with pytest.raises(NotPassed, match=r"non_native is 27\.9 ") as raised:
        export.mlflow.set_alias(logged, "quick")
    assert raised.value.exit_code == 1
    with pytest.raises(UsageError, match="shipped is no candidate"):
        export.mlflow.set_alias(logged, "shipped")
    aliases = logged.place.client.get_registered_model("wake-word").aliases
    assert {name: str(version) for name, version in aliases.items()} == {"champion-host-process": "1"}


def test_a_waived_candidate_gets_an_alias_only_when_asked(
    logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    waived = Verdict("quick", "shipped", "waived", "arena is waived", [])
    monkeypatch.setattr(Report, "verdict", lambda _self, _candidate: waived)
    with pytest.raises(NotPassed, match="waived"):
        export.mlflow.set_alias(logged, "quick", registered_model="waived")
    assert export.mlflow.set_alias(logged, "quick", registered_model="waived", waived_ok=True) == "1"


def test_the_commit_is_that_of_the_campaigns_repository(tmp_path: Path) -> None:
    file = tmp_path / "campaign.yaml"
    assert commit_of(file) == {}
    file.write_text("campaign: a")
    who = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-qm", "a"]):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True)
    head = subprocess.run(
        ["git", "-C", str(tmp_path), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    )
    clean = {"mlflow.source.git.commit": head.stdout.strip(), "mlflow.source.git.dirty": "false"}
    assert commit_of(file) == clean
    file.write_text("campaign: b")
    assert commit_of(file) == clean | {"mlflow.source.git.dirty": "true"}


def test_no_server_is_a_bench_fault(exported: Exported, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    address = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(BenchFault, match="MLflow: ") as raised:
        export.mlflow.log_run(exported.report, address)
    assert raised.value.where == address


def test_logging_that_broke_off_is_failed(
    logged: Logged, exported: Exported, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(logged.place), "upload", full)
    with pytest.raises(BenchFault, match="No space"):
        export.mlflow.log_run(exported.report, logged.place.where, experiment="broken")
    (run,) = runs_by_role(logged.place.client, "broken").values()
    assert run.info.status == "FAILED"


def test_evidence_is_refused_when_it_is_none_or_of_another_run_or_verdict(
    exported: Exported,
    exported_top_k: Exported,
    bundle: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(UsageError, match="this is no bundle"):
        evidence_of(tmp_path / "none.tar", exported.report)
    with pytest.raises(UsageError, match="this is no bundle"):
        evidence_of(exported.store, exported.report)
    with pytest.raises(UsageError, match="about another run"):
        evidence_of(bundle, exported_top_k.report)
    monkeypatch.setattr(exported.report, "verdicts", [Verdict("slim", "shipped", "fail", "", [])])
    with pytest.raises(UsageError, match="the bundle says pass of slim, the report fail"):
        evidence_of(bundle, exported.report)


def test_more_than_a_batch_takes_goes_in_several(logged: Logged, exported: Exported) -> None:
    place = logged.place
    experiment = place.create_experiment("many")
    facts = Facts(
        "many",
        params={f"p{i}": str(i) for i in range(150)},
        tags={f"t{i}": str(i) for i in range(250)},
        metrics={f"m{i}": float(i) for i in range(2001)},
    )
    with _Log(place, exported.report, experiment).run(facts, {}) as run:
        data = place.client.get_run(run.info.run_id).data
    assert (data.params, data.metrics) == (facts.params, facts.metrics)
    assert facts.tags.items() <= data.tags.items()


def test_only_a_real_boards_champion_has_the_plain_alias() -> None:
    assert alias_of("nrf52840", "real") == "champion-nrf52840"
    assert alias_of("nrf52840", "emulated") == "champion-nrf52840-emulated"
    assert alias_of("stm32 v1.2", "real") == "champion-stm32_20_v1_2e_2"


def test_names_with_other_characters_stay_apart() -> None:
    assert (key("espeak:f3"), key("a b"), key("non_native")) == ("espeak_3a_f3", "a_20_b", "non_native")
