# SPDX-License-Identifier: Apache-2.0
"""One user of a board at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import tinyhil
from desk import BINARY, eventually, write_bench, write_wake_word
from tinyhil.hold import first_free, is_wanted

HOLD = """
import sys, time, tinyhil
with tinyhil.Bench(sys.argv[1]).board("b1") as board:
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder(tmp_path: Path) -> subprocess.Popen[str]:
    """Another process that holds board b1 of the bench in tmp_path."""
    write_wake_word(tmp_path)
    command = [sys.executable, "-c", HOLD, str(tmp_path / "bench.yaml")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate(timeout=30)


def test_a_board_that_is_held_is_busy_and_free_once_its_holder_is_killed(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    bench = tinyhil.Bench(tmp_path / "bench.yaml")
    with pytest.raises(tinyhil.BoardBusy, match=f"process {holder.pid}") as caught, bench.board("b1"):
        pass
    assert caught.value.exit_code == 7
    with bench.free_board() as other:
        assert other.name == "b2"
    end(holder)
    with bench.board("b1", wait=20) as board:
        assert board.info.kind == "host"


def test_the_command_line_holds_boards_too(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    command = [str(BINARY / "bin" / "tinyhil"), "run", str(tmp_path / "campaign.yaml")]
    places = ["--store", str(tmp_path / "r.db"), "--report", str(tmp_path / "report")]
    busy = subprocess.run([*command, *places], capture_output=True, text=True, timeout=60, check=False)
    assert busy.returncode == 7
    assert f"process {holder.pid}" in busy.stderr
    assert not (tmp_path / "r.db").exists()
    end(holder)
    done = subprocess.run(
        [*command, *places, "--wait", "20"], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 1, done.stderr  # one candidate is made to fail


def test_a_campaign_from_python_waits_for_its_board(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    campaign = tinyhil.Campaign(tmp_path / "campaign.yaml")
    with pytest.raises(tinyhil.BoardBusy):
        campaign.run(store=tmp_path / "r.db", wait=0.2)
    end(holder)


def test_other_threads_go_on_during_the_wait_and_ctrl_c_ends_it(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    key = tinyhil.Bench(tmp_path / "bench.yaml").core.key("b1")

    def interrupt() -> None:
        eventually(lambda: is_wanted(key))
        signal.raise_signal(signal.SIGINT)  # the handler runs in the main thread, which waits

    with ThreadPoolExecutor(1) as others:
        other = others.submit(interrupt)
        with pytest.raises(KeyboardInterrupt), first_free([key], wait=60):
            pass
        other.result(60)
    assert not is_wanted(key)
    end(holder)


def test_an_exception_frees_the_board(tmp_path: Path) -> None:
    bench = tinyhil.Bench(write_bench(tmp_path, "b1"))
    with pytest.raises(RuntimeError, match="mine"), bench.board():
        raise RuntimeError("mine")
    with bench.board() as board:
        assert board.name == "b1"
    with pytest.raises(tinyhil.UsageError, match="no board `b2`"):
        bench.board("b2")


def test_a_lock_in_a_folder_that_cannot_be_written_names_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TINYHIL_LOCKS", str(tmp_path / "nowhere"))
    bench = tinyhil.Bench(write_bench(tmp_path, "b1"))
    with pytest.raises(tinyhil.BenchFault, match="TINYHIL_LOCKS"), bench.board():
        pass


def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINYHIL_LOCKS", str(tmp_path))
    bench = tinyhil.Bench(write_bench(tmp_path, "b1"))
    with bench.board():
        locks = list(tmp_path.glob("tinyhil-*.lock"))
    victim = tmp_path / "victim"
    victim.write_text("precious")
    for lock in locks:
        lock.unlink()
        lock.symlink_to(victim)
    with pytest.raises(tinyhil.BenchFault), bench.board():
        pass
    assert victim.read_text() == "precious"
