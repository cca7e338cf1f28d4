# SPDX-License-Identifier: Apache-2.0
"""Whoever asks for JSON gets one document on stdout, also when a command ends with an error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli import TINYHIL, Outcome, call
from fake_desk import FakeDesk, noise


@pytest.fixture
def desk(tmp_path: Path) -> FakeDesk:
    return FakeDesk(tmp_path, [], noise(20, size=16))


def error_in(done: Outcome) -> dict[str, Any]:
    document = json.loads(done.out)
    assert list(document) == ["error"]
    error: dict[str, Any] = document["error"]
    assert list(error) == ["what", "where", "remedy", "class", "exit_code", "board_touched", "retry_safe"]
    assert error["exit_code"] == done.code
    assert f"tinyhil: {error['what']}\n" in done.err
    return error


def test_a_mistake_is_found_before_any_board_is_touched(desk: FakeDesk) -> None:
    desk.change(baseline="three")
    error = error_in(desk.call("run", "--json"))
    assert (error["exit_code"], error["board_touched"], error["retry_safe"]) == (2, False, True)
    assert error["class"] == "configuration"
    assert "campaign.yaml" in error["where"]


def test_a_line_that_cannot_be_opened_is_no_board_touched(desk: FakeDesk) -> None:
    bench = desk.read("bench.yaml")
    bench["boards"][0]["link"] = {"driver": "serial", "port": str(desk.folder / "no-port")}
    desk.write("bench.yaml", bench)
    error = error_in(desk.call("run", "--json"))
    assert (error["exit_code"], error["board_touched"], error["retry_safe"]) == (4, False, True)
    assert error["class"] == "bench"


def test_a_board_that_does_not_answer_was_touched(desk: FakeDesk) -> None:
    desk.write_bench(["/bin/false"])
    error = error_in(desk.call("run", "--json"))
    assert error["exit_code"] >= 4
    assert (error["board_touched"], error["retry_safe"]) == (True, True)


def test_a_mistake_on_the_command_line_is_a_document_too() -> None:
    done = call([str(TINYHIL), "judge", "--json", "--no-such-option", "campaign.yaml"])
    error = json.loads(done.out)["error"]
    assert done.code == error["exit_code"] == 2
    assert "--no-such-option" in error["what"]


def test_without_json_stdout_stays_empty(desk: FakeDesk) -> None:
    desk.change(baseline="three")
    done = desk.call("run")
    assert (done.code, done.out) == (2, "")
