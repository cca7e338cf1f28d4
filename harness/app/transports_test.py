# SPDX-License-Identifier: Apache-2.0
"""One campaign over every transport, in every mode and form: the stored results are the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chaos import LINE, line_to
from cli import AGENT, Workspace, call, stored_outputs
from fake_desk import FAKE_AGENT, FakeDesk, Rows, stored_rows

PACED = [*LINE, "--baud", "3000000", "--latency", "1ms"]


def rows_of_a_run(desk: FakeDesk) -> Rows:
    outcome = desk.call("run")
    assert outcome.code == 0, outcome.err
    rows = stored_rows(desk)
    assert rows.twice == 0
    return rows


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Over a process's pipe, the models side by side, whole outputs."""
    rows = rows_of_a_run(FakeDesk(tmp_path_factory.mktemp("plain"), repeats=2))
    assert len(rows.found) == 2 * 100 * 2
    return rows


@pytest.mark.parametrize("near", [["--listen", "0"], ["--pty"]], ids=["tcp", "serial"])
def test_a_living_board_behind_a_port_gives_the_same(tmp_path: Path, plain: Rows, near: list[str]) -> None:
    desk = FakeDesk(tmp_path, repeats=2)
    with line_to([str(FAKE_AGENT)], tmp_path / "line.json", *near) as line:
        desk.link(line.link())
        assert rows_of_a_run(desk) == plain


def test_a_paced_line_gives_the_same(tmp_path: Path, plain: Rows) -> None:
    desk = FakeDesk(tmp_path, repeats=2)
    desk.link({"driver": "process", "command": [*PACED, "--", str(FAKE_AGENT)]})
    assert rows_of_a_run(desk) == plain


@pytest.mark.parametrize(
    "keys",
    [{"mode": "throughput"}, {"order": "sequential"}, {"results": "digest"}],
    ids=lambda keys: next(iter(keys.values())),
)
def test_mode_order_and_form_change_no_result(tmp_path: Path, plain: Rows, keys: dict[str, Any]) -> None:
    desk = FakeDesk(tmp_path, repeats=2)
    desk.change(**keys)
    assert rows_of_a_run(desk) == plain


def test_digests_that_differ_fetch_the_whole_output(tmp_path: Path, plain: Rows) -> None:
    desk = FakeDesk(tmp_path, repeats=2)
    with np.load(tmp_path / "vectors.npz") as arrays:
        changed = dict(arrays)
    changed["golden_two"] = changed["golden_two"].copy()
    changed["golden_two"][7] ^= 1
    np.savez(tmp_path / "vectors.npz", **changed)
    desk.change(results="digest")
    assert desk.call("run").code == 1, "one output is not golden, and the gate says so"
    assert stored_rows(desk) == plain


def test_the_largest_elements_name_the_same_class(tmp_path: Path, plain: Rows) -> None:
    desk = FakeDesk(tmp_path, repeats=2)
    desk.change(results="top-k", top_k=3)
    rows = rows_of_a_run(desk)
    assert rows.found.keys() == plain.found.keys()
    for row, (_, entries) in rows.found.items():
        whole = np.frombuffer(plain.found[row][1], np.int8)
        order = np.argsort(-whole.astype(int), kind="stable")[:3]
        assert entries == b"".join(int(i).to_bytes(2, "little") + whole[i].tobytes() for i in order)


def test_vectors_that_are_resident_are_not_sent_again(tmp_path: Path) -> None:
    desk = Workspace(tmp_path)
    counts = tmp_path / "line.json"
    with line_to([str(AGENT)], counts, "--listen", "0") as line:
        (board,) = desk.read("bench.yaml")["boards"]
        desk.write("bench.yaml", {"bench": "desk", "boards": [board | {"link": line.link()}]})
        assert desk.call("run", "--candidate", "slim").code == 0
        first = line.stats()["to_device"]["bytes_offered"]
        outputs = stored_outputs(desk, "slim")
        desk.store.unlink()
        assert desk.call("run", "--candidate", "slim").code == 0
        again = line.stats()["to_device"]["bytes_offered"] - first
    assert again <= first / 20, f"{again} bytes after {first}"
    assert stored_outputs(desk, "slim") == outputs


def test_a_ladder_ends_on_the_last_rate_that_the_cable_carries(tmp_path: Path) -> None:
    desk = FakeDesk(tmp_path)
    with line_to([str(FAKE_AGENT)], tmp_path / "line.json", "--pty", "--max-baud", "1000000") as line:
        desk.link({"driver": "serial", "port": line.address, "baud": 115200, "ladder": [921600, 3000000]})
        assert desk.call("run").code == 0
        assert b"921600" in speed_of(line.address)
        assert line.stats()["to_device"]["bits_flipped"] > 0, "3 Mbaud was tried"


def speed_of(terminal: str) -> bytes:
    return call(["stty", "-F", terminal, "speed"]).out.encode()


@pytest.mark.parametrize("rate", ["fast", 100, 99999999])
def test_a_rate_that_is_none_names_the_key(tmp_path: Path, rate: object) -> None:
    desk = FakeDesk(tmp_path)
    desk.link({"driver": "serial", "port": "/dev/null", "baud": 115200, "ladder": [921600, rate]})
    desk.call("run").complains(2, "is no baud rate", "bench.yaml")
