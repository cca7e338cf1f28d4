# SPDX-License-Identifier: Apache-2.0
"""Energy in Python: real agent firmware on an emulated board, whose current a simulated PPK2 measures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import yaml
from numpy.typing import NDArray
from prometheus_client.openmetrics.parser import text_string_to_metric_families

import tinyhil
from desk import AGENT, FIRMWARE, WAKE_WORD, write_yaml
from exported import Exported, run_campaign
from tinyhil import UsageError, export
from tinyhil.export.command import main
from tinyhil.export.mlflow.facts import facts_of_model

SIMULATED = {"simulate": "ppk2", "supply": "3 V"}
ACTIVE_A, SLEEP_UA = 6.2e-3, 2.1  # of the simulated board
UNIT = 0.12  # how far a PPK2 may be off, and the windows' edges
BLOCKS = 2


def wake_words(count: int) -> NDArray[np.int8]:
    with np.load(WAKE_WORD / "vectors.npz") as file:
        inputs: NDArray[np.int8] = file["inputs"][:count]
    return inputs


def write_metered(folder: Path, **meter: Any) -> Path:
    board = {"name": "m4", "provenance": "emulated", "image": str(FIRMWARE), "meter": SIMULATED | meter}
    board["link"] = {"driver": "emulated", "machine": "mps2-an386"}
    return write_yaml(folder / "bench.yaml", {"bench": "emulated", "boards": [board]})


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """The wake-word campaign over a few vectors, judged by energy and battery life alone."""
    folder = tmp_path_factory.mktemp("energy")
    with np.load(WAKE_WORD / "vectors.npz") as file:
        count = file["labels"].shape
        arrays = {key: file[key][:24] if file[key].shape[:1] == count else file[key] for key in file.files}
    np.savez(folder / "vectors.npz", **arrays)
    write_metered(folder)
    rules = [
        {"id": "energy", "test": "energy", "margin": "3 %", "limit": "2 mJ"},
        {"id": "life", "test": "battery_life", "at_least": "5 y", "capacity": "2040 mAh", "period": "10 s"},
    ]
    off = dict.fromkeys(("chance", "label_order", "one_answer", "lost_class"), "off")
    write_yaml(folder / "gate.yaml", {"policy": "energy", "checks": off, "rules": rules})
    campaign = yaml.safe_load((WAKE_WORD / "campaign.yaml").read_text())
    for model in campaign["models"].values():
        model["file"] = str(WAKE_WORD / model["file"])
    campaign |= {"vectors": "vectors.npz", "bench": "bench.yaml", "gate": "gate.yaml"}
    campaign["energy"] = {"vectors": BLOCKS, "sleep": "100 ms"}
    return run_campaign(write_yaml(folder / "campaign.yaml", campaign))


def test_a_report_has_the_energies_that_its_document_has(measured: Exported) -> None:
    (board,) = measured.report.energies
    (told,) = measured.report.document["energies"]
    assert (board.board, board.meter.driver, board.meter.simulated) == ("m4", "ppk2", True)
    assert board.sleep_ua is not None
    assert board.sleep_ua.low < SLEEP_UA < board.sleep_ua.high
    for energy, document in zip(board.models, told["models"], strict=True):
        gross = energy.gross_uj
        assert energy.model == document["model"]
        assert gross is not None
        assert gross.value == float(gross) == document["gross_uj"]["value"]
        assert (gross.low, gross.high) == tuple(document["gross_uj"]["interval"].values())
        assert sum(term.standard**2 for term in gross.terms) == pytest.approx(gross.standard**2)
        assert [layer.energy_uj for layer in energy.layers] == [
            layer["energy_uj"] for layer in document["layers"]
        ]
    slim, shipped = measured.report.energy("slim").net_uj, measured.report.energy("shipped", "m4").net_uj
    assert slim is not None
    assert shipped is not None
    assert slim.value < shipped.value
    with pytest.raises(KeyError):
        measured.report.energy("slim", "another")


def test_a_stored_run_has_its_windows_as_columns(measured: Exported) -> None:
    run = measured.run
    (recording,) = run.recordings
    windows = recording.windows
    assert (recording.board, recording.state) == ("m4", "complete")
    assert windows.kind.tolist().count("inference") == BLOCKS * 3 * 2, "three models, forward and backward"
    inferences = windows.kind == "inference"
    assert (np.ma.getmaskarray(windows.vector) == ~inferences).all()
    assert (windows.model[~inferences] == "").all()
    assert windows.counts.all()
    assert np.isnan(windows.energy_uj[~inferences]).all()
    for energy in measured.report.energies[0].models:
        mine = windows.energy_uj[windows.model == energy.model]
        assert energy.gross_uj is not None
        assert mine.mean() == pytest.approx(energy.gross_uj.value), "the report's is the mean of the windows'"
    asleep = windows.current_ua[windows.kind == "sleep"]
    assert asleep == pytest.approx(SLEEP_UA, rel=0.5)
    table = pd.DataFrame(windows.columns())
    assert table.groupby("kind").size().to_dict()["sleep"] == len(asleep)
    assert [each.gross_uj.value for each in run.energies[0].models if each.gross_uj] == [
        each.gross_uj.value for each in measured.report.energies[0].models if each.gross_uj
    ]


def test_a_trace_is_read_as_arrays(measured: Exported) -> None:
    recording = measured.run.recordings[0]
    trace, windows = recording.trace(), recording.windows
    assert recording.trace_file is not None
    assert len(trace) == len(tinyhil.Trace(recording.trace_file).current())
    assert trace.meter.supply_v == 3
    busy = int(np.flatnonzero(windows.kind == "inference")[0])
    begin, end = windows.begin_s[busy], windows.begin_s[busy] + windows.length_s[busy]
    charge = trace.charge_c(begin, end)
    assert charge == pytest.approx(windows.charge_c[busy], rel=1e-3)
    first, last = round(begin / trace.sample_s), round(end / trace.sample_s)
    current = trace.current(first, last - first)
    assert current.dtype == np.float32
    assert current.mean() == pytest.approx(ACTIVE_A, rel=UNIT)
    assert current.sum() * trace.sample_s == pytest.approx(charge, rel=1e-3)
    assert trace.covered_s(begin, end) == pytest.approx(end - begin)
    columns = trace.columns(begin, end, n=10)
    assert (columns.low <= columns.mean).all()
    assert (columns.mean <= columns.high).all()
    assert columns.mean.mean() == pytest.approx(charge / (end - begin), rel=0.05)
    assert len(trace.current(len(trace) - 5, 100)) == 5, "it ends where the recording does"
    assert len(trace.current(len(trace) + 5)) == 0


def test_what_a_trace_cannot_be_asked_is_said(measured: Exported, tmp_path: Path) -> None:
    trace = measured.run.recordings[0].trace()
    for ask in (
        lambda: trace.columns(1.0, 0.5),
        lambda: trace.columns(n=0),
        lambda: trace.columns(n=10**9),
        lambda: trace.charge_c(float("nan"), 1.0),
    ):
        with pytest.raises(UsageError):
            ask()
    (tmp_path / "no.trace").write_bytes(b"something else")
    with pytest.raises(UsageError, match=r"no\.trace"):
        tinyhil.Trace(tmp_path / "no.trace")


def test_windows_go_to_parquet(
    measured: Exported, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["export", "energy", str(measured.campaign.file), "--store", str(measured.store)]
    assert main([*words, "--out", str(tmp_path / "energy.parquet")]) == 0, capsys.readouterr().err
    file = tmp_path / "energy.parquet"
    windows = measured.run.recordings[0].windows
    table = pq.read_table(file).to_pydict()
    assert table["kind"] == windows.kind.tolist()
    assert table["model"] == [name or None for name in windows.model.tolist()]
    assert table["vector"] == windows.vector.tolist()
    assert table["charge_c"] == windows.charge_c.tolist()
    assert [each is None for each in table["energy_uj"]] == np.isnan(windows.energy_uj).tolist()
    assert set(table["simulated"]) == {True}
    assert set(table["provenance"]) == {"emulated"}
    assert pq.read_schema(file).field("charge_c").metadata[b"unit"] == b"C"
    digests = {trial.model: trial.record.model_sha256 for trial in measured.run.trials}
    assert table["model_sha256"] == [digests.get(name) for name in windows.model.tolist()]


def test_a_run_without_a_meter_has_no_energies(exported: Exported, tmp_path: Path) -> None:
    assert exported.report.energies == []
    assert exported.run.energies == []
    assert exported.run.recordings == []
    with pytest.raises(UsageError, match="no current was measured"):
        export.energy(exported.run, tmp_path / "energy.parquet")
    assert not any(name.startswith("energy") for name in facts_of_model(exported.report, "slim").metrics)


def test_mlflow_is_told_of_the_energy_and_by_which_meter(measured: Exported) -> None:
    metrics = facts_of_model(measured.report, "slim").metrics
    gross = measured.report.energy("slim").gross_uj
    assert gross is not None
    place = "energy_simulated_ppk2/m4"
    assert metrics[f"{place}/gross_uj"] == gross.value
    assert metrics[f"{place}/gross_uj_ci95_low"] == gross.low
    assert metrics[f"{place}/gross_uj_ci95_high"] == gross.high
    assert f"{place}/sleep_ua" in metrics
    (check,) = measured.report.verdict("slim").finding("life").checks
    assert metrics["battery_life/life_y"] == check["estimate"] > 5
    assert "battery_life/life_y" not in facts_of_model(measured.report, "shipped").metrics


def test_monitoring_reads_the_energy_with_its_interval(measured: Exported, tmp_path: Path) -> None:
    measured.report.write(tmp_path)
    text = (tmp_path / "metrics.prom").read_text()
    families = {family.name: family.samples for family in text_string_to_metric_families(text)}
    gross = measured.report.energy("slim").gross_uj
    assert gross is not None
    read = {
        sample.labels["part"]: sample.value
        for sample in families["tinyhil_inference_energy_joules"]
        if (sample.labels["model"], sample.labels["energy"]) == ("slim", "gross")
    }
    assert read == pytest.approx(
        {"estimate": gross.value * 1e-6, "low": gross.low * 1e-6, "high": gross.high * 1e-6}
    )
    states = {sample.labels["state"] for sample in families["tinyhil_resting_current_amperes"]}
    assert states == {"idle", "sleep"}


def test_a_board_that_is_held_open_measures_each_vector(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    x = wake_words(2)
    with tinyhil.Bench(write_metered(tmp_path)).board("m4") as board:
        model = board.load(WAKE_WORD / "models" / "slim.tflite")
        result = model.infer(x, repeats=2, energy=True)
        assert result.energy_uj is not None
        assert result.energy is not None
        energy = result.energy
        np.testing.assert_array_equal(result.energy_uj, energy.energy_uj[[0, 0, 1, 1]])
        assert (energy.low < energy.energy_uj).all(), [windows.why for windows in energy.windows]
        assert (energy.energy_uj < energy.high).all()
        seconds = result.latency_us[::2] * 1e-6
        assert energy.energy_uj == pytest.approx(3 * ACTIVE_A * seconds * 1e6, rel=UNIT)
        assert energy.model.model == "slim"
        assert energy.model.windows == 2
        assert energy.model.net_uj is not None
        assert energy.model.net_uj.value < energy.energy_uj.max()
        assert energy.board.meter.simulated
        asleep, waiting = board.measure_sleep(0.1), board.measure_idle(0.05, traces=tmp_path / "traces")
        assert asleep.low < SLEEP_UA < asleep.high
        assert waiting.value > 100 * asleep.value
        (kept,) = (tmp_path / "traces").glob("m4-*.trace")
        assert np.nanmax(tinyhil.Trace(kept).current()) > 1e-3
        assert list(tmp_path.rglob("*.trace")) == [kept], "samples are kept where they were asked for only"
        assert model.infer(x).energy_uj is None, "the board goes on as it was"


def test_samples_that_were_lost_are_no_energy(tmp_path: Path) -> None:
    bench = tinyhil.Bench(write_metered(tmp_path, lose=["10000@0.05s"]))
    with bench.board("m4") as board:
        board.load(WAKE_WORD / "models" / "slim.tflite")
        energy = board.measure_energy(wake_words(3))
    lost = np.isnan(energy.energy_uj)
    truths = [windows.counts[windows.kind == "inference"].all() for windows in energy.windows]
    assert (lost == ~np.array(truths)).all()
    incomplete = [windows for windows in energy.windows if not windows.counts.all()]
    assert incomplete, "a loss of 100 ms is seen"
    assert all(why for windows in incomplete for why in windows.why[~windows.counts])


def test_a_board_without_a_meter_says_so() -> None:
    with tinyhil.Board.process([AGENT]) as board:
        board.load(WAKE_WORD / "models" / "slim.tflite")
        for ask in (board.measure_sleep, board.measure_idle, lambda: board.measure_energy(wake_words(1))):
            with pytest.raises(UsageError, match="no current meter"):
                ask()
        with pytest.raises(UsageError, match="a window of"):
            board.measure_sleep(-1)
