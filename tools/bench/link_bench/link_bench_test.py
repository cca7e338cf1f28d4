# SPDX-License-Identifier: Apache-2.0
"""The bench's arithmetic, its verdict, and what it does without our link's program."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from link_bench import direct_line, judge, main
from link_bench.cells import CELLS, KEYWORDS, Cell
from link_bench.features import write_features
from link_bench.measure import Absent, Measured, Outcome, measure, reckon
from link_bench.protocols import MLPERF, OURS, PROTOCOLS, STOPWAIT
from link_bench.show import Results, record, table

ROOT = Path(os.environ["TINYHIL_SOURCE_DIR"])
BIN = Path(os.environ["TINYHIL_BINARY_DIR"]) / "bin"
CELL = Cell(baud=115_200, latency_ms=1, **KEYWORDS)
GOOD = Measured(300, 13.0, 0.98, 505, 14, 0, 12.5, 37.0, 1.0)


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """The peers as they are and a line that counts but does not pace; nothing of ours."""
    for name in ("bench-peer-host", "bench-peer-device"):
        (tmp_path / name).symlink_to(BIN / name)
    (tmp_path / "tinyhil").symlink_to(direct_line.__file__)
    return tmp_path


def test_goodput_is_the_payloads_share_of_the_line() -> None:
    said = {
        **{"vectors": 10, "seconds": 0.5, "turns": 20, "cpu_us_per_inference": 3},
        **{"opening_bytes_up": 5, "opening_bytes_down": 108, "rerun_bytes_up": 30, "rerun_bytes_down": 170},
    }
    got = reckon(CELL, said, up=5 + 30 + 5_000, down=108 + 170 + 200)
    assert got.goodput == pytest.approx(10 * 490 * 10 / 115_200 / 0.5)
    assert (got.bytes_up, got.bytes_down, got.turns) == (500, 20, 2)
    assert got.rerun_ratio == pytest.approx(26)


def test_predictions_are_those_of_the_protocols_arithmetic() -> None:
    still = Cell(baud=115_200, latency_ms=1, input=490, output=12, invoke_us=0)
    slow = Cell(baud=921_600, latency_ms=16, input=27_648, output=2, invoke_us=0)
    assert MLPERF.predicted_seconds(still) == pytest.approx(0.1446, abs=1e-4)
    assert MLPERF.predicted_seconds(slow) == pytest.approx(15.03, abs=0.01)
    assert STOPWAIT.predicted_seconds(still) == pytest.approx(0.0909, abs=1e-4)
    assert STOPWAIT.predicted_seconds(slow) == pytest.approx(14.19, abs=0.01)


def test_the_whole_bench_takes_less_than_eight_minutes() -> None:
    seconds = sum(p.vectors(cell) * p.predicted_seconds(cell) for cell in CELLS for p in PROTOCOLS)
    assert seconds < 6 * 60  # that leaves two for re-runs, features and starting programs


def test_every_target_is_judged_and_a_missing_number_misses() -> None:
    assert all(target.met for target in judge.targets(CELL, GOOD))
    assert not any(target.met for target in judge.targets(CELL, Absent("broken")))
    slow = Measured(300, 13.0, 0.92, 505, 14, 0, 51, 19.9, None)
    assert [str(target) for target in judge.targets(CELL, slow)] == [
        "payload / line rate, 490 B, 115,200 baud, 1 ms: 0.920, wanted >= 0.93",
        "host CPU us an inference, 490 B, 115,200 baud, 1 ms: 51.000, wanted <= 50",
        "first run / re-run in bytes, 490 B, 115,200 baud, 1 ms: 19.900, wanted >= 20",
    ]


def test_a_missed_target_is_named_and_is_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    row: dict[str, Outcome] = {protocol.name: GOOD for protocol in PROTOCOLS}
    assert main.verdict(Results([(CELL, row)], [(CELL, GOOD)]), judged=True) == 0
    late = Measured(300, 13.0, 0.5, 505, 14, 0, 12.5, 37.0, 1.0)
    assert main.verdict(Results([(CELL, {**row, OURS.name: late})]), judged=True) == 1
    assert "missed: payload / line rate" in capsys.readouterr().out
    assert main.verdict(Results([(CELL, {**row, OURS.name: Absent("broken")})]), judged=True) == 1
    assert capsys.readouterr().out == "no number: tinyhil: broken\n"


def test_the_peers_are_measured_as_they_are(programs: Path) -> None:
    got = measure(programs, STOPWAIT, CELL, vectors=2)
    assert isinstance(got, Measured), got
    assert (got.bytes_up, got.bytes_down, got.turns) == (594, 246, 18)


def test_a_peer_that_fails_is_absent_with_its_last_words(programs: Path) -> None:
    (programs / "bench-peer-device").unlink()
    (programs / "bench-peer-device").symlink_to("/bin/true")
    assert measure(programs, MLPERF, CELL, vectors=1) == Absent(
        "bench-peer-host: the other side closed the line"
    )


def test_without_our_program_the_bench_says_so_and_fails(programs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    command = [str(ROOT / "tools/bench/link"), "--quick", "--bin", str(programs), "--json", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "tinyhil: there is no program bench-link-host" in done.stdout
    assert '"cpu"' in out.read_text()


def test_table_and_record_name_every_protocol() -> None:
    results = Results([(CELL, {protocol.name: GOOD for protocol in PROTOCOLS})], [(CELL, GOOD)])
    first = record(results, ROOT)["cells"][0]["protocols"]
    for protocol in PROTOCOLS:
        assert protocol.title in table(results)
        assert first[protocol.name]["vectors"] == 300


def test_features_are_the_wake_word_inputs(tmp_path: Path) -> None:
    out = tmp_path / "features.bin"
    count = write_features(ROOT / "scenarios/wake_word/vectors.npz", 490, out)
    assert out.stat().st_size == 490 * count
    assert count > 1_000
