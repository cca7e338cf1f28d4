# SPDX-License-Identifier: Apache-2.0
"""A daemon for tests, as a process of its own, with boards that are processes."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from cli import AGENT, TINYHIL

PATIENCE = 60.0  # of a test, for a machine that is busy


def eventually(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


# Names of boards that are processes, or boards as a bench file has them.
Boards = Sequence[str | dict[str, object]]


def process_board(name: str) -> dict[str, object]:
    return {
        "name": name,
        "provenance": "process",
        "labels": {"kind": "host"},
        "link": {"driver": "process", "command": [str(AGENT)]},
    }


class Farm:
    """A daemon in a folder of its own, with boards that are processes."""

    def __init__(self, folder: Path, boards: Boards, *options: str, wrapper: Sequence[str] = ()) -> None:
        """`wrapper`: a program, with its arguments, that becomes the daemon."""
        self.folder, self.options, self.wrapper = folder, options, wrapper
        self.bench = folder / "bench.d" / "bench.yaml"
        self.bench.parent.mkdir()
        (folder / "locks").mkdir()
        self.write_bench(boards)
        self.socket = folder / "daemon.sock"
        self.environment = os.environ | {
            "TINYHIL_DAEMON": f"unix:{self.socket}",
            "TINYHIL_LOCKS": str(folder / "locks"),
        }
        self.daemon: subprocess.Popen[bytes] | None = None
        self.started: list[subprocess.Popen[str]] = []

    def write_bench(self, boards: Boards) -> None:
        entries = [process_board(board) if isinstance(board, str) else board for board in boards]
        self.bench.write_text(yaml.safe_dump({"bench": "desk", "boards": entries}))

    def start(self) -> None:
        command = [
            *self.wrapper,
            str(TINYHIL),
            "daemon",
            "--bench",
            str(self.bench.parent),
            "--state",
            str(self.folder / "state"),
        ]
        log = (self.folder / "log").open("ab")
        self.daemon = subprocess.Popen(
            [*command, "--socket", str(self.socket), *self.options], stderr=log, env=self.environment
        )
        log.close()
        assert eventually(lambda: self.call("leases").returncode == 0), self.log()

    def kill(self) -> None:
        assert self.daemon is not None
        self.daemon.kill()
        self.daemon.wait()

    def stop(self) -> None:
        for process in self.started:
            process.kill()
            process.communicate()
        if self.daemon is not None and self.daemon.poll() is None:
            self.daemon.terminate()
            assert self.daemon.wait(PATIENCE) == 0, self.log()

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(TINYHIL), *arguments]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE * 3
        )

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            [str(TINYHIL), *arguments], env=self.environment, stdout=pipe, stderr=pipe, text=True
        )
        self.started.append(process)
        return process

    def json(self, *arguments: str) -> Any:
        answer = self.call(*arguments, "--json")
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)

    def board(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(
            board for board in self.json("boards")["boards"] if board["name"] == name
        )
        return found

    def becomes(self, name: str, condition: str) -> bool:
        return eventually(lambda: self.board(name)["condition"] == condition)

    def hold(self, *options: str) -> subprocess.Popen[str]:
        """Somebody who has board b1 until it is told to end."""
        holder = self.begin(
            "lease", "board=b1", *options, "--", sys.executable, "-c", "print('on', flush=True); input()"
        )
        holder.stdin = None
        assert holder.stdout is not None
        return holder


@contextlib.contextmanager
def farm_in(folder: Path, boards: Boards, *options: str, wrapper: Sequence[str] = ()) -> Iterator[Farm]:
    farm = Farm(folder, boards, *options, wrapper=wrapper)
    try:
        farm.start()
        yield farm
    finally:
        farm.stop()


class Asking(http.client.HTTPConnection):
    """A connection to the daemon's Unix socket."""

    def __init__(self, farm: Farm) -> None:
        super().__init__("localhost", timeout=PATIENCE)
        self.path = str(farm.socket)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(self.path)


def ask(farm: Farm, verb: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    connection = Asking(farm)
    content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
    sent = {"Content-Type": kind} if content is not None else {}
    connection.request(
        verb, "/api/v1" + path, content, sent | {k.replace("_", "-"): v for k, v in headers.items()}
    )
    reply = connection.getresponse()
    text = reply.read()
    connection.close()
    is_json = "json" in (reply.getheader("Content-Type") or "")
    return reply.status, json.loads(text) if is_json else text


def put(farm: Farm, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    assert ask(farm, "PUT", f"/blobs/{digest}", content)[0] in (200, 201)
    return digest


def campaigns(farm: Farm) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(farm, "GET", "/campaigns")[1]["campaigns"]
    return found
