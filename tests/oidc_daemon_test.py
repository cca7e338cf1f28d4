# SPDX-License-Identifier: Apache-2.0
"""Callers whom a CI provider's tokens name: made here by `cryptography`, as a provider makes them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from cli import Workspace, assert_every_output_is_golden
from lab import Lab, lab_in

ISSUER = "https://token.ci.example"
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
P256 = ec.generate_private_key(ec.SECP256R1())
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def number(value: int, size: int) -> str:
    return base64url(value.to_bytes(size, "big"))


def jwks() -> dict[str, Any]:
    of_rsa, of_p256 = RSA.public_key().public_numbers(), P256.public_key().public_numbers()
    return {
        "keys": [
            {"kty": "RSA", "kid": "rsa", "use": "sig", "alg": "RS256"}
            | {"n": number(of_rsa.n, 256), "e": number(of_rsa.e, 3)},
            {"kty": "EC", "kid": "p256", "crv": "P-256"}
            | {"x": number(of_p256.x, 32), "y": number(of_p256.y, 32)},
            {"kty": "oct", "kid": "secret", "k": base64url(b"x" * 32)},
        ]
    }


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    usual = {
        "iss": ISSUER,
        "aud": "tinyhil-lab",
        "sub": "repo:example/wake-word:ref:refs/heads/main",
        "repository": "example/wake-word",
        "ref": "refs/heads/main",
        "iat": now,
        "nbf": now,
        "exp": now + 300,
    }
    return {key: value for key, value in (usual | changes).items() if value is not None}


def unsigned(header: dict[str, Any], body: dict[str, Any]) -> str:
    return ".".join(base64url(json.dumps(part).encode()) for part in (header, body))


def rs256(body: dict[str, Any], key: rsa.RSAPrivateKey = RSA, **header: Any) -> str:
    text = unsigned({"typ": "JWT", "alg": "RS256", "kid": "rsa"} | header, body)
    return f"{text}.{base64url(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def es256(body: dict[str, Any]) -> str:
    text = unsigned({"typ": "JWT", "alg": "ES256", "kid": "p256"}, body)
    r, s = utils.decode_dss_signature(P256.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{text}.{base64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def confused(body: dict[str, Any]) -> str:
    """The public key, which everybody knows, as the secret of an HMAC."""
    public = RSA.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    text = unsigned({"typ": "JWT", "alg": "HS256", "kid": "rsa"}, body)
    return f"{text}.{base64url(hmac.digest(public, text.encode(), hashlib.sha256))}"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("oidc")
    (folder / "keys.json").write_text(json.dumps(jwks()))
    rules = [
        {"claims": {"repository": "example/*", "ref": "refs/heads/main"}, "name": "ci-{repository}"}
        | {"role": "user", "boards": "kind=host"},
        {"claims": {"repository": "other/*"}, "name": "other", "boards": "pool=other"},
    ]
    issuer = {"issuer": ISSUER, "audience": "tinyhil-lab", "keys": "keys.json", "rules": rules}
    (folder / "oidc.yaml").write_text(yaml.safe_dump({"issuers": [issuer]}))
    with lab_in(folder, "--oidc", str(folder / "oidc.yaml")) as started:
        yield started


def ask_route(
    lab: Lab, verb: str, path: str, token: str, body: dict[str, Any] | None = None
) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPSConnection("127.0.0.1", lab.port, context=lab.context(), timeout=20)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request(verb, path, None if body is None else json.dumps(body), headers)
    reply = connection.getresponse()
    document: dict[str, Any] = json.loads(reply.read())
    connection.close()
    return reply.status, document


def ask(lab: Lab, token: str, body: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
    """Leases a board and returns it; the status and the reply."""
    status, document = ask_route(lab, "POST", "/api/v1/leases", token, body or {})
    if status == 201:
        assert ask_route(lab, "DELETE", f"/api/v1/leases/{document['id']}", token)[0] == 200
    return status, document


@pytest.mark.parametrize("sign", [rs256, es256])
def test_a_job_is_a_caller_of_its_repository_and_leases_its_boards(lab: Lab, sign: Any) -> None:
    status, lease = ask(lab, sign(claims()))
    assert (status, lease["owner"]) == (201, "ci-example/wake-word")
    assert lease["selector"] == "kind=host"


def test_an_audience_may_be_one_of_several(lab: Lab) -> None:
    assert ask(lab, rs256(claims(aud=["else", "tinyhil-lab"])))[0] == 201


def test_a_job_leases_no_boards_but_those_of_its_rule(lab: Lab) -> None:
    status, refusal = ask(lab, rs256(claims(repository="other/x")), {"selector": "board=b1"})
    assert status == 400
    assert "pool" in refusal["what"] + refusal["where"]


NOW = int(time.time())
REFUSED = {
    "expired": (lambda: rs256(claims(exp=NOW - 120)), "the token is over"),
    "without-an-end": (lambda: rs256(claims(exp=None)), "does not say when"),
    "not-yet": (lambda: rs256(claims(nbf=NOW + 3600)), "does not hold yet"),
    "from-the-future": (lambda: rs256(claims(iat=NOW + 3600)), "does not hold yet"),
    "another-audience": (lambda: rs256(claims(aud="else")), "another audience"),
    "no-audience": (lambda: rs256(claims(aud=None)), "another audience"),
    "another-issuer": (lambda: rs256(claims(iss="https://evil.example")), "issuer is not trusted"),
    "another-branch": (lambda: rs256(claims(ref="refs/heads/mine")), "no rule"),
    "a-branch-that-begins-alike": (lambda: rs256(claims(ref="refs/heads/main2")), "no rule"),
    "another-repository": (lambda: rs256(claims(repository="evil/wake-word")), "no rule"),
    "a-claim-that-is-no-text": (lambda: rs256(claims(repository=["example/x"])), "no rule"),
    "a-name-with-blanks": (lambda: rs256(claims(repository="example/a b")), "lacks a claim"),
    "somebody-elses-signature": (lambda: rs256(claims(), STRANGER), "signature"),
    "an-unknown-key": (lambda: rs256(claims(), kid="nobody"), "a key that the issuer"),
    "no-key": (lambda: rs256(claims(), kid=""), "a key that the issuer"),
    "the-key-of-another-algorithm": (lambda: rs256(claims(), kid="p256"), "signature"),
    "more-than-is-understood": (lambda: rs256(claims(), crit=["b64"], b64=False), "not known"),
    "changed": (lambda: rs256(claims())[:-40] + "A" * 40, "signature"),
    "cut": (lambda: rs256(claims()).rpartition(".")[0], "not known"),
    "none": (lambda: unsigned({"alg": "none", "kid": "rsa"}, claims()) + ".", "not known"),
    "none-with-a-signature": (lambda: rs256(claims(), alg="none"), "not known"),
    "the-public-key-as-a-secret": (lambda: confused(claims()), "not known"),
    "a-symmetric-key": (lambda: rs256(claims(), kid="secret"), "a key that the issuer"),
    "nonsense": (lambda: "a.b.c", "not known"),
}


@pytest.mark.parametrize(("make", "why"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_hold_is_refused(lab: Lab, make: Any, why: str) -> None:
    status, refusal = ask(lab, make())
    assert status == 401, refusal
    assert why in refusal["what"]


def test_named_tokens_hold_beside_those_of_a_provider(lab: Lab) -> None:
    assert ask(lab, lab.token)[1]["owner"] == "ci"


def test_no_token_stands_in_the_log(lab: Lab) -> None:
    assert ask(lab, rs256(claims()))[0] == 201
    assert ask(lab, rs256(claims(aud="else")))[0] == 401
    assert "eyJ" not in lab.farm.log()


def test_keys_that_the_issuer_has_changed_are_read_when_they_are_needed(lab: Lab) -> None:
    fresh = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    of_fresh = fresh.public_key().public_numbers()
    keys = jwks()
    keys["keys"].append(
        {"kty": "RSA", "kid": "fresh", "n": number(of_fresh.n, 256), "e": number(of_fresh.e, 3)}
    )
    assert ask(lab, rs256(claims(), fresh, kid="fresh"))[0] == 401
    (lab.farm.folder / "keys.json").write_text(json.dumps(keys))
    assert ask(lab, rs256(claims(), fresh, kid="fresh"))[0] == 201
    (lab.farm.folder / "keys.json").write_text("nonsense")
    assert ask(lab, rs256(claims(), fresh, kid="another"))[0] == 401
    assert ask(lab, rs256(claims()))[0] == 201, "the keys that there were hold"


def test_a_lease_outlasts_the_token_that_it_was_asked_with(lab: Lab) -> None:
    status, lease = ask_route(lab, "POST", "/api/v1/leases", rs256(claims()), {})
    assert status == 201
    own, path = lease["token"], f"/api/v1/leases/{lease['id']}"
    beat = {"epoch": lease["epoch"]}
    assert ask_route(lab, "POST", f"{path}/heartbeat", rs256(claims(exp=NOW - 120)), beat)[0] == 401
    assert ask_route(lab, "POST", f"{path}/heartbeat", own, beat)[0] == 200
    status, refusal = ask_route(lab, "POST", "/api/v1/leases", own, {"selector": "kind!=host"})
    assert status == 400, "nothing beyond the lease's own boards"
    assert "kind" in refusal["what"] + refusal["where"]
    assert ask_route(lab, "GET", path, lab.token)[1].get("token") is None, "it is told to its owner alone"
    assert ask_route(lab, "DELETE", path, own)[0] == 200
    assert ask_route(lab, "POST", f"{path}/heartbeat", own, beat)[0] == 410, (
        "its holder is told that it is over"
    )


def test_a_job_runs_a_campaign_with_its_token(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    work = Workspace(tmp_path / "work")
    lab.token = rs256(claims())
    lab.be_elsewhere()
    told = lab.farm.call("lease", "board=b1", "--", *work.command("run", "--candidate", "slim"))
    assert told.returncode == 0, told.stderr
    assert_every_output_is_golden(work, ("shipped", "slim"))
