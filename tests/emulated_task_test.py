# SPDX-License-Identifier: Apache-2.0
"""A regression on real firmware, an emulated Cortex-M4, beside the same agent as a process."""

from __future__ import annotations

from pathlib import Path

from cli import SOURCE
from task_test import RULES, TOLERANCE, desk_of


def test_a_regression_has_the_same_scores_on_emulated_firmware(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, TOLERANCE, RULES)
    assert desk.call("run").code == 1
    on_host = [card["accuracy"] for card in desk.report()["scorecards"]]
    image = SOURCE / "build" / "firmware-mps2-an386" / "agent.elf"
    link = {"driver": "emulated", "machine": "mps2-an386"}
    board = {"name": "m4", "provenance": "emulated", "image": str(image), "link": link}
    desk.write("bench.yaml", {"bench": "emulated", "boards": [board]})
    assert desk.call("run").code == 1
    assert [card["accuracy"] for card in desk.report()["scorecards"]] == on_host
