# SPDX-License-Identifier: Apache-2.0
"""`tinyhil check`: what of a model does not run, before a board has it."""

from __future__ import annotations

import json
from pathlib import Path

from cli import SOURCE, TINYHIL, Outcome, call

MODELS = SOURCE / "device-agent" / "engines" / "reference" / "testdata"


def run_program(*arguments: str) -> Outcome:
    """tinyhil with these arguments."""
    return call([str(TINYHIL), *arguments])


def test_a_model_that_runs_has_no_reason_against_it() -> None:
    done = run_program("check", str(MODELS / "network_0.tflite"))
    assert done.code == 0, done.err
    assert "network_0.tflite: runs" in done.out
    assert "bytes of arena" in done.out


def test_every_reason_is_told_at_once() -> None:
    done = run_program("check", str(MODELS / "many_reasons.tflite"))
    assert done.code == 1
    assert "3 reasons against it" in done.out
    assert "- operator SIN (nodes 0, 3)" in done.out
    assert "- custom operator AcmeFilter (node 1)" in done.out
    assert "- operator MAX_POOL_2D (node 2): input is FLOAT32" in done.out


def test_several_models_make_one_document() -> None:
    done = run_program("check", "--json", *(str(MODELS / f"{name}.tflite") for name in ("network_0", "sin")))
    assert done.code == 1
    document = json.loads(done.out)
    assert [each["runs"] for each in document["models"]] == [True, False]
    assert "CONV_2D" in document["operators"]


def test_a_file_that_is_no_model_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "page.tflite").write_bytes(b"<!DOCTYPE html>")
    done = run_program("check", str(tmp_path / "page.tflite"))
    assert done.code == 2
    assert "does not say TFL3" in done.err


def test_the_operators_that_run_are_listed() -> None:
    done = run_program("check", "--operators")
    assert done.code == 0
    assert "UNIDIRECTIONAL_SEQUENCE_LSTM" in done.out.split()
