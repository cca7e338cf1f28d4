# SPDX-License-Identifier: Apache-2.0
"""What a user can get wrong with the simulated line: the exit code, what, where and the remedy."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from cli import TINYHIL, call

LINE = [str(TINYHIL), "sim", "line"]


@pytest.mark.parametrize(
    "options",
    [
        ["--drop", "3", "--", "cat"],
        ["--drop", "101%", "--", "cat"],
        ["--bit-errors", "0.6", "--", "cat"],
        ["--latency", "16", "--", "cat"],
        ["--baud", "-1", "--", "cat"],
        ["--pty", "--listen", "0", "--", "cat"],
        ["--link", "/tmp/x", "--", "cat"],
        ["--tcp", "localhost:1", "--", "cat"],
        ["--speed", "9600", "--", "cat"],
        ["--tcp", "localhost"],
        [],
    ],
)
def test_a_wrong_option_is_a_usage_error(options: list[str]) -> None:
    assert call([*LINE, *options]).code == 2


def test_a_port_in_use_is_a_bench_fault() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        call([*LINE, "--listen", str(port), "--", "cat"]).complains(4, "in use", f"127.0.0.1:{port}")


def test_a_missing_far_end_is_a_bench_fault() -> None:
    call([*LINE, "--serial", "/dev/ttyNONE"]).complains(4, "/dev/ttyNONE", "plug the board in")
    call([*LINE, "--tcp", "127.0.0.1:1"]).complains(4, "127.0.0.1:1")
    call([*LINE, "--", "no-such-program-here"]).complains(4, "no-such-program-here")


def test_a_link_does_not_replace_a_file(tmp_path: Path) -> None:
    file = tmp_path / "precious"
    file.write_text("kept")
    call([*LINE, "--pty", "--link", str(file), "--", "cat"]).complains(4, str(file))
    assert file.read_text() == "kept"


def test_counts_that_cannot_be_written_are_a_usage_error() -> None:
    call([*LINE, "--stats", "/nowhere/counts.json", "--", "cat"]).complains(2, "/nowhere/counts.json")
