# SPDX-License-Identifier: Apache-2.0
"""Stores and bundles from a bad disk or from somebody who lies: found, soon, and never a crash."""

from __future__ import annotations

import json
import os
import random
import re
import sqlite3
from pathlib import Path

import pytest

from bundles import pack, unpack, verify, with_manifest
from cli import TINYHIL, Outcome, Workspace, call
from forging import forged

LAST_VECTOR = "CAST(substr(vector, 1, length(vector) - 4) || x'{}' AS BLOB)"

# What is changed in the results of an unsigned bundle whose chain and manifest are made again, and what
# verify says of it.
FORGED = {
    "vector beyond the set": (
        f"UPDATE block SET vector = {LAST_VECTOR.format('ffff0000')} WHERE id = 1",
        "results.db: the database is damaged: trial 1: row of vector 65535 of ",
    ),
    "vector 2^31": (
        f"UPDATE block SET vector = {LAST_VECTOR.format('00000080')} WHERE id = 1",
        "row of vector 2147483648",
    ),
    "vector twice": ("UPDATE block SET vector = zeroblob(4 * n) WHERE id = 1", "there twice"),
    "rows beyond memory": ("UPDATE block SET n = 1099511627776 WHERE id = 1", "are not 1099511627776 values"),
    "outputs beyond memory": ("UPDATE block SET output_size = 1 << 62 WHERE id = 1", "fewer outputs"),
    "repeats beyond memory": ("UPDATE trial SET repeats = 2147483647", "`repeats` is 2147483647"),
    "other repeats": ("UPDATE trial SET repeats = 2", "results.json /"),
    "vectors beyond memory": ("UPDATE vector_set SET count = 1 << 50", "`count` is 1125899906842624"),
    "other vectors": ("UPDATE vector_set SET count = 2000", "of 2000 of these "),
    "nothing drawn": ("UPDATE trial_end SET drawn = 0", "`drawn` is 0"),
    "fewer drawn": ("UPDATE trial_end SET drawn = 10", "results.json /"),
    "a board twice": ("UPDATE run SET boards = 'b1,b1'", "names a board twice"),
    "boards without end": (
        "WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 100000)"
        " UPDATE run SET boards = (SELECT group_concat('b' || n) FROM i)",
        "`boards` is a text of",
    ),
    "other outputs": ("UPDATE tensor SET dtype = 'float32'", "outputs of "),
    "no scale": ("UPDATE tensor SET scale = 9e999", "`scale` is inf"),
    "a large text": ("UPDATE run SET started_at = CAST(zeroblob(1000000) AS TEXT)", "`started_at` is a text"),
    "two controls": ("UPDATE trial SET role = 'control', model_name = 'slim'", "is there twice on board"),
}


@pytest.mark.parametrize("name", FORGED)
def test_results_that_lie_are_found_with_their_place(unsigned: Path, tmp_path: Path, name: str) -> None:
    statement, words = FORGED[name]
    files = with_manifest(forged(unpack(unsigned), statement))
    done = verify(pack(files, tmp_path / "forged.tar"), "--allow-unsigned")
    assert done.code == 1, done.out + done.err
    assert words in done.out


def test_results_forged_by_nothing_differ_in_their_own_digest_only(unsigned: Path, tmp_path: Path) -> None:
    files = with_manifest(forged(unpack(unsigned), "SELECT 1"))
    done = verify(pack(files, tmp_path / "same.tar"), "--allow-unsigned")
    assert "statement.json /predicate/configuration/6/digest" in done.out


# --- stores


def judged(desk: Workspace, store: Path, verb: str = "judge") -> Outcome:
    places = ["--store", str(store), "--report", str(store.parent / "reports")]
    return call([str(TINYHIL), verb, str(desk.folder / "campaign.yaml"), *places])


def copy_of(desk: Workspace, to: Path) -> Path:
    with sqlite3.connect(desk.store) as database:
        database.execute("VACUUM INTO ?", (str(to),))
    return to


@pytest.mark.parametrize("verb", ["judge", "report", "compare"])
def test_changed_results_get_no_verdict(desk: Workspace, tmp_path: Path, verb: str) -> None:
    store = copy_of(desk, tmp_path / "results.db")
    with sqlite3.connect(store) as database:
        database.execute("DROP TRIGGER no_UPDATE_of_block")
        database.execute("UPDATE block SET clock = zeroblob(length(clock)) WHERE id = 1")
    done = judged(desk, store, verb)
    done.complains(4, "run 1 is not what was stored: table block, row 1", "restore a copy")
    assert not (tmp_path / "reports").exists()


def test_flipped_bits_are_found_or_change_nothing(desk: Workspace, tmp_path: Path) -> None:
    whole = copy_of(desk, tmp_path / "whole.db").read_bytes()
    (tmp_path / "results.db").write_bytes(whole)
    expected = judged(desk, tmp_path / "results.db")
    assert expected.code in (0, 1, 3), expected.err
    where = random.Random(5)
    for _ in range(40):
        damaged = bytearray(whole)
        for _ in range(where.choice([1, 8])):
            at = where.randrange(len(damaged))
            damaged[at] ^= 1 << where.randrange(8)
        (tmp_path / "results.db").write_bytes(damaged)
        done = judged(desk, tmp_path / "results.db")
        if done.code == expected.code:
            assert done.out == expected.out
        else:
            assert done.code in (2, 4)
            done.complains(done.code)


def test_a_pipe_a_folder_and_a_device_end_at_once(desk: Workspace, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for odd in (tmp_path / "pipe", tmp_path, Path("/dev/zero")):
        for done in (
            judged(desk, odd),
            call([str(TINYHIL), "verify", str(odd)]),
            call([str(TINYHIL), "judge", str(odd)]),
            call([str(TINYHIL), "run", str(desk.folder / "campaign.yaml"), "--store", str(odd)]),
        ):
            done.complains(2, "not a regular file")


# --- where output goes


def bundle_to(desk: Workspace, out: Path, **env: str) -> Outcome:
    command = [str(TINYHIL), "bundle", str(desk.folder / "campaign.yaml"), "--store", str(desk.store)]
    return call([*command, "--out", str(out)], env=dict(os.environ) | env)


def test_a_bundle_overwrites_bundles_only(desk: Workspace, tmp_path: Path) -> None:
    key = desk.folder / "key"
    (tmp_path / "link").symlink_to(key)
    (tmp_path / "notes.txt").write_text("precious")
    for precious in (
        desk.store,
        key,
        desk.folder / "gate.yaml",
        desk.folder / "vectors.npz",
        tmp_path / "notes.txt",
    ):
        before = precious.read_bytes()
        bundle_to(desk, precious).complains(2, "no bundle, and would be lost")
        assert precious.read_bytes() == before
    for odd in (tmp_path / "link", tmp_path, Path("/dev/null"), Path("/dev/stdout")):
        bundle_to(desk, odd).complains(2, "no bundle, and would be lost")
    assert (tmp_path / "link").is_symlink()
    assert Path("/dev/null").is_char_device()
    (tmp_path / "b.tar").touch()
    for _ in range(2):
        assert bundle_to(desk, tmp_path / "b.tar").code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar", "link", "notes.txt"]


@pytest.mark.parametrize("name", ["/tmp/up", "../../up", "a/b", "..", "two words", "bell\a"])
def test_the_name_of_a_campaign_is_no_path(tmp_path: Path, name: str) -> None:
    desk = Workspace(tmp_path / "desk")
    desk.write("campaign.yaml", desk.read("campaign.yaml") | {"campaign": name})
    desk.call("judge").complains(2, "cannot be the name of a campaign", "1 to 64 letters")


def test_a_key_that_others_may_read_does_not_sign(desk: Workspace, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes((desk.folder / "key").read_bytes())
    key.chmod(0o644)
    campaign = str(desk.folder / "campaign.yaml")
    out = ["--store", str(desk.store), "--key", str(key), "--out", str(tmp_path / "b.tar")]
    call([str(TINYHIL), "bundle", campaign, *out]).complains(2, "read or written by others", "chmod 600")


def lock_of(folder: Path) -> Path:
    (lock, _) = sorted(folder.glob("tinyhil-*.lock"))
    return lock


def test_a_lock_is_a_plain_file_and_nothing_else_is_written_to(tmp_path: Path) -> None:
    desk = Workspace(tmp_path / "desk")
    locks = tmp_path / "locks"
    locks.mkdir()
    environment = dict(os.environ) | {"TINYHIL_LOCKS": str(locks)}
    assert desk.call("run", env=environment).code in (0, 1, 3)
    lock, precious = lock_of(locks), tmp_path / "precious"
    assert re.fullmatch(r"process \d+ of user \d+", lock.read_text())
    precious.write_text("data")
    for lay in (lock.symlink_to, lock.hardlink_to):
        lock.unlink()
        lay(precious)
        desk.call("run", env=environment).complains(4, "lies where the lock belongs", "remove it")
    lock.unlink()
    lock.mkdir()
    desk.call("run", env=environment).complains(4, "lies where the lock belongs", "remove it")
    assert precious.read_text() == "data"


# --- bundles of another version


def by_another_version(unsigned: Path) -> dict[str, bytes]:
    files = unpack(unsigned)
    version = json.loads(files["detail.json"])["predicate"]["tinyhil"]
    detail = files["detail.json"].replace(f'"tinyhil": "{version}"'.encode(), b'"tinyhil": "9.9.9"')
    assert detail != files["detail.json"]
    return files | {"detail.json": detail, "report.html": b"<h1>all is well</h1>"}


def test_pages_of_another_version_are_not_verified(unsigned: Path, tmp_path: Path) -> None:
    tar = pack(with_manifest(by_another_version(unsigned)), tmp_path / "b.tar")
    done = verify(tar, "--allow-unsigned")
    assert done.code == 3
    assert "NOT VERIFIED: tinyhil 9.9.9 made them" in done.out
    assert "every file" not in done.out
    document = json.loads(verify(tar, "--allow-unsigned", "--json").out)
    assert document["genuine"]
    assert not document["pages_verified"]
    assert verify(tar, "--allow-unsigned", "--verdicts-only").code == 0


def test_the_result_of_another_version_is_verified(unsigned: Path, tmp_path: Path) -> None:
    files = by_another_version(unsigned)
    files["statement.json"] = files["statement.json"].replace(b"FAILED", b"PASSED")
    done = verify(pack(with_manifest(files), tmp_path / "b.tar"), "--allow-unsigned", "--verdicts-only")
    assert done.code == 1
    assert "statement.json /predicate/result" in done.out
