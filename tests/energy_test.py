# SPDX-License-Identifier: Apache-2.0
"""Energy from outside: real agent firmware on an emulated board, its current measured by a simulated PPK2
that follows what the firmware does."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cli import SOURCE, WAKE_WORD, Outcome, Workspace

VECTORS = 48
BLOCKS = 4


def metered(folder: Path, meter: dict[str, Any] | None, **energy: Any) -> Workspace:
    """The wake-word campaign over its first vectors, judged by energy and battery life alone."""
    desk = Workspace(folder)
    with np.load(WAKE_WORD / "vectors.npz") as file:
        count = file["labels"].shape[:1]
        arrays = {
            key: file[key][:VECTORS] if file[key].shape[:1] == count else file[key] for key in file.files
        }
    np.savez(folder / "vectors.npz", **arrays)
    image = SOURCE / "build" / "firmware-mps2-an386" / "agent.elf"
    board: dict[str, Any] = {"name": "m4", "provenance": "emulated", "image": str(image)}
    board["link"] = {"driver": "emulated", "machine": "mps2-an386"}
    if meter is not None:
        board["meter"] = meter
    desk.write("bench.yaml", {"bench": "emulated", "boards": [board]})
    desk.write(
        "gate.yaml",
        {
            "policy": "energy",
            "checks": {"chance": "off", "label_order": "off", "one_answer": "off", "lost_class": "off"},
            "rules": [
                {"id": "energy", "test": "energy", "margin": "3 %", "limit": "2 mJ"},
                {
                    "id": "life",
                    "test": "battery_life",
                    "at_least": "5 y",
                    "capacity": "2040 mAh",
                    "period": "10 s",
                },
            ],
        },
    )
    campaign = desk.read("campaign.yaml")
    campaign["energy"] = {"vectors": BLOCKS, "sleep": "200 ms"} | energy
    desk.write("campaign.yaml", campaign)
    return desk


SIMULATED = {"simulate": "ppk2", "supply": "3 V"}


def windows(desk: Workspace) -> list[sqlite3.Row]:
    with sqlite3.connect(desk.store) as database:
        database.row_factory = sqlite3.Row
        return list(database.execute("SELECT * FROM energy_window ORDER BY id"))


@pytest.mark.parametrize("meter", ["ppk2", "lpm01a"])
def test_a_campaign_measures_energy_on_the_windows_that_the_firmware_ran(tmp_path: Path, meter: str) -> None:
    desk = metered(tmp_path, SIMULATED | {"simulate": meter})
    outcome = desk.call("run")
    assert outcome.code == 0, outcome.err
    report = desk.report()
    stored = windows(desk)
    assert {row["state"] for row in stored} == {"complete"}
    of_models = [row["model_name"] for row in stored if row["kind"] == "inference"]
    turns = ["shipped", "slim", "quick"]
    assert of_models == (turns + turns[::-1]) * BLOCKS, "models take turns, forward and backward"
    assert sum(row["kind"] == "sleep" for row in stored) == 3

    (board,) = report["energies"]
    assert board["meter"]["simulated"]
    assert board["sleep_ua"]["interval"]["low"] < 2.1 < board["sleep_ua"]["interval"]["high"]
    for model in board["models"]:
        gross = model["gross_uj"]
        assert gross["interval"]["low"] < gross["value"] < gross["interval"]["high"]
        variance = sum(term["standard"] ** 2 for term in gross["terms"])
        assert variance == pytest.approx(gross["standard"] ** 2), "the budget is the whole uncertainty"
        parts = [*model["layers"], model["between_inferences"]]
        assert sum(part["energy_uj"] for part in parts) == pytest.approx(gross["value"], rel=1e-3)
        assert sum(part["time_us"] for part in parts) * 3 * 6.2e-3 == pytest.approx(
            gross["value"], rel=0.12
        ), "it computes at 6.2 mA and 3 V, and the simulated unit is within 10 %"
    (shipped, slim, _) = board["models"]
    assert slim["net_uj"]["value"] < shipped["net_uj"]["value"]
    page = (desk.reports / "report.html").read_text()
    assert "A simulated meter" in page
    assert page.count('class="trace-plot"') == 4, "from the whole recording to one inference"
    assert (desk.store.parent / board["traces"][0]).is_file()


def plan(desk: Workspace, *more: str) -> Outcome:
    return desk.call_plain("plan", str(desk.folder / "campaign.yaml"), "--store", str(desk.store), *more)


def test_a_plan_knows_after_a_first_run_what_blocks_decide(tmp_path: Path) -> None:
    desk = metered(tmp_path, SIMULATED)
    before = plan(desk)
    assert before.code == 0, before.err
    assert (
        "energy: 4 blocks of windows on each board: 24 of inferences, 3 idle, 3 asleep; at least"
        in before.out
    )
    assert "slim: which margin they decide is not known before a first run" in before.out
    assert "not planned" not in before.out

    assert desk.call("run").code in (0, 3)
    after = plan(desk)
    assert "inferences as long as in run 1" in after.out
    assert "energy, board m4: 4 blocks are expected to decide a margin of" in after.out
    planned = json.loads(plan(desk, "--json").out)["energy"]
    measured = sum(row["length_s"] for row in windows(desk))
    rests = 2 * len(windows(desk)) * 5e-3
    assert planned["seconds"] == pytest.approx(measured + rests, rel=0.1)
    (slim, _) = planned["candidates"]
    (rule,) = slim["rules"]
    ratio = next(f for f in desk.report()["verdicts"][0]["findings"] if f["rule"] == "energy")
    assert rule["seen"] == pytest.approx(ratio["checks"][0]["estimate"])
    assert 0 < rule["instrument"] < rule["least_margin_equal"] < 0.03


def test_stored_results_are_judged_the_same_without_the_traces(tmp_path: Path) -> None:
    desk = metered(tmp_path, SIMULATED)
    run = desk.call("run")
    before = desk.report()
    for trace in (desk.store.parent / "traces").iterdir():
        trace.unlink()
    again = desk.call("judge")
    assert again.code == run.code == 0, again.err
    assert desk.report()["energies"] == before["energies"]
    assert 'class="trace-plot"' not in (desk.reports / "report.html").read_text()


def test_samples_that_the_meters_counter_cannot_show_make_windows_incomplete(tmp_path: Path) -> None:
    desk = metered(tmp_path, SIMULATED | {"lose": ["512@0.5s", "64@0.9s", "10000@1.4s"]})
    outcome = desk.call("run")
    incomplete = [row for row in windows(desk) if row["state"] == "incomplete"]
    assert len(incomplete) >= 2
    assert all(row["why"] for row in incomplete)
    assert outcome.code in (0, 3), outcome.err
    for model in desk.report()["energies"][0]["models"]:
        if model["gross_uj"]:
            truth = (
                3 * 6.2e-3 * sum(part["time_us"] for part in [*model["layers"], model["between_inferences"]])
            )
            assert model["gross_uj"]["value"] == pytest.approx(truth, rel=0.12), "what counts is right"


def test_a_meter_that_is_unplugged_stops_the_run_which_is_taken_up_again(tmp_path: Path) -> None:
    desk = metered(tmp_path, SIMULATED | {"unplug_at": "1 s"})
    lost = desk.call("run")
    assert lost.code == 4, lost.err
    assert "the current meter was lost" in lost.err
    assert "--resume" in lost.err
    before = windows(desk)
    assert any(row["state"] == "complete" for row in before), "what was measured by then is stored"
    bench = desk.read("bench.yaml")
    bench["boards"][0]["meter"] = SIMULATED
    desk.write("bench.yaml", bench)
    resumed = desk.call("run", "--resume")
    assert resumed.code == 0, resumed.err
    after = windows(desk)
    assert after[: len(before)] == before, "nothing that was stored has changed"
    good: dict[tuple[int, str], int] = {}
    for row in after:
        if row["kind"] == "inference" and row["state"] == "complete":
            key = (row["vector"], row["model_name"])
            good[key] = good.get(key, 0) + 1
    assert len(good) == 3 * BLOCKS, "every vector by every model"


def test_a_campaign_may_go_on_without_its_meter(tmp_path: Path) -> None:
    desk = metered(tmp_path, SIMULATED | {"unplug_at": "300 ms"}, meter_lost="go-on")
    outcome = desk.call("run")
    assert outcome.code == 3, outcome.err
    assert "were too few" in outcome.out or "incomplete" in outcome.out


def test_a_killed_measurement_goes_on_where_it_stopped(tmp_path: Path) -> None:
    desk = metered(tmp_path, SIMULATED, vectors=24)
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(desk.command("run"), stdout=nowhere, stderr=nowhere) as process:
        deadline = time.monotonic() + 120
        while not list((desk.store.parent / "traces").glob("*.trace")) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.kill()
    resumed = desk.call("run", "--resume")
    assert resumed.code == 0, resumed.err
    assert all(model["windows"] >= 48 for model in desk.report()["energies"][0]["models"])


@pytest.mark.parametrize(
    ("meter", "code", "words"),
    [
        (None, 2, "board `m4` has no current meter"),
        ({"driver": "ppk2", "port": "/dev/ttyNONE", "supply": "3 V"}, 4, "/dev/ttyNONE"),
        ({"driver": "ppk3", "port": "/dev/ttyNONE", "supply": "3 V"}, 2, "ppk2"),
        ({"simulate": "ppk2", "suply": "3 V"}, 2, "supply"),
        ({"simulate": "ppk2", "supply": "3 V", "lose": ["many"]}, 2, "512@1.5s"),
        ({"driver": "ppk2", "port": "/dev/null", "supply": "3 V"}, 4, "/dev/null"),
    ],
)
def test_what_is_wrong_with_a_meter_is_said_before_anything_runs(
    tmp_path: Path, meter: dict[str, Any] | None, code: int, words: str
) -> None:
    desk = metered(tmp_path, meter)
    outcome = desk.call("run")
    outcome.complains(code, words)
    assert not desk.store.exists() or not windows(desk)
