# SPDX-License-Identifier: Apache-2.0
"""The peers cost what their protocols cost, to the byte, and notice what goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from link_bench import direct_line

BIN = Path(os.environ["TINYHIL_BINARY_DIR"]) / "bin"
HOST, DEVICE = str(BIN / "bench-peer-host"), str(BIN / "bench-peer-device")

# Bytes up, bytes down, turns of one inference.
#
# stopwait: the counts that ST's own host driver came to on a pseudo-terminal.
#
# mlperf: down are the reference's texts with two ten-digit time stamps. With eight digits keyword spotting
# comes to 387, which is what the reference firmware was measured to send.
COSTS = {
    ("stopwait", 490, 12): (594, 246, 18),
    ("stopwait", 3_072, 10): (3_267, 327, 99),
    ("stopwait", 27_648, 2): (28_611, 1_095, 867),
    ("mlperf", 490, 12): (1_066, 391, 18),
    ("mlperf", 27_648, 2): (58_888, 8_217, 894),
}
VECTORS = 3


def device(protocol: str, size: int, output: int) -> list[str]:
    sizes = ["--input", str(size), "--output", str(output)]
    return [DEVICE, "--protocol", protocol, *sizes, "--invoke-us", "0"]


def host(protocol: str, size: int, output: int, command: list[str]) -> subprocess.CompletedProcess[str]:
    sizes = ["--input", str(size), "--output", str(output), "--vectors", str(VECTORS), "--seed", "7"]
    arguments = [HOST, "--protocol", protocol, *sizes, "--", *command]
    return subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)


def talk(command: list[str], said: bytes) -> bytes:
    return subprocess.run(command, input=said, capture_output=True, timeout=60, check=True).stdout


@pytest.mark.parametrize(("workload", "cost"), COSTS.items())
def test_an_inference_costs_what_the_protocol_says(
    workload: tuple[str, int, int], cost: tuple[int, int, int], tmp_path: Path
) -> None:
    stats = tmp_path / "line.json"
    line = [sys.executable, direct_line.__file__, "--stats", str(stats), "--", *device(*workload)]
    done = host(*workload, line)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    assert (said["vectors"], said["turns"]) == (VECTORS, VECTORS * cost[2])
    assert (said["bytes_up"], said["bytes_down"]) == (VECTORS * cost[0], VECTORS * cost[1])
    carried = json.loads(stats.read_text())
    assert carried["to_device"]["bytes_offered"] == said["bytes_up"] + said["opening_bytes_up"]
    assert carried["to_host"]["bytes_offered"] == said["bytes_down"] + said["opening_bytes_down"]
    assert said["seconds"] > 0
    assert said["cpu_us_per_inference"] > 0


@pytest.mark.parametrize("protocol", ["mlperf", "stopwait"])
def test_a_wrong_output_is_noticed(protocol: str) -> None:
    done = host(protocol, 490, 12, device(protocol, 490, 11))
    assert done.returncode == 1
    assert "the output of vector 0 is wrong" in done.stderr


@pytest.mark.parametrize("protocol", ["mlperf", "stopwait"])
def test_a_device_that_does_not_run_is_noticed(protocol: str) -> None:
    done = host(protocol, 490, 12, ["/nowhere/device"])
    assert done.returncode == 1
    assert done.stdout == ""


def test_the_mlperf_device_speaks_as_the_reference_does() -> None:
    said = talk(device("mlperf", 3, 2), b"name%db load 3%db 0001%db ff%infer 1 0%bogus x%db load 4%")
    lines = [line for line in said.decode().split("\r\n") if not line.startswith("m-lap-us-")]
    ready = "m-ready"
    assert lines == [
        *("m-timestamp-mode-performance", "m-init-done", ready),
        *("m-name-dut-[unspecified]", ready),
        *("m-[Expecting 3 bytes]", ready),
        ready,
        *("m-load-done", ready),
        *(
            "m-warmup-start-0",
            "m-warmup-done",
            "m-infer-start-1",
            "m-infer-done",
            "m-results-[0.000,0.003]",
            ready,
        ),
        *("e-[Unknown command: bogus]", ready),
        *("e-[Command 'db load' refuses this size]", ready),
        "",
    ]


def test_the_stopwait_device_asks_for_each_packet_but_the_last() -> None:
    run = bytes([0x80 | 16, 1]).ljust(33, b"\0")
    first = bytes([32, 3]).ljust(33, b"\1")
    last = bytes([0x80 | 2, 1, 1]).ljust(33, b"\0")
    ack = bytes([0x80 | 8, 2]).ljust(33, b"\0")
    assert talk(device("stopwait", 20, 2), run + first + last) == ack + b"\xaa" + ack
