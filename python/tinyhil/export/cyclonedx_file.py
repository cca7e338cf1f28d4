# SPDX-License-Identifier: Apache-2.0
"""A CycloneDX 1.6 bill of materials: models as they were measured, on which firmware, by which vectors."""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path
from typing import Any

from ..report import Report, Verdict
from .whole_file import write_json

Document = dict[str, Any]

_NAMESPACE = uuid.UUID("6f1c3f0e-7a55-5d0b-9a0f-2f0f5a1f7c11")  # of serial numbers made here


def cyclonedx(report: Report, file: str | os.PathLike[str]) -> Path:
    """Writes the bill; returns the path. Needs no package. The same report gives the same bytes.

    Each model is a component with its digest and a model card: accuracy over all and by slice with its 95 %
    interval, latency with provenance. A candidate's verdict is among its properties. Vectors are a component
    of their own, of type data, by name and digest.
    """
    document = report.document
    components = [_model(report, card) for card in document["scorecards"]]
    components += [_vectors(document["vectors"]), *_firmware(document["scorecards"])]
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": document["verdicts"][0]["judged_at"],
            "tools": {"components": [_tool(document["run"]["version"])]},
            "properties": _properties(_of_run(document)),
        },
        "components": components,
    }
    serial = uuid.uuid5(_NAMESPACE, json.dumps(bill, sort_keys=True))
    return write_json(bill | {"serialNumber": f"urn:uuid:{serial}"}, file)


def _tool(version: str) -> Document:
    return {"type": "application", "name": "tinyhil", "version": version}


def _of_run(document: Document) -> Document:
    run = document["run"]
    return {
        "campaign": run["campaign"],
        "run": run["id"],
        "started_at": run["started_at"],
        "campaign_sha256": run["campaign_digest"],
        "policy": document["verdicts"][0]["policy"],
        "policy_sha256": run["policy_digest"],
    }


def _properties(values: Document) -> list[Document]:
    return [{"name": f"tinyhil:{k}", "value": str(v)} for k, v in values.items() if v not in (None, "")]


def _hashes(digest: str | None) -> Document:
    return {"hashes": [{"alg": "SHA-256", "content": digest}]} if digest else {}


def _ref(kind: str, digest: str | None, name: str) -> str:
    return f"{kind}:{digest or name}"


def _model(report: Report, card: Document) -> Document:
    trial = card["trial"]
    judged = [each for each in report.verdicts if each.candidate == trial["model"]]
    card_of_it = {
        "modelParameters": {
            "task": report.document["vectors"]["task"]["kind"],
            "datasets": [{"ref": _ref("vectors", trial["vectors_digest"], "vectors")}],
            "inputs": [{"format": _tensor(trial["input"])}],
            "outputs": [{"format": _tensor(trial["output"])}],
        },
        "quantitativeAnalysis": {"performanceMetrics": _metrics(card)},
    }
    return {
        "type": "machine-learning-model",
        "bom-ref": f"model:{trial['model']}:{trial['model_digest']}",
        "name": trial["model"],
        **_hashes(trial["model_digest"]),
        "properties": _properties(_of_model(trial, judged)),
        "modelCard": card_of_it,
    }


def _of_model(trial: Document, judged: list[Verdict]) -> Document:
    board = trial["board"]
    values = {
        "role": "candidate" if judged else "baseline",
        "size_bytes": trial["model_bytes"],
        "arena_bytes": trial["arena_bytes"] or None,
        "board_kind": board["kind"],
        "provenance": board["provenance"],
        "image_sha256": board["image_digest"],
    }
    for verdict in judged:
        values |= {"verdict": verdict.outcome, "verdict_reason": verdict.reason, "baseline": verdict.baseline}
    return values


def _tensor(tensor: Document) -> str:
    return f"{tensor['dtype']}[{','.join(map(str, tensor['dims']))}]"


def _metrics(card: Document) -> list[Document]:
    metrics = [_accuracy(card["accuracy"], {})]
    for part in card["slices"]:
        metrics.append(_accuracy(part["accuracy"], {"slice": f"{part['slice']}={part['value']}"}))
    latency, board = card["latency"], card["trial"]["board"]
    if latency["ticks"] and latency["clock_hz"]:
        for quantile, ticks in latency["ticks"].items():
            name = f"latency {quantile} [us], {board['provenance']} {board['kind']}, n = {latency['n']}"
            metrics.append({"type": name, "value": repr(ticks * 1e6 / latency["clock_hz"])})
    for each in card.get("quantities", []):
        for quantile, steps in (each["steps"] or {}).items():
            place = f"{board['provenance']} {board['kind']}, n = {each['n']}"
            name = f"{each['name']} {quantile} [{each['base']}], {place}"
            metrics.append({"type": name, "value": repr(steps / each["steps_per_base"])})
    return [metric for metric in metrics if metric["value"] != "None"]


def _accuracy(share: Document, more: Document) -> Document:
    bounds = share["interval"]
    metric: Document = {"type": f"accuracy, n = {share['n']}", "value": repr(share["value"])} | more
    if bounds["low"] is not None and bounds["high"] is not None:
        ends = {"lowerBound": repr(bounds["low"]), "upperBound": repr(bounds["high"])}
        metric["confidenceInterval"] = ends
    return metric


def _vectors(vectors: Document) -> Document:
    return {
        "type": "data",
        "bom-ref": _ref("vectors", vectors["digest"], "vectors"),
        "name": Path(vectors["file"]).name,
        **_hashes(vectors["digest"]),
        "data": [
            {"type": "dataset", "description": f"{vectors['count']} test vectors; content is not embedded"}
        ],
    }


def _firmware(cards: list[Document]) -> list[Document]:
    """Each image once, by the digest that the device read back."""
    boards = {card["trial"]["board"]["image_digest"]: card["trial"]["board"] for card in cards}
    return [
        {
            "type": "firmware",
            "bom-ref": f"image:{digest}",
            "name": f"{board['kind']} {board['engine']}",
            "version": board["build"],
            **_hashes(digest),
        }
        for digest, board in boards.items()
        if digest
    ]
