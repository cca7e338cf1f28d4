# SPDX-License-Identifier: Apache-2.0
"""`flash` of a board in a bench: what programs it in place of its driver."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from cli import AGENT, TINYHIL, Outcome, call


def boards(folder: Path, flash: dict[str, Any]) -> Outcome:
    board = {"name": "b1", "provenance": "process", "image": str(AGENT), "flash": flash}
    board["link"] = {"driver": "process", "command": [str(AGENT)]}
    bench = folder / "bench.yaml"
    bench.write_text(yaml.safe_dump({"bench": "desk", "boards": [board]}, sort_keys=False))
    return call([str(TINYHIL), "boards", str(bench)])


def test_a_board_with_a_flash_tool_is_a_board_like_any_other(tmp_path: Path) -> None:
    done = boards(tmp_path, {"tool": "probe-rs", "chip": "nRF52840_xxAA", "program": "no-such-program"})
    assert done.code == 0, done.out + done.err


@pytest.mark.parametrize(
    ("flash", "text"),
    [
        ({"tool": "probers", "chip": "X"}, "probe-rs"),
        ({"tool": "esptool", "chip": "esp32"}, "`port`"),
        ({"tool": "jlink", "chip": "X", "serail": "1"}, "`serial`"),
        ({"tool": "pyocd", "chip": "--erase"}, "begins with a dash"),
        ({"tool": "gdb", "server": "jlink", "port": 0}, "`port`"),
        ({"tool": "gdb", "server": "qemu", "port": 1234, "host": "no host"}, "is no address"),
    ],
)
def test_its_mistakes_are_said_with_their_line(tmp_path: Path, flash: dict[str, Any], text: str) -> None:
    done = boards(tmp_path, flash)
    assert done.code == 2, done.out + done.err
    assert text in done.out


def stand_in(folder: Path, status: int) -> Path:
    """In place of the program, which needs a board: it notes its arguments, one a line."""
    program = folder / "tool"
    noted = folder / "arguments"
    program.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" >> {noted}\necho "no target found" >&2\nexit {status}\n'
    )
    program.chmod(0o755)
    return noted


def desk(folder: Path) -> str:
    flash = {"tool": "probe-rs", "chip": "nRF52840_xxAA", "program": "./tool"}
    link = {"driver": "process", "command": [str(AGENT)]}
    board = {"name": "b1", "provenance": "process", "image": str(AGENT), "flash": flash, "link": link}
    bench = folder / "bench.yaml"
    bench.write_text(yaml.safe_dump({"bench": "desk", "boards": [board]}, sort_keys=False))
    return str(bench)


def test_flash_and_reset_go_through_the_tool_that_the_bench_names(tmp_path: Path) -> None:
    bench, noted = desk(tmp_path), stand_in(tmp_path, 0)
    done = call([str(TINYHIL), "flash", bench])
    assert done.code == 0, done.err
    assert f"has put {AGENT} there" in done.out
    assert noted.read_text().splitlines() == [
        *("download", "--chip", "nRF52840_xxAA", str(AGENT)),
        *("reset", "--chip", "nRF52840_xxAA"),
    ]
    noted.unlink()
    assert call([str(TINYHIL), "reset", bench]).code == 0
    assert noted.read_text().splitlines() == ["reset", "--chip", "nRF52840_xxAA"]
    call([str(TINYHIL), "reset", bench, "--halt"]).complains(2, "does not halt a board")
    call([str(TINYHIL), "memory", bench, "0x20000000", "4"]).complains(2, "not reached by a debug probe")


def test_a_tool_that_fails_is_a_bench_fault_with_its_words(tmp_path: Path) -> None:
    bench = desk(tmp_path)
    stand_in(tmp_path, 3)
    call([str(TINYHIL), "flash", bench]).complains(4, "board b1", "no target found")
