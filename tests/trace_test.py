# SPDX-License-Identifier: Apache-2.0
"""`tinyhil trace` from outside, on the recording of a short run on emulated firmware."""

from __future__ import annotations

import csv
import json
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cli import Outcome, Workspace
from energy_test import SIMULATED, metered

BLOCKS = 2
RATE = 100_000
FRAME = struct.Struct("<fxx")  # of a .ppk2: microamperes, then the lines, big-endian


@dataclass
class Recorded:
    """The trace that a run has kept, and what `trace show` says of it."""

    desk: Workspace
    trace: Path
    shown: dict[str, Any]

    def call(self, verb: str, *arguments: object) -> Outcome:
        return self.desk.call_plain("trace", verb, *map(str, arguments))


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    folder = tmp_path_factory.mktemp("trace")
    desk = metered(folder, SIMULATED | {"lose": ["10@0.004s"]}, vectors=BLOCKS, sleep="50 ms")
    outcome = desk.call("run")
    assert outcome.code in (0, 1, 3), outcome.err
    (trace,) = (folder / "traces").glob("*.trace")
    shown = desk.call_plain("trace", "show", str(trace), "--store", str(desk.store), "--json")
    assert shown.code == 0, shown.err
    return Recorded(desk, trace, json.loads(shown.out))


@dataclass
class Frames:
    current_ua: np.ndarray[Any, Any]
    lines: np.ndarray[Any, Any]  # two bits a line
    metadata: dict[str, Any]


def frames(file: Path) -> Frames:
    with zipfile.ZipFile(file) as archive:
        assert set(archive.namelist()) == {"session.raw", "metadata.json", "minimap.raw"}
        raw = archive.read("session.raw")
        metadata = json.loads(archive.read("metadata.json"))
        overview = json.loads(archive.read("minimap.raw"))
    assert overview["data"]["length"] == len(overview["data"]["min"]) <= 10_000
    samples = np.frombuffer(raw, dtype=np.dtype([("current", "<f4"), ("lines", ">u2")]))
    assert FRAME.unpack_from(raw)[0] == samples["current"][0]
    return Frames(samples["current"], samples["lines"], metadata)


def is_high(lines: np.ndarray[Any, Any], line: int) -> np.ndarray[Any, Any]:
    high: np.ndarray[Any, Any] = (lines >> (2 * line) & 3) == 2
    return high


def test_show_says_what_is_in_it(recorded: Recorded) -> None:
    said = recorded.call("show", recorded.trace)
    assert said.code == 0, said.err
    assert "ppk2, simulated" in said.out
    assert "100000 samples a second" in said.out
    assert "10 samples: " in said.out
    assert "windows" not in said.out, "only a store tells of them"
    shown = recorded.shown
    assert shown["meter"]["driver"] == "ppk2"
    assert shown["meter"]["simulated"]
    assert shown["missing_samples"] == sum(gap["count"] for gap in shown["gaps"]) >= 10
    assert shown["samples"] + shown["missing_samples"] == round(shown["length_s"] * RATE)
    assert 1_000 < shown["mean_ua"] < 6_300, "between waiting and computing"


def test_show_lists_the_windows_that_the_store_tells_of(recorded: Recorded) -> None:
    said = recorded.call("show", recorded.trace, "--store", recorded.desk.store)
    assert said.code == 0, said.err
    assert "of run 1, board m4" in said.out
    windows = recorded.shown["recorded"]["windows"]
    stored = recorded.desk.stored("SELECT count(*) FROM energy_window")
    assert len(windows) == stored[0][0] == said.out.count("complete") - said.out.count("recording complete")
    assert {window["kind"] for window in windows} == {"inference", "idle", "sleep"}


def test_a_ppk2_holds_every_sample_and_the_trigger(recorded: Recorded, tmp_path: Path) -> None:
    done = recorded.call("export", recorded.trace, "--ppk2", tmp_path / "run.ppk2")
    assert done.code == 0, done.err
    read = frames(tmp_path / "run.ppk2")
    assert read.metadata["formatVersion"] == 2
    assert read.metadata["metadata"]["samplesPerSecond"] == RATE
    assert len(read.current_ua) == round(recorded.shown["length_s"] * RATE)
    for gap in recorded.shown["gaps"]:
        assert not read.current_ua[gap["first"] : gap["first"] + gap["count"]].any()
    assert read.current_ua.sum(dtype=float) / RATE == pytest.approx(recorded.shown["charge_uc"], rel=1e-6)
    high = is_high(read.lines, 0)
    for window in recorded.shown["recorded"]["windows"]:
        if window["state"] != "complete":
            continue
        begin = round(window["begin_s"] * RATE)
        end = round((window["begin_s"] + window["length_s"]) * RATE)
        assert high[begin + 1 : end - 1].all(), "the trigger is high for the window"
        charge = read.current_ua[begin:end].sum(dtype=float) / RATE
        assert charge == pytest.approx(window["charge_uc"], rel=5e-3)


def test_a_part_is_what_lies_between_two_times(recorded: Recorded, tmp_path: Path) -> None:
    whole, part = tmp_path / "whole.ppk2", tmp_path / "part.ppk2"
    recorded.call("export", recorded.trace, "--ppk2", whole)
    done = recorded.call("export", recorded.trace, "--ppk2", part, "--from", "100ms", "--to", "0.15 s")
    assert done.code == 0, done.err
    assert np.array_equal(frames(part).current_ua, frames(whole).current_ua[10_000:15_000])
    ahead = [frames(file).metadata["metadata"]["startSystemTime"] for file in (whole, part)]
    assert ahead[1] - ahead[0] == 100


def test_a_csv_is_exact_and_comes_back(recorded: Recorded, tmp_path: Path) -> None:
    table, again, ppk2 = tmp_path / "run.csv", tmp_path / "again.trace", tmp_path / "run.ppk2"
    assert recorded.call("export", recorded.trace, "--csv", table).code == 0
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == recorded.shown["samples"], "no rows in gaps"
    recorded.call("export", recorded.trace, "--ppk2", ppk2)
    read = frames(ppk2)
    for row in rows[:: len(rows) // 1_000]:
        at = round(float(row["time_s"]) * RATE)
        assert float(row["current_uA"]) == pytest.approx(float(read.current_ua[at]), rel=2e-7)
        assert (row["D0"] == "1") == bool(is_high(read.lines[at], 0))

    done = recorded.call("import", table, again)
    assert done.code == 0, done.err
    assert recorded.call("export", again, "--csv", tmp_path / "again.csv").code == 0
    assert (tmp_path / "again.csv").read_bytes() == table.read_bytes(), "no digit has changed"


def test_a_ppk2_of_another_program_becomes_a_recording(recorded: Recorded, tmp_path: Path) -> None:
    ppk2, trace = tmp_path / "run.ppk2", tmp_path / "run.trace"
    recorded.call("export", recorded.trace, "--ppk2", ppk2)
    assert recorded.call("import", ppk2, trace).code == 0
    shown = json.loads(recorded.call("show", trace, "--json").out)
    assert shown["meter"]["driver"] == "ppk2 file"
    assert shown["charge_uc"] == pytest.approx(recorded.shown["charge_uc"], rel=1e-6)


def test_files_that_exist_are_not_replaced(recorded: Recorded, tmp_path: Path) -> None:
    taken = tmp_path / "taken.csv"
    taken.write_text("mine")
    for arguments in (
        ("export", recorded.trace, "--csv", taken),
        ("export", recorded.trace, "--ppk2", taken),
        ("export", recorded.trace, "--csv", tmp_path / "no" / "such" / "folder.csv"),
    ):
        recorded.call(*arguments).complains(74, "cannot be exported")
    recorded.call("export", recorded.trace, "--csv", tmp_path / "run.csv")
    recorded.call("import", tmp_path / "run.csv", taken).complains(74, "taken.csv")
    assert taken.read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--from", "1 h"], "nothing of the recording lies between"),
        (["--from", "200ms", "--to", "100ms"], "nothing of the recording lies between"),
    ],
)
def test_a_part_without_samples_is_refused(
    recorded: Recorded, tmp_path: Path, arguments: list[str], words: str
) -> None:
    target = tmp_path / "part.csv"
    recorded.call("export", recorded.trace, "--csv", target, *arguments).complains(
        2, words, "--from and --to"
    )
    assert not target.exists()


@pytest.mark.parametrize(
    "arguments",
    [["--from", "soon", "--csv", "x.csv"], [], ["--csv", "x.csv", "--ppk2", "x.ppk2"]],
)
def test_a_mistaken_command_line_is_refused(recorded: Recorded, arguments: list[str]) -> None:
    assert recorded.call("export", recorded.trace, *arguments).code == 2


def test_what_is_no_recording_is_refused(recorded: Recorded, tmp_path: Path) -> None:
    other = tmp_path / "other.trace"
    other.write_text("hello")
    recorded.call("show", other).complains(2, "other.trace")
    recorded.call("show", tmp_path / "none.trace").complains(2, "none.trace")
    recorded.call("import", other, tmp_path / "out.trace").complains(2, ".ppk2")


def test_a_store_tells_of_its_own_traces_only(recorded: Recorded, tmp_path: Path) -> None:
    copy = tmp_path / "copy.trace"
    copy.write_bytes(recorded.trace.read_bytes())
    recorded.call("show", copy, "--store", recorded.desk.store).complains(2, "no run of the store recorded")
    original = recorded.trace.read_bytes()
    try:
        recorded.trace.write_bytes(original[:-1])
        said = recorded.call("show", recorded.trace, "--store", recorded.desk.store)
        said.complains(2, "its digest differs")
    finally:
        recorded.trace.write_bytes(original)
