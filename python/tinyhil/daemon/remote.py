# SPDX-License-Identifier: Apache-2.0
"""The bench file of a leased board on another machine: its link leads through the daemon."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .exchange import Exchange
from .replies import LeaseStatus, understood


@contextmanager
def remote_environment(exchange: Exchange, status: LeaseStatus) -> Iterator[dict[str, str]]:
    """What a program is told of the board; the files that it names are gone at the end of the block."""
    where = f"/api/v1/leases/{status.number}"
    epoch = f"?epoch={status.epoch}"
    described = exchange.ask("GET", f"{where}/board{epoch}")
    with tempfile.TemporaryDirectory(prefix="tinyhil-") as folder:
        board = understood(_board, described, exchange.address.text)
        board["link"] |= {"address": exchange.address.text, "token_file": "token"}
        Path(folder, "token").touch(mode=0o600)
        Path(folder, "token").write_text(exchange.token or "")
        if described.get("has_image"):
            image = exchange.content(f"{where}/image{epoch}")
            Path(folder, "image").write_bytes(image)
            board["image"] = "image"
        bench = Path(folder, "bench.yaml")
        bench.write_text(json.dumps({"bench": described["bench"], "boards": [board]}))  # JSON is YAML
        yield {"TINYHIL_BENCH": str(bench), "TINYHIL_BOARD": status.board or ""}


def _board(described: Mapping[str, Any]) -> dict[str, Any]:
    board = dict(described["boards"][0])
    board["link"] = dict(board["link"])
    str(described["bench"])
    return board
