# SPDX-License-Identifier: Apache-2.0
"""Commands, options and files that were mistyped: told with what is nearest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli import TINYHIL, Outcome, Workspace, call


def tinyhil(*arguments: str) -> Outcome:
    return call([str(TINYHIL), *arguments])


@pytest.mark.parametrize(
    ("arguments", "texts"),
    [
        (["rnu", "campaign.yaml"], ["no command `rnu`", "did you mean `run`?", "`tinyhil --help`"]),
        (
            ["sim", "prob"],
            ["no command `prob` of `tinyhil sim`", "did you mean `probe`?", "`tinyhil sim --help`"],
        ),
        (["run", "c.yaml", "--stroe", "x.db"], ["no option `--stroe`", "did you mean `--store`?"]),
        (["run", "c.yaml", "--stroe=x.db"], ["no option `--stroe`", "did you mean `--store`?"]),
        (["sim", "board", "--imaeg", "x"], ["no option `--imaeg` of `tinyhil sim board`", "`--image`"]),
        (["judge", "c.yaml", "-j"], ["no option `-j` of `tinyhil judge`", "`tinyhil judge --help`"]),
    ],
)
def test_a_mistyped_word_is_told_with_the_nearest(arguments: list[str], texts: list[str]) -> None:
    tinyhil(*arguments).complains(2, *texts)


def test_what_is_near_to_nothing_gets_no_guess() -> None:
    done = tinyhil("frobnicate")
    done.complains(2, "no command `frobnicate`", "`tinyhil --help` lists them all")
    assert "did you mean" not in done.err


def test_a_command_that_is_not_for_people_is_not_proposed() -> None:
    assert "board-line" not in tinyhil("board-lin").err


def test_the_words_of_a_leased_program_are_its_own() -> None:
    done = tinyhil("lease", "chip=m4", "--daemn", "x", "--", "pytest", "--stroe")
    done.complains(2, "no option `--daemn`")
    assert "--stroe" not in done.err


def test_a_mistake_is_also_a_document() -> None:
    done = tinyhil("runs", "--jsn", "--json")
    assert done.code == 2
    error = json.loads(done.out)["error"]
    assert error["what"] == "there is no option `--jsn` of `tinyhil runs`"
    assert "did you mean `--json`?" in error["remedy"]


def test_other_mistakes_are_told_as_before() -> None:
    done = tinyhil("run")
    assert done.code == 2
    assert "campaign is required" in done.err


def test_a_mistyped_file_is_told_with_the_nearest_of_its_folder(tmp_path: Path) -> None:
    desk = Workspace(tmp_path)
    desk.call_plain("judge", str(tmp_path / "campain.yaml")).complains(2, "did you mean `campaign.yaml`?")
    (tmp_path / "results.db").write_bytes(b"")
    desk.call_plain("runs", "--store", str(tmp_path / "result.db")).complains(2, "did you mean `results.db`?")
    campaign = desk.read("campaign.yaml")
    desk.write("campaign.yaml", campaign | {"vectors": "vector.npz"})
    desk.call("run").complains(2, "vector.npz", "did you mean `vectors.npz`?")


def test_names_in_files_are_told_with_the_nearest(tmp_path: Path) -> None:
    desk = Workspace(tmp_path)
    desk.call("run", "--candidate", "slmi").complains(2, "did you mean `slim`?")
    desk.call("run", "--board", "b2").complains(2, "b1")
    policy = desk.read("gate.yaml")
    for rule in policy["rules"]:
        if rule["id"] == "worst-slice":
            rule["over"] = ["acent"]
    desk.write("gate.yaml", policy)
    desk.call("run").complains(2, "did you mean `accent`?")
    policy["rules"][0]["test"] = "noninferiorty"
    desk.write("gate.yaml", policy)
    desk.call("run").complains(2, "did you mean `noninferiority`?")
