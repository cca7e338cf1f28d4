# SPDX-License-Identifier: Apache-2.0
"""Campaigns from Python: run, followed, stopped, taken up again, judged."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml

import tinyhil
from desk import BINARY, WAKE_WORD, WAKE_WORD_VECTORS, write_wake_word, write_yaml


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wake-word campaign, run once into results.db."""
    folder = tmp_path_factory.mktemp("desk")
    campaign = tinyhil.Campaign(write_wake_word(folder))
    campaign.run(store=folder / "results.db")
    return folder


def test_a_campaign_knows_its_models_and_vectors() -> None:
    campaign = tinyhil.Campaign(WAKE_WORD / "campaign.yaml")
    assert campaign.baseline == "shipped"
    assert campaign.candidates == ["slim", "quick"]
    vectors = campaign.vectors
    with np.load(WAKE_WORD / "vectors.npz") as file:
        np.testing.assert_array_equal(vectors.inputs, file["inputs"])
        np.testing.assert_array_equal(vectors.labels, file["labels"])
        np.testing.assert_array_equal(vectors.slices["accent"].code, file["slice_accent"])
        np.testing.assert_array_equal(vectors.golden["golden_slim"], file["golden_slim"])
    assert vectors.slices["accent"].mask("non_native").sum() == 129
    assert not vectors.inputs.flags.owndata
    assert list(tinyhil.Campaign(WAKE_WORD / "campaign.yaml", ["slim"]).models) == ["shipped", "slim"]


def test_a_mistake_in_the_file_names_file_and_line(tmp_path: Path) -> None:
    file = write_wake_word(tmp_path)
    file.write_text(file.read_text().replace("baseline:", "basline:"))
    with pytest.raises(tinyhil.UsageError) as caught:
        tinyhil.Campaign(file)
    assert f"{file}:" in caught.value.where
    assert "baseline" in str(caught.value)


def test_the_verdict_is_that_of_the_command_line(desk: Path) -> None:
    report = tinyhil.Campaign(desk / "campaign.yaml").judge(desk / "results.db")
    judge = [str(BINARY / "bin" / "tinyhil"), "judge", str(desk / "campaign.yaml"), "--json"]
    places = ["--store", str(desk / "results.db"), "--report", str(desk / "cli")]
    said = subprocess.run([*judge, *places], capture_output=True, text=True, timeout=60, check=False)
    assert said.returncode == report.exit_code == 1
    document = json.loads(said.stdout)
    for verdict in (*report.document["verdicts"], *document["verdicts"]):
        verdict.pop("judged_at")  # two judgements, each at its own second
    assert report.document["verdicts"] == document["verdicts"]
    assert report.verdict("slim").outcome == "pass"
    finding = report.verdict("quick").finding("worst-slice")
    assert finding.outcome == "fail"
    assert "non_native" in finding.reason
    assert not report.passed
    assert report.write(desk / "python").read_text().startswith("<!")
    for same in ("summary.md", "junit.xml"):
        assert (desk / "python" / same).exists() == (desk / "cli" / same).exists()


def test_stored_outputs_are_golden(desk: Path) -> None:
    campaign = tinyhil.Campaign(desk / "campaign.yaml")
    run = tinyhil.Store(desk / "results.db").run()
    run.verify()
    for model in campaign.models:
        rows = run.trial(model).inferences
        np.testing.assert_array_equal(rows.raw, campaign.vectors.golden[f"golden_{model}"])


def test_vectors_of_another_scale_are_refused_before_a_board_is_taken(tmp_path: Path) -> None:
    file = write_wake_word(tmp_path)
    with np.load(WAKE_WORD / "vectors.npz") as given:
        arrays = {name: given[name] for name in given.files}
    arrays["input_scale"] = np.float32(0.5)
    np.savez(tmp_path / "other.npz", **arrays)
    content = yaml.safe_load(file.read_text())
    write_yaml(file, content | {"vectors": str(tmp_path / "other.npz")})
    board = {
        "name": "b1",
        "provenance": "process",
        "link": {"driver": "process", "command": ["/no/such/board"]},
    }
    write_yaml(tmp_path / "bench.yaml", {"bench": "desk", "boards": [board]})
    campaign = tinyhil.Campaign(file)
    assert len(campaign.complaints()) == 3  # one for each model
    with pytest.raises(tinyhil.UsageError, match=r"scale 0\.5.* model `shipped`"):
        campaign.run(store=tmp_path / "r.db")
    assert not (tmp_path / "r.db").exists()


def test_results_can_be_followed_as_they_come(tmp_path: Path) -> None:
    campaign = tinyhil.Campaign(write_wake_word(tmp_path), ["slim"])
    rows = {"shipped": 0, "slim": 0}
    control = 0
    for piece in campaign.stream(store=tmp_path / "r.db", boards=["b2"]):
        assert piece.board == "b2"
        if piece.is_control:
            control += len(piece.inferences)
        else:
            rows[piece.model] += len(piece.inferences)
    assert rows == {"shipped": WAKE_WORD_VECTORS, "slim": WAKE_WORD_VECTORS}
    assert control == 64


def test_a_loop_that_is_left_keeps_what_it_saw_and_can_be_taken_up(tmp_path: Path) -> None:
    campaign = tinyhil.Campaign(write_wake_word(tmp_path), ["slim"])
    store = tmp_path / "r.db"
    seen = 0
    for piece in campaign.stream(store=store):
        seen += len(piece.inferences)
        if seen > 200:
            break
    del piece
    run = tinyhil.Store(store).run()
    assert {trial.state for trial in run.trials} == {"interrupted"}
    assert sum(len(trial.inferences) for trial in run.trials) >= seen
    again = sum(len(piece.inferences) for piece in campaign.stream(store=store, resume=True))
    assert again < 2 * WAKE_WORD_VECTORS
    run = tinyhil.Store(store).run()
    assert run.id == 1
    assert [len(trial.inferences) for trial in run.trials if not trial.is_control] == [
        WAKE_WORD_VECTORS,
        WAKE_WORD_VECTORS,
    ]
    assert campaign.judge(store).verdict("slim").outcome == "pass"


def test_two_boards_divide_the_vectors(tmp_path: Path) -> None:
    campaign = tinyhil.Campaign(write_wake_word(tmp_path), ["slim"])
    report = campaign.run(store=tmp_path / "r.db", boards=["b1", "b2"])
    assert report.verdict("slim").outcome == "pass"
    boards = {trial.board.name for trial in tinyhil.Store(tmp_path / "r.db").run().trials}
    assert boards == {"b1", "b2"}


def test_a_time_limit_is_its_own_exception(tmp_path: Path) -> None:
    file = write_wake_word(tmp_path)
    file.write_text(file.read_text() + "\n")
    content = file.read_text().splitlines()
    file.write_text(
        "\n".join(line for line in content if not line.startswith("time_limit")) + "\ntime_limit: 20 ms\n"
    )
    kept = "time limit has passed; (what was measured is stored as run 1|nothing was measured)"
    with pytest.raises(tinyhil.TimeLimit, match=kept) as caught:
        tinyhil.Campaign(file).run(store=tmp_path / "r.db")
    assert caught.value.exit_code == 124


def test_a_board_that_dies_is_a_bench_fault_and_never_a_verdict(tmp_path: Path) -> None:
    file = write_wake_word(tmp_path)
    board = {"name": "b1", "provenance": "process", "link": {"driver": "process", "command": ["true"]}}
    write_yaml(tmp_path / "bench.yaml", {"bench": "desk", "boards": [board]})
    with pytest.raises(tinyhil.BenchFault):
        tinyhil.Campaign(file).run(store=tmp_path / "r.db")


def test_ctrl_c_stops_a_campaign_and_keeps_its_rows(tmp_path: Path) -> None:
    write_wake_word(tmp_path)
    script = f"""
import tinyhil
campaign = tinyhil.Campaign({str(tmp_path / "campaign.yaml")!r})
try:
    for piece in campaign.stream(store={str(tmp_path / "r.db")!r}):
        print(len(piece.inferences), flush=True)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""
    child = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=os.environ
    )
    assert child.stdout is not None
    first = int(child.stdout.readline())
    child.send_signal(signal.SIGINT)
    out, _ = child.communicate(timeout=60)
    assert out.splitlines()[-1] == "interrupted"
    rows = first + sum(int(line) for line in out.splitlines()[:-1])
    trials = tinyhil.Store(tmp_path / "r.db").run().trials
    assert sum(len(trial.inferences) for trial in trials) >= rows
    assert {trial.state for trial in trials} == {"interrupted"}
