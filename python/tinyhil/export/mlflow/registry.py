# SPDX-License-Identifier: Apache-2.0
"""The model registry: which version is the champion on a device, said only by a verdict."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from ...errors import Error, UsageError
from ...report import Verdict
from ..extras import needed
from .facts import facts_of_model, key
from .log import Logged
from .place import answering


class NotPassed(Error):
    """The candidate did not pass, so nothing points at it; `exit_code` is the verdict's."""

    def __init__(self, verdict: Verdict, exit_code: int, where: str) -> None:
        """What the gate said."""
        remedy = "say so if a waived candidate may be champion" if verdict.outcome == "waived" else "mend it"
        what = f"{verdict.candidate} is no champion: {verdict.outcome}, {verdict.reason}"
        super().__init__(what, where, remedy)
        self.exit_code = exit_code


def set_alias(
    logged: Logged, candidate: str, *, registered_model: str | None = None, waived_ok: bool = False
) -> str:
    """Registers a candidate that passed and sets the alias champion-<board kind> to it; returns the version.

    Of boards that are not real the alias ends in their provenance, so that who asks for a device's champion
    never gets one that only an emulator has seen.

    `registered_model`: by default the campaign's name. The version's tags say verdict, provenance and
    digests. Raises NotPassed for any other verdict (a waived one only with `waived_ok`), UsageError for a
    model that is no candidate, BenchFault for what MLflow refuses.
    """
    campaign = logged.report.inputs
    if candidate not in campaign.candidates:
        raise UsageError(
            f"{candidate} is no candidate", str(campaign.file), "name a candidate of the campaign"
        )
    verdict = logged.report.verdict(candidate)
    if verdict.outcome != "pass" and not (verdict.outcome == "waived" and waived_ok):
        documents = logged.report.document["verdicts"]
        code = next(each["exit_code"] for each in documents if each["candidate"] == candidate)
        raise NotPassed(verdict, code, str(campaign.file))
    with answering(logged.place.where):
        return _register(logged, candidate, registered_model or campaign.name)


def _register(logged: Logged, candidate: str, name: str) -> str:
    client, run_id = logged.place.client, logged.model_run_ids[candidate]
    tags = {k: v for k, v in facts_of_model(logged.report, candidate).tags.items() if k.startswith("hil.")}
    tags |= logged.evidence.tags(candidate) if logged.evidence else {}
    _upload_model(logged, candidate)
    _make_sure_of(client, name)
    version = client.create_model_version(name, f"runs:/{run_id}/model", run_id, tags=tags)
    board = logged.report.scorecard(candidate)["trial"]["board"]
    client.set_registered_model_alias(name, alias_of(board["kind"], board["provenance"]), version.version)
    return str(version.version)


def alias_of(kind: str, provenance: str) -> str:
    """MLflow takes letters, digits, _ and -."""
    device = key(kind).replace(".", "_2e_")
    return f"champion-{device}" if provenance == "real" else f"champion-{device}-{provenance}"


def _make_sure_of(client: Any, name: str) -> None:
    refused = needed("mlflow.exceptions", "mlflow").MlflowException
    try:
        client.get_registered_model(name)
    except refused as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        client.create_registered_model(name)


def _upload_model(logged: Logged, candidate: str) -> None:
    run = logged.place.client.get_run(logged.model_run_ids[candidate])
    file = next(model.file for model in logged.report.inputs.models if model.name == candidate)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(file, folder)
        logged.place.upload(run, Path(folder), "model")
