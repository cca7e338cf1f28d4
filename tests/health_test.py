# SPDX-License-Identifier: Apache-2.0
"""The health of a daemon's boards: boards that misbehave and what brings them back, untrusted users."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from cli import AGENT, TINYHIL
from farm import PATIENCE, Farm, eventually, farm_in


def script(file: Path, text: str) -> str:
    file.write_text("#!/bin/sh\n" + text)
    file.chmod(0o755)
    return str(file)


def board(command: list[str], **more: object) -> dict[str, object]:
    link = {"driver": "process", "command": command}
    return {"name": "b1", "provenance": "process", "boot": "2 s", "link": link, **more}


def fails(folder: Path, times: int) -> list[str]:
    """A board that ends at once so many times, and then works."""
    count = folder / "starts"
    text = f"echo x >> {count}; [ $(wc -l < {count}) -gt {times} ] || exit 1; exec {AGENT}\n"
    return [script(folder / "board", text)]


def needs(folder: Path, name: str) -> list[str]:
    """A board that works once there is a file."""
    return [script(folder / "board", f"[ -e {folder / name} ] || exit 1; exec {AGENT}\n")]


def makes(folder: Path, name: str, status: int = 0) -> str:
    """A program that makes this file, and notes its arguments."""
    text = f'echo "$@" >> {folder / name}.noted; touch {folder / name}; exit {status}\n'
    return script(folder / f"make-{name}", text)


def flash(program: str) -> dict[str, str]:
    return {"tool": "probe-rs", "chip": "nRF52840_xxAA", "program": program}


def get(farm: Farm, path: str) -> Any:
    done = subprocess.run(
        ["curl", "-sS", "--unix-socket", str(farm.socket), f"http://tinyhil/api/v1/{path}"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def last_check(farm: Farm) -> Any:
    return get(farm, "boards/b1/checks?most=1")["checks"][0]


def steps(check: Any) -> list[tuple[str, bool]]:
    return [(each["step"], each["helped"]) for each in check["steps"]]


def test_a_board_that_passes_at_a_repeat_is_free_and_known_to_be_flaky(tmp_path: Path) -> None:
    with farm_in(tmp_path, [board(fails(tmp_path, 1))]) as farm:
        assert farm.becomes("b1", "free")
        health = farm.board("b1")["health"]
        assert (health["checks"], health["failed"], health["flaky"], health["flake_rate"]) == (1, 1, 1, 1.0)
        assert steps(last_check(farm)) == [("repeat", True)]
        assert "1 of 1 checks failed, 1 flaky; repeat helped 1 of 1" in farm.call("boards").stdout


def test_the_supply_is_switched_where_nothing_else_helps(tmp_path: Path) -> None:
    power = {"command": [makes(tmp_path, "power"), "cycle", "3"]}
    reset = flash(makes(tmp_path, "reset"))
    entry = board(needs(tmp_path, "power"), image=str(AGENT), power=power, flash=reset)
    with farm_in(tmp_path, [entry]) as farm:
        assert farm.becomes("b1", "free")
        check = last_check(farm)
        assert steps(check) == [("repeat", False), ("reset", False), ("power", True)]
        assert check["passed"]
        assert check["first_problem"]
        assert check["command"] == f"tinyhil boards {farm.bench} --board b1"
        assert (tmp_path / "power.noted").read_text() == "cycle 3\n"
        assert (tmp_path / "reset.noted").read_text() == "reset --chip nRF52840_xxAA\n"
        audit = get(farm, "audit")["entries"]
        noted = [(entry["what"], entry["outcome"]) for entry in reversed(audit)]
        assert [what for what, _ in noted] == ["board.repeat", "board.reset", "board.power"]
        assert noted[-1][1] == "then it passed"
        assert noted[0][1].startswith("then it failed: ")
        farm.kill()
        farm.start()
        assert farm.board("b1")["health"]["steps"]["power"] == {"used": 1, "helped": 1}


def test_a_board_that_nothing_helps_is_quarantined_and_readmitted_with_evidence(tmp_path: Path) -> None:
    power = {"command": [makes(tmp_path, "power", 3)]}
    with farm_in(tmp_path, [board(needs(tmp_path, "cable"), power=power)]) as farm:
        assert farm.becomes("b1", "quarantined")
        assert "its check failed" in farm.board("b1")["reason"]
        check = last_check(farm)
        assert steps(check) == [("repeat", False), ("power", False)]
        assert "make-power" in check["steps"][1]["problem"]
        assert farm.call("lease", "", "--", "true").returncode == 7
        (tmp_path / "cable").touch()
        assert farm.call("readmit", "b1").returncode == 0
        assert farm.becomes("b1", "free")
        check = last_check(farm)
        assert check["cause"] == "readmission"
        assert check["passed"]
        assert len(check["firmware_sha256"]) == 64
        readmitted = [entry for entry in get(farm, "audit")["entries"] if entry["what"] == "board.readmit"]
        assert "it passed `tinyhil boards" in readmitted[0]["outcome"]
        assert check["firmware_sha256"][:12] in readmitted[0]["outcome"]


def test_the_supply_is_switched_by_hand_too(tmp_path: Path) -> None:
    power = {"command": [makes(tmp_path, "power")]}
    with farm_in(tmp_path, [board([str(AGENT)], power=power)]) as farm:
        assert farm.becomes("b1", "free")
        told = farm.call("lease", "board=b1", "--", str(TINYHIL), "power-cycle")
        assert told.stdout == "b1: was switched off and on\n", told.stderr
        assert (tmp_path / "power").exists()


def held_flash(folder: Path) -> dict[str, str]:
    """A flash tool that notes its calls, and waits as long as there is a file `hold`."""
    text = f'while [ -e {folder / "hold"} ]; do sleep 0.05; done; echo "$@" >> {folder / "flashed"}\n'
    return flash(script(folder / "tool", text))


def flashed(folder: Path) -> list[str]:
    file = folder / "flashed"
    return file.read_text().splitlines() if file.exists() else []


def test_an_untrusted_board_is_erased_and_checked_before_the_next_user_has_it(tmp_path: Path) -> None:
    power = {"command": [makes(tmp_path, "power")]}
    entry = board([str(AGENT)], image=str(AGENT), flash=held_flash(tmp_path), power=power, untrusted=True)
    cleaning = [f"download --chip nRF52840_xxAA --chip-erase {AGENT}", "reset --chip nRF52840_xxAA"]
    with farm_in(tmp_path, [entry]) as farm:
        assert farm.becomes("b1", "free")
        assert flashed(tmp_path) == cleaning, "it is not known who had it before the daemon was there"
        (tmp_path / "hold").touch()
        assert farm.call("lease", "board=b1", "--", "true").returncode == 0
        assert farm.becomes("b1", "cleaning")
        assert eventually(lambda: "its firmware is put back" in farm.board("b1")["reason"])
        refused = farm.call("lease", "board=b1", "--", "true")
        assert refused.returncode == 7
        assert "b1 is cleaning" in refused.stderr or "cleaned" in refused.stderr, refused.stderr
        waiting = farm.begin("lease", "board=b1", "--wait", "10min", "--", "cat", str(tmp_path / "flashed"))
        assert eventually(lambda: len(farm.json("leases")["leases"]) == 1)
        (tmp_path / "hold").unlink()
        seen, said = waiting.communicate(timeout=PATIENCE)
        assert seen.splitlines() == cleaning * 2, said
        assert (tmp_path / "power.noted").read_text().count("\n") >= 2
        assert eventually(lambda: flashed(tmp_path) == cleaning * 3), "and after that one"
        assert farm.becomes("b1", "free")
        check = last_check(farm)
        assert check["cause"] == "lease-ended"
        assert [(each["step"], each["cleans"]) for each in check["steps"]] == [
            ("flash", True),
            ("power", True),
        ]


def test_an_untrusted_board_that_cannot_be_cleaned_is_given_to_nobody(tmp_path: Path) -> None:
    entry = board([str(AGENT)], image=str(AGENT), flash=flash(makes(tmp_path, "tool", 3)), untrusted=True)
    with farm_in(tmp_path, [entry]) as farm:
        assert farm.becomes("b1", "quarantined")
        assert "could not be cleaned" in farm.board("b1")["reason"]


def test_an_untrusted_board_without_the_means_to_clean_it_is_a_mistake(tmp_path: Path) -> None:
    link = {"driver": "tcp", "port": 5555}
    entry: dict[str, object] = {"name": "b1", "provenance": "real", "link": link, "untrusted": True}
    farm = Farm(tmp_path, [entry])
    command = ["daemon", "--bench", str(farm.bench), "--socket", str(farm.socket)]
    told = farm.call(*command, "--state", str(tmp_path / "state"))
    assert told.returncode == 2
    assert "needs an `image`" in told.stderr
    farm.write_bench([entry | {"image": str(AGENT)}])
    told = farm.call(*command, "--state", str(tmp_path / "state"))
    assert told.returncode == 2
    assert "nothing can put the image back" in told.stderr
