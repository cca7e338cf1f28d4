# SPDX-License-Identifier: Apache-2.0
"""The tools. What may be done is decided by the daemon, by the role of the token that it is asked with."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from ..daemon import Boards, CampaignStatus, Daemon, Lease
from ..errors import Error, NotFoundError, TimeLimit, UsageError
from ..store import Store
from .findings import changed_vectors, faults, short_verdict, slices

P = ParamSpec("P")
T = TypeVar("T")
Document = dict[str, Any]

WAIT_MOST = 300.0  # seconds of one call
VECTORS_MOST = 500  # of one answer
INSTRUCTIONS = """\
tinyhil runs small models on real or emulated microcontroller boards and judges them by a policy that is not
yours to change. list_campaigns says what is kept here; run_campaign hands in your model for one of its
candidates and returns a number; follow_campaign waits for it; verdict, failing_slices, changed_vectors and
faults say why. A verdict names the digest of the policy that judged."""


class Desk:
    """The tools' methods; a lease is held until it is returned, or this process ends."""

    def __init__(self, daemon: Daemon, models: Path) -> None:
        """`models`: the folder outside which no file is handed in."""
        self._daemon, self._models = daemon, models
        self._leases: dict[int, ExitStack] = {}

    def list_boards(self) -> list[Document]:
        """The boards of the host: their condition, labels to select them by, and who has them."""
        return [
            {
                "name": each.name,
                "condition": each.condition,
                "reason": each.reason,
                "labels": dict(each.labels),
                "held_by": each.holder.owner if each.holder else None,
            }
            for each in self._daemon.boards()
        ]

    def list_campaigns(self) -> list[Document]:
        """Campaigns that the daemon keeps: only models of their candidates can be handed in."""
        return [asdict(each) for each in self._daemon.campaigns.kept()]

    def run_campaign(
        self, campaign: str, models: dict[str, str], selector: str = "", boards: int = 1, purpose: str = ""
    ) -> Document:
        """Hands in models, a file for each candidate named, and runs a kept campaign with them.

        `selector`: which boards will do, such as chip=stm32f4. Returns at once, with the campaign's number.
        """
        files = {name: self._file(path) for name, path in models.items()}
        on = Boards(selector, boards, purpose or "mcp")
        return _said(self._daemon.campaigns.run_kept(campaign, files, on))

    def follow_campaign(self, number: int, wait_s: float = 30.0) -> Document:
        """Waits for a campaign to end, at most so long, and says how far it is."""
        try:
            return _said(self._daemon.campaigns.wait(number, min(max(wait_s, 0.0), WAIT_MOST)))
        except TimeLimit:
            return _said(self._daemon.campaigns.get(number))

    def recent_campaigns(self, most: int = 20) -> list[Document]:
        """The latest campaigns, whoever submitted them."""
        return [_said(each) for each in self._daemon.campaigns.latest(most=most)]

    def cancel_campaign(self, number: int) -> Document:
        """Stops one of your own campaigns."""
        return _said(self._daemon.campaigns.cancel(number))

    def verdict(self, number: int) -> Document:
        """Outcome and reason of each candidate, the rules that do not pass, and the digest of the policy."""
        return short_verdict(self._daemon.campaigns.verdict(number))

    def failing_slices(self, number: int, candidate: str) -> list[Document]:
        """Accuracy of a candidate by slice of the vectors, beside the baseline's, the widest loss first."""
        return slices(self._daemon.campaigns.verdict(number), candidate)

    def changed_vectors(self, number: int, candidate: str, most: int = 50) -> list[Document]:
        """Vectors that the candidate puts into another class than the baseline."""
        report = self._daemon.campaigns.verdict(number)
        named = [each for each in report["verdicts"] if each["candidate"] == candidate]
        if not named:
            raise UsageError(f"there is no verdict on `{candidate}`", f"campaign {number}", "see verdict")
        with tempfile.TemporaryDirectory() as folder:
            store = Store(self._daemon.campaigns.save_store(number, Path(folder) / "run.db"))
            most = min(max(most, 1), VECTORS_MOST)
            return changed_vectors(store.run(), candidate, str(named[0]["baseline"]), most)

    def faults(self, number: int) -> list[Document]:
        """Crashes, hangs and lost lines while the campaign ran, with what is known of their cause."""
        return faults(self._daemon.campaigns.verdict(number))

    def lease_board(self, selector: str = "", wait_s: float = 0.0, purpose: str = "") -> Document:
        """A board for yourself until return_board; the environment says how other tools reach it."""
        stack = ExitStack()
        wait = min(max(wait_s, 0.0), WAIT_MOST)
        lease: Lease = stack.enter_context(
            self._daemon.lease(selector, wait=wait, purpose=purpose or "mcp", longest=3600.0)
        )
        self._leases[lease.number] = stack
        return {"lease": lease.number, "board": lease.board, "environment": dict(lease.environment)}

    def return_board(self, lease: int) -> Document:
        """Gives a leased board back."""
        if lease not in self._leases:
            raise NotFoundError(f"this session holds no lease {lease}", "return_board", "see lease_board")
        self._leases.pop(lease).close()
        return {"lease": lease, "state": "returned"}

    def why(self, lease: int) -> str:
        """What a request for a board waits for."""
        return self._daemon.why(lease).text

    def close(self) -> None:
        """Returns all boards."""
        for stack in self._leases.values():
            stack.close()
        self._leases.clear()

    def _file(self, path: str) -> Path:
        file = (self._models / path).resolve()
        if not file.is_relative_to(self._models):
            what = f"`{path}` lies outside the folder of models"
            raise UsageError(what, str(self._models), "copy it there")
        return file


def make_server(desk: Desk) -> MCPServer[Any]:
    """The server with its tools, not running yet."""
    server: MCPServer[Any] = MCPServer("tinyhil", instructions=INSTRUCTIONS)
    for tool in (
        desk.list_boards,
        desk.list_campaigns,
        desk.run_campaign,
        desk.follow_campaign,
        desk.recent_campaigns,
        desk.cancel_campaign,
        desk.verdict,
        desk.failing_slices,
        desk.changed_vectors,
        desk.faults,
        desk.lease_board,
        desk.return_board,
        desk.why,
    ):
        server.tool()(_refusing(tool))
    return server


def _refusing(tool: Callable[P, T]) -> Callable[P, T]:
    """A daemon's refusal becomes the tool's answer, in its own words."""

    @wraps(tool)
    def call(*arguments: P.args, **named: P.kwargs) -> T:
        try:
            return tool(*arguments, **named)
        except Error as error:
            raise ToolError(str(error)) from error

    return call


def _said(status: CampaignStatus) -> Document:
    return {
        "number": status.number,
        "name": status.name,
        "state": status.state,
        "boards": list(status.boards),
        "outcomes": dict(status.outcomes),
        "exit_code": status.exit_code,
        "policy_digest": status.policy_digest,
        "progress": [asdict(each) for each in status.progress],
        "problem": status.problem,
    }
