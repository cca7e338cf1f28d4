# SPDX-License-Identifier: Apache-2.0
"""What the daemon says, as values. Times are aware datetimes in UTC, durations seconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from ..errors import BenchFault

T = TypeVar("T")


@dataclass(frozen=True)
class Holder:
    """Who has a board: `lease` is the lease's number, `epoch` how many leases of the board there were."""

    lease: int
    owner: str
    epoch: int
    granted_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class BoardStatus:
    """A board; `condition` is free, leased, cleaning, quarantined, offline or absent, `reason` says why."""

    name: str
    condition: str
    reason: str
    labels: Mapping[str, str]
    leases: int
    busy_s: float
    firmware_sha256: str | None
    passed_at: datetime | None
    holder: Holder | None


@dataclass(frozen=True)
class LeaseStatus:
    """A lease; `state` is waiting, granted or ended. `board` and `epoch` from the grant on.

    `end` says how it ended: released, cancelled, silent, over, forced or board-gone. To its owner alone are
    told `environment`, `time_to_live_s` and `token`, by which its holder is known as long as it lasts.
    """

    number: int
    state: str
    owner: str
    selector: str
    priority: str
    purpose: str
    asked_at: datetime
    board: str | None
    epoch: int | None
    granted_at: datetime | None
    ended_at: datetime | None
    end: str | None
    longest_s: float
    expects_s: float | None
    firmware_sha256: str | None
    time_to_live_s: float | None
    environment: Mapping[str, str] = field(default_factory=dict)
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Why:
    """Why a request waits: `text` for people; it is number `position` of `queue`."""

    text: str
    blocker: str
    position: int
    queue: int
    expected_start: datetime | None


@dataclass(frozen=True)
class FarmEvent:
    """Something that happened: `kind` is lease.asked, lease.granted, lease.ended, board.changed, board.step,
    board.absent or board.present."""

    number: int
    kind: str
    at: datetime
    lease: int | None
    board: str | None
    end: str | None


def understood(read: Callable[[Mapping[str, Any]], T], document: Mapping[str, Any], where: str) -> T:
    """`read(document)`; BenchFault for one that lacks what it needs."""
    try:
        return read(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"the daemon's reply is not understood: {error}"
        raise BenchFault(what, where, "is it the daemon of this version of tinyhil?") from error


def board_of(document: Mapping[str, Any]) -> BoardStatus:
    held = document.get("lease")
    return BoardStatus(
        name=str(document["name"]),
        condition=str(document["condition"]),
        reason=str(document["reason"]),
        labels={str(key): str(value) for key, value in document["labels"].items()},
        leases=int(document["leases"]),
        busy_s=float(document["busy_s"]),
        firmware_sha256=maybe(document, "firmware_sha256", str),
        passed_at=maybe(document, "passed_at", time_of),
        holder=None if held is None else _holder(held),
    )


def lease_of(document: Mapping[str, Any]) -> LeaseStatus:
    return LeaseStatus(
        number=int(document["id"]),
        state=str(document["state"]),
        owner=str(document["owner"]),
        selector=str(document["selector"]),
        priority=str(document["priority"]),
        purpose=str(document["purpose"]),
        asked_at=time_of(document["asked_at"]),
        board=maybe(document, "board", str),
        epoch=maybe(document, "epoch", int),
        granted_at=maybe(document, "granted_at", time_of),
        ended_at=maybe(document, "ended_at", time_of),
        end=maybe(document, "end", str),
        longest_s=float(document["longest_s"]),
        expects_s=maybe(document, "expects_s", float),
        firmware_sha256=maybe(document, "firmware_sha256", str),
        time_to_live_s=maybe(document, "time_to_live_s", float),
        environment={str(key): str(value) for key, value in document.get("environment", {}).items()},
        token=maybe(document, "token", str),
    )


def why_of(document: Mapping[str, Any]) -> Why:
    return Why(
        text=str(document["text"]),
        blocker=str(document["blocker"]),
        position=int(document["position"]),
        queue=int(document["queue"]),
        expected_start=maybe(document, "expected_start", time_of),
    )


def event_of(kind: str, document: Mapping[str, Any]) -> FarmEvent:
    return FarmEvent(
        number=int(document["number"]),
        kind=kind,
        at=time_of(document["at"]),
        lease=maybe(document, "lease", int),
        board=maybe(document, "board", str),
        end=maybe(document, "end", str),
    )


def _holder(document: Mapping[str, Any]) -> Holder:
    return Holder(
        lease=int(document["id"]),
        owner=str(document["owner"]),
        epoch=int(document["epoch"]),
        granted_at=time_of(document["granted_at"]),
        expires_at=time_of(document["expires_at"]),
    )


def time_of(text: Any) -> datetime:
    """A time as the daemon writes it."""
    return datetime.fromisoformat(str(text).removesuffix("Z") + "+00:00")


def maybe(document: Mapping[str, Any], key: str, read: Callable[[Any], T]) -> T | None:
    """What `read` makes of the value, where there is one."""
    value = document.get(key)
    return None if value is None else read(value)
