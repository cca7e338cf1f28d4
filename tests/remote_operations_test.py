# SPDX-License-Identifier: Apache-2.0
"""A leased board's reset, power and firmware, for a holder on another machine."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from cli import TINYHIL
from farm import PATIENCE, Farm, ask, eventually, farm_in, put
from means import Means

OPERATIONS = "/leases/1/operations"
WAITS = 'while [ ! -e "$(dirname "$0")/go" ]; do sleep 0.02; done'


@pytest.fixture
def means(tmp_path: Path) -> Means:
    return Means(tmp_path)


@pytest.fixture
def farm(tmp_path: Path, means: Means) -> Iterator[Farm]:
    """With one board, which says `booted` when it is started, and then what it is sent."""
    board = means.board("b1")
    board["link"]["command"] = ["sh", "-c", "echo booted; exec cat"]
    with farm_in(tmp_path, [board], "--no-checks") as started:
        assert started.becomes("b1", "free")
        yield started


def remotely(farm: Farm, *words: str) -> subprocess.CompletedProcess[str]:
    return farm.call("lease", "board=b1", "--remote", "--", str(TINYHIL), *words)


def leased(farm: Farm) -> Farm:
    """As lease 1 with epoch 1."""
    farm.begin("lease", "board=b1", "--remote", "--", sys.executable, "-c", "import signal; signal.pause()")
    assert farm.becomes("b1", "leased")
    return farm


def begin(farm: Farm, operation: str, **wish: Any) -> tuple[int, Any]:
    return ask(farm, "POST", f"{OPERATIONS}?epoch=1", {"operation": operation} | wish)


def ended(farm: Farm, number: int) -> dict[str, Any]:
    status, document = ask(farm, "GET", f"{OPERATIONS}/{number}?epoch=1&wait_s=30")
    assert status == 200, document
    assert isinstance(document, dict)
    return document


def outcomes(farm: Farm) -> list[tuple[str, str]]:
    entries = ask(farm, "GET", "/audit")[1]["entries"]
    return [(each["what"], each["outcome"]) for each in entries if each["what"].startswith("lease.")]


def test_the_commands_do_what_they_do_on_the_desk(farm: Farm, means: Means, tmp_path: Path) -> None:
    image = tmp_path / "new.elf"
    image.write_bytes(b"firmware")
    means.stand_in("tool", f'for last; do :; done; [ ! -f "$last" ] || cp "$last" {tmp_path}/flashed')
    script = 'set -e; for verb in reset power-cycle flash; do "$0" $verb; done; "$0" flash --erase --image $1'
    told = farm.call("lease", "board=b1", "--remote", "--", "sh", "-c", script, str(TINYHIL), str(image))
    assert told.returncode == 0, told.stderr
    said = told.stdout.splitlines()
    assert said[:2] == ["b1: was reset", "b1: was switched off and on"]
    assert said[3] == f"b1: {tmp_path / 'tool'} has put {image} there"
    notes = means.notes()
    assert notes[:2] == ["tool reset --chip X", "switch cycle"]
    assert notes[2].startswith("tool download --chip X /")
    assert notes[4].startswith("tool download --chip X --chip-erase /")
    assert notes[4].endswith("/new.elf"), "tools tell the format by the name"
    assert (tmp_path / "flashed").read_bytes() == b"firmware"
    assert not any((tmp_path / "state" / "operations").iterdir()), "the image was left behind"


def test_a_tool_that_fails_says_why_with_its_last_words(farm: Farm, means: Means) -> None:
    means.stand_in("tool", "head -c 3000 /dev/zero | tr '\\0' .; echo no target found; exit 3")
    told = remotely(farm, "reset", "--json")
    assert told.returncode == 4, told.stderr
    assert "no target found" in told.stderr
    assert "where:  board b1" in told.stderr
    error = json.loads(told.stdout)["error"]
    assert (error["class"], error["board_touched"]) == ("bench", True)


def test_what_the_daemons_bench_has_no_means_for_is_a_usage_error(tmp_path: Path, means: Means) -> None:
    board = means.board("b1")
    del board["power"], board["flash"]
    with farm_in(tmp_path, [board], "--no-checks") as farm:
        assert farm.becomes("b1", "free")
        for words, text in [
            (["power-cycle"], "no power switch"),
            (["reset"], "not reached by a debug probe"),
            (["core"], "not reached by a debug probe"),
            (["reset", "--probe"], "tinyhil lease --local"),
        ]:
            told = remotely(farm, *words)
            assert told.returncode == 2, told.stderr
            assert text in told.stderr


@asynccontextmanager
async def line(farm: Farm) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    connector = aiohttp.UnixConnector(str(farm.socket))
    path = "http://localhost/api/v1/leases/1/line?epoch=1"
    async with aiohttp.ClientSession(connector=connector) as session, session.ws_connect(path) as socket:
        yield socket


async def heard(socket: aiohttp.ClientWebSocketResponse, begin: int, size: int) -> bytes:
    """So many bytes from this offset on; whatever else is said is no byte of the board."""
    got = b""
    while len(got) < size:
        message = await asyncio.wait_for(socket.receive_bytes(), PATIENCE)
        if message[0] == 1:
            assert int.from_bytes(message[1:9], "little") == begin + len(got)
            got += message[9:]
    return got


def test_the_line_goes_on_at_its_offsets_when_the_board_is_reset(farm: Farm) -> None:
    async def converse() -> None:
        async with line(leased(farm)) as socket:
            assert await heard(socket, 0, 7) == b"booted\n"
            _, begun = await asyncio.to_thread(begin, farm, "reset")
            assert (await asyncio.to_thread(ended, farm, begun["number"]))["state"] == "done"
            assert await heard(socket, 7, 7) == b"booted\n"
            await socket.send_bytes(b"\x01" + bytes(8) + b"hello")
            assert await heard(socket, 14, 5) == b"hello"

    asyncio.run(converse())


def test_an_operation_is_shown_while_it_is_under_way_and_keeps_all_else_out(
    farm: Farm, means: Means, tmp_path: Path
) -> None:
    means.stand_in("tool", WAITS)
    status, begun = begin(leased(farm), "flash")
    assert (status, begun["state"]) == (202, "running")
    assert eventually(lambda: means.notes() != [])
    document = ask(farm, "GET", f"{OPERATIONS}/{begun['number']}?epoch=1")[1]
    assert (document["state"], document["doing"]) == ("running", "tinyhil flash runs")
    status, problem = begin(farm, "reset")
    assert (status, problem["what"]) == (409, "its board is in use: `flash` is under way")
    told = farm.call("console", str(remote_bench(farm)))
    assert told.returncode == 7, told.stderr
    assert "is being reset, switched or flashed" in told.stderr
    (tmp_path / "go").touch()
    document = ended(farm, begun["number"])
    assert (document["state"], document["result"]["written"]) == ("done", True)
    assert outcomes(farm)[:2] == [("lease.flash", "board b1: done"), ("lease.flash", "board b1: begun")]


def remote_bench(farm: Farm) -> Path:
    described = ask(farm, "GET", "/leases/1/board?epoch=1")[1]
    described["boards"][0]["link"]["address"] = f"unix:{farm.socket}"
    file = farm.folder / "remote.yaml"
    file.write_text(json.dumps({"bench": "desk", "boards": described["boards"]}))
    return file


def test_nobody_gets_the_board_before_an_operation_of_the_last_holder_has_ended(
    farm: Farm, means: Means, tmp_path: Path
) -> None:
    means.stand_in("tool", WAITS)
    begin(leased(farm), "flash")
    assert eventually(lambda: means.notes() != [])
    assert farm.call("release", "1").returncode == 0
    assert farm.board("b1")["condition"] == "cleaning"
    assert ask(farm, "GET", f"{OPERATIONS}/1?epoch=1")[0] == 410
    (tmp_path / "go").touch()
    assert farm.becomes("b1", "free")


def test_asked_again_with_its_key_it_is_done_once(farm: Farm, means: Means) -> None:
    leased(farm)
    wish = {"operation": "reset"}
    first, second = (
        ask(farm, "POST", f"{OPERATIONS}?epoch=1", wish, Idempotency_Key="a key of this test") for _ in "ab"
    )
    assert first == second
    assert ended(farm, first[1]["number"])["state"] == "done"
    assert means.notes() == ["tool reset --chip X"]


def test_a_request_that_is_wrong_is_refused_with_what_and_remedy(farm: Farm) -> None:
    blobs = leased(farm).folder / "state" / "blobs"
    with (blobs / ("1" * 64)).open("wb") as large:
        large.truncate((64 << 20) + 1)
    sent = put(farm, b"firmware")
    for wish, text in [
        ({"operation": "explode"}, "explode"),
        ({"operation": "reset", "erase": True}, "erase"),
        ({"operation": "memory", "size": 4}, "address"),
        ({"operation": "memory", "address": 0, "size": 65537}, "size"),
        ({"operation": "flash", "image_sha256": "0" * 64}, "there is no upload"),
        ({"operation": "flash", "image_sha256": "1" * 64}, "more than the 67108864 allowed"),
        ({"operation": "flash", "image_sha256": sent, "image_name": "../agent.elf"}, "is no path below"),
        ({"operation": "flash", "image_sha256": sent, "image_name": "a/agent.elf"}, "leave its folder out"),
    ]:
        status, problem = ask(farm, "POST", f"{OPERATIONS}?epoch=1", wish)
        assert status == 400, problem
        assert text in json.dumps(problem), problem
        assert problem["where"]
        assert problem["remedy"]
    assert ask(farm, "GET", f"{OPERATIONS}/7?epoch=1")[0] == 404
    assert ask(farm, "POST", f"{OPERATIONS}?epoch=2", {"operation": "reset"})[0] == 410
