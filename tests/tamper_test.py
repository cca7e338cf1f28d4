# SPDX-License-Identifier: Apache-2.0
"""Bundles that somebody tampered with, with and without making the manifest again."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from bundles import pack, public_key, unpack, verify, with_manifest
from cli import TINYHIL, Outcome, Workspace, call
from forging import Tamper, flip, sql

FLIPPED_OUTPUT = sql(
    "UPDATE block SET outputs = CAST(x'7f' || substr(outputs, 2) AS BLOB) WHERE id = 2", "no_UPDATE_of_block"
)

# What is done to a signed bundle, and where verify must find it.
TAMPERED: dict[str, tuple[Tamper, str]] = {
    "stored output": (FLIPPED_OUTPUT, "results.db: table block, row 2"),
    "policy number": (flip("gate.yaml", b"6 %", b"9 %"), "gate.yaml"),
    "report byte": (flip("report.html", b"pass", b"Pass"), "report.html"),
    "digest": (
        flip("manifest.json", b'"bytes"', b'"Bytes"'),
        "README.txt",  # the first file whose entry no longer fits
    ),
    "statement": (flip("statement.json", b"FAILED", b"PASSED"), "statement.json"),
    "signature": (flip("manifest.dsse.json", b'"sig":"', b'"sig":"A'), "manifest.dsse.json"),
    "file added": (lambda files: files | {"more.txt": b"more"}, "more.txt"),
    "file missing": (
        lambda files: {name: files[name] for name in files if name != "vectors.npz"},
        "vectors.npz",
    ),
    "envelope missing": (
        lambda files: {name: files[name] for name in files if name != "statement.dsse.json"},
        "statement.dsse.json",
    ),
    "model": (flip("models/slim.tflite", b"TFL3", b"TFL4"), "models/slim.tflite"),
}


def assert_found(done: Outcome, where: str) -> None:
    assert done.code == 1, done.out + done.err
    (line,) = done.out.splitlines()
    assert line.startswith("NOT GENUINE"), line
    assert f": {where}" in line, line


@pytest.mark.parametrize("name", TAMPERED)
def test_tampering_is_found_with_its_place(desk: Workspace, signed: Path, tmp_path: Path, name: str) -> None:
    tamper, where = TAMPERED[name]
    forged = pack(tamper(unpack(signed)), tmp_path / "forged.tar")
    assert_found(verify(forged, "--key", public_key(desk)), where)


@pytest.mark.parametrize("name", sorted(set(TAMPERED) - {"digest"}))  # that one is mended by it
def test_a_manifest_made_again_lacks_the_signature(
    desk: Workspace, signed: Path, tmp_path: Path, name: str
) -> None:
    files = TAMPERED[name][0](unpack(signed))
    done = verify(pack(with_manifest(files), tmp_path / "forged.tar"), "--key", public_key(desk))
    assert done.code == 1
    assert "dsse.json" in done.out


# An unsigned bundle can be forged by whoever does all of it again, but not in part.
FORGED: dict[str, tuple[Tamper, str]] = {
    "stored output": (FLIPPED_OUTPUT, "results.db: table block, row 2: the row is not the one"),
    "trial": (
        sql("UPDATE trial SET arena_used = 7 WHERE id = 1", "no_UPDATE_of_trial"),
        "results.db: table trial, row 1",
    ),
    "row put in": (
        sql("INSERT INTO trial_end (trial, state) VALUES (1, 'complete')", "no_UPDATE_of_trial_end"),
        "results.db: table trial_end, row 5: the row has no link",
    ),
    "view": (
        sql("CREATE VIEW v AS SELECT 1", "no_UPDATE_of_run"),
        "results.db: v: this part of the schema",
    ),
    "policy number": (flip("gate.yaml", b"6 %", b"9 %"), "results.json /"),
    "verdict": (flip("results.json", b'"outcome":"fail"', b'"outcome":"pass"'), "results.json /verdicts/1"),
    "statement": (flip("statement.json", b"FAILED", b"PASSED"), "statement.json /predicate/result"),
    "judged at another time": (flip("detail.json", b'"judged_at": "2', b'"judged_at": "3'), "results.json /"),
    "report byte": (flip("report.html", b"<h1", b"<h2"), "report.html line "),
    "sarif": (flip("results.sarif", b'"error"', b'"note"'), "results.sarif /runs/0/results/"),
    "junit": (flip("junit.xml", b"<failure", b"<Failure"), "junit.xml line "),
    "metrics": (flip("metrics.prom", b"} 1", b"} 0"), "metrics.prom line "),
    "file added": (lambda files: files | {"more.txt": b"more"}, "more.txt: nothing"),
    "model": (flip("models/slim.tflite", b"TFL3", b"TFL4"), "models/slim.tflite: the stored results"),
    "vectors missing": (
        lambda files: {name: files[name] for name in files if name != "vectors.npz"},
        "vectors.npz: there is no such",
    ),
    "no database": (lambda files: files | {"results.db": b"SQLite format 3\0" + bytes(4096)}, "results.db"),
}


@pytest.mark.parametrize("name", FORGED)
def test_replaying_finds_what_a_new_manifest_hides(unsigned: Path, tmp_path: Path, name: str) -> None:
    tamper, where = FORGED[name]
    forged = pack(with_manifest(tamper(unpack(unsigned))), tmp_path / "forged.tar")
    assert_found(verify(forged, "--allow-unsigned"), where)


def test_an_untouched_repacking_is_genuine(desk: Workspace, signed: Path, tmp_path: Path) -> None:
    again = pack(unpack(signed), tmp_path / "again.tar")
    assert verify(again, "--key", public_key(desk)).code == 0


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_bundle_is_refused(desk: Workspace, signed: Path, tmp_path: Path, share: float) -> None:
    whole = signed.read_bytes()
    (tmp_path / "cut.tar").write_bytes(whole[: int(share * len(whole))])
    done = verify(tmp_path / "cut.tar", "--key", public_key(desk), "--json")
    assert done.code == 1
    assert "ends" in json.loads(done.out)["what"]


def test_any_byte_flipped_anywhere_is_found(desk: Workspace, signed: Path, tmp_path: Path) -> None:
    whole = signed.read_bytes()
    for at in range(0, len(whole), len(whole) // 150):
        flipped = bytearray(whole)
        flipped[at] ^= 0x20
        (tmp_path / "flipped.tar").write_bytes(flipped)
        assert verify(tmp_path / "flipped.tar", "--key", public_key(desk)).code == 1, at


def test_a_database_whose_rows_were_changed_gives_no_bundle(desk: Workspace, tmp_path: Path) -> None:
    forged = tmp_path / "results.db"
    with sqlite3.connect(desk.store) as database:
        database.execute("VACUUM INTO ?", (str(forged),))
    with sqlite3.connect(forged) as database:
        database.execute("DROP TRIGGER no_UPDATE_of_block")
        database.execute("UPDATE block SET clock = zeroblob(length(clock)) WHERE id = 1")
    campaign = str(desk.folder / "campaign.yaml")
    out = tmp_path / "b.tar"
    done = call([str(TINYHIL), "bundle", campaign, "--store", str(forged), "--out", str(out)])
    done.complains(4, "run 1 is not what was measured", "table block, row 1")
    assert not out.exists()
