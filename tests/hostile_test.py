# SPDX-License-Identifier: Apache-2.0
"""Whatever sits at the other end, a run comes to its end: exit code 4, in time, and in bounded memory."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import hostile_device
from cli import TINYHIL, Outcome
from fake_desk import FakeDesk, noise

SECONDS_MAX = 120  # ten to greet, a few for each lie; all at once, and other tests beside them
RESIDENT_MAX_KB = 96 * 1024  # beyond what it takes to say its version: with a sanitizer its code is half a GB
# What AddressSanitizer holds back of freed memory, 256 MB if nobody says otherwise, is not the program's.
ENVIRONMENT = os.environ | {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=32"}
NOISE = {
    "silent": ["sleep", "600"],
    "garbage": ["cat", "/dev/urandom"],
    "zeros": ["cat", "/dev/zero"],
    "text": ["yes", "ready> "],
    "echo": ["cat"],
    "gone": ["true"],
    "gone after a word": ["echo", "booting"],
}
LIARS = {lie: [sys.executable, hostile_device.__file__, lie] for lie in hostile_device.LIES}


def resident_kb(command: list[str], actions: list[Any]) -> tuple[int, int]:
    """The most memory that it had, and its wait status."""
    process = os.posix_spawn(command[0], command, ENVIRONMENT, file_actions=actions)
    _, status, usage = os.wait4(process, 0)
    return usage.ru_maxrss, status


class Host:
    """A run against a hostile device, watched until its end."""

    def __init__(self, folder: Path, command: list[str]) -> None:
        folder.mkdir()
        desk = FakeDesk(folder, [], noise(40, 16))
        desk.change(inference_timeout="100 ms")
        (board,) = desk.read("bench.yaml")["boards"]
        del board["image"]
        board["link"]["command"] = command
        desk.write("bench.yaml", {"bench": "hostile", "boards": [board]})
        self.desk = desk
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        begun = time.monotonic()
        with (self.desk.folder / "err").open("wb") as err:
            actions = [(os.POSIX_SPAWN_DUP2, err.fileno(), 2), (os.POSIX_SPAWN_DUP2, err.fileno(), 1)]
            self.resident_kb, status = resident_kb(self.desk.command("run"), actions)
        self.seconds = time.monotonic() - begun
        said = (self.desk.folder / "err").read_text()
        self.outcome = Outcome(os.waitstatus_to_exitcode(status), "", said)


@pytest.fixture(scope="module")
def idle_kb() -> int:
    return resident_kb([str(TINYHIL), "--version"], [])[0]


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Host]:
    """All at the same time: most of them wait."""
    folder = tmp_path_factory.mktemp("hostile")
    started = {name: Host(folder / name, command) for name, command in (NOISE | LIARS).items()}
    for host in started.values():
        host.thread.start()
    for host in started.values():
        host.thread.join()
    return started


@pytest.mark.parametrize("device", [*NOISE, *LIARS])
def test_a_hostile_device_is_a_bench_fault_in_bounded_time_and_memory(
    hosts: dict[str, Host], idle_kb: int, device: str
) -> None:
    host = hosts[device]
    host.outcome.complains(4)
    assert "Traceback" not in host.outcome.err, "the hostile device is broken itself"
    if device in ("silent", "garbage", "zeros", "text", "echo"):
        assert "no answer to `hello` within 10000 ms" in host.outcome.err
    if device == "replay":
        assert "in another session" in host.outcome.err
    assert host.seconds < SECONDS_MAX
    assert host.resident_kb < idle_kb + RESIDENT_MAX_KB


def test_an_agent_of_another_version_is_named_as_such_whatever_its_identity_holds(
    hosts: dict[str, Host],
) -> None:
    assert "the agent speaks protocol version 99, this host 3" in hosts["version"].outcome.err
