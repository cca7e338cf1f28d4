# SPDX-License-Identifier: Apache-2.0
"""`tinyhil failures` and the same section of the report: which vectors a candidate has wrong."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cli import WAKE_WORD, WAKE_WORD_VECTORS, Workspace, stored_outputs


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """With a run of both candidates, of which one is much worse."""
    desk = Workspace(tmp_path_factory.mktemp("desk"))
    assert desk.call("run").code == 1
    return desk


def failures_of(desk: Workspace, *options: str) -> dict[str, Any]:
    done = desk.call_plain("failures", "--store", str(desk.store), "--json", *options)
    assert done.code == 0, done.err
    document: dict[str, Any] = json.loads(done.out)
    return document


def answers(desk: Workspace, model: str) -> np.ndarray:
    outputs = np.frombuffer(stored_outputs(desk, model), np.int8).reshape(WAKE_WORD_VECTORS, -1)
    said: np.ndarray = outputs.argmax(axis=1)
    return said


def test_all_failed_vectors_are_listed_lost_ones_first(desk: Workspace) -> None:
    with np.load(WAKE_WORD / "vectors.npz") as vectors:
        labels = vectors["labels"]
        classes = [name.decode() for name in vectors["classes"]]
        accents = [vectors["slice_accent_names"][code].decode() for code in vectors["slice_accent"]]
    baseline = answers(desk, "shipped")
    document = failures_of(desk, "--limit", "100000")
    assert (document["run"], document["campaign"], document["baseline"]) == (1, "wake-word", "shipped")
    for listed, model in zip(document["candidates"], ("slim", "quick"), strict=True):
        said = answers(desk, model)
        lost = np.flatnonzero((said != labels) & (baseline == labels)).tolist()
        both = np.flatnonzero((said != labels) & (baseline != labels)).tolist()
        assert lost, "the test would show nothing"
        assert listed["candidate"] == model
        assert (listed["vectors"], listed["failed"]) == (WAKE_WORD_VECTORS, len(lost) + len(both))
        assert listed["lost"] == len(lost)
        assert [failure["vector"] for failure in listed["failures"]] == lost + both
        for failure in listed["failures"]:
            vector = failure["vector"]
            assert failure["is_lost"] == (vector in lost)
            assert failure["expected"] == classes[labels[vector]]
            assert failure["candidate"]["predicted"] == classes[said[vector]]
            assert failure["baseline"]["predicted"] == classes[baseline[vector]]
            assert failure["candidate"]["is_golden"] is True
            assert np.argmax(failure["candidate"]["output"]) == said[vector]
            assert failure["slices"]["accent"] == accents[vector]


def test_the_table_is_limited_and_counts_the_rest(desk: Workspace) -> None:
    whole = failures_of(desk, "--model", "slim", "--limit", "100000")["candidates"][0]
    done = desk.call_plain("failures", "1", "--store", str(desk.store), "--model", "slim", "--limit", "3")
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[0] == "run 1 of wake-word"
    assert lines[1] == (
        f"slim against shipped: {whole['failed']} of {WAKE_WORD_VECTORS} vectors failed, "
        f"{whole['lost']} of them lost; the first 3"
    )
    assert lines[2].split() == ["vector", "lost", "expected", "shipped", "slim", "golden", "slices"]
    assert len(lines) == 6
    first = whole["failures"][0]
    assert lines[3].split()[:3] == [str(first["vector"]), "yes", first["expected"]]
    assert "yes, yes" in lines[3], "both outputs are golden"
    assert f"accent={first['slices']['accent']}" in lines[3]


def test_the_latest_run_is_the_default(desk: Workspace, tmp_path: Path) -> None:
    copy = tmp_path / "results.db"
    shutil.copy(desk.store, copy)
    again = Workspace(tmp_path / "again")
    done = desk.call_plain(
        "run", str(again.folder / "campaign.yaml"), "--store", str(copy), "--candidate", "quick"
    )
    assert done.code == 1, done.err
    listed = desk.call_plain("failures", "--store", str(copy), "--json")
    document = json.loads(listed.out)
    assert document["run"] == 2
    assert [each["candidate"] for each in document["candidates"]] == ["quick"], "that the run was about"


def test_the_report_has_the_same_vectors_and_no_inputs(desk: Workspace) -> None:
    page = (desk.reports / "report.html").read_text()
    section = page[page.index('<section id="failures"') :]
    section = section[: section.index("</section>")]
    listed = failures_of(desk)["candidates"]
    numbers = [failure["vector"] for each in listed for failure in each["failures"]]
    assert [int(part.split("<")[0]) for part in section.split('<th scope="row">')[1:]] == numbers
    assert 'class="thumbnail"' not in page, "what was recorded is shown only where that is asked for"


def test_thumbnails_are_drawn_where_they_are_asked_for(desk: Workspace, tmp_path: Path) -> None:
    done = desk.call_plain(
        "report", str(desk.folder / "campaign.yaml"), "--store", str(desk.store),
        "--report", str(tmp_path), "--thumbnails",
    )  # fmt: skip
    assert done.code == 0, done.err
    page = (tmp_path / "report.html").read_text()
    shown = sum(len(each["failures"]) for each in failures_of(desk)["candidates"])
    assert page.count('class="thumbnail"') == shown


def test_mistakes_say_what_to_do(desk: Workspace, tmp_path: Path) -> None:
    place = ["--store", str(desk.store)]
    desk.call_plain("failures", "7", *place).complains(2, "no run 7", "tinyhil runs --store")
    desk.call_plain("failures", "--model", "slmi", *place).complains(
        2, "`slmi` is no candidate of run 1", "did you mean `slim`?"
    )
    desk.call_plain("failures", "--campaign", str(tmp_path / "none.yaml"), *place).complains(2, "none.yaml")


def test_a_campaign_file_that_was_moved_is_asked_for(tmp_path: Path) -> None:
    desk = Workspace(tmp_path / "desk")
    assert desk.call("run", "--candidate", "slim").code == 0
    moved = desk.folder.rename(tmp_path / "moved")
    place = ["--store", str(moved / "results.db")]
    desk.call_plain("failures", *place).complains(2, "the campaign file of run 1 is not there", "--campaign")
    done = desk.call_plain("failures", *place, "--campaign", str(moved / "campaign.yaml"))
    assert done.code == 0, done.err


def test_a_changed_result_is_no_answer(tmp_path: Path) -> None:
    desk = Workspace(tmp_path)
    assert desk.call("run", "--candidate", "slim").code == 0
    with sqlite3.connect(desk.store) as database:
        database.execute("DROP TRIGGER no_UPDATE_of_block")
        database.execute("UPDATE block SET outputs = zeroblob(length(outputs)) WHERE id = 1")
    desk.call_plain("failures", "--store", str(desk.store)).complains(4)
