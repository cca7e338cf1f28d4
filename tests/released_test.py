# SPDX-License-Identifier: Apache-2.0
"""What older versions of tinyhil wrote is read and verified: harness/store/sqlite/testdata has it."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bundles import Files, bundle, pack, unpack, verify, with_manifest
from cli import AGENT, SOURCE, Outcome, Workspace
from forging import Tamper, flip, sql

KEPT = SOURCE / "harness" / "store" / "sqlite" / "testdata"
KEY = str(KEPT / "bundles.pub.pem")
SCHEMAS = [1, 2, 3, 4, 5]
BUNDLED = [3, 4, 5]  # there were no bundles before


def released_bundle(name: str, folder: Path) -> Path:
    tar = folder / "released.tar"
    tar.write_bytes(gzip.decompress((KEPT / f"{name}.tar.gz").read_bytes()))
    return tar


class Desk(Workspace):
    """A released database and the campaign of its first run, whose files the bundle has."""

    def __init__(self, folder: Path, schema: int) -> None:
        self.folder = folder
        self.agent_options = []
        for name, content in unpack(released_bundle("bundle_schema_5", folder)).items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
        shutil.copy(KEPT / f"schema_{schema}.db", self.store)
        self.write_bench([str(AGENT)])

    def reading(self, verb: str) -> Outcome:
        if verb != "prove":
            return self.call(verb, "--run", "1")
        campaign = str(self.folder / "campaign.yaml")
        return self.call_plain(verb, campaign, "--store", str(self.store), "--run", "1")


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("verb", ["judge", "report", "compare", "prove"])
def test_readers_leave_an_older_database_alone_and_say_what_to_do(
    tmp_path: Path, schema: int, verb: str
) -> None:
    desk = Desk(tmp_path, schema)
    before = desk.store.read_bytes()
    what = f"schema version {schema}, which must be migrated"
    desk.reading(verb).complains(2, what, "run `tinyhil run` on it once")
    assert desk.store.read_bytes() == before


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_run_migrates_an_older_database_whose_runs_are_then_judged(tmp_path: Path, schema: int) -> None:
    desk = Desk(tmp_path, schema)
    runs = len(desk.stored("SELECT id FROM run"))
    links = desk.stored("SELECT * FROM chain") if schema >= 3 else []
    assert desk.call("run").code == 0
    assert desk.stored("PRAGMA user_version") > [(schema,)]
    assert desk.stored("SELECT * FROM chain")[: len(links)] == links
    for run in (1, runs + 1):
        judged = json.loads(desk.call("judge", "--run", str(run), "--json").out)
        (verdict,) = judged["verdicts"]
        assert (verdict["candidate"], verdict["outcome"]) == ("slim", "pass"), run
        assert [card["inferences"] for card in judged["scorecards"]] == [48, 48], run
    for verb in ("judge", "report", "compare"):
        assert desk.reading(verb).code == 0, verb
    # A run without an A/A control, as all were before version 4, misses one fault.
    proved = desk.reading("prove")
    missed = "" if schema >= 4 else "MISSED: nobody catches `the candidate's outputs for the baseline's`"
    assert proved.code == (1 if missed else 0)
    assert missed in proved.out
    again = bundle(desk, tmp_path / "again.tar", "--run", "1")
    assert verify(again, "--allow-unsigned").code == 0


def verified(tar: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = verify(tar, *arguments, "--json")
    return done.code, json.loads(done.out)


@pytest.mark.parametrize("schema", BUNDLED)
def test_a_bundle_of_an_older_version_is_genuine_but_not_its_bounds_and_pages(
    tmp_path: Path, schema: int
) -> None:
    """Its accuracy rule had Tango's bounds (docs/decisions/0015)."""
    tar = released_bundle(f"bundle_schema_{schema}", tmp_path)
    for flags in ([], ["--verdicts-only"], ["--require-pass"]):
        code, document = verified(tar, "--key", KEY, *flags)
        assert code == 3
        assert document["genuine"]
        assert document["signature_checked"]
        assert not document["pages_verified"]
        assert not document["bounds_verified"]
        assert [each["outcome"] for each in document["verdicts"]] == ["pass"]
    said = verify(tar, "--key", KEY).out
    assert "pages         NOT VERIFIED: an older build of tinyhil 0.1.0 made them" in said
    assert "first /verdicts/0/findings/0/checks/0/interval" in said


def test_where_no_formula_changed_all_but_the_pages_of_an_older_version_is_verified(tmp_path: Path) -> None:
    tar = released_bundle("bundle_schema_5_exact", tmp_path)
    code, document = verified(tar, "--key", KEY)
    assert code == 3
    assert not document["pages_verified"]
    assert document["bounds_verified"]
    assert "bounds" not in verify(tar, "--key", KEY).out
    assert verify(tar, "--key", KEY, "--verdicts-only", "--require-pass").code == 0


# --- and what somebody changed in one is found


FLIPPED_OUTPUT = "UPDATE block SET outputs = CAST(x'7f' || substr(outputs, 2) AS BLOB) WHERE id = 2"

FORGED: dict[str, tuple[Tamper, str]] = {
    "stored output": (sql(FLIPPED_OUTPUT, "no_UPDATE_of_block"), "results.db: table block, row 2"),
    "trigger of a stranger": (
        sql("CREATE TRIGGER theirs AFTER INSERT ON run BEGIN SELECT 1; END", "no_UPDATE_of_run"),
        "results.db: theirs: this part of the schema",
    ),
    "version of the schema": (sql("PRAGMA user_version = 4", "no_UPDATE_of_run"), "results.db: "),
    "outcome": (flip("results.json", b'"outcome":"pass"', b'"outcome":"fail"'), "results.json /verdicts/0/"),
    "estimate": (
        flip("results.json", b'"estimate":0.125', b'"estimate":0.5'),
        "results.json /verdicts/0/find",
    ),
    "limit": (flip("results.json", b'"limit":-0.3', b'"limit":-0.4'), "results.json /verdicts/0/find"),
    "result": (flip("statement.json", b"PASSED", b"WARNED"), "statement.json /predicate/result"),
}


def unsigned(files: Files) -> Files:
    """By a forger without the key."""
    rest = {name: content for name, content in files.items() if not name.endswith(".dsse.json")}
    manifest = json.loads(rest["manifest.json"]) | {"signed_by": None}
    return with_manifest(rest | {"manifest.json": json.dumps(manifest).encode()})


def test_a_released_bundle_without_its_signature_is_whole_in_itself(tmp_path: Path) -> None:
    files = unpack(released_bundle("bundle_schema_5", tmp_path))
    assert verify(pack(unsigned(files), tmp_path / "unsigned.tar"), "--allow-unsigned").code == 3


@pytest.mark.parametrize("name", FORGED)
def test_what_was_changed_in_a_released_bundle_is_found(tmp_path: Path, name: str) -> None:
    tamper, where = FORGED[name]
    files = tamper(unpack(released_bundle("bundle_schema_5", tmp_path)))
    assert verify(pack(files, tmp_path / "signed.tar"), "--key", KEY).code == 1
    done = verify(pack(unsigned(files), tmp_path / "unsigned.tar"), "--allow-unsigned", "--verdicts-only")
    assert done.code == 1, done.out + done.err
    assert done.out.startswith("NOT GENUINE"), done.out
    assert f": {where}" in done.out
