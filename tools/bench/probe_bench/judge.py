# SPDX-License-Identifier: Apache-2.0
"""What is made of the rounds, and what we hold ourselves to."""

from __future__ import annotations

from statistics import median
from typing import Any

from compare_bench.judge import Target

TIMES_FASTER = 10.0
MEMORY = "memory"  # the line that is judged
UARTS = ("uart", "uart-921600", "uart-115200")


def summary(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """Of a line's rounds, models and vectors together. The fastest push counts: others' work only delays."""
    seconds = [
        models + vectors
        for one in rounds
        for models, vectors in zip(one["models_s"], one["vectors_s"], strict=True)
    ]
    size = rounds[0]["model_bytes"] + rounds[0]["vector_bytes"]
    digest = min(second for one in rounds for second in one["digest_s"])
    return {
        "line": rounds[0]["line"],
        "bytes": size,
        "bytes_on_line": rounds[0]["bytes_on_line"],
        "slots": rounds[0]["vector_slots"],
        "seconds": seconds,
        "fastest_s": min(seconds),
        "median_s": median(seconds),
        "bytes_per_second": size / min(seconds),
        "digest_of_all_s": digest * size / rounds[0]["digested_bytes"],
    }


def bytes_alone(uart: dict[str, Any]) -> dict[int, float]:
    """Seconds of the frames' bytes to the board, ten bits each, with nobody to wait for; by baud rate."""
    return {baud: 10 * uart["bytes_on_line"] / baud for baud in (921_600, 115_200)}


def ratios(lines: dict[str, dict[str, Any]]) -> dict[str, float]:
    """How many times as long each line takes as memory does."""
    return {name: line["fastest_s"] / lines[MEMORY]["fastest_s"] for name, line in lines.items()}


def targets(lines: dict[str, dict[str, Any]]) -> list[Target]:
    faster = ratios(lines)
    return [
        Target(f"{name} / memory, seconds", faster[name], TIMES_FASTER, at_least=True)
        for name in UARTS
        if name in lines
    ]
