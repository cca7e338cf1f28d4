# SPDX-License-Identifier: Apache-2.0
"""The documents that report_sample writes, read by parsers that are not ours."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "report.schema.json"
SAMPLES = ["wake_word", "crash", "hostile", "boards", "empty"]


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    subprocess.run(
        [str(Path(os.environ["TINYHIL_BINARY_DIR"]) / "bin" / "report_sample"), str(folder)],
        check=True,
        timeout=60,
    )
    return folder


@pytest.fixture(scope="session")
def schema() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return document


def strict_json(path: Path) -> dict[str, Any]:
    def refuse(constant: str) -> float:
        raise ValueError(f"{constant} is not JSON")

    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)
    return document


def test_the_schema_is_one(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("sample", SAMPLES)
def test_report_json_keeps_its_schema(reports: Path, schema: dict[str, Any], sample: str) -> None:
    jsonschema.Draft202012Validator(schema).validate(strict_json(reports / sample / "report.json"))


@pytest.mark.parametrize(
    "path",
    [["verdicts", 0, "outcome"], ["scorecards", 0, "latency", "n"], ["run", "id"]],
)
def test_the_schema_misses_what_is_missing(reports: Path, schema: dict[str, Any], path: list[Any]) -> None:
    document: Any = strict_json(reports / "wake_word" / "report.json")
    place = document
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    with pytest.raises(jsonschema.ValidationError, match="is a required property"):
        jsonschema.Draft202012Validator(schema).validate(document)


def test_the_schema_refuses_a_key_it_does_not_know(reports: Path, schema: dict[str, Any]) -> None:
    document = strict_json(reports / "wake_word" / "report.json")
    document["verdicts"][0]["outcom"] = "pass"
    with pytest.raises(jsonschema.ValidationError, match="outcom"):
        jsonschema.Draft202012Validator(schema).validate(document)


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("name", ["report.html", "junit.xml"])
def test_markup_is_well_formed(reports: Path, sample: str, name: str) -> None:
    ElementTree.parse(reports / sample / name)


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_id_is_unique_and_every_reference_has_its_target(reports: Path, sample: str) -> None:
    page = ElementTree.parse(reports / sample / "report.html")
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for element in page.iter():
        target = element.get("href", "")
        assert target == "" or target.removeprefix("#") in ids
        assert element.get("aria-labelledby") in [None, *ids]


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_drawing_has_a_title_or_is_hidden(reports: Path, sample: str) -> None:
    page = ElementTree.parse(reports / sample / "report.html")
    for drawing in page.iter("svg"):
        titled = drawing.get("role") == "img" and drawing.findtext("title")
        assert titled or drawing.get("aria-hidden") == "true"


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_position_is_inside_its_drawing(reports: Path, sample: str) -> None:
    page = ElementTree.parse(reports / sample / "report.html")
    for drawing in page.iter("svg"):
        for element in drawing.iter():
            for name in ("x", "x1", "x2", "cx", "width"):
                value = element.get(name, "")
                if value.endswith("%"):
                    assert re.fullmatch(r"\d+(\.\d+)?%", value)
                    assert 0 <= float(value[:-1]) <= 100


@pytest.mark.parametrize("sample", SAMPLES)
def test_metrics_are_openmetrics_whatever_the_names(reports: Path, sample: str) -> None:
    text = (reports / sample / "metrics.prom").read_bytes().decode()
    families = list(text_string_to_metric_families(text))
    assert len({family.name for family in families}) == len(families)


@pytest.mark.parametrize("sample", SAMPLES)
def test_sarif_names_each_rule_once_and_raises_a_level_only_for_a_fail(reports: Path, sample: str) -> None:
    (run,) = strict_json(reports / sample / "results.sarif")["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    for result in run["results"]:
        assert result["ruleId"] in rules
        assert result["kind"] == "fail" or result["level"] == "none"


def test_junit_counts_what_it_holds(reports: Path) -> None:
    for suite in ElementTree.parse(reports / "hostile" / "junit.xml").iter("testsuite"):
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
        assert int(suite.attrib["errors"]) == len(suite.findall("testcase/error"))


def test_junit_names_survive_a_round_trip(reports: Path) -> None:
    root = ElementTree.parse(reports / "hostile" / "junit.xml").getroot()
    assert root.attrib["name"].startswith("<script>alert(\"x\")</script> & 'co' ]]> |")


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    "ink",
    [
        "ink",
        "soft",
        "pass",
        "fail",
        "inconclusive",
        "error",
        "waived",
        "s0",
        "s1",
        "s2",
        "s3",
        "s4",
    ],
)
def test_text_and_marks_stand_out_from_paper(theme: int, ink: str) -> None:
    blocks = Path(__file__).with_name("style.css").read_text(encoding="utf-8").split(":root {")
    palette = colours(blocks[1 + theme].split("}")[0])
    assert contrast(palette[ink], palette["paper"]) >= 4.5
    assert contrast(palette[ink], palette["panel"]) >= 4.5
