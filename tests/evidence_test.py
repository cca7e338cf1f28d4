# SPDX-License-Identifier: Apache-2.0
"""A bundle as an auditor gets it, checked by tools that are not ours."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from bundles import bundle, public_key, unpack, verify
from cli import TINYHIL, Workspace, call
from forging import canonical_row

ENVELOPES = ["detail.dsse.json", "manifest.dsse.json", "statement.dsse.json"]


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
    """Computed again from the words of docs/formats/facts.md."""
    files = unpack(signed)
    (tmp_path / "results.db").write_bytes(files["results.db"])
    head = bytes(32)
    database = sqlite3.connect(tmp_path / "results.db")
    links = database.execute("SELECT kind, row, digest FROM chain ORDER BY id").fetchall()
    for kind, row, digest in links:
        head = hashlib.sha256(head + canonical_row(database, kind, row)).digest()
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
