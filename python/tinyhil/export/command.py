# SPDX-License-Identifier: Apache-2.0
"""Exports from the command line. Exit codes are those of the tinyhil program."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..campaign import DEFAULT_STORE, Campaign
from ..errors import Error, UsageError
from ..report import Report
from ..store import Run, Store
from . import mlflow
from .croissant_file import croissant
from .csv_file import csv
from .cyclonedx_file import cyclonedx
from .energy_file import energy
from .parquet_file import parquet

_TABLES = {"parquet": parquet, "csv": csv}


def main(words: Sequence[str]) -> int:
    """Does what the words say; 0, or the exit code of the error that it told on stderr."""
    asked = _parser().parse_args(words)
    try:
        for line in asked.work(asked):
            print(line, flush=True)
    except Error as error:
        print(f"tinyhil: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tinyhil", description="What tinyhil leaves to Python.")
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    formats = verbs.add_parser("export", help="write a stored run for other tools").add_subparsers(
        required=True, metavar="FORMAT"
    )
    for name in _TABLES:
        table = formats.add_parser(name, help=f"every inference of a run as {name}")
        table.add_argument("campaign", nargs="?", type=Path, help="for labels, predictions and slices")
        table.set_defaults(work=_table, format=name)
        _add_run(table)
        _add_out(table)
    windows = formats.add_parser("energy", help="every energy window of a run as parquet")
    windows.add_argument("campaign", nargs="?", type=Path, help="whose latest run it is to be")
    windows.set_defaults(work=_energy)
    _add_run(windows)
    _add_out(windows)
    bill = _of_campaign(formats, "cyclonedx", "the models as a CycloneDX 1.6 bill of materials")
    bill.set_defaults(work=_cyclonedx)
    _add_run(bill)
    _add_out(bill)
    vectors = _of_campaign(formats, "croissant", "the vector file as a Croissant 1.1 data set")
    vectors.set_defaults(work=_croissant)
    _add_out(vectors)
    _add_mlflow(_of_campaign(formats, "mlflow", "a judged run as MLflow runs"))
    rules = verbs.add_parser("thresholds", help="MLflow's validation thresholds as a policy, on stdout")
    rules.add_argument("file", type=Path, help="JSON")
    rules.set_defaults(work=_thresholds)
    return parser


def _of_campaign(
    formats: argparse._SubParsersAction[argparse.ArgumentParser], name: str, does: str
) -> argparse.ArgumentParser:
    parser = formats.add_parser(name, help=does)
    parser.add_argument("campaign", type=Path, help="campaign file")
    return parser


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", type=Path, default=Path(DEFAULT_STORE), help=f"[{DEFAULT_STORE}]")
    parser.add_argument("--run", type=int, help="number of the stored run [the campaign's latest]")


def _add_out(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, help="file to write")


def _add_mlflow(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(work=_mlflow)
    _add_run(parser)
    parser.add_argument("--to", required=True, help="tracking URI (http://...), or a folder")
    parser.add_argument("--experiment", help="[the campaign's name]")
    parser.add_argument("--evidence", type=Path, help="bundle, whose digest becomes a tag")
    parser.add_argument(
        "--champion", metavar="CANDIDATE", help="register it and set champion-<board kind> to it"
    )
    parser.add_argument("--registered-model", metavar="NAME", help="[the campaign's name]")
    parser.add_argument("--waived-ok", action="store_true", help="a waived candidate may be champion")


def _judge(asked: argparse.Namespace) -> Report:
    return Campaign(asked.campaign).judge(asked.store, asked.run)


def _run(asked: argparse.Namespace, campaign: Campaign | None) -> Run:
    name = None if campaign is None else campaign.name
    for run in Store(asked.store).runs:  # newest first
        if asked.run == run.id or (asked.run is None and name in (None, run.campaign)):
            return run
    raise UsageError("the database has no such run", str(asked.store), "leave --run out for the latest")


def _table(asked: argparse.Namespace) -> Iterator[object]:
    campaign = Campaign(asked.campaign) if asked.campaign else None
    yield _TABLES[asked.format](_run(asked, campaign), asked.out, campaign)


def _energy(asked: argparse.Namespace) -> Iterator[object]:
    campaign = Campaign(asked.campaign) if asked.campaign else None
    yield energy(_run(asked, campaign), asked.out)


def _cyclonedx(asked: argparse.Namespace) -> Iterator[object]:
    yield cyclonedx(_judge(asked), asked.out)


def _croissant(asked: argparse.Namespace) -> Iterator[object]:
    yield croissant(Campaign(asked.campaign), asked.out)


def _mlflow(asked: argparse.Namespace) -> Iterator[object]:
    """A run that was logged stays logged when its candidate is no champion."""
    logged = mlflow.log_run(_judge(asked), asked.to, experiment=asked.experiment, evidence=asked.evidence)
    yield f"run {logged.run_id} at {logged.place.where}"
    if asked.champion:
        version = mlflow.set_alias(
            logged, asked.champion, registered_model=asked.registered_model, waived_ok=asked.waived_ok
        )
        yield f"{asked.champion} is version {version} and champion"


def _thresholds(asked: argparse.Namespace) -> Iterator[object]:
    """JSON is YAML: one rule a line."""
    rules = mlflow.import_thresholds(asked.file)
    yield from ("policy: from-mlflow", "rules:", *(f"  - {json.dumps(rule)}" for rule in rules))
