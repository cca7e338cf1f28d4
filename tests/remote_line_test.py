# SPDX-License-Identifier: Apache-2.0
"""Leased boards whose line goes through the daemon, as for a holder on another machine."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from cli import TINYHIL, Workspace, assert_every_output_is_golden
from cutting_proxy import CuttingProxy
from farm import PATIENCE, Farm, farm_in

HOLD = "import os, signal; print(os.environ['TINYHIL_BENCH'], flush=True); signal.pause()"


@pytest.fixture
def farm(tmp_path: Path) -> Iterator[Farm]:
    with farm_in(tmp_path, ["b1"]) as started:
        assert started.becomes("b1", "free")
        yield started


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    (tmp_path / "work").mkdir()
    return Workspace(tmp_path / "work")


def run_remotely(farm: Farm, work: Workspace) -> subprocess.CompletedProcess[str]:
    return farm.call("lease", "board=b1", "--remote", "--", *work.command("run", "--candidate", "slim"))


def hold(farm: Farm) -> tuple[subprocess.Popen[str], Path]:
    """A holder, and the bench file that it was given."""
    holder = farm.begin("lease", "board=b1", "--remote", "--", sys.executable, "-c", HOLD)
    assert holder.stdout is not None
    bench = Path(holder.stdout.readline().strip())
    assert bench.is_file(), farm.log()
    return holder, bench


def test_a_campaign_gives_what_it_gives_on_the_desk(farm: Farm, work: Workspace) -> None:
    told = run_remotely(farm, work)
    assert told.returncode == 0, told.stderr
    assert_every_output_is_golden(work, ("shipped", "slim"))
    assert work.report()["scorecards"][0]["trial"]["board"]["name"] == "b1"


def test_a_campaign_goes_on_over_connections_that_break_off(
    farm: Farm, work: Workspace, tmp_path: Path
) -> None:
    proxy = CuttingProxy(tmp_path / "proxy.sock", farm.socket, cut_after=40_000)
    farm.environment["TINYHIL_DAEMON"] = f"unix:{tmp_path / 'proxy.sock'}"
    told = run_remotely(farm, work)
    proxy.close()
    assert told.returncode == 0, told.stderr
    assert proxy.cuts >= 5, "nothing was tested"
    assert_every_output_is_golden(work, ("shipped", "slim"))
    assert work.stored("SELECT count(*) FROM trial WHERE role IS NULL") == [(2,)], "no trial was begun anew"


def test_the_console_shows_what_the_board_says(farm: Farm) -> None:
    told = farm.call(
        "lease", "board=b1", "--remote", "--", str(TINYHIL), "console", "--hello", "--lines", "1"
    )
    assert told.returncode == 0, told.stderr
    assert "frame" in told.stdout


def test_a_board_of_this_host_has_its_image_checked_as_on_the_desk(tmp_path: Path, work: Workspace) -> None:
    with farm_in(tmp_path, ["b1"]) as farm:
        image = tmp_path / "bench.d" / "other.elf"
        image.write_bytes(b"not what the board runs")
        bench = work.read("bench.yaml")
        bench["boards"][0]["image"] = str(image)
        farm.bench.write_text(json.dumps(bench))
        farm.stop()
        farm.options = ("--no-checks",)
        farm.start()
        assert farm.becomes("b1", "free")
        told = run_remotely(farm, work)
        assert told.returncode == 6, told.stderr


def test_a_second_client_of_the_line_is_told_who_has_it(farm: Farm, tmp_path: Path) -> None:
    _, bench = hold(farm)
    console = farm.begin("console", str(bench), "--hello")
    assert console.stdout is not None
    assert console.stdout.readline()
    (tmp_path / "other").mkdir()
    farm.environment["TINYHIL_LOCKS"] = str(tmp_path / "other")  # as on a third machine
    told = farm.call("console", str(bench))
    assert told.returncode == 7, told.stderr
    assert "has the line of board b1" in told.stderr
    console.terminate()
    assert console.wait(PATIENCE) == 0
    assert farm.call("console", str(bench), "--hello", "--lines", "1").returncode == 0


def test_the_line_ends_with_the_lease(farm: Farm) -> None:
    _, bench = hold(farm)
    console = farm.begin("console", str(bench), "--hello")
    assert console.stdout is not None
    assert console.stdout.readline()
    assert farm.call("release", "1").returncode == 0
    _, said = console.communicate(timeout=PATIENCE)
    assert console.returncode == 4, said
    assert "the lease is over" in said
    assert farm.becomes("b1", "free")
    told = farm.call("console", str(bench))
    assert told.returncode == 8, told.stderr


def test_nobody_opens_the_line_with_the_epoch_of_an_earlier_lease(farm: Farm) -> None:
    _, bench = hold(farm)
    document = json.loads(bench.read_text())
    document["boards"][0]["link"]["epoch"] += 1
    bench.write_text(json.dumps(document))
    told = farm.call("console", str(bench))
    assert told.returncode == 8, told.stderr
    assert re.search(r"lease 1 is not held with epoch \d+", told.stderr)


def test_the_board_is_free_again_when_its_remote_holder_is_killed(tmp_path: Path) -> None:
    with farm_in(tmp_path, ["b1"], "--time-to-live", "1s") as farm:
        assert farm.becomes("b1", "free")
        holder, bench = hold(farm)
        console = farm.begin("console", str(bench), "--hello")
        assert console.stdout is not None
        assert console.stdout.readline()
        holder.kill()
        console.kill()
        assert farm.becomes("b1", "free")


async def converse(farm: Farm, sent: list[bytes]) -> tuple[dict[str, Any], int | None]:
    """What the daemon begins with, and with which code it ends after these messages. By a foreign client."""
    connector = aiohttp.UnixConnector(str(farm.socket))
    async with aiohttp.ClientSession(connector=connector) as session:
        path = "http://localhost/api/v1/leases/1/line?epoch=1"
        async with session.ws_connect(path) as socket:
            begun = await socket.receive_bytes()
            for message in sent:
                await socket.send_bytes(message)
            while not socket.closed:
                await socket.receive()
            return json.loads(begun[1:]), socket.close_code


@pytest.mark.parametrize(
    "sent",
    [b"", b"\x07", b"\x01short", b"\x01" + (5).to_bytes(8, "little") + b"x", b"\x02" + b"\xff" * 8],
    ids=["nothing", "unknown", "cut", "gap", "confirms-what-was-not-sent"],
)
def test_a_foreign_client_that_breaks_the_rules_is_sent_away(farm: Farm, sent: bytes) -> None:
    hold(farm)
    begun, code = asyncio.run(converse(farm, [sent]))
    assert begun["next"] == begun["taken"] == 0
    assert begun["description"].startswith("process ")
    assert code == 1002
