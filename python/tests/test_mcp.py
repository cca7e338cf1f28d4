# SPDX-License-Identifier: Apache-2.0
"""A coding agent's way: the protocol's official client, a real daemon, the wake-word campaign."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
import yaml
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from desk import WAKE_WORD
from farm import Farm, farm_in
from tinyhil.daemon import Daemon

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="becomes an account that is no administrator")
RUNNER = 1  # the account `daemon`, and its group
NEEDS_A_METER_OR_FIRMWARE = ("latency-p99", "firmware-size", "energy", "battery-life")


def keep_wake_word(folder: Path) -> None:
    """The campaign without rules that a process cannot answer, whole in its folder."""
    shutil.copytree(WAKE_WORD / "models", folder / "models")
    shutil.copy(WAKE_WORD / "vectors.npz", folder)
    policy = yaml.safe_load((WAKE_WORD / "gate.yaml").read_text())
    policy["rules"] = [rule for rule in policy["rules"] if rule["id"] not in NEEDS_A_METER_OR_FIRMWARE]
    (folder / "gate.yaml").write_text(yaml.safe_dump(policy))
    campaign = yaml.safe_load((WAKE_WORD / "campaign.yaml").read_text())
    kept = {key: value for key, value in campaign.items() if key not in ("bench", "energy")}
    (folder / "campaign.yaml").write_text(yaml.safe_dump(kept))


@pytest.fixture(scope="module")
def farm() -> Iterator[Farm]:
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)  # another account goes in
    keep_wake_word(folder / "kept" / "wake_word")
    models = folder / "models"
    models.mkdir()
    shutil.copy(WAKE_WORD / "models" / "quick.tflite", models / "mine.tflite")
    with farm_in(folder, ["b1"], "--campaigns", str(folder / "kept"), "--runner-group", "daemon") as started:
        assert started.becomes("b1", "free")
        yield started
    shutil.rmtree(folder)


class Agent:
    """A session of the official client with the server, as an account that may run, and no more."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def call(self, tool: str, **arguments: Any) -> Any:
        told = await self.client.call_tool(tool, arguments)
        text = "".join(getattr(part, "text", "") for part in told.content)
        if told.is_error:
            raise RuntimeError(text)
        content = told.structured_content
        return content["result"] if content is not None and set(content) == {"result"} else content

    async def refused(self, tool: str, **arguments: Any) -> str:
        with pytest.raises(RuntimeError) as raised:
            await self.call(tool, **arguments)
        return str(raised.value)


def as_agent(farm: Farm, work: Any) -> None:
    """Runs `work(agent)` in a session of its own."""
    server = StdioServerParameters(
        command="setpriv",
        args=[
            *(
                f"--reuid={RUNNER}",
                f"--regid={RUNNER}",
                "--clear-groups",
                sys.executable,
                "-m",
                "tinyhil.mcp",
            ),
            *("--models", str(farm.folder / "models")),
        ],
        env=farm.environment,
    )

    async def session() -> None:
        async with Client(stdio_client(server)) as client:
            await work(Agent(client))

    anyio.run(session)


def audit(farm: Farm) -> list[dict[str, Any]]:
    told = Daemon(f"unix:{farm.socket}").exchange.ask("GET", "/api/v1/audit?most=500")
    entries: list[dict[str, Any]] = told["entries"]
    return entries


def test_an_agent_runs_the_wake_word_campaign_and_names_the_slice_that_fails(
    farm: Farm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(agent: Agent) -> None:
        free = [board for board in await agent.call("list_boards") if board["condition"] == "free"]
        assert [board["name"] for board in free] == ["b1"]
        (kept,) = await agent.call("list_campaigns")
        assert kept["baseline"] == "shipped"
        assert sorted(kept["candidates"]) == ["quick", "slim"]
        begun = await agent.call("run_campaign", campaign="wake_word", models={"quick": "mine.tflite"})
        ended = await agent.call("follow_campaign", number=begun["number"], wait_s=240)
        assert ended["state"] == "ended", ended
        assert ended["outcomes"] == {"quick": "fail"}
        verdict = await agent.call("verdict", number=begun["number"])
        assert verdict["policy_digest"] == kept["policy_digest"]
        (candidate,) = verdict["candidates"]
        failed = {rule["rule"]: rule for rule in candidate["rules_not_passed"]}
        assert "worst-slice" in failed
        worst = failed["worst-slice"]["checks"][0]["subject"]
        slices = await agent.call("failing_slices", number=begun["number"], candidate="quick")
        assert slices[0]["change"] < -0.06
        assert slices[0]["slice"] in {check["subject"] for check in failed["worst-slice"]["checks"]}, worst
        changed = await agent.call("changed_vectors", number=begun["number"], candidate="quick", most=5)
        assert len(changed) == 5
        assert await agent.call("faults", number=begun["number"]) == []

    as_agent(farm, work)
    fetched = Daemon(f"unix:{farm.socket}").campaigns
    whole = fetched.save_store(1, tmp_path / "whole.db")
    monkeypatch.setattr("tinyhil.daemon.campaigns.PIECE", 100_000)
    pieces = fetched.save_store(1, tmp_path / "pieces.db")
    assert pieces.read_bytes() == whole.read_bytes()
    assert whole.stat().st_size > 100_000
    with pytest.raises(FileExistsError):
        fetched.save_store(1, whole)


def test_every_attempt_to_loosen_the_gate_is_refused_and_in_the_audit(farm: Farm) -> None:
    async def work(agent: Agent) -> None:
        said = await agent.refused("run_campaign", campaign="wake_word", models={"shipped": "mine.tflite"})
        assert "no candidate of the kept campaign" in said
        said = await agent.refused("run_campaign", campaign="../wake_word", models={"quick": "mine.tflite"})
        assert "no" in said
        assert "outside the folder" in await agent.refused(
            "run_campaign", campaign="wake_word", models={"quick": "../kept/wake_word/gate.yaml"}
        )
        tools = {tool.name for tool in (await agent.client.list_tools()).tools}
        assert not tools & {"readmit", "quarantine", "waive", "sign", "submit", "set_policy"}

    as_agent(farm, work)
    # The same account with the interface itself, as an agent with a shell has it.
    submit = {"campaign": "campaign.yaml", "files": {"campaign.yaml": "0" * 64, "gate.yaml": "1" * 64}}
    attempts = {
        "/api/v1/campaigns": submit,
        "/api/v1/boards/b1/readmit": None,
        "/api/v1/boards/b1/quarantine": {"reason": "mine"},
    }
    ask = (
        "import json, sys; from tinyhil.daemon import Daemon; from tinyhil import NotAllowedError\n"
        "for path, body in json.loads(sys.argv[1]).items():\n"
        "    try: Daemon().exchange.ask('POST', path, body)\n"
        "    except NotAllowedError: continue\n"
        "    sys.exit(path)"
    )
    be = ["setpriv", f"--reuid={RUNNER}", f"--regid={RUNNER}", "--clear-groups", sys.executable, "-c", ask]
    assert os.spawnvpe(os.P_WAIT, be[0], [*be, json.dumps(attempts)], os.environ | farm.environment) == 0
    refusals = [entry for entry in audit(farm) if entry["who"] == "daemon" and "refused" in entry["outcome"]]
    for path in attempts:
        assert any(path in entry["subject"] for entry in refusals), path
    assert any(entry["what"] == "campaign.run-kept" for entry in refusals)


def test_a_board_is_leased_and_comes_back_at_the_end_of_the_session(farm: Farm) -> None:
    async def work(agent: Agent) -> None:
        lease = await agent.call("lease_board", selector="board=b1")
        assert lease["board"] == "b1"
        assert "TINYHIL_BENCH" in lease["environment"]
        assert farm.board("b1")["condition"] == "leased"

    as_agent(farm, work)
    assert farm.becomes("b1", "free")
