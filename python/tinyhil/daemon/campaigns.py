# SPDX-License-Identifier: Apache-2.0
"""Campaigns that the daemon runs: those that others keep, and one's own."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..errors import TimeLimit, UsageError
from .exchange import Exchange, Request
from .replies import maybe, time_of, understood

_PATH = "/api/v1/campaigns"
_KEPT = "/api/v1/kept-campaigns"
FILE_MOST = 1 << 30  # bytes, of one upload
PIECE = 8 << 20  # bytes of a file that are asked for at once
UPLOAD_LIMIT = 300.0  # seconds for a connect or a read
PAUSE = 0.5  # seconds between two looks at a campaign
Files = Mapping[str, "str | os.PathLike[str]"]


@dataclass(frozen=True)
class Progress:
    """Of one model on one board: `done` of `total` vectors, `correct` of these where the task tells."""

    board: str
    model: str
    done: int
    total: int
    correct: int | None


@dataclass(frozen=True)
class CampaignStatus:
    """A campaign; `state` is waiting, running, ended, cancelled or failed.

    `exit_code`, as of `tinyhil run`, and `outcomes` by candidate stand from the end on, and `policy_digest`
    says by which policy it was judged. `problem` says why there is no verdict, and what to do.
    """

    number: int
    name: str
    owner: str
    state: str
    selector: str
    boards: tuple[str, ...]
    submitted_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    exit_code: int | None
    outcomes: Mapping[str, str]
    policy_digest: str | None
    progress: tuple[Progress, ...]
    problem: str | None

    @property
    def is_over(self) -> bool:
        return self.state in ("ended", "cancelled", "failed")


@dataclass(frozen=True)
class KeptCampaign:
    """A campaign that the daemon keeps: only models of its `candidates` can be handed in."""

    name: str
    candidates: tuple[str, ...]
    baseline: str | None
    policy_digest: str | None
    problem: str | None
    """What is wrong with its files; nobody can run it then, and there is no digest."""


@dataclass(frozen=True)
class Boards:
    """On which boards a campaign is to run: those that `selector` selects, at most `most` of them.

    They divide the vectors. `purpose`: for others to read.
    """

    selector: str = ""
    most: int = 1
    purpose: str = ""

    def document(self) -> dict[str, Any]:
        """As the daemon takes it."""
        texts = {"selector": self.selector, "purpose": self.purpose}
        return {"boards": self.most} | {key: text for key, text in texts.items() if text}


class Campaigns:
    """`Daemon().campaigns`. Raises, from each method, as `Daemon` does."""

    def __init__(self, exchange: Exchange) -> None:
        """Of the daemon that `exchange` asks."""
        self._exchange = exchange

    def latest(self, *, most: int = 100) -> list[CampaignStatus]:
        """The newest first."""
        reply = self._exchange.ask("GET", f"{_PATH}?most={most:d}")
        return understood(lambda all: [campaign_of(each) for each in all["campaigns"]], reply, self._where)

    def get(self, number: int) -> CampaignStatus:
        """One of them."""
        return self._status(self._exchange.ask("GET", f"{_PATH}/{number:d}"))

    def kept(self) -> list[KeptCampaign]:
        """What the daemon keeps: policy, vectors and baseline are its own, and nobody's to hand in."""
        reply = self._exchange.ask("GET", _KEPT)
        return understood(lambda all: [_kept_of(each) for each in all["campaigns"]], reply, self._where)

    def run_kept(self, name: str, models: Files, on: Boards | None = None) -> CampaignStatus:
        """Submits one with these models, by candidate's name, in place of the ones that it keeps."""
        body = {"models": self._upload(models), **(on or Boards()).document()}
        return self._status(self._exchange.ask("POST", f"{_KEPT}/{quote(name, safe='')}/runs", body))

    def submit(self, campaign: str, files: Files, on: Boards | None = None) -> CampaignStatus:
        """Submits one's own: `files` by their paths in it, `campaign` being the campaign file's."""
        body = {"campaign": campaign, "files": self._upload(files), **(on or Boards()).document()}
        return self._status(self._exchange.ask("POST", _PATH, body))

    def cancel(self, number: int) -> CampaignStatus:
        """Stops it; what is measured is kept. Somebody else's: only for an administrator."""
        return self._status(self._exchange.ask("DELETE", f"{_PATH}/{number:d}"))

    def resume(self, number: int) -> CampaignStatus:
        """Goes on with one that was cancelled or failed."""
        return self._status(self._exchange.ask("POST", f"{_PATH}/{number:d}/resume"))

    def wait(self, number: int, timeout: float | None = None) -> CampaignStatus:
        """Returns when it is over. Raises TimeLimit after `timeout` seconds; the campaign goes on then."""
        end = None if timeout is None else time.monotonic() + timeout
        while not (status := self.get(number)).is_over:
            if end is not None and time.monotonic() >= end:
                raise TimeLimit(f"campaign {number} is {status.state}", self._where, "wait longer for it")
            time.sleep(PAUSE)
        return status

    def verdict(self, number: int) -> dict[str, Any]:
        """The report of its run, as docs/schema/report.schema.json describes it."""
        return self._exchange.ask("GET", f"{_PATH}/{number:d}/verdict")

    def save_store(self, number: int, to: str | os.PathLike[str]) -> Path:
        """The database of its run, as a new file that `Store` opens. Raises FileExistsError."""
        file = Path(to)
        with file.open("xb") as out:
            try:
                while piece := self._piece(f"{number:d}/store", out.tell()):
                    out.write(piece)
            except BaseException:  # what is there looks like a database
                file.unlink()
                raise
        return file

    def _piece(self, file: str, first: int) -> bytes:
        path = f"{_PATH}/{file}?from={first:d}&most={PIECE:d}"
        return self._exchange.content(path)

    def _upload(self, files: Files) -> dict[str, str]:
        contents = {path: _read(Path(file)) for path, file in files.items()}
        digests = {path: hashlib.sha256(content).hexdigest() for path, content in contents.items()}
        by_digest = {digests[path]: content for path, content in contents.items()}
        reply = self._exchange.ask("POST", "/api/v1/blobs/missing", {"digests": sorted(by_digest)})
        for digest in understood(lambda all: [str(each) for each in all["missing"]], reply, self._where):
            headers = {"Content-Type": "application/octet-stream"}
            upload = Request("PUT", f"/api/v1/blobs/{digest}", headers, by_digest[digest])
            with self._exchange.within(UPLOAD_LIMIT).reply(upload):
                pass
        return digests

    def _status(self, document: Mapping[str, Any]) -> CampaignStatus:
        return understood(campaign_of, document, self._where)

    @property
    def _where(self) -> str:
        return self._exchange.address.text


def campaign_of(document: Mapping[str, Any]) -> CampaignStatus:
    """A campaign's document as a value."""
    return CampaignStatus(
        number=int(document["id"]),
        name=str(document["name"]),
        owner=str(document["owner"]),
        state=str(document["state"]),
        selector=str(document["selector"]),
        boards=tuple(str(each) for each in document["boards"]),
        submitted_at=time_of(document["submitted_at"]),
        started_at=maybe(document, "started_at", time_of),
        ended_at=maybe(document, "ended_at", time_of),
        exit_code=maybe(document, "exit_code", int),
        outcomes={str(each["candidate"]): str(each["outcome"]) for each in document["outcomes"]},
        policy_digest=maybe(document, "policy_digest", str),
        progress=tuple(_progress_of(each) for each in document["progress"]),
        problem=maybe(document, "error", _problem_of),
    )


def _progress_of(document: Mapping[str, Any]) -> Progress:
    return Progress(
        board=str(document["board"]),
        model=str(document["model"]),
        done=int(document["done"]),
        total=int(document["total"]),
        correct=maybe(document, "correct", int),
    )


def _problem_of(document: Mapping[str, Any]) -> str:
    return "; ".join(str(document[key]) for key in ("what", "where", "remedy") if document.get(key))


def _kept_of(document: Mapping[str, Any]) -> KeptCampaign:
    return KeptCampaign(
        name=str(document["name"]),
        candidates=tuple(str(each) for each in document.get("candidates", ())),
        baseline=maybe(document, "baseline", str),
        policy_digest=maybe(document, "policy_digest", str),
        problem=maybe(document, "problem", _problem_of),
    )


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > FILE_MOST:
            raise UsageError("the file is larger than 1 GiB", str(file), "hand in a smaller one")
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read it: {error.strerror}", str(file), "name a file") from error
