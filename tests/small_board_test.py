# SPDX-License-Identifier: Apache-2.0
"""A board that holds one model and two vectors at a time, beside one that holds all: bytes on the line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cli import AGENT, TINYHIL, WAKE_WORD, Workspace, stored_outputs

VECTORS = 24
ROOMY = [2, 6, 4096]  # model slots, vector slots, bytes of a vector slot
SMALL = [1, 1, 1072]  # 1 KiB and the slot's own record


def desk_with(folder: Path, slots: list[int]) -> Workspace:
    """Its one board has so many slots, behind a line that counts."""
    folder.mkdir()
    desk = Workspace(folder)
    with np.load(WAKE_WORD / "vectors.npz") as whole:
        count = len(whole["labels"])
        chosen = np.linspace(0, count - 1, VECTORS).astype(int)
        some = {
            name: whole[name][chosen] if whole[name].shape[:1] == (count,) else whole[name] for name in whole
        }
    np.savez_compressed(folder / "vectors.npz", **some)
    names = ["--model-slots", "--vector-slots", "--vector-slot-size"]
    options = [part for name, value in zip(names, slots, strict=True) for part in (name, str(value))]
    line = [str(TINYHIL), "sim", "line", "--stats", str(folder / "line.json"), "--"]
    desk.write_bench([*line, str(AGENT), "--model-slot-size", "16384", *options])
    return desk


def bytes_to_device(desk: Workspace) -> int:
    return int(json.loads((desk.folder / "line.json").read_text())["to_device"]["bytes_offered"])


@pytest.mark.parametrize("candidates", [["slim"], ["slim", "quick"]])
def test_a_board_of_one_slot_takes_at_most_three_times_the_bytes(
    tmp_path: Path, candidates: list[str]
) -> None:
    options = [part for name in candidates for part in ("--candidate", name)]
    roomy, small = desk_with(tmp_path / "roomy", ROOMY), desk_with(tmp_path / "small", SMALL)
    assert roomy.call("run", *options).code == small.call("run", *options).code == 3
    assert bytes_to_device(small) <= 3 * bytes_to_device(roomy)
    for model in ["shipped", *candidates]:
        outputs = stored_outputs(small, model)
        assert outputs == stored_outputs(roomy, model)
        assert len(outputs) > VECTORS
