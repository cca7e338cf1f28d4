# SPDX-License-Identifier: Apache-2.0
"""A board for as long as a block of code runs: asked for, waited for, kept by heartbeats, and returned."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..bench import Bench
from ..errors import BenchFault, Error, LeaseLostError, NoLeaseError, NotFoundError, UsageError
from .exchange import Exchange
from .heartbeat import Heartbeat
from .remote import remote_environment
from .replies import LeaseStatus, lease_of, understood, why_of

ASK_AGAIN = 10.0  # seconds; how long one question waits for the grant
RETURN_WITHIN = 10.0  # seconds to reach a daemon that is just started again
PAUSE = 0.5  # seconds between attempts
_log = logging.getLogger("tinyhil")


@dataclass(frozen=True)
class Wish:
    """What is asked for: see Daemon.lease."""

    selector: str = ""
    priority: str = "normal"
    purpose: str = ""
    expects: float | None = None
    longest: float | None = None

    def document(self) -> dict[str, Any]:
        """The body of the request."""
        fields: dict[str, Any] = {"priority": self.priority, "purpose": self.purpose or "python"}
        if self.selector:
            fields["selector"] = self.selector
        for name, seconds in (("expects", self.expects), ("longest", self.longest)):
            if seconds is not None:
                fields[name] = f"{_seconds(name, seconds):.3f} s"
        return fields


class Lease:
    """A board that the daemon has given to us. Made by `tinyhil.lease` and `Daemon.lease`."""

    def __init__(self, status: LeaseStatus, heartbeat: Heartbeat, environment: Mapping[str, str]) -> None:
        """Of a lease that is granted, and that `heartbeat` keeps. `environment`: where the board is."""
        self.status, self._heartbeat, self._environment = status, heartbeat, environment

    @property
    def number(self) -> int:
        return self.status.number

    @property
    def board(self) -> str:
        """Its name on the bench."""
        return self.status.board or ""

    @property
    def bench(self) -> Path:
        """The bench file that describes the board."""
        return Path(self._environment["TINYHIL_BENCH"])

    @property
    def environment(self) -> Mapping[str, str]:
        """What a program that uses the board is told: docs/daemon.md."""
        own = {"TINYHIL_LEASE": str(self.number), "TINYHIL_EPOCH": str(self.status.epoch)}
        return {**self._environment, **own}

    @property
    def is_lost(self) -> bool:
        return self._heartbeat.loss is not None

    def check(self) -> None:
        """Raises LeaseLostError when the daemon has taken the board back."""
        if (loss := self._heartbeat.loss) is not None:
            raise LeaseLostError(loss.what, loss.where, loss.remedy)

    def open_bench(self) -> Bench:
        """The bench with boards that raise LeaseLostError once the lease is lost."""
        return Bench(self.bench, check=self.check)

    def __repr__(self) -> str:
        return f"<Lease {self.number} of {self.board}>"


def lease(selector: str = "", *, daemon: str | None = None, **options: Any) -> AbstractContextManager[Lease]:
    """`with tinyhil.lease("chip=stm32f4", wait=60.0) as lease:`; options as of `Daemon.lease`.

    `daemon`: its address, see `Daemon`.
    """
    from .client import Daemon  # which needs this module

    return Daemon(daemon).lease(selector, **options)


@contextmanager
def held(exchange: Exchange, wish: Wish, wait: float, remote: bool | None) -> Iterator[Lease]:
    """Holds a lease; see Daemon.lease."""
    end = time.monotonic() + _seconds("wait", wait)
    is_remote = exchange.address.is_tls if remote is None else remote
    status = _lease(exchange, exchange.ask("POST", "/api/v1/leases", wish.document()))
    if exchange.token and status.token:  # which lasts as long as the lease, also where ours does not
        exchange = Exchange(exchange.address, status.token)
    try:
        status = _granted(exchange, status, end)
        with Heartbeat(exchange, status) as heartbeat:
            told = remote_environment(exchange, status) if is_remote else nullcontext(status.environment)
            with told as environment:
                got = Lease(status, heartbeat, environment)
                yield got
        heartbeat.beat_now()
        got.check()
    finally:
        _give_back(exchange, status.number)


def _lease(exchange: Exchange, document: Mapping[str, Any]) -> LeaseStatus:
    return understood(lease_of, document, exchange.address.text)


def _granted(exchange: Exchange, status: LeaseStatus, end: float) -> LeaseStatus:
    path = f"/api/v1/leases/{status.number}"
    while status.state == "waiting" and (left := end - time.monotonic()) > 0:
        wait_s = math.ceil(min(left, ASK_AGAIN))
        status = _lease(exchange, exchange.ask("GET", f"{path}?wait_s={wait_s}"))
    where = f"selector `{status.selector}`"
    if status.state == "waiting":
        try:
            why = understood(why_of, exchange.ask("GET", f"{path}/why"), exchange.address.text)
        except NotFoundError:  # it waits no longer
            status = _lease(exchange, exchange.ask("GET", path))
        else:
            raise NoLeaseError(f"no board came free in time: {why.text}", where, "wait longer for it")
    if status.state == "ended":
        raise NoLeaseError(f"the request was ended: {status.end}", where, "ask again")
    if "TINYHIL_BENCH" not in status.environment:
        remedy = "see the daemon's log: its bench files may have been read again"
        raise BenchFault("the daemon does not say where the leased board is", where, remedy)
    return status


def _give_back(exchange: Exchange, number: int) -> None:
    """The daemon takes the board back by itself when it cannot be told."""
    end = time.monotonic() + RETURN_WITHIN
    while True:
        try:
            exchange.ask("DELETE", f"/api/v1/leases/{number}")
            return
        except (LeaseLostError, NotFoundError):  # over already
            return
        except Error as error:
            if not isinstance(error, BenchFault) or time.monotonic() >= end:
                _log.warning("lease %d was not returned, the daemon takes it back: %s", number, error.what)
                return
        time.sleep(PAUSE)


def _seconds(name: str, value: float) -> float:
    if not (math.isfinite(value) and value >= 0):
        raise UsageError(f"{value} seconds", f"`{name}` of a lease", "give 0 or more seconds")
    return float(value)
