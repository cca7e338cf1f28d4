# SPDX-License-Identifier: Apache-2.0
"""A client of the daemon over its Unix socket: campaigns submitted, followed and fetched."""

from __future__ import annotations

import hashlib
import json
import threading
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from daemon_bench.leases import Asking

PIECE = 8 << 20


def put(asking: Asking, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    asking.request("PUT", f"/api/v1/blobs/{digest}", content, {"Content-Type": "application/octet-stream"})
    reply = asking.getresponse()
    reply.read()
    if reply.status not in (200, 201):
        raise RuntimeError(f"an upload was refused: {reply.status}")
    return digest


def submit(asking: Asking, folder: Path, boards: int) -> int:
    """The campaign of the folder, with all its files; its number."""
    files = {path.name: put(asking, path.read_bytes()) for path in sorted(folder.iterdir())}
    wish = {"campaign": "campaign.yaml", "files": files, "boards": boards}
    return int(asking.ask("POST", "/api/v1/campaigns", wish)["id"])


def fetch_store(asking: Asking, number: int, into: Path) -> None:
    with into.open("wb") as file:
        piece = b" "
        while piece:
            place = f"/api/v1/campaigns/{number}/store?from={file.tell()}&most={PIECE}"
            asking.request("GET", place)
            reply = asking.getresponse()
            piece = reply.read()
            if reply.status != 200:
                raise RuntimeError(f"campaign {number} has no results: {reply.status}")
            file.write(piece)


@dataclass
class Watcher:
    """Somebody who follows one campaign to its end, as its page and `tinyhil run --daemon` do."""

    socket: Path
    number: int
    events: int = 0
    size: int = 0  # in bytes
    states: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self.follow)
        self.thread.start()

    def follow(self) -> None:
        with closing(Asking(self.socket)) as asking:
            asking.request("GET", f"/api/v1/campaigns/{self.number}/events")
            with asking.getresponse() as stream:
                for line in stream:
                    self.note(line)

    def note(self, line: bytes) -> None:
        self.size += len(line)
        self.events += line.startswith(b"event:")
        if line.startswith(b"data:") and b'"event":"state"' in line:
            self.states.append(str(json.loads(line[5:])["state"]))

    def at_end(self) -> dict[str, Any]:
        self.thread.join()
        return {"events": self.events, "bytes": self.size, "last_state": (self.states or ["none"])[-1]}
