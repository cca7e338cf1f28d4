# SPDX-License-Identifier: Apache-2.0
"""The schemas accept what the documentation shows and refuse what the loaders refuse.

That schemas and loaders know the same keys is tested beside the loaders, in C++.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

CONDITIONS = {"dependentSchemas", "if", "then", "else"}  # they describe no object, only what goes with what
FOLDER = Path(__file__).parent
KINDS = ["campaign", "bench", "gate", "accept"]
# The others: campaign.md.
PAGES = {"accept": ["evidence.md"], "bench": ["probes.md", "campaign.md", "meters.md"]}
Document = dict[str, Any]

DOCUMENT: dict[str, str] = {
    "campaign": """
        campaign: wake-word
        vectors: vectors.npz
        models:
          shipped: {file: models/shipped.tflite, golden: golden_shipped}
          slim:    {file: models/slim.tflite}
        baseline: shipped
        candidates: [slim]
        bench: bench.yaml
        gate: gate.yaml
        repeats: 5
        inference_timeout: 10 s
        mode: measure
        order: abba
        results: top-k
        top_k: 3
        time_limit: 1 h
    """,
    "bench": """
        bench: emulated
        boards:
          - name: m4
            provenance: emulated
            image: ../../build/firmware-mps2-an386/agent.elf
            boot: 15 s
            quiet_boot: 3 s
            longest_inference: 5 min
            labels: {chip: stm32f4, pool: ci}
            link: {driver: emulated, machine: mps2-an386}
            meter: {driver: ppk2, port: /dev/ttyACM1, supply: 3.3 V, trigger: D3, calibrated: "2026-01-15"}
    """,
    "gate": """
        policy: wake-word-release
        alpha: 5 %
        rules:
          - {id: accuracy,    test: noninferiority, margin: 2 %, severity: critical}
          - {id: worst-slice, test: worst_slice, over: [sex, accent, noise], margin: 6 %, min_n: 30}
          - {id: latency-p99, test: latency_quantile, quantile: 0.99, limit: 20 ms, growth: 2 %}
          - {id: arena,       test: memory, metric: arena_used, limit: 32 KiB}
          - {id: golden,      test: golden, max_lsb: 0, allow_fraction: 0 %}
          - {id: no-faults,   test: no_faults}
          - {id: sexes, test: disparity, metric: recall, class: "yes", over: sex, limit: 5 %, change: 1.5 %}
        waivers:
          - {rule: arena, scope: {board: m4}, reason: "ECO-118", owner: j.doe, approved_by: qa-lead,
             expires: "2027-03-31", max_excess: 1 KiB}
    """,
    "accept": """
        accept: wake-word-release
        not_looser_than: gate.yaml
        baseline: 5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8
        vectors: [5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8]
        keys: [5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8]
        provenance: [real]
        serials: [066EFF303435]
        tinyhil_at_least: 0.1.0
        max_age: 30 d
    """,
}

# kind, what a hasty author does to the good document
MISTAKES: list[tuple[str, str, str]] = [
    ("campaign", "campaign: wake-word", "campaign: ../up"),
    ("campaign", "baseline:", "basline:"),
    ("campaign", "golden: golden_shipped", "goldn: golden_shipped"),
    ("campaign", "candidates: [slim]", "candidates: []"),
    ("campaign", "candidates: [slim]", "candidates: [slim, slim]"),
    ("campaign", "time_limit: 1 h", "time_limit: 1"),
    ("campaign", "time_limit: 1 h", "time_limit: 1 hour"),
    ("campaign", "repeats: 5", "repeats: 0"),
    ("campaign", "mode: measure", "mode: fast"),
    ("campaign", "order: abba", "order: baab"),
    ("campaign", "top_k: 3", "top_k: 0"),
    ("campaign", "top_k: 3", ""),
    ("campaign", "results: top-k", ""),
    ("campaign", "results: top-k", "results: full"),
    ("campaign", "slim:    {file", "s/l:    {file"),
    ("bench", "provenance: emulated", "provenance: simulated"),
    ("bench", "image:", "imgae:"),
    ("bench", "driver: emulated, ", ""),
    ("bench", "driver: emulated, ", "driver: emulted, "),
    ("bench", "machine: mps2-an386", "machin: mps2-an386"),
    ("bench", "driver: emulated, ", "driver: tcp, "),
    ("bench", "boot: 15 s", "boot: 15"),
    ("bench", "driver: ppk2", "driver: ppk3"),
    ("bench", "supply: 3.3 V, ", ""),
    ("bench", "supply: 3.3 V", "supply: 3.3"),
    ("bench", "trigger: D3", "trigger: D8"),
    ("bench", "driver: ppk2", "simulate: ppk2"),
    ("gate", "alpha: 5 %", "alpha: 0.05"),
    ("gate", "margin: 2 %", "margn: 2 %"),
    ("gate", "margin: 2 %", "margin: 2"),
    ("gate", "test: no_faults", "test: no_fault"),
    ("gate", "limit: 32 KiB", "limit: 32 KB"),
    ("gate", "metric: arena_used", "metric: arena"),
    ("gate", ", limit: 20 ms, growth: 2 %", ""),
    ("gate", "severity: critical", "severity: high"),
    ("gate", "owner: j.doe, ", ""),
    ("gate", "board: m4", "bord: m4"),
    ("gate", "2027-03-31", "31.3.2027"),
    ("gate", "max_excess: 1 KiB", "max_excess: 1"),
    ("gate", 'class: "yes", ', ""),
    ("gate", "metric: recall", "metric: accuracy"),
    ("gate", ", limit: 5 %, change: 1.5 %", ""),
    ("accept", "not_looser_than: gate.yaml", ""),
    ("accept", "provenance: [real]", "provenance: [silicon]"),
    ("accept", "provenance: [real]", ""),
    ("accept", "serials:", "serial:"),
    ("accept", "max_age: 30 d", "max_age: 30"),
    ("accept", "baseline: 5e88", "baseline: 88"),
    ("accept", "tinyhil_at_least: 0.1.0", "tinyhil_at_least: newest"),
]


def load(kind: str) -> Document:
    schema: Document = json.loads((FOLDER / f"{kind}.schema.json").read_text(encoding="utf-8"))
    return schema


def complaints(kind: str, document: str) -> list[str]:
    return [error.message for error in Draft202012Validator(load(kind)).iter_errors(yaml.safe_load(document))]


def objects(node: object, path: str = "") -> Iterator[tuple[str, Document]]:
    """Every subschema that has properties, with its place."""
    if isinstance(node, dict):
        if "properties" in node:
            yield path, node
        for key, child in node.items():
            if key != "examples" and key not in CONDITIONS:
                yield from objects(child, f"{path}/{key}")
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from objects(child, f"{path}/{index}")


def resolved(schema: Document, node: Document) -> Document:
    """`node` with the definition that it refers to."""
    if "$ref" not in node:
        return node
    target = schema["$defs"][node["$ref"].removeprefix("#/$defs/")]
    return {**resolved(schema, target), **{k: v for k, v in node.items() if k != "$ref"}}


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_a_schema(kind: str) -> None:
    Draft202012Validator.check_schema(load(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_a_good_document_is_accepted(kind: str) -> None:
    assert complaints(kind, DOCUMENT[kind]) == []


@pytest.mark.parametrize(("kind", "right", "wrong"), MISTAKES)
def test_a_mistake_is_refused(kind: str, right: str, wrong: str) -> None:
    assert right in DOCUMENT[kind]
    assert complaints(kind, DOCUMENT[kind].replace(right, wrong)) != []


@pytest.mark.parametrize("kind", KINDS)
def test_no_object_allows_keys_that_it_does_not_list(kind: str) -> None:
    every = objects(load(kind))
    assert [path for path, node in every if node.get("additionalProperties") is not False] == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_key_has_a_description_and_an_example_that_is_valid(kind: str) -> None:
    schema = load(kind)
    for path, node in objects(schema):
        for key, value in node["properties"].items():
            known = resolved(schema, value)
            assert known.get("description"), f"{path}: {key}"
            assert known.get("examples"), f"{path}: {key}"
            validator = Draft202012Validator({"$defs": schema["$defs"], **value})
            for example in known["examples"]:
                assert list(validator.iter_errors(example)) == [], f"{path}: {key}: {example}"


def page_of(kind: str) -> str:
    pages = PAGES.get(kind, ["campaign.md"])
    return "\n".join((FOLDER.parent / page).read_text(encoding="utf-8") for page in pages)


def examples_in(page: str) -> Callable[[str], str]:
    blocks = re.findall(r"```yaml\n# (\w+)\.yaml\n(.*?)```", page, flags=re.DOTALL)
    return dict(blocks).__getitem__


@pytest.mark.parametrize("kind", KINDS)
def test_the_documentations_example_is_accepted(kind: str) -> None:
    page = page_of(kind)
    assert complaints(kind, examples_in(page)(kind)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_documentation_explains_each_key(kind: str) -> None:
    page = page_of(kind)
    explained = set(re.findall(r"^\| `(\w+)`", page, flags=re.MULTILINE))
    keys = {key for _, node in objects(load(kind)) for key in node["properties"]}
    assert keys <= explained


def test_the_documentation_explains_each_drivers_keys() -> None:
    """And each flash tool's."""
    rows = re.findall(
        r"^\| `(\w+)` \| (`[\w-]+`(?:, `[\w-]+`)*) \|.*\|.*\|$", page_of("bench"), flags=re.MULTILINE
    )
    explained = {(key, name) for key, names in rows for name in re.findall(r"[\w-]+", names)}
    nodes = [node["properties"] for _, node in objects(load("bench"))]
    assert explained == {
        (key, node[kind]["const"])
        for kind in ("driver", "tool")
        for node in nodes
        if kind in node
        for key in node
        if key != kind
    }
