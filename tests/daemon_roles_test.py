# SPDX-License-Identifier: Apache-2.0
"""Every route of a running daemon, taken from its OpenAPI document, asked by everybody who may not."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from farm import Farm, eventually, farm_in

ROLES = ["nobody", "viewer", "runner", "user", "admin"]
TOKEN = "a-token-of-enough-characters"
VALUES = {"name": "b1", "id": "1", "digest": "0" * 64}


@dataclass(frozen=True)
class Route:
    verb: str
    path: str
    least_role: str

    @property
    def reads(self) -> bool:
        return self.verb == "get"

    def filled(self) -> str:
        parts = self.path.split("/")
        return "/".join(VALUES.get(part.strip("{}"), "x") if part.startswith("{") else part for part in parts)


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("tinyhil")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self._path)


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Farm]:
    folder = tmp_path_factory.mktemp("farm")
    token = folder / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    with farm_in(folder, ["b1"], "--listen", "127.0.0.1:0", "--token-file", str(token)) as started:
        assert started.becomes("b1", "free")
        yield started


@pytest.fixture(scope="module")
def port(farm: Farm) -> int:
    """Chosen by the kernel; `ss` tells which."""
    assert farm.daemon is not None
    sockets = subprocess.run(["ss", "-tlnpH"], capture_output=True, text=True, check=True).stdout
    (line,) = [each for each in sockets.splitlines() if f"pid={farm.daemon.pid}," in each]
    return int(line.split()[3].rsplit(":", 1)[1])


def ask(port: int, verb: str, path: str, headers: dict[str, str], body: Any = None) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    text = None if body is None else json.dumps(body)
    typed = {} if body is None else {"Content-Type": "application/json"}
    connection.request(verb.upper(), path, text, {**headers, **typed})
    reply = connection.getresponse()
    content = reply.read()
    connection.close()
    return reply.status, json.loads(content)


@pytest.fixture(scope="module")
def routes(port: int) -> list[Route]:
    _, document = ask(port, "get", "/api/v1/openapi.json", {})
    return [
        Route(verb, path, route["x-least-role"])
        for path, verbs in document["paths"].items()
        for verb, route in verbs.items()
    ]


def refused(routes: list[Route], role: str) -> list[Route]:
    return [route for route in routes if ROLES.index(route.least_role) > ROLES.index(role)]


def state(farm: Farm) -> Any:
    return farm.json("boards"), farm.json("leases")


@pytest.mark.parametrize(
    ("role", "headers", "status"),
    [
        ("viewer", {}, 401),
        ("user", {"Authorization": f"Bearer {TOKEN}"}, 403),
    ],
)
def test_no_route_does_anything_for_a_role_that_may_not(
    farm: Farm, port: int, routes: list[Route], role: str, headers: dict[str, str], status: int
) -> None:
    before = state(farm)
    forbidden = refused(routes, role)
    assert forbidden
    for route in forbidden:
        answer = ask(port, route.verb, route.filled(), headers)
        assert answer[0] == status, f"{route}: {answer}"
    assert state(farm) == before


def test_a_wrong_token_opens_no_route(port: int, routes: list[Route]) -> None:
    for route in routes:
        if not route.reads:
            answer = ask(
                port, route.verb, route.filled(), {"Authorization": "Bearer guessed-guessed-guessed"}
            )
            assert answer[0] == 401, f"{route}: {answer}"


def test_a_page_of_another_site_opens_no_route(port: int, routes: list[Route]) -> None:
    for route in routes:
        for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            shown = {**headers, "Authorization": f"Bearer {TOKEN}"}
            assert ask(port, route.verb, route.filled(), shown)[0] == 403, route


def test_refusals_are_in_the_audit_without_the_secret(farm: Farm, port: int) -> None:
    assert ask(port, "post", "/api/v1/boards/b1/readmit", {"Authorization": f"Bearer {TOKEN}"})[0] == 403

    def audit() -> list[dict[str, Any]]:
        connection = UnixConnection(str(farm.socket))
        connection.request("GET", "/api/v1/audit?most=1000")
        entries: list[dict[str, Any]] = json.loads(connection.getresponse().read())["entries"]
        connection.close()
        return entries

    assert eventually(
        lambda: any("others before" in each["outcome"] or each["who"] == "token" for each in audit())
    )
    assert TOKEN not in json.dumps(audit())


def test_a_lease_obeys_its_owner_alone(farm: Farm, port: int) -> None:
    holder = farm.begin("lease", "board=b1", "--", "sleep", "600")
    assert farm.becomes("b1", "leased")
    (lease,) = farm.json("leases")["leases"]
    headers = {"Authorization": f"Bearer {TOKEN}"}
    path = f"/api/v1/leases/{lease['id']}"
    assert ask(port, "post", f"{path}/heartbeat", headers, {"epoch": lease["epoch"]})[0] == 403
    assert ask(port, "delete", path, headers)[0] == 403
    wanted = f"{path}/operations?epoch={lease['epoch']}"
    assert ask(port, "post", wanted, headers, {"operation": "reset"})[0] == 403
    assert "environment" not in ask(port, "get", path, headers)[1]
    assert farm.board("b1")["condition"] == "leased"
    holder.terminate()
    assert farm.becomes("b1", "free")
