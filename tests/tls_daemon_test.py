# SPDX-License-Identifier: Apache-2.0
"""A daemon that listens to other hosts, asked by what nobody here wrote: curl, openssl, Python, aiohttp."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import pytest

from cli import (
    SOURCE,
    TINYHIL,
    WAKE_WORD_VECTORS,
    Workspace,
    assert_every_output_is_golden,
    stored_outputs,
)
from emulated_test import latencies
from farm import eventually
from lab import Authority, Lab, free_port, lab_in, new_token
from means import Means

PATIENCE = 20.0


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with lab_in(tmp_path) as started:
        yield started


def curl(lab: Lab, *options: str) -> subprocess.CompletedProcess[str]:
    command = [
        "curl",
        "--silent",
        "--show-error",
        "--max-time",
        "20",
        *options,
        f"{lab.address}/api/v1/boards",
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_curl_is_answered_with_the_token_and_the_authority(lab: Lab) -> None:
    trust, show = ("--cacert", str(lab.authority)), ("--header", f"Authorization: Bearer {lab.token}")
    told = curl(lab, *trust, *show)
    assert [board["name"] for board in json.loads(told.stdout)["boards"]] == ["b1"], told.stderr
    assert json.loads(curl(lab, *trust).stdout)["status"] == 401
    wrong = ("--header", "Authorization: Bearer nonsense")
    assert json.loads(curl(lab, *trust, *wrong).stdout)["what"] == "this token is not known"
    assert curl(lab, *show).returncode == 60, "the certificate is not the system's"
    old = curl(lab, *trust, *show, "--tls-max", "1.1", "--ciphers", "ALL:@SECLEVEL=0")
    assert old.returncode == 35, "TLS 1.1"


@pytest.mark.parametrize(("option", "is_taken"), [("-tls1_1", False), ("-tls1_2", True), ("-tls1_3", True)])
def test_openssl_shakes_hands_from_version_1_2_on(lab: Lab, option: str, is_taken: bool) -> None:
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{lab.port}", "-CAfile", str(lab.authority)]
    command += ["-verify_return_error", "-verify_ip", "127.0.0.1", option]
    told = subprocess.run(
        [*command, "-cipher", "ALL:@SECLEVEL=0"], input="", capture_output=True, text=True, timeout=60
    )
    assert (told.returncode == 0) == is_taken, told.stdout + told.stderr


def test_a_cipher_without_forward_secrecy_is_refused(lab: Lab) -> None:
    context = lab.context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-SHA256:AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA")
    with socket.create_connection(("127.0.0.1", lab.port), PATIENCE) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain, server_hostname="127.0.0.1")


def test_who_speaks_http_without_tls_gets_an_end(lab: Lab) -> None:
    with socket.create_connection(("127.0.0.1", lab.port), PATIENCE) as plain:
        plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert b"HTTP" not in plain.recv(1000)  # an alert of TLS, or nothing
        assert plain.recv(1000) == b""


def test_a_connection_is_kept_and_ended_as_the_standard_says(lab: Lab) -> None:
    connection = http.client.HTTPSConnection("localhost", lab.port, context=lab.context(), timeout=PATIENCE)
    for _ in range(3):
        connection.request("GET", "/healthz")
        assert connection.getresponse().read()
    connection.close()
    with (
        socket.create_connection(("127.0.0.1", lab.port), PATIENCE) as plain,
        lab.context().wrap_socket(
            plain, server_hostname="127.0.0.1", suppress_ragged_eofs=False
        ) as connected,
    ):
        connected.sendall(b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n")
        text = b""
        while piece := connected.recv(4096):
            text += piece
        assert text.startswith(b"HTTP/1.1 200 "), "and the end came by TLS: else recv() raises"


def test_a_certificate_is_changed_without_a_restart(lab: Lab) -> None:
    other = Authority().write(lab.farm.folder)
    assert lab.farm.daemon is not None
    assert curl(lab, "--cacert", str(other)).returncode == 60
    lab.farm.daemon.send_signal(1)
    assert eventually(lambda: curl(lab, "--cacert", str(other)).returncode == 0), lab.farm.log()


def test_a_campaign_on_another_machine_gives_what_it_gives_on_the_desk(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    work = Workspace(tmp_path / "work")
    lab.be_elsewhere()
    told = lab.farm.call("lease", "board=b1", "--", *work.command("run", "--candidate", "slim"))
    assert told.returncode == 0, told.stderr
    assert_every_output_is_golden(work, ("shipped", "slim"))
    assert lab.token not in lab.farm.log()


def test_a_board_on_another_machine_is_flashed_with_the_token_of_its_lease(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    means = Means(tmp_path / "far")
    lab.farm.write_bench([means.board("b2")])
    assert lab.farm.daemon is not None
    lab.farm.daemon.send_signal(1)
    assert lab.farm.becomes("b2", "free")
    (tmp_path / "new.elf").write_bytes(b"firmware")
    lab.be_elsewhere()
    told = lab.farm.call(
        "lease", "board=b2", "--", str(TINYHIL), "flash", "--image", str(tmp_path / "new.elf")
    )
    assert told.returncode == 0, told.stderr
    assert means.notes()[0].endswith("/new.elf")


def test_a_caller_leases_only_the_boards_of_its_token(lab: Lab) -> None:
    other = new_token(lab.farm.folder / "tokens", "other", "--boards", "pool=other")
    lab.be_elsewhere()
    assert lab.farm.call("lease", "", "--local", "--", "true").returncode == 0
    assert lab.farm.daemon is not None
    lab.farm.daemon.send_signal(1)
    lab.farm.environment["TINYHIL_TOKEN"] = other
    assert eventually(lambda: lab.farm.call("leases").returncode == 0), "the new token is known"
    told = lab.farm.call("lease", "board=b1", "--", "true")
    assert told.returncode == 2, told.stderr
    assert "pool" in told.stderr


def test_commands_say_why_a_daemon_is_not_trusted(lab: Lab) -> None:
    lab.be_elsewhere()
    lab.farm.environment["TINYHIL_CA"] = ""
    told = lab.farm.call("boards")
    assert told.returncode == 4
    assert "no TLS connection: " in told.stderr
    assert "TINYHIL_CA" in told.stderr


def test_other_addresses_are_refused_without_tls_and_callers(tmp_path: Path) -> None:
    (tmp_path / "bench.d").mkdir()
    places = ["--bench", str(tmp_path / "bench.d"), "--state", str(tmp_path), "--socket", str(tmp_path / "s")]
    command = [str(TINYHIL), "daemon", *places, "--listen", f"0.0.0.0:{free_port()}"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert told.returncode == 2
    assert "only with TLS and tokens" in told.stderr


async def first_message(lab: Lab) -> bytes:
    headers = {"Authorization": f"Bearer {lab.token}"}
    connector = aiohttp.TCPConnector(ssl=lab.context())
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:
        async with session.post(f"{lab.address}/api/v1/leases", json={}) as reply:
            lease = await reply.json()
        path = f"{lab.address}/api/v1/leases/{lease['id']}/line?epoch={lease['epoch']}"
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(path, origin="https://evil.example")
        assert refused.value.status == 403
        async with session.ws_connect(path, origin=lab.address) as connected:
            return await connected.receive_bytes()


def test_a_foreign_client_has_a_websocket_over_tls(lab: Lab) -> None:
    assert asyncio.run(first_message(lab))[:1] == b"\x03"


def small_desk(folder: Path, board: dict[str, Any]) -> Workspace:
    """A campaign of 60 vectors on this board."""
    folder.mkdir()
    desk = Workspace(folder)
    with np.load(folder / "vectors.npz") as file:
        few = {
            name: array[:60] if array.shape[:1] == (WAKE_WORD_VECTORS,) else array
            for name, array in file.items()
        }
    np.savez(folder / "vectors.npz", **few)
    desk.write("bench.yaml", {"bench": "desk", "boards": [board]})
    return desk


def test_a_board_from_afar_gives_every_output_and_tick_of_one_at_hand(lab: Lab, tmp_path: Path) -> None:
    link = {"driver": "emulated", "machine": "mps2-an386"}
    image = str(SOURCE / "build" / "firmware-mps2-an386" / "agent.elf")
    board = {"name": "m4", "provenance": "emulated", "image": image, "link": link, "labels": {"kind": "host"}}
    near, far = small_desk(tmp_path / "near", board), small_desk(tmp_path / "far", board)
    at_hand = near.call("run", "--candidate", "slim")
    assert lab.farm.daemon is not None
    (lab.farm.bench.parent / "more.yaml").write_text(json.dumps({"bench": "lab", "boards": [board]}))
    lab.farm.daemon.send_signal(1)
    assert eventually(lambda: '"m4"' in lab.farm.call("boards", "--json").stdout)
    assert lab.farm.becomes("m4", "free")
    lab.be_elsewhere()
    told = lab.farm.call("lease", "board=m4", "--", *far.command("run", "--candidate", "slim"))
    assert told.returncode == at_hand.code, told.stderr
    assert latencies(far) == latencies(near)
    for model in ("shipped", "slim"):
        assert stored_outputs(far, model) == stored_outputs(near, model) != b""
