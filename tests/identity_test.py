# SPDX-License-Identifier: Apache-2.0
"""Is the board the one that the bench describes? `boards` says what `run` would say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli import AGENT, TINYHIL, Outcome, call
from fake_desk import FAKE_AGENT, FakeDesk, noise


def desk_of(folder: Path, *boards: dict[str, Any]) -> FakeDesk:
    desk = FakeDesk(folder, [], noise(20, size=16))
    entries = []
    for i, changes in enumerate(boards, 1):
        entry = {"name": f"b{i}", "provenance": "process", "image": str(FAKE_AGENT)}
        entries.append(entry | {"link": link("SN-A")} | changes)
    desk.write("bench.yaml", {"bench": "desk", "boards": entries})
    return desk


def link(serial: str) -> dict[str, Any]:
    return {"driver": "process", "command": [str(FAKE_AGENT), "--serial", serial]}


def boards(desk: FakeDesk, *options: str) -> Outcome:
    return call([str(TINYHIL), "boards", str(desk.folder / "bench.yaml"), *options])


def test_the_serial_number_that_the_bench_asks_for_is_taken(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, {"serial": "SN-A"})
    assert desk.call("run").code == 0
    done = boards(desk)
    assert done.code == 0, done.out
    assert "serial SN-A" in done.out


MISTAKES: list[tuple[dict[str, Any], int, str]] = [
    ({"serial": "SN-B"}, 6, "its serial number is `SN-A`, the bench asks for `SN-B`"),
    ({"image": str(AGENT)}, 6, "the device runs firmware"),
    ({"provenance": "real"}, 2, "the bench calls this board `real`"),
    ({"link": {"driver": "serial", "port": ""}}, 2, "port"),
    ({"link": {"driver": "serial", "port": "/dev/null", "baud": "x"}}, 2, "baud"),
    ({"link": {"driver": "serial", "port": "/dev/ttyNONE"}}, 4, "plug the board in"),
]


@pytest.mark.parametrize(("changes", "code", "words"), MISTAKES, ids=lambda each: str(each)[:30])
def test_boards_and_run_refuse_the_same(
    tmp_path: Path, changes: dict[str, Any], code: int, words: str
) -> None:
    desk = desk_of(tmp_path, changes)
    desk.call("run").complains(code, words)
    done = boards(desk)
    assert done.code == code, done.out
    assert words in done.out


def test_two_boards_have_two_serial_numbers(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, {}, {})
    desk.call("run", "--all-boards").complains(2, "have the same serial number, `SN-A`", "both may lead")
    done = boards(desk, "--json")
    assert done.code == 2
    first, second = json.loads(done.out)
    assert "error" not in first
    assert second["serial"] == "SN-A"
    assert "boards `b1` and `b2` have the same serial number" in second["error"]
    told_apart = desk_of(tmp_path, {}, {"link": link("SN-B")})
    assert boards(told_apart).code == 0
    assert told_apart.call("run", "--all-boards").code == 0
