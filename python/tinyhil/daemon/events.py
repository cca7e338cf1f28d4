# SPDX-License-Identifier: Apache-2.0
"""The daemon's stream of events: server-sent events, gone on with after a broken connection."""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterator
from http.client import HTTPResponse

from ..errors import BenchFault, UsageError
from .exchange import Exchange, Request
from .replies import FarmEvent, event_of, understood

SILENCE = 45.0  # seconds; three of the daemon's heartbeats: the connection is lost
PAUSE = 1.0  # seconds before each attempt to come back
ATTEMPTS = 30  # in a row that hear nothing; then it gives up
LINE_MOST = 1 << 20  # bytes
PATH = "/api/v1/events"


def events_after(exchange: Exchange, last: int | None) -> Generator[FarmEvent, None, None]:
    """Events after number `last`, or from now on; ends when the daemon says that there are no more.

    When the connection breaks off it comes back with the number of the last event, so that none is missed or
    seen twice. A daemon that is started again counts from 1 anew, and what it did meanwhile may be missed:
    ask for the leases then. Raises at once when the first attempt fails, and BenchFault after half a minute
    without a daemon.
    """
    has_heard, failures = False, 0
    while True:
        try:
            for event in _one_stream(exchange, last):
                if event is not None:
                    last = event.number
                    yield event
                has_heard, failures = True, 0
            return
        except BenchFault:
            failures += 1
            if not has_heard or failures > ATTEMPTS:
                raise
        time.sleep(PAUSE)


def _one_stream(exchange: Exchange, last: int | None) -> Iterator[FarmEvent | None]:
    """Of one connection; None once it stands. Raises BenchFault when it breaks off."""
    headers = {"Accept": "text/event-stream"}
    if last is not None:
        headers["Last-Event-ID"] = str(last)
    with exchange.within(SILENCE).reply(Request("GET", PATH, headers)) as reply:
        yield None
        kind, data = "", ""
        for line in _lines(reply, exchange.address.text):
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "event":
                kind = value
            elif name == "data":
                data += value
            elif not line and data:
                yield _event(kind, data, exchange.address.text)
                kind, data = "", ""


def _event(kind: str, data: str, where: str) -> FarmEvent:
    return understood(lambda _: event_of(kind, json.loads(data)), {}, where)


def _lines(reply: HTTPResponse, where: str) -> Iterator[str]:
    rest = b""
    while piece := reply.read1(1 << 16):  # raises where the connection ends without its last chunk
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            yield line.decode(errors="replace")
        if len(rest) > LINE_MOST:
            raise UsageError("a line of the events is too long", where, "is it a tinyhil daemon?")
