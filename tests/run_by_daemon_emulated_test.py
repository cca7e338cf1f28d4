# SPDX-License-Identifier: Apache-2.0
"""A campaign on real firmware, run here and by a daemon: the same report."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from cli import SOURCE, Workspace
from farm import Farm

VECTORS = 150
MACHINE = "mps2-an386"
# What differs between two runs of anything: when they were, and their number in the store.
OF_ITS_TIME = {"started_at", "judged_at", "generated_at", "id", "earlier", "earlier_ended"}


def timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: timeless(each) for key, each in value.items() if key not in OF_ITS_TIME}
    if isinstance(value, list):
        return [timeless(each) for each in value]
    if isinstance(value, str):
        return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z|\brun \d+", "then", value)
    return value


def keep_some_vectors(desk: Workspace) -> None:
    """Emulation is slow; that a verdict stays open is no less the same here and there."""
    with np.load(desk.folder / "vectors.npz") as whole:
        arrays = {name: whole[name] for name in whole.files}
    count = len(arrays["inputs"])
    some = {name: array[:VECTORS] if array.shape[:1] == (count,) else array for name, array in arrays.items()}
    np.savez(desk.folder / "vectors.npz", **some)


def bench() -> dict[str, Any]:
    image = SOURCE / "build" / f"firmware-{MACHINE}" / "agent.elf"
    link = {"driver": "emulated", "machine": MACHINE}
    board = {"name": "m4", "provenance": "emulated", "image": str(image), "link": link}
    return {"bench": "emulated", "boards": [board]}


def test_real_firmware_gives_the_same_report_here_and_there(tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    desk = Workspace(tmp_path / "desk")
    desk.write("bench.yaml", bench())
    keep_some_vectors(desk)
    here = desk.call("run", "--candidate", "slim")
    report = desk.report()
    desk.store.rename(tmp_path / "here.db")
    farm = Farm(tmp_path, ["m4"], "--no-checks")
    farm.bench.write_text(yaml.safe_dump(bench()))
    farm.start()
    try:
        assert farm.becomes("m4", "free")
        places = ["--store", str(desk.store), "--report", str(desk.reports), "--candidate", "slim"]
        there = farm.call("run", str(desk.folder / "campaign.yaml"), *places)
    finally:
        farm.stop()
    assert there.returncode == here.code, there.stderr
    assert json.dumps(timeless(desk.report()), indent=1) == json.dumps(timeless(report), indent=1)
    assert timeless(there.stdout) == timeless(here.out)
