# SPDX-License-Identifier: Apache-2.0
"""What MLflow is told of a judged run and of each of its models: parameters, tags, metrics."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ..._core import Figure
from ...report import Report, Verdict

Document = dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """Of one MLflow run."""

    name: str
    params: dict[str, str]
    tags: dict[str, str]
    metrics: dict[str, float] = field(default_factory=dict)


def facts_of_run(report: Report) -> Facts:
    """Of the whole campaign; its verdict is the worst of its candidates."""
    run, vectors = report.document["run"], report.document["vectors"]
    trial = report.document["scorecards"][0]["trial"]
    params = {
        "campaign": run["campaign"],
        "bench": run["bench"],
        "policy": report.document["verdicts"][0]["policy"],
        "vectors": vectors["count"],
        "repeats": trial["repeats"],
        "mode": trial["mode"],
        "top_k": trial["top_k"],
        "sampling": run["sampling"] or "whole set",
    }
    tags = {
        "hil.role": "campaign",
        "hil.verdict": next(v.outcome for v in report.verdicts if _code(report, v) == report.exit_code),
        "hil.exit_code": report.exit_code,
        "hil.run.id": run["id"],
        "hil.run.started_at": run["started_at"],
        "hil.version": run["version"],
        "hil.campaign.sha256": run["campaign_digest"],
        "hil.policy.sha256": run["policy_digest"],
        "hil.vectors.sha256": vectors["digest"],
        "mlflow.note.content": "\n\n".join(
            f"{v.candidate}: {v.outcome}. {v.reason}" for v in report.verdicts
        ),
    }
    name = f"{run['campaign']} {run['started_at']}"
    return Facts(name, _text(params), _text(tags | _board_tags(trial["board"])))


def _code(report: Report, verdict: Verdict) -> int:
    documents: list[Document] = report.document["verdicts"]
    return next(int(each["exit_code"]) for each in documents if each["candidate"] == verdict.candidate)


def facts_of_model(report: Report, model: str) -> Facts:
    """Of one model on the device; a candidate has its verdict and the outcome of each rule."""
    card = report.scorecard(model)
    trial, board = card["trial"], card["trial"]["board"]
    judged = [each for each in report.verdicts if each.candidate == model]
    params = {
        "model": model,
        "model_sha256": trial["model_digest"],
        "board": board["name"],
        "board_kind": board["kind"],
        "engine": board["engine"],
        "clock": board["clock"],
        "clock_hz": board["clock_hz"],
    }
    tags = {"hil.role": "candidate" if judged else "baseline", "hil.state": card["state"]}
    for verdict in judged:
        tags |= {"hil.verdict": verdict.outcome, "hil.verdict.reason": verdict.reason}
        tags |= {f"hil.rule.{key(each.rule)}": each.outcome for each in verdict.findings}
    tags["hil.model.sha256"] = trial["model_digest"]
    metrics = metrics_of(card) | energies_of(report, model)
    for verdict in judged:
        metrics |= battery_lives_of(verdict)
    return Facts(model, _text(params), _text(tags | _board_tags(board)), metrics)


def _board_tags(board: Document) -> dict[str, Any]:
    return {
        "hil.provenance": board["provenance"],
        "hil.board_kind": board["kind"],
        "hil.image.sha256": board["image_digest"],
    }


def _text(values: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if value is not None}


def metrics_of(card: Document) -> dict[str, float]:
    """Of one scorecard, the names with units. A name of latency says whose clock it is, so that MLflow never
    lays an emulated number beside a real one.
    """
    metrics = _proportion("", card["accuracy"])
    for part in card["slices"]:
        metrics |= _proportion(f"/{key(part['slice'])}/{key(part['value'])}", part["accuracy"])
    trial, latency = card["trial"], card["latency"]
    place = f"latency_{trial['board']['provenance']}"
    if latency["ticks"] and latency["clock_hz"]:
        metrics |= {f"{place}/{q}_us": t * 1e6 / latency["clock_hz"] for q, t in latency["ticks"].items()}
        metrics[f"{place}/n"] = latency["n"]
    for quantity in card.get("quantities", []):
        metrics |= _quantity(quantity, trial["board"]["provenance"])
    sizes = {
        "arena_used_bytes": trial["arena_bytes"],
        "model_size_bytes": trial["model_bytes"],
        "flash_size_bytes": trial["board"]["flash_bytes"],
        "ram_size_bytes": trial["board"]["ram_bytes"],
    }
    metrics |= {name: size for name, size in sizes.items() if size}  # 0: not known
    counts = ("inferences", "failed_inferences", "quarantined_inferences", "nondeterministic")
    metrics |= {name: card[name] for name in counts}
    metrics["survived_faults"] = len(card["survived_faults"])
    if card["golden"]:
        metrics |= {f"golden_{name}": card["golden"][name] for name in ("compared", "differing", "max_lsb")}
    return metrics


def energies_of(report: Report, model: str) -> dict[str, float]:
    """Of an inference, by each board and meter. A name says which, and whether the meter is simulated, so
    that MLflow never lays a number of one beside that of another.
    """
    metrics: dict[str, float] = {}
    for board in report.energies:
        meter = board.meter
        kind = f"simulated_{meter.driver}" if meter.simulated else meter.driver
        place = f"energy_{key(kind)}/{key(board.board)}"
        for energy in board.models:
            if energy.model == model:
                metrics |= {
                    f"{place}/windows": energy.windows,
                    f"{place}/windows_incomplete": energy.incomplete,
                }
                metrics |= _figure(f"{place}/gross_uj", energy.gross_uj)
                metrics |= _figure(f"{place}/net_uj", energy.net_uj)
        metrics |= _figure(f"{place}/idle_ua", board.idle_ua) | _figure(f"{place}/sleep_ua", board.sleep_ua)
    return metrics


def _figure(name: str, figure: Figure | None) -> dict[str, float]:
    if figure is None:
        return {}
    return {name: figure.value, f"{name}_ci95_low": figure.low, f"{name}_ci95_high": figure.high}


def battery_lives_of(verdict: Verdict) -> dict[str, float]:
    """What each rule of battery life holds against its limit, by subject where it checks several."""
    metrics: dict[str, float] = {}
    for finding in verdict.findings:
        if finding.kind == "battery_life":
            for check in finding.checks:
                subject = f"/{key(check['subject'])}" if len(finding.checks) > 1 else ""
                if check["estimate"] is not None:
                    metrics[f"battery_life/{key(finding.rule)}{subject}_{check['unit']}"] = check["estimate"]
    return metrics


def _quantity(quantity: Document, provenance: str) -> dict[str, float]:
    place = f"{quantity['name']}_{provenance}"
    if not quantity["steps"]:
        return {}
    steps = {q: t / quantity["steps_per_base"] for q, t in quantity["steps"].items()}
    return {f"{place}/{q}_{quantity['base']}": value for q, value in steps.items()} | {
        f"{place}/n": quantity["n"]
    }


def _proportion(where: str, share: Document) -> dict[str, float]:
    numbers = {
        "accuracy": share["value"],
        "accuracy_ci95_low": share["interval"]["low"],
        "accuracy_ci95_high": share["interval"]["high"],
        "accuracy_n": share["n"],
    }
    return {name + where: number for name, number in numbers.items() if number is not None}


def key(name: str) -> str:
    """As a part of an MLflow key: other characters become their code, `a:b` is `a_3a_b`."""
    return re.sub(r"[^A-Za-z0-9_.-]", lambda found: f"_{ord(found[0]):x}_", name)
