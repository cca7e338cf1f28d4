# SPDX-License-Identifier: Apache-2.0
"""What a run tells on its way: on a terminal a line with rate and time left, elsewhere one line a model."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from fake_desk import FakeDesk, noise

COUNT = 120
INVOKE_US = 20_000  # so that a run takes seconds, whatever the machine


def desk_in(folder: Path) -> FakeDesk:
    return FakeDesk(folder, ["--invoke-us", str(INVOKE_US)], noise(COUNT, 16))


def seen_on_a_terminal(command: list[str]) -> str:
    ours, theirs = os.openpty()
    seen = b""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs) as program:
        os.close(theirs)
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # it has closed its end
                break
            if not part:
                break
            seen += part
        program.wait(timeout=280)
    os.close(ours)
    return seen.decode()


def test_a_terminal_sees_rate_and_time_left(tmp_path: Path) -> None:
    seen = seen_on_a_terminal(desk_in(tmp_path).command("run"))
    lines = [line for line in re.split(r"[\r\n]+", seen) if line.strip()]
    rate = rf" of {COUNT} vectors, accuracy +[\d.]+ %, [\d.]+/s, [\d.]+ (s|min|h) left"
    assert any(re.search(rate, line) for line in lines), seen
    whole = [line for line in lines if re.search(rf" {COUNT} of {COUNT} vectors", line)]
    assert len(whole) == 2, "each model once"
    assert not any("left" in line for line in whole), "nothing is left, and the line before is covered"
    assert any("is loaded on" in line for line in lines), "before the first result there is something to see"


def test_a_file_gets_one_line_a_model(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    done = desk.call("run")
    assert [line.split() for line in done.err.splitlines() if " of " in line] == [
        [model, str(COUNT), "of", str(COUNT), "vectors"] for model in ("one", "two")
    ]
    assert "/s" not in done.err
