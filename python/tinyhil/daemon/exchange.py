# SPDX-License-Identifier: Apache-2.0
"""One request to the daemon and its reply; what it refuses becomes the package's exceptions."""

from __future__ import annotations

import http.client
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ..errors import (
    BenchFault,
    Error,
    LeaseLostError,
    NoLeaseError,
    NotAllowedError,
    NotFoundError,
    QueueFullError,
    TimeLimit,
    UsageError,
    WrongImage,
)
from .address import DaemonAddress

LIMIT = 40.0  # seconds for a connect or a read; the daemon lets nobody wait longer than 30 s for a grant
CONTENT_LIMIT = 60.0  # seconds, likewise, of what is large
BODY_MOST = 64 << 20  # bytes
_PROBLEM = "urn:tinyhil:problem:"
_KINDS: dict[str, type[Error]] = {
    "usage": UsageError,
    "bench_fault": BenchFault,
    "wrong_image": WrongImage,
    "no_lease": NoLeaseError,
    "lease_lost": LeaseLostError,
    "queue_full": QueueFullError,
    "not_found": NotFoundError,
    "not_allowed": NotAllowedError,
    "time_limit": TimeLimit,
}
_STATUSES: dict[int, type[Error]] = {401: NotAllowedError, 403: NotAllowedError, 404: NotFoundError}


@dataclass(frozen=True)
class Request:
    """What is sent, save what shows who asks."""

    verb: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


class Exchange:
    """Asks one daemon. A connection for each request, so that threads may ask at the same time."""

    def __init__(self, address: DaemonAddress, token: str | None, limit: float = LIMIT) -> None:
        """`token`: shown over TCP. `limit`: seconds for a connect or a read."""
        self.address, self.token, self._limit = address, token, limit

    def within(self, limit: float) -> Exchange:
        """The same daemon, asked with another limit."""
        return Exchange(self.address, self.token, limit)

    def ask(self, verb: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The reply's JSON object. Raises BenchFault when there is none, else the daemon's refusal."""
        headers = {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if verb == "POST":
            headers["Idempotency-Key"] = secrets.token_hex(16)
        text = None if body is None else json.dumps(body).encode()
        with self.reply(Request(verb, path, headers, text)) as reply:
            return parsed(bounded(reply, self.address.text), self.address.text)

    def content(self, path: str) -> bytes:
        """The whole body of what GET gives."""
        with self.within(CONTENT_LIMIT).reply(Request("GET", path)) as reply:
            return bounded(reply, self.address.text)

    @contextmanager
    def reply(self, request: Request) -> Iterator[http.client.HTTPResponse]:
        """A reply that is no refusal, its body not read yet.

        An OSError of the block itself would be taken for the connection's: write files after it."""
        connection = self.address.connection(self._limit)
        try:
            shown = {"Authorization": f"Bearer {self.token}"} if self.token else {}
            connection.request(request.verb, request.path, request.body, {**request.headers, **shown})
            reply = connection.getresponse()
            if reply.status >= 400:
                raise refusal(reply.status, bounded(reply, self.address.text), self.address.text)
            yield reply
        except (OSError, http.client.HTTPException) as error:
            raise unreachable(error, self.address.text) from error
        finally:
            connection.close()


def unreachable(error: Exception, where: str) -> Error:
    """No connection, or one that broke off."""
    remedy = "start it: tinyhil daemon; or name the daemon that you mean in TINYHIL_DAEMON"
    if isinstance(error, PermissionError):
        remedy = "ask an administrator for the group that may use the daemon"
    said = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return BenchFault(f"the daemon cannot be reached: {said}", where, remedy)


def bounded(reply: http.client.HTTPResponse, where: str) -> bytes:
    """The whole body, if it is not too large."""
    content = reply.read(BODY_MOST + 1)
    if len(content) > BODY_MOST:
        raise BenchFault(
            "the daemon's reply is too large", where, "is it a tinyhil daemon that listens there?"
        )
    return content


def parsed(content: bytes, where: str) -> dict[str, Any]:
    """The JSON object that it is."""
    try:
        document = json.loads(content)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        remedy = "is it the daemon of this version of tinyhil?"
        raise BenchFault("the daemon's reply is no JSON object", where, remedy)
    return document


def refusal(status: int, content: bytes, where: str) -> Error:
    """The exception that a problem+json document describes."""
    try:
        fields = json.loads(content)
    except ValueError:
        fields = {}
    fields = fields if isinstance(fields, dict) else {}
    name = str(fields.get("type", "")).removeprefix(_PROBLEM)
    otherwise = BenchFault if status >= 500 or status in (408, 429) else UsageError
    kind = _KINDS.get(name) or _STATUSES.get(status, otherwise)
    return kind(
        str(fields.get("what", f"the daemon refused with status {status} and said no more")),
        str(fields.get("where", where)),
        str(fields.get("remedy", "see the daemon's log; is it the daemon of this version of tinyhil?")),
    )
