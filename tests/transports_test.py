# SPDX-License-Identifier: Apache-2.0
"""Whatever carries the bytes, and however a campaign is run, the same rows are stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from chaos import LINE, Line, line_to
from cli import AGENT, Workspace
from fake_desk import FAKE_AGENT, FakeDesk, Rows, noise, stored_rows

REPEATS = 2


def desk_in(folder: Path) -> FakeDesk:
    folder.mkdir()
    return FakeDesk(folder, ["--vector-slot-size", "8192"], noise(100), REPEATS)


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """By the process driver, in measure mode, as abba, with full results."""
    desk = desk_in(tmp_path_factory.mktemp("wanted") / "desk")
    done = desk.call("run")
    assert done.code == 0, done.err
    return stored_rows(desk)


@contextmanager
def over(transport: str, desk: FakeDesk) -> Iterator[None]:
    """The desk's board behind that transport."""
    board = [str(FAKE_AGENT), *desk.agent_options]
    if transport == "process":
        yield
    elif transport == "paced":
        command = [*LINE, "--baud", "3000000", "--latency", "1ms", "--", *board]
        desk.link({"driver": "process", "command": command})
        yield
    else:
        near = ["--listen", "0"] if transport == "tcp" else ["--pty", "--link", str(desk.folder / "port")]
        with line_to(board, desk.folder / "line.json", *near) as line:
            link = line.link()
            if transport == "serial":
                link["port"] = str(desk.folder / "port")
            desk.link(link)
            yield


def assert_the_same(found: Rows, wanted: Rows) -> None:
    assert found.twice == 0
    assert len(found.found) == len(wanted.found) == 2 * 100 * REPEATS
    assert found.found == wanted.found


WAYS: list[dict[str, Any]] = [
    {},
    {"mode": "throughput"},
    {"order": "sequential"},
    {"results": "digest"},
    {"mode": "throughput", "order": "sequential", "results": "digest"},
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: "-".join(way.values()) or "plain")
@pytest.mark.parametrize("transport", ["process", "tcp", "serial", "paced"])
def test_every_transport_and_way_stores_the_same(
    transport: str, way: dict[str, Any], tmp_path: Path, wanted: Rows
) -> None:
    desk = desk_in(tmp_path / "desk")
    desk.change(**way)
    with over(transport, desk):
        done = desk.call("run")
    assert done.code == 0, done.err
    assert_the_same(stored_rows(desk), wanted)


def test_digests_that_differ_from_golden_bring_the_output_itself(tmp_path: Path) -> None:
    rows = []
    for results in ("full", "digest"):
        desk = desk_in(tmp_path / results)
        models = desk.read("campaign.yaml")["models"]
        models["two"]["golden"] = models["one"]["golden"]  # of another model: none is equal
        desk.change(models=models, results=results)
        done = desk.call("run")
        assert done.code == 1, done.err
        rows.append(stored_rows(desk))
    assert_the_same(rows[1], rows[0])


# ---- a board that stays alive keeps what it was sent ----


def bytes_up_of_a_run(line: Line, desk: FakeDesk) -> int:
    before = line.stats()["to_device"]["bytes_offered"]
    done = desk.call("run")
    assert done.code == 0, done.err
    sent: int = line.stats()["to_device"]["bytes_offered"] - before
    return sent


@pytest.mark.parametrize("near", ["--listen", "--pty"])
def test_a_second_run_sends_a_twentieth_of_the_first(near: str, tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    desk = FakeDesk(folder, [], noise(200))
    options = [near, "0"] if near == "--listen" else [near]
    with line_to([str(FAKE_AGENT)], tmp_path / "line.json", *options) as line:
        desk.link(line.link())
        first, second = bytes_up_of_a_run(line, desk), bytes_up_of_a_run(line, desk)
        assert first > 200 * 490
        assert 20 * second <= first, f"first {first}, second {second} bytes"
        rows = stored_rows(desk)
        (folder / "two.bin").write_bytes((folder / "two.bin").read_bytes()[:6] + b"\x65")  # another model
        desk.change(models=without_golden(desk))
        desk.write("gate.yaml", {"policy": "p", "rules": [{"id": "no-faults", "test": "no_faults"}]})
        third = bytes_up_of_a_run(line, desk)
        assert 20 * third <= first, f"first {first}, with one model pushed {third} bytes"
        assert stored_rows(desk).wrong(rows) == 200, "only the other model's rows differ"


def without_golden(desk: FakeDesk) -> dict[str, Any]:
    return {name: {"file": model["file"]} for name, model in desk.read("campaign.yaml")["models"].items()}


def test_real_models_pushed_again_are_what_a_second_version_costs(tmp_path: Path) -> None:
    """Two models of 10 KB and vectors of 606 KB."""
    desk = Workspace(tmp_path)
    with line_to([str(AGENT)], tmp_path / "line.json", "--listen", "0") as line:
        bench = desk.read("bench.yaml")
        bench["boards"][0]["link"] = line.link()
        desk.write("bench.yaml", bench)
        sent = []
        for candidate in ("slim", "slim", "quick"):
            before = line.stats()["to_device"]["bytes_offered"]
            assert desk.call("run", "--candidate", candidate).code == (1 if candidate == "quick" else 0)
            sent.append(line.stats()["to_device"]["bytes_offered"] - before)
    first, resident, another = sent
    assert 100 * resident <= first, sent
    assert 20 * another <= first, sent
