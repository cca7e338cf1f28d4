# SPDX-License-Identifier: Apache-2.0
"""A daemon, asked: what boards and leases there are, and what an administrator may do."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager
from typing import Any, TypeVar
from urllib.parse import quote

from .address import default_address, parse_address
from .campaigns import Campaigns
from .events import events_after
from .exchange import Exchange
from .leasing import Lease, Wish, held
from .replies import BoardStatus, FarmEvent, LeaseStatus, Why, board_of, lease_of, understood, why_of

T = TypeVar("T")


class Daemon:
    """The daemon of this host. Connects for each request, and never before; threads may share it.

    Raises, from each method: BenchFault when the daemon cannot be reached, NotFoundError, NotAllowedError,
    UsageError, as the daemon refuses.
    """

    def __init__(self, address: str | None = None, *, token: str | None = None) -> None:
        """`address`: TINYHIL_DAEMON if left out, else the socket of this account or of the system.

        `token`: over TCP; TINYHIL_TOKEN if left out. TINYHIL_CA names the certificates to trust over https.
        Raises UsageError for what is no address.
        """
        token = token or os.environ.get("TINYHIL_TOKEN")
        self.exchange = Exchange(parse_address(address or default_address()), token)

    @property
    def address(self) -> str:
        return self.exchange.address.text

    def boards(self) -> list[BoardStatus]:
        """All of the host."""
        return self._read(_boards_of, self.exchange.ask("GET", "/api/v1/boards"))

    def board(self, name: str) -> BoardStatus:
        return self._read(board_of, self.exchange.ask("GET", _board_path(name)))

    def leases(self, *, ended: int = 0) -> list[LeaseStatus]:
        """Those that are held or waited for, and so many that have ended."""
        return self._read(_leases_of, self.exchange.ask("GET", f"/api/v1/leases?ended={ended}"))

    def lease(
        self,
        selector: str = "",
        *,
        wait: float = 0.0,
        priority: str = "normal",
        purpose: str = "",
        expects: float | None = None,
        longest: float | None = None,
        remote: bool | None = None,
    ) -> AbstractContextManager[Lease]:
        """`with daemon.lease("chip=stm32f4", wait=60.0) as lease:` has a board until the block ends.

        `wait`: seconds for a board to come free. `priority`: low, normal or high. `purpose`: for others to
        read. `expects`: seconds that it will take, for the estimates of who waits; `longest`: after which the
        daemon ends it. `remote`: the board is reached through the daemon; if left out, where that is asked
        over https. Raises NoLeaseError, which says who has the boards that would do, and QueueFullError; at
        the end of the block LeaseLostError, when the lease was lost and nothing else was raised.
        """
        return held(self.exchange, Wish(selector, priority, purpose, expects, longest), wait, remote)

    @property
    def campaigns(self) -> Campaigns:
        """Campaigns that the daemon runs."""
        return Campaigns(self.exchange)

    def why(self, number: int) -> Why:
        """What a request waits for; of one that does not wait, its text says what it has."""
        return self._read(why_of, self.exchange.ask("GET", f"/api/v1/leases/{number:d}/why"))

    def release(self, number: int) -> LeaseStatus:
        """Ends a lease or a request; somebody else's only for an administrator."""
        return self._read(lease_of, self.exchange.ask("DELETE", f"/api/v1/leases/{number:d}"))

    def quarantine(self, board: str, reason: str) -> BoardStatus:
        """Nobody gets the board from now on; its lease goes on. For administrators."""
        path = f"{_board_path(board)}/quarantine"
        return self._read(board_of, self.exchange.ask("POST", path, {"reason": reason}))

    def readmit(self, board: str) -> BoardStatus:
        """Checks the board, and gives it to others again when it passes. For administrators."""
        return self._read(board_of, self.exchange.ask("POST", f"{_board_path(board)}/readmit"))

    def events(self, last: int | None = None) -> Generator[FarmEvent, None, None]:
        """What happens, as it happens, after the event with number `last`; 0: all that is remembered.

        Goes on by itself when the connection breaks off, and gives up with BenchFault after half a minute
        without a daemon. Close it to end it before.
        """
        return events_after(self.exchange, last)

    def _read(self, read: Callable[[Mapping[str, Any]], T], document: dict[str, Any]) -> T:
        return understood(read, document, self.address)

    def __repr__(self) -> str:
        return f"<Daemon {self.address}>"


def _board_path(name: str) -> str:
    return f"/api/v1/boards/{quote(name, safe='')}"


def _boards_of(document: Mapping[str, Any]) -> list[BoardStatus]:
    return [board_of(each) for each in document["boards"]]


def _leases_of(document: Mapping[str, Any]) -> list[LeaseStatus]:
    return [lease_of(each) for each in document["leases"]]
