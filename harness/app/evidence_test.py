# SPDX-License-Identifier: Apache-2.0
"""A bundle as an auditor gets it: checked by tools that are not ours, and tampered with from outside."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
import sqlite3
import struct
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from cli import TINYHIL, Outcome, Workspace, call

Files = dict[str, bytes]
ENVELOPES = ["detail.dsse.json", "manifest.dsse.json", "statement.dsse.json"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """One run of both candidates, and a pair of keys."""
    made = Workspace(tmp_path_factory.mktemp("desk"))
    assert made.call("run").code == 1
    assert call([str(TINYHIL), "key", "new", str(made.folder / "key")]).code == 0
    return made


def bundle(desk: Workspace, out: Path, *arguments: str, env: dict[str, str] | None = None) -> Path:
    campaign = str(desk.folder / "campaign.yaml")
    done = call(
        [str(TINYHIL), "bundle", campaign, "--store", str(desk.store), "--out", str(out), *arguments], env
    )
    assert done.code == 0, done.err
    return out


@pytest.fixture(scope="module")
def signed(desk: Workspace) -> Path:
    return bundle(desk, desk.folder / "signed.tar", "--key", str(desk.folder / "key"))


@pytest.fixture(scope="module")
def unsigned(desk: Workspace) -> Path:
    return bundle(desk, desk.folder / "unsigned.tar")


def public_key(desk: Workspace) -> str:
    return str(desk.folder / "key.pub")


def verify(tar: Path, *arguments: str) -> Outcome:
    return call([str(TINYHIL), "verify", str(tar), *arguments])


def unpack(tar: Path) -> Files:
    with tarfile.open(tar) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]


def pack(files: Files, to: Path) -> Path:
    """As tinyhil packs: whoever forges a bundle can do that too."""
    with tarfile.open(to, "w", format=tarfile.USTAR_FORMAT) as archive:
        for name in sorted(files):
            member = tarfile.TarInfo(name)
            member.size = len(files[name])
            archive.addfile(member, io.BytesIO(files[name]))
    content = to.read_bytes()
    size = sum(512 + (len(content_of) + 511) // 512 * 512 for content_of in files.values())
    to.write_bytes(content[: size + 1024])  # Python fills up to 10 KiB
    return to


def with_manifest(files: Files) -> Files:
    """The manifest made again, as a forger without the key would."""
    listed = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in sorted(files.items())
        if name != "manifest.json" and not name.endswith(".dsse.json")
    }
    manifest = json.loads(files["manifest.json"]) | {"files": listed}
    return files | {"manifest.json": (json.dumps(manifest, indent=1) + "\n").encode()}


# --- what a bundle is


def test_a_bundle_verifies_in_an_empty_folder(desk: Workspace, signed: Path, tmp_path: Path) -> None:
    shutil.copy(signed, tmp_path / "b.tar")
    shutil.copy(public_key(desk), tmp_path / "key.pub")
    command = [str(TINYHIL), "verify", "b.tar", "--key", "key.pub", "--json"]
    done = subprocess.run(
        command, cwd=tmp_path, env={}, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    document = json.loads(done.stdout)
    assert document["genuine"]
    assert document["signature_checked"]
    assert [each["outcome"] for each in document["verdicts"]] == ["pass", "fail"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar", "key.pub"]


def test_the_same_inputs_and_date_give_the_same_bytes(desk: Workspace, tmp_path: Path) -> None:
    key = str(desk.folder / "key")
    made = [
        bundle(desk, tmp_path / name, "--key", key, env={"SOURCE_DATE_EPOCH": "1795443000"}).read_bytes()
        for name in ("a.tar", "b.tar")
    ]
    assert made[0] == made[1]
    assert b'"judged_at": "2026-11-23T14:10:00Z"' in made[0]


def test_a_genuine_bundle_of_a_failure_is_genuine_but_no_release(desk: Workspace, signed: Path) -> None:
    assert verify(signed, "--key", public_key(desk)).code == 0
    assert verify(signed, "--key", public_key(desk), "--require-pass").code == 1


def test_one_candidate_alone_can_be_released(desk: Workspace, tmp_path: Path) -> None:
    key = str(desk.folder / "key")
    tar = bundle(desk, tmp_path / "slim.tar", "--candidate", "slim", "--key", key)
    assert verify(tar, "--key", public_key(desk), "--require-pass").code == 0
    statement = json.loads(unpack(tar)["statement.json"])
    assert statement["predicate"]["result"] == "PASSED"
    assert [each["name"] for each in statement["subject"]] == ["firmware:host", "model:slim"]
    assert "models/quick.tflite" not in unpack(tar)


def test_unsigned_evidence_says_so_everywhere(desk: Workspace, unsigned: Path) -> None:
    files = unpack(unsigned)
    assert not set(ENVELOPES) & set(files)
    assert json.loads(files["manifest.json"])["signed_by"] is None
    assert json.loads(files["detail.json"])["predicate"]["signed_by"] is None
    for name in ("README.txt", "report.html", "summary.md"):
        assert b"UNSIGNED" in files[name], name
    assert verify(unsigned).code == 3
    assert "UNSIGNED" in verify(unsigned).out
    assert verify(unsigned, "--allow-unsigned").code == 0
    assert verify(unsigned, "--key", public_key(desk)).code == 1


def test_a_signature_that_nobody_checked_proves_nothing(signed: Path) -> None:
    done = verify(signed)
    assert done.code == 3
    assert "NOT CHECKED" in done.out


def test_the_signature_of_another_key_is_refused(signed: Path, tmp_path: Path) -> None:
    assert call([str(TINYHIL), "key", "new", str(tmp_path / "other")]).code == 0
    done = verify(signed, "--key", str(tmp_path / "other.pub"))
    assert done.code == 1
    assert "detail.dsse.json: it was signed by key" in done.out


def test_mistakes_are_told_apart_from_forgeries(desk: Workspace, signed: Path, tmp_path: Path) -> None:
    verify(tmp_path / "none.tar").complains(2, "no such bundle")
    verify(signed, "--key", str(desk.folder / "gate.yaml")).complains(2, "no Ed25519 public key")
    call([str(TINYHIL), "key", "new", str(desk.folder / "key")]).complains(2, "there already")


# --- read by others


def pre_authentication_encoding(kind: str, body: bytes) -> bytes:
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(body), body)


@pytest.mark.parametrize("name", ENVELOPES)
def test_envelopes_are_dsse_to_python(desk: Workspace, signed: Path, name: str) -> None:
    files = unpack(signed)
    envelope = json.loads(files[name])
    body = base64.b64decode(envelope["payload"], validate=True)
    assert body == files[name.replace(".dsse", "")]
    key = load_pem_public_key(Path(public_key(desk)).read_bytes())
    assert isinstance(key, Ed25519PublicKey)
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    (signature,) = envelope["signatures"]
    assert signature["keyid"] == hashlib.sha256(der).hexdigest()
    signed_text = pre_authentication_encoding(envelope["payloadType"], body)
    key.verify(base64.b64decode(signature["sig"]), signed_text)
    with pytest.raises(InvalidSignature):
        key.verify(base64.b64decode(signature["sig"]), signed_text + b" ")


def test_openssl_alone_checks_a_signature(desk: Workspace, signed: Path, tmp_path: Path) -> None:
    envelope = json.loads(unpack(signed)["statement.dsse.json"])
    body = base64.b64decode(envelope["payload"])
    (tmp_path / "text").write_bytes(pre_authentication_encoding(envelope["payloadType"], body))
    (tmp_path / "sig").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public_key(desk), "-rawin"]
    places = ["-in", str(tmp_path / "text"), "-sigfile", str(tmp_path / "sig")]
    assert subprocess.run([*command, *places], capture_output=True, check=False).returncode == 0
    (tmp_path / "text").write_bytes(b"other")
    assert subprocess.run([*command, *places], capture_output=True, check=False).returncode != 0


def test_keys_of_openssl_sign_too(desk: Workspace, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(key)], check=True)
    subprocess.run(["openssl", "pkey", "-in", str(key), "-pubout", "-out", f"{key}.pub"], check=True)
    tar = bundle(desk, tmp_path / "b.tar", "--key", str(key))
    assert verify(tar, "--key", f"{key}.pub").code == 0


def test_the_statement_names_every_input_by_its_digest(signed: Path) -> None:
    files = unpack(signed)
    configuration = json.loads(files["statement.json"])["predicate"]["configuration"]
    named = {each["name"]: each["digest"]["sha256"] for each in configuration}
    assert set(named) == {
        "gate.yaml",
        "campaign.yaml",
        "vectors.npz",
        "models/shipped.tflite",
        "models/slim.tflite",
        "models/quick.tflite",
        "results.db",
    }
    for name, digest in named.items():
        assert hashlib.sha256(files[name]).hexdigest() == digest, name


def test_the_chain_is_as_specified(signed: Path, tmp_path: Path) -> None:
    """Computed again from the words of harness/store/canonical_row.hpp."""
    files = unpack(signed)
    (tmp_path / "results.db").write_bytes(files["results.db"])
    number = struct.Struct("<q").pack

    def text(content: bytes) -> bytes:
        return number(len(content)) + content

    def canonical(name: str, value: Any) -> bytes:
        if value is None:
            return b""
        match value:
            case int():
                return text(name.encode()) + b"i" + number(value)
            case float():
                return text(name.encode()) + b"r" + struct.pack("<d", value)
            case str():
                return text(name.encode()) + b"t" + text(value.encode())
        return text(name.encode()) + b"b" + text(bytes(value))

    head = bytes(32)
    database = sqlite3.connect(tmp_path / "results.db")
    links = database.execute("SELECT kind, row, digest FROM chain ORDER BY id").fetchall()
    for kind, row, digest in links:
        cursor = database.execute(f"SELECT * FROM {kind} WHERE id = ?", (row,))
        columns = [each[0] for each in cursor.description]
        content = b"".join(map(canonical, columns, cursor.fetchone()))
        head = hashlib.sha256(head + text(kind.encode()) + content).digest()
        assert head == digest, (kind, row)
    database.close()
    assert len(links) > 10
    assert json.loads(files["detail.json"])["predicate"]["chain_head"] == head.hex()


def test_metrics_are_openmetrics_to_prometheus(signed: Path) -> None:
    text = unpack(signed)["metrics.prom"].decode()
    families = {family.name: family for family in text_string_to_metric_families(text)}
    states = {
        (sample.labels["candidate"], sample.labels["tinyhil_verdict"]): sample.value
        for sample in families["tinyhil_verdict"].samples
    }
    assert [state for state, value in states.items() if value == 1] == [("slim", "pass"), ("quick", "fail")]
    assert families["tinyhil_latency_seconds"].unit == "seconds"


def test_sarif_keeps_its_promises(signed: Path) -> None:
    document = json.loads(unpack(signed)["results.sarif"])
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert len(rules) == len(run["tool"]["driver"]["rules"])
    for result in run["results"]:
        assert result["ruleId"] in rules
        assert result["kind"] in {"pass", "fail", "open", "notApplicable", "review", "informational"}
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["kind"] == "fail" or result["level"] == "none"
        assert result["message"]["text"]
    failed = [result["ruleId"] for result in run["results"] if result["level"] == "error"]
    assert failed == ["worst-slice"]


# --- tampered with

Tamper = Callable[[Files], Files]


def flip(name: str, old: bytes, new: bytes) -> Tamper:
    def change(files: Files) -> Files:
        assert old in files[name]
        return files | {name: files[name].replace(old, new, 1)}

    return change


def sql(statement: str, trigger: str) -> Tamper:
    """A row changed by somebody who puts the triggers back."""

    def change(files: Files) -> Files:
        database = sqlite3.connect(":memory:")
        database.deserialize(files["results.db"])
        (text,) = database.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (trigger,)).fetchone()
        database.execute(f"DROP TRIGGER {trigger}")
        database.execute(statement)
        database.execute(text)
        database.commit()
        return files | {"results.db": database.serialize()}

    return change


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
        "results.db: table trial_end, row 4: the row has no link",
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
