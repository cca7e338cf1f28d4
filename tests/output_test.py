# SPDX-License-Identifier: Apache-2.0
"""Where the words go: full disks, closed streams, readers that leave, and text that steers terminals."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import hostile_device
from cli import Outcome, Workspace
from fake_desk import FakeDesk, noise

SECONDS = 120
ESCAPE, C1, OVERRIDE = "\x1b", "\x9b", "\u202e"


@pytest.fixture(scope="module")
def fake(tmp_path_factory: pytest.TempPathFactory) -> FakeDesk:
    desk = FakeDesk(tmp_path_factory.mktemp("output"), [], noise(40, 16))
    assert desk.call("run").code == 0
    return desk


def shell(command: list[str], redirection: str, env: dict[str, str] | None = None) -> Outcome:
    line = ["bash", "-c", f"{shlex.join(command)} {redirection}"]
    done = subprocess.run(line, capture_output=True, timeout=SECONDS, check=False, env=env)
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize("redirection", ["2>/dev/full", "2>&-"])
def test_a_run_goes_on_when_nobody_can_hear_what_it_says(fake: FakeDesk, redirection: str) -> None:
    done = shell(fake.command("run"), redirection)
    assert done.code == 0, done
    assert "pass" in done.out


@pytest.mark.parametrize("redirection", [">/dev/full", ">&-"])
@pytest.mark.parametrize(
    "command", [["judge"], ["judge", "--json"], ["compare"], ["plan", "--json"], ["bundle"]]
)
def test_a_result_that_cannot_be_written_is_no_success(
    fake: FakeDesk, command: list[str], redirection: str
) -> None:
    places = ["--store", str(fake.store)]
    line = [*fake.command(*command)[:3], *command[1:], *places]
    if command == ["bundle"]:
        line += ["--out", str(fake.folder / "evidence.tar")]
    shell([*line], redirection).complains(74, "the result could not be written", "standard output")


def test_a_reader_that_leaves_early_is_told_of(fake: FakeDesk) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = fake.command("judge", "--json")
    done = subprocess.run(
        command, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=SECONDS, check=False
    )
    os.close(writer)
    Outcome(done.returncode, "", done.stderr).complains(74, "Broken pipe")


def test_reports_on_a_full_disk_are_output_that_was_lost(fake: FakeDesk) -> None:
    blocked = fake.folder / "blocked"
    blocked.write_text("")  # a file where the folder should be
    command = fake.command("judge")
    command[command.index("--report") + 1] = str(blocked)
    shell(command, "").complains(74, "blocked")


def test_a_temporary_folder_that_is_missing_is_named(fake: FakeDesk) -> None:
    command = [*fake.command("bundle")[:3], "--store", str(fake.store), "--out", str(fake.folder / "e.tar")]
    done = shell(command, "", os.environ | {"TMPDIR": "/nonexistent"})
    done.complains(2, "no folder for temporary files", "/nonexistent", "TMPDIR")


def test_an_empty_key_file_is_no_key(fake: FakeDesk) -> None:
    key = fake.folder / "empty.key"
    key.write_text("")
    key.chmod(0o600)
    command = [*fake.command("bundle")[:3], "--store", str(fake.store), "--key", str(key)]
    shell(command, "").complains(2, "no Ed25519 private key", "empty.key")


def test_a_terminal_that_goes_away_ends_the_run_with_its_trials_closed(tmp_path: Path) -> None:
    desk = FakeDesk(tmp_path, ["--invoke-us", "5000"], noise(400, 16))
    with subprocess.Popen(desk.command("run"), stderr=subprocess.PIPE, text=True) as host:
        while not desk.store.exists() or not started(desk):
            assert host.poll() is None
        host.send_signal(signal.SIGHUP)
        _, said = host.communicate(timeout=SECONDS)
    Outcome(host.returncode, "", said).complains(129, "the terminal is gone", "--resume")
    assert desk.stored("SELECT state FROM v_trial")[-1] == ("interrupted",)


def started(desk: Workspace) -> bool:
    try:
        return bool(desk.stored("SELECT 1 FROM block LIMIT 1"))
    except Exception:  # not there yet
        return False


def assert_nothing_steers(*texts: str) -> None:
    for text in texts:
        for control in (ESCAPE, C1, OVERRIDE, "\r", "\x07"):
            assert control not in text, repr(text)


def test_no_word_of_a_device_reaches_the_terminal_raw(tmp_path: Path) -> None:
    desk = FakeDesk(tmp_path, [], noise(4, 16))
    (board,) = desk.read("bench.yaml")["boards"]
    del board["image"]
    board["link"]["command"] = [sys.executable, hostile_device.__file__, "escapes"]
    desk.write("bench.yaml", {"bench": "hostile", "boards": [board]})
    for more in ([], ["--json"]):
        said = shell([*desk.command("boards")[:2], str(tmp_path / "bench.yaml"), *more], "")
        assert said.code == 0, said
        assert_nothing_steers(said.out, said.err)
    (entry,) = json.loads(said.out)
    assert entry["engine"].startswith("x\\u001b[2J\\n"), "and it cannot begin a line of its own"
    refused = desk.call("run")
    assert_nothing_steers(refused.out, refused.err)
    assert "\\u001b[2J" in refused.err


def test_no_word_of_a_file_reaches_terminal_or_report_raw(tmp_path: Path) -> None:
    desk = FakeDesk(tmp_path, [], noise(40, 16))
    policy = desk.read("gate.yaml")
    policy["rules"][1]["id"] = "liaf" + OVERRIDE + C1
    desk.write("gate.yaml", policy)
    done = desk.call("run")
    assert_nothing_steers(done.out, done.err)
    for report in desk.reports.iterdir():
        text = report.read_text()
        for control in (C1, OVERRIDE):
            assert control not in text, report.name
