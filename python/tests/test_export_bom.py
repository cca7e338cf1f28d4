# SPDX-License-Identifier: Apache-2.0
"""Croissant and CycloneDX: valid by the reference tools, and true."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import mlcroissant
import numpy as np
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from exported import Exported
from tinyhil import export

croissant_reads = pytest.mark.filterwarnings(  # how mlcroissant 1.1 uses rdflib 7.6
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning",
    "ignore:Dataset.default_context is deprecated:DeprecationWarning",
)

ABOUT = export.Dataset(
    license="https://spdx.org/licenses/Apache-2.0.html",
    url="https://example.org/wake-word",
    creator="the wake-word team",
    published="2026-11-27",
    version="1.2.0",
    cite_as="The wake-word vectors, 2026",
    description="Synthetic speech.",
)


@pytest.fixture
def described(exported: Exported, tmp_path: Path) -> Path:
    return export.croissant(exported.campaign, tmp_path / "vectors.json", ABOUT)


@croissant_reads
def test_croissant_is_valid_without_a_warning(described: Path) -> None:
    issues = mlcroissant.Dataset(jsonld=str(described)).metadata.ctx.issues
    assert (issues.errors, issues.warnings) == (set(), set())


@croissant_reads
def test_croissant_without_anything_stated_is_valid_too(exported: Exported, tmp_path: Path) -> None:
    file = export.croissant(exported.campaign, tmp_path / "vectors.json")
    issues = mlcroissant.Dataset(jsonld=str(file)).metadata.ctx.issues
    assert not issues.errors
    assert "license" not in json.loads(file.read_text())


@croissant_reads
def test_croissant_names_the_file_by_its_digest_and_every_array(described: Path, exported: Exported) -> None:
    metadata = mlcroissant.Dataset(jsonld=str(described)).metadata
    (file,) = metadata.distribution
    content = Path(exported.campaign.vectors.file).read_bytes()
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    with np.load(exported.campaign.vectors.file) as arrays:
        meant = {"inputs", "labels", "group"}
        meant |= {n for n in arrays if n.startswith(("slice_", "golden_")) and not n.endswith("_names")}
    (vectors,) = [each for each in metadata.record_sets if each.id == "vectors"]
    assert {field.id for field in vectors.fields} == {f"vectors/{name}" for name in meant}
    shapes = {field.id: field.array_shape for field in vectors.fields if field.is_array}
    assert (shapes["vectors/inputs"], shapes["vectors/golden_slim"]) == ("49,10,1", "3")


@croissant_reads
def test_croissant_enumerations_read_as_classes_and_slice_values(described: Path, exported: Exported) -> None:
    dataset = mlcroissant.Dataset(jsonld=str(described))
    classes = [record["labels_values/name"] for record in dataset.records("labels_values")]
    assert classes == ["noise", "speech", "wake"]
    accents = [record["slice_accent_values/name"] for record in dataset.records("slice_accent_values")]
    assert accents == exported.campaign.vectors.slices["accent"].values


def test_croissant_says_where_the_raw_data_is_and_embeds_none(described: Path) -> None:
    document = json.loads(described.read_text())
    assert "Synthetic speech. Raw sensor data: the array `inputs` of vectors.npz" in document["description"]
    embedded = [each["@id"] for each in document["recordSet"] if "data" in each]
    assert "vectors" not in embedded
    assert all(name.endswith("_values") for name in embedded)


@pytest.fixture
def bill(exported: Exported, tmp_path: Path) -> Path:
    return export.cyclonedx(exported.report, tmp_path / "bom.json")


def components(bill: Path) -> dict[str, Any]:
    return {each["name"]: each for each in json.loads(bill.read_text())["components"]}


def test_the_bill_is_valid_cyclonedx(bill: Path) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill.read_text()) is None


def test_a_bill_with_an_invented_key_would_not_be(bill: Path) -> None:
    document = json.loads(bill.read_text())
    document["components"][0]["modelCard"]["accuracy"] = 1
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(document)) is not None


def test_models_are_told_by_digest_with_their_verdict(bill: Path, exported: Exported) -> None:
    found = components(bill)
    for name, file in exported.campaign.models.items():
        assert found[name]["type"] == "machine-learning-model"
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        assert found[name]["hashes"] == [{"alg": "SHA-256", "content": digest}]
    said = {p["name"]: p["value"] for p in found["quick"]["properties"]}
    assert (said["tinyhil:verdict"], said["tinyhil:provenance"]) == ("fail", "process")


def test_performance_is_the_reports_with_interval_and_slice(bill: Path, exported: Exported) -> None:
    found = components(bill)
    for card in exported.report.document["scorecards"]:
        metrics = found[card["trial"]["model"]]["modelCard"]["quantitativeAnalysis"]["performanceMetrics"]
        accuracy = {each.get("slice"): each for each in metrics if each["type"].startswith("accuracy")}
        shares = {f"{part['slice']}={part['value']}": part["accuracy"] for part in card["slices"]}
        for where, share in ({None: card["accuracy"]} | shares).items():
            said = accuracy[where]
            assert float(said["value"]) == share["value"]
            assert float(said["confidenceInterval"]["lowerBound"]) == share["interval"]["low"]
            assert said["type"] == f"accuracy, n = {share['n']}"
        (p99,) = [each for each in metrics if each["type"].startswith("latency p99 [us], process host")]
        assert float(p99["value"]) == pytest.approx(card["latency"]["ticks"]["p99"] / 1e3)


def test_vectors_and_firmware_are_components_by_digest(bill: Path, exported: Exported) -> None:
    found = components(bill)
    assert found["vectors.npz"]["hashes"][0]["content"] == exported.campaign.vectors.sha256
    assert found["host reference"]["hashes"][0]["content"] == exported.run.trials[0].board.image_sha256


def test_the_same_report_gives_the_same_bill(bill: Path, exported: Exported, tmp_path: Path) -> None:
    assert export.cyclonedx(exported.report, tmp_path / "again.json").read_bytes() == bill.read_bytes()


def test_neither_needs_a_package(exported: Exported, tmp_path: Path) -> None:
    """In a Python that can import none of what exports use, the plain ones work."""
    script = """
import sys
for name in ("mlflow", "pyarrow", "pandas", "mlcroissant", "cyclonedx"):
    sys.modules[name] = None
from tinyhil import Campaign, Store, export
campaign = Campaign(sys.argv[1])
report = campaign.judge(sys.argv[2])
export.croissant(campaign, sys.argv[3] + "/a.json")
export.cyclonedx(report, sys.argv[3] + "/b.json")
export.csv(Store(sys.argv[2]).run(report.run_id), sys.argv[3] + "/c.csv", campaign)
"""
    words = [str(exported.campaign.file), str(exported.store), str(tmp_path)]
    subprocess.run([sys.executable, "-c", script, *words], check=True, timeout=120)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.json", "b.json", "c.csv"]
