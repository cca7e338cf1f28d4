# SPDX-License-Identifier: Apache-2.0
"""That the bench counts each kind of process, sees a result that is wrong, and what is judged."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from daemon_bench.leases import Asking
from fake_desk import Rows, golden, noise
from farm import farm_in
from farm_bench import main as bench
from farm_bench.processes import cpu_s, descendants, kind_of, proportional_mib, seen

SHAPE = bench.Shape(3, 60, ["--baud", "921600", "--latency", "1ms"], 1, "measure")


def test_a_small_farm_is_measured(tmp_path: Path) -> None:
    desks = [bench.desk_in(tmp_path, number, SHAPE) for number in range(SHAPE.campaigns)]
    (tmp_path / "farm").mkdir()
    with farm_in(tmp_path / "farm", bench.boards_of(SHAPE), "--no-checks") as farm:
        figures = bench.run(farm, desks, SHAPE)
        with closing(Asking(farm.socket)) as asking:
            swapped = bench.check(asking, 1, desks[1])
    assert (figures["rows"], figures["wrong"], figures["missing"]) == (3 * 60 * 2, 0, 0)
    assert figures["campaigns_passed"] == figures["followed_to_the_end"] == 3
    assert figures["daemon"]["peak_mib"] > 1
    assert swapped["wrong"] == 60 * 2, "another campaign's results are not its own"


def figures(**changed: Any) -> dict[str, Any]:
    good = {
        "missing": 0,
        "wrong": 0,
        "campaigns_passed": 3,
        "followed_to_the_end": 3,
        "runs": {"most_at_once": 3},
        "daemon": {"cpu_share": 0.1, "peak_mib": 20.0},
        "daemon_and_runs_peak_mib": 200.0,
    }
    return good | changed


def test_each_target_can_be_missed() -> None:
    assert all(target.met for target in bench.targets(figures(), SHAPE))
    for changed in (
        {"missing": 1},
        {"wrong": 1},
        {"campaigns_passed": 2},
        {"followed_to_the_end": 2},
        {"runs": {"most_at_once": 2}},
        {"daemon": {"cpu_share": 0.3, "peak_mib": 20.0}},
        {"daemon": {"cpu_share": 0.1, "peak_mib": 400.0}},
        {"daemon_and_runs_peak_mib": 301.0},
    ):
        missed = [target for target in bench.targets(figures(**changed), SHAPE) if not target.met]
        assert missed, changed


def test_golden_outputs_are_those_of_the_campaigns_own_vectors(tmp_path: Path) -> None:
    one, other = (bench.golden_rows(bench.desk_in(tmp_path, number, SHAPE)) for number in (0, 1))
    assert one.missing(other) == 0
    assert one.wrong(other) > 0
    assert isinstance(one, Rows)
    assert golden(noise(1, seed=0), 7).tobytes() == one.found["one", 0, 0][1]


WORKS = """
import time
while time.process_time() < 0.2:
    pass
print(flush=True)
input()
"""


def test_a_process_is_found_below_its_parent_with_what_it_takes() -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", WORKS], stdin=pipe, stdout=pipe) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert child.pid in descendants(os.getpid())
        assert proportional_mib(child.pid) > 1
        assert cpu_s(child.pid) > 0.1
        child.communicate(b"\n")
    assert seen(child.pid) is None
    assert cpu_s(child.pid) == 0


def test_kinds_of_processes() -> None:
    assert kind_of(("/x/bin/tinyhil", "run", "campaign.yaml")) == "runs"
    assert kind_of(("/x/bin/tinyhil", "sim", "line", "--", "/x/thil-agent-fake")) == "lines"
    assert kind_of(("/x/bin/thil-agent-fake", "--serial", "s1")) == "agents"
    assert kind_of(("/usr/bin/python3",)) == "others"
    assert kind_of(()) == "others"
