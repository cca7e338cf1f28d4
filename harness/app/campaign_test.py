# SPDX-License-Identifier: Apache-2.0
"""The wake-word campaign from file to verdict: on the agent as a process, and on real firmware under emulation."""

from __future__ import annotations

import json
import os
import struct
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from cli import SOURCE, TINYHIL, WAKE_WORD, Workspace, call

MACHINES = {"m3": "mps2-an385", "m4": "mps2-an386", "m7": "mps2-an500"}


@pytest.fixture
def desk(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def emulated(folder: Path, board: str) -> Workspace:
    desk = Workspace(folder)
    machine = MACHINES[board]
    image = SOURCE / "build" / f"firmware-{machine}" / "agent.elf"
    link = {"driver": "emulated", "machine": machine}
    entry = {"name": board, "provenance": "emulated", "image": str(image), "link": link}
    desk.write("bench.yaml", {"bench": "emulated", "boards": [entry]})
    return desk


def latencies(desk: Workspace) -> dict[str, list[int]]:
    """Ticks of every vector, by model, straight from the stored blocks."""
    query = """SELECT trial.model_name, block.clock FROM block JOIN trial ON trial.id = block.trial
               ORDER BY trial.id, block.first_vector"""
    ticks: dict[str, list[int]] = {}
    for model, clock in desk.stored(query):
        ticks.setdefault(model, []).extend(struct.unpack(f"<{len(clock) // 4}I", clock))
    return ticks


def stored_outputs(desk: Workspace, model: str) -> bytes:
    query = f"""SELECT block.outputs FROM block JOIN trial ON trial.id = block.trial
                WHERE trial.model_name = '{model}' ORDER BY block.first_vector"""
    return b"".join(row[0] for row in desk.stored(query))


def assert_every_output_is_golden(desk: Workspace) -> None:
    with np.load(WAKE_WORD / "vectors.npz") as vectors:
        for model in ("shipped", "slim", "quick"):
            assert stored_outputs(desk, model) == vectors[f"golden_{model}"].tobytes(), model


def verdict_of(report: dict[str, Any], candidate: str) -> dict[str, Any]:
    (verdict,) = (each for each in report["verdicts"] if each["candidate"] == candidate)
    return dict(verdict)


def test_the_good_candidate_passes(desk: Workspace) -> None:
    done = desk.call("run", "--candidate", "slim")
    assert done.code == 0, done.err
    assert done.out.startswith("pass")
    assert str(desk.reports / "report.html") in done.out


def test_the_bad_candidate_fails_and_the_report_names_slice_numbers_and_interval(desk: Workspace) -> None:
    done = desk.call("run", "--candidate", "quick")
    assert done.code == 1, done.err
    verdict = verdict_of(desk.report(), "quick")
    (finding,) = (each for each in verdict["findings"] if each["rule"] == "worst-slice")
    failed = [check for check in finding["checks"] if check["outcome"] == "fail"]
    assert [check["subject"] for check in failed] == ["accent = non_native"]
    assert failed[0]["interval"]["high"] < failed[0]["limit"] == -0.06
    assert failed[0]["n"] == 123
    page = (desk.reports / "report.html").read_text()
    assert "accent = non_native" in page
    assert f"{-100 * failed[0]['estimate']:.1f} points worse" in page


def test_its_average_alone_would_have_hidden_it(desk: Workspace) -> None:
    desk.call("run", "--candidate", "quick")
    by_model = {card["trial"]["model"]: card["accuracy"]["value"] for card in desk.report()["scorecards"]}
    assert abs(by_model["quick"] - by_model["shipped"]) < 0.02


def test_every_output_on_the_host_port_is_golden(desk: Workspace) -> None:
    assert desk.call("run").code == 1
    assert_every_output_is_golden(desk)


@pytest.mark.parametrize("board", MACHINES)
def test_every_output_of_real_firmware_is_golden_and_its_ticks_repeat(tmp_path: Path, board: str) -> None:
    desk = emulated(tmp_path, board)
    assert desk.call("run").code == 1
    assert_every_output_is_golden(desk)
    first = latencies(desk)
    assert {len(ticks) for ticks in first.values()} == {1236}
    desk.store.rename(desk.folder / "first.db")
    assert desk.call("run").code == 1
    assert latencies(desk) == first


def test_judging_again_gives_the_same_verdicts_without_a_board(desk: Workspace) -> None:
    assert desk.call("run").code == 1
    first = desk.report()
    (desk.folder / "bench.yaml").unlink()
    assert desk.call("judge").code == 1
    assert desk.report() == first
    assert desk.call("report").code == 0


def test_compare_prints_a_row_a_model(desk: Workspace) -> None:
    desk.call("run")
    done = desk.call("compare")
    assert done.code == 0
    assert [line.split()[0] for line in done.out.splitlines()] == ["model", "shipped", "slim", "quick"]


def test_json_puts_one_document_on_stdout(desk: Workspace) -> None:
    done = desk.call("run", "--json")
    assert done.code == 1
    assert json.loads(done.out) == desk.report()


def test_junit_and_markdown_carry_the_verdict(desk: Workspace) -> None:
    desk.call("run")
    suites = ElementTree.parse(desk.reports / "junit.xml").getroot()
    failures = [case.get("name") for case in suites.iter("testcase") if case.find("failure") is not None]
    assert failures == ["worst-slice"]
    assert "accent = non_native" in (desk.reports / "summary.md").read_text()


def test_a_store_is_used_by_many_runs(desk: Workspace) -> None:
    assert desk.call("run", "--candidate", "slim").code == 0
    assert desk.call("run", "--candidate", "quick").code == 1
    assert desk.stored("SELECT COUNT(*) FROM run") == [(2,)]
    assert desk.call("judge", "--run", "1", "--candidate", "slim").code == 0
    desk.call("judge", "--run", "7").complains(2, "no run 7")


def test_an_emulated_board_on_a_tcp_port_is_a_board_like_any_other(tmp_path: Path) -> None:
    import socket
    import subprocess
    import time

    desk = emulated(tmp_path, "m4")
    (board,) = desk.read("bench.yaml")["boards"]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(TINYHIL), "sim", "board", "--machine", "mps2-an386", "--image", board["image"]]
    server = subprocess.Popen([*command, "--tcp", str(port)])
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        board["link"] = {"driver": "tcp", "port": port}
        desk.write("bench.yaml", {"bench": "tcp", "boards": [board]})
        done = desk.call("run", "--candidate", "slim")
        assert done.code == 0, done.err
    finally:
        server.kill()
        server.wait()


def test_help_names_every_command() -> None:
    done = call([str(TINYHIL), "--help"], dict(os.environ))
    assert done.code == 0
    for command in ("run", "judge", "report", "compare", "sim"):
        assert command in done.out
