# SPDX-License-Identifier: Apache-2.0
"""A judged run as MLflow runs: one for the campaign, and below it one for each model, the baseline too.

MLflow compares runs by metrics of one name, so every model is a run with the same names, and what they have
in common, reports, policy, campaign, is kept once, in the run above them.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...report import Report
from ..extras import needed
from .commit import commit_of
from .evidence import Evidence, evidence_of
from .facts import Facts, facts_of_model, facts_of_run
from .place import Place, answering, place_of

_DIGEST_LENGTH = 32  # MLflow takes 36 characters; the whole digest is a tag


@dataclass(frozen=True)
class Logged:
    """Where a run went: MLflow's ids of the campaign's run and, by name, of the models' runs below it."""

    place: Place
    report: Report
    run_id: str
    model_run_ids: dict[str, str]
    evidence: Evidence | None


def log_run(
    report: Report,
    to: str | os.PathLike[str],
    *,
    experiment: str | None = None,
    evidence: str | os.PathLike[str] | None = None,
) -> Logged:
    """Logs a judged run to the tracking URI or the folder `to`; every call makes new MLflow runs.

    `experiment`: by default the campaign's name. `evidence`: a bundle of this run, whose digest becomes a tag
    of what it judges; it is not uploaded, for it holds the vectors. A verdict is a tag, never MLflow's
    status: that is FAILED only when logging broke off. Raises UsageError without mlflow or for another run's
    bundle, BenchFault for what MLflow or the disk refuses; a server that does not answer is asked again as
    often as MLFLOW_HTTP_REQUEST_MAX_RETRIES says.
    """
    sealed = None if evidence is None else evidence_of(Path(evidence), report)
    place, campaign = place_of(to), report.inputs
    with answering(place.where):
        log = _Log(place, report, _experiment(place, experiment or campaign.name))
        commit = commit_of(campaign.file)
        with log.run(facts_of_run(report), commit | (sealed.tags() if sealed else {})) as parent:
            log.files(parent)
            below = commit | {"mlflow.parentRunId": parent.info.run_id}
            models = {
                name: log.model(name, below | (sealed.tags(name) if sealed else {}))
                for name in [campaign.baseline, *campaign.candidates]
            }
    return Logged(place, report, parent.info.run_id, models, sealed)


def _experiment(place: Place, name: str) -> str:
    found = place.client.get_experiment_by_name(name)
    return place.create_experiment(name) if found is None else str(found.experiment_id)


def _batches(values: Mapping[str, Any], size: int) -> Iterator[list[tuple[str, Any]]]:
    items = list(values.items())
    return (items[first : first + size] for first in range(0, len(items), size))


@dataclass
class _Log:
    """One report on its way into one experiment."""

    place: Place
    report: Report
    experiment: str

    def __post_init__(self) -> None:
        self.entities = needed("mlflow.entities", "mlflow")

    @contextmanager
    def run(self, facts: Facts, more_tags: dict[str, str]) -> Iterator[Any]:
        """Ends FINISHED, or FAILED after an exception."""
        client = self.place.client
        run = client.create_run(self.experiment, run_name=facts.name, tags=more_tags)
        status = "FAILED"
        try:
            self.tell(run.info.run_id, facts)
            yield run
            status = "FINISHED"
        finally:
            client.set_terminated(run.info.run_id, status)

    def model(self, name: str, tags: dict[str, str]) -> str:
        with self.run(facts_of_model(self.report, name), tags) as run:
            return str(run.info.run_id)

    def tell(self, run_id: str, facts: Facts) -> None:
        """In batches as large as MLflow takes them; metrics at the time of logging."""
        now, entities, client = int(time.time() * 1000), self.entities, self.place.client
        for params in _batches(facts.params, 100):
            client.log_batch(run_id, params=[entities.Param(*each) for each in params])
        for tags in _batches(facts.tags, 100):
            client.log_batch(run_id, tags=[entities.RunTag(*each) for each in tags])
        for metrics in _batches(facts.metrics, 1000):
            client.log_batch(run_id, [entities.Metric(name, float(x), now, 0) for name, x in metrics])
        client.log_inputs(run_id, [self.dataset()])

    def dataset(self) -> Any:
        """The vectors by name and digest, none of their content."""
        vectors, entities = self.report.document["vectors"], self.entities
        name = Path(vectors["file"]).name
        profile = {"num_rows": vectors["count"], "sha256": vectors["digest"]}
        source, digest = json.dumps({"uri": name}), vectors["digest"][:_DIGEST_LENGTH]
        dataset = entities.Dataset(name, digest, "local", source, profile=json.dumps(profile))
        return entities.DatasetInput(dataset, [entities.InputTag("mlflow.data.context", "evaluation")])

    def files(self, run: Any) -> None:
        """Reports, and the files that say what was asked."""
        with tempfile.TemporaryDirectory() as folder:
            reports, asked = Path(folder) / "report", Path(folder) / "asked"
            asked.mkdir()
            self.report.write(reports)
            for file in (self.report.inputs.file, self.report.inputs.policy):
                shutil.copy(file, asked)
            self.place.upload(run, reports, "report")
            self.place.upload(run, asked, "asked")
