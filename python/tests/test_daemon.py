# SPDX-License-Identifier: Apache-2.0
"""Boards that a real daemon leases to Python."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import tinyhil
from desk import WAKE_WORD, write_wake_word
from farm import PATIENCE, Farm, eventually, farm_in
from means import Means
from tinyhil.daemon import FarmEvent

MODEL = WAKE_WORD / "models" / "quick.tflite"


@pytest.fixture
def farm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Farm]:
    (tmp_path / "farm").mkdir()
    with farm_in(tmp_path / "farm", ["b1", "b2"], "--time-to-live", "3s") as started:
        for name in ("TINYHIL_DAEMON", "TINYHIL_LOCKS"):
            monkeypatch.setenv(name, started.environment[name])
        assert started.becomes("b1", "free")
        assert started.becomes("b2", "free")
        yield started


def becomes_lost(lease: tinyhil.Lease) -> bool:
    return eventually(lambda: lease.is_lost)


@pytest.mark.parametrize("remote", [False, True])
def test_a_leased_board_infers_and_comes_back(farm: Farm, remote: bool) -> None:
    daemon = tinyhil.Daemon()
    with np.load(WAKE_WORD / "vectors.npz") as file:
        x, golden = file["inputs"][:3], file["golden_quick"][:3]
    with tinyhil.Board.lease("board=b2,kind=host", wait=PATIENCE, purpose="infers", remote=remote) as board:
        assert board.name == "b2"
        board.load(MODEL)
        assert board.infer(x).raw.tobytes() == golden.tobytes()
        (lease,) = daemon.leases()
        assert (lease.state, lease.board, lease.purpose, lease.epoch) == ("granted", "b2", "infers", 1)
        holder = daemon.board("b2").holder
        assert holder is not None
        assert (holder.lease, holder.epoch) == (lease.number, 1)
    assert daemon.leases() == []
    assert daemon.leases(ended=1)[0].end == "released"
    assert farm.becomes("b2", "free")


@pytest.mark.parametrize("remote", [False, True])
def test_a_leased_board_is_reset_switched_and_flashed_as_on_the_desk(farm: Farm, remote: bool) -> None:
    means = Means(farm.folder)
    image = farm.folder / "new.elf"
    image.write_bytes(b"firmware")
    farm.write_bench([means.board("b3")])
    assert farm.daemon is not None
    farm.daemon.send_signal(signal.SIGHUP)
    assert eventually(lambda: "b3" in [board.name for board in tinyhil.Daemon().boards()])
    with tinyhil.Board.lease("board=b3", wait=PATIENCE, remote=remote) as board:
        board.reset()
        assert board.info.kind == "host"
        board.power_cycle()
        assert board.flash(image)
        board.load(MODEL)
        means.stand_in("tool", "echo no target found; exit 3")
        with pytest.raises(tinyhil.BenchFault, match="no target found"):
            board.reset()
    notes = means.notes()
    assert notes[:2] == ["tool reset --chip X", "switch cycle"]
    assert notes[2].startswith("tool download --chip X ")
    assert notes[2].endswith("/new.elf")


def test_an_exception_returns_the_board_and_is_the_one_that_is_raised(farm: Farm) -> None:
    with pytest.raises(RuntimeError, match="mine"), tinyhil.Board.lease("board=b1", longest=600.0):
        raise RuntimeError("mine")
    assert tinyhil.Daemon().leases() == []
    assert farm.becomes("b1", "free")


def test_an_exception_goes_before_the_loss_of_the_lease(farm: Farm) -> None:
    def lose_and_fail() -> None:
        with tinyhil.lease("board=b1") as lease:
            tinyhil.Daemon().release(lease.number)
            assert becomes_lost(lease)
            raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        lose_and_fail()
    assert farm.becomes("b1", "free")


def test_after_a_release_by_somebody_else_the_next_use_of_the_board_is_an_error(farm: Farm) -> None:
    def lose() -> None:
        with tinyhil.lease("board=b1") as lease, lease.open_bench().board(lease.board) as board:
            assert board.info.kind == "host"
            assert farm.call("release", str(lease.number)).returncode == 0
            assert becomes_lost(lease)
            with pytest.raises(tinyhil.LeaseLostError, match="is over"):
                board.load(MODEL)
            assert not board.is_open, "others may hold it"
            with pytest.raises(tinyhil.LeaseLostError):
                board.open()
            assert farm.becomes("b1", "free")

    with pytest.raises(tinyhil.LeaseLostError) as at_end:
        lose()
    assert at_end.value.exit_code == 8


@pytest.mark.usefixtures("farm")
def test_a_loss_that_nobody_noticed_is_an_error_at_the_end() -> None:
    with pytest.raises(tinyhil.LeaseLostError), tinyhil.lease("board=b1") as lease:
        tinyhil.Daemon().release(lease.number)


@pytest.mark.usefixtures("farm")
def test_threads_that_fight_for_a_board_have_it_one_at_a_time() -> None:
    alone = threading.Lock()

    def fight(_: int) -> int | None:
        with tinyhil.lease("board=b1", wait=PATIENCE * 2) as lease:
            assert alone.acquire(blocking=False), "somebody else has it, too"
            with lease.open_bench().board(lease.board) as board:
                assert board.info.kind == "host"
            alone.release()
            return lease.status.epoch

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(fight, range(6))) == list(range(1, 7))  # type: ignore[type-var]


def test_a_lease_outlives_a_daemon_that_is_killed_and_started_again(farm: Farm) -> None:
    with tinyhil.Board.lease("board=b1") as board:
        farm.kill()
        farm.start()
        daemon = tinyhil.Daemon()
        unheard = daemon.exchange.ask("POST", "/api/v1/leases", {"selector": "board=b2"})["id"]
        assert eventually(
            lambda: (unheard, "silent") in [(it.number, it.end) for it in daemon.leases(ended=5)]
        )
        holder = daemon.board("b1").holder  # a time to live later
        assert holder is not None
        assert holder.epoch == 1
        board.load(MODEL)
    assert farm.becomes("b1", "free")


def test_a_daemon_that_is_gone_for_good_is_a_lost_lease(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tinyhil.daemon.leasing.RETURN_WITHIN", 0.0)

    def outlive_the_daemon() -> None:
        with tinyhil.lease("board=b1") as lease:
            farm.kill()
            assert becomes_lost(lease)

    with pytest.raises(tinyhil.LeaseLostError, match="not reached for too long"):
        outlive_the_daemon()


def test_without_a_daemon_the_error_names_the_remedy(tmp_path: Path) -> None:
    daemon = tinyhil.Daemon(f"unix:{tmp_path}/none.sock")
    with pytest.raises(tinyhil.BenchFault, match="cannot be reached") as caught:
        daemon.boards()
    assert "tinyhil daemon" in caught.value.remedy
    assert caught.value.where == f"unix:{tmp_path}/none.sock"
    with pytest.raises(tinyhil.BenchFault), daemon.lease("board=b1"):
        pass


@pytest.mark.usefixtures("farm")
def test_a_board_that_does_not_come_free_in_time_is_an_error_that_says_who_has_it() -> None:
    with tinyhil.lease("board=b1") as lease:
        with pytest.raises(tinyhil.NoLeaseError) as caught, tinyhil.lease("board=b1", wait=0.2):
            pass
        assert f"b1 is leased by {lease.status.owner}" in caught.value.what
        assert (caught.value.exit_code, caught.value.where) == (7, "selector `board=b1`")
        assert [each.number for each in tinyhil.Daemon().leases()] == [lease.number], "none waits on"


def test_what_a_request_waits_for_can_be_asked(farm: Farm) -> None:
    daemon = tinyhil.Daemon()
    with tinyhil.lease("board=b1", expects=600.0):
        farm.begin("lease", "board=b1", "--wait", "10min", "--", "true")
        assert eventually(lambda: len(daemon.leases()) == 2)
        why = daemon.why(daemon.leases()[1].number)
        assert (why.position, why.queue, why.blocker) == (1, 1, "boards-taken")
        assert why.expected_start is not None
        assert "b1 is leased by" in why.text
        held = daemon.why(daemon.leases()[0].number)
        assert (held.position, held.text) == (0, "it has board b1")
    with pytest.raises(tinyhil.NotFoundError, match="no lease 99"):
        daemon.why(99)


@pytest.mark.usefixtures("farm")
def test_mistakes_are_usage_errors_that_say_what_is_near() -> None:
    with pytest.raises(tinyhil.UsageError, match="`kind=hots`"), tinyhil.lease("kind=hots", wait=600.0):
        pass
    with pytest.raises(tinyhil.UsageError, match="priority"), tinyhil.lease(priority="urgent"):
        pass
    with pytest.raises(tinyhil.UsageError, match="seconds"), tinyhil.lease(wait=float("nan")):
        pass
    with pytest.raises(tinyhil.NotFoundError, match="no board `b/9`"):
        tinyhil.Daemon().board("b/9")


@pytest.mark.parametrize(
    "text", ["unix:", "daemon.sock", "http://10.0.0.1:80", "http://127.0.0.1:0", "http://x", "https://a@b:1"]
)
def test_what_is_no_address_of_a_daemon_is_refused(text: str) -> None:
    with pytest.raises(tinyhil.UsageError) as caught:
        tinyhil.Daemon(text)
    assert "unix:/run/tinyhil/daemon.sock" in caught.value.remedy


def test_an_administrator_keeps_a_board_from_everybody_and_gives_it_back(farm: Farm) -> None:
    daemon = tinyhil.Daemon()
    kept = daemon.quarantine("b1", "loose cable")
    assert (kept.condition, "loose cable" in kept.reason) == ("quarantined", True)
    with pytest.raises(tinyhil.NoLeaseError, match="b1 is quarantined"), tinyhil.lease("board=b1"):
        pass
    daemon.readmit("b1")
    assert farm.becomes("b1", "free")
    assert [board.name for board in daemon.boards()] == ["b1", "b2"]
    assert daemon.board("b1").labels["kind"] == "host"


@pytest.mark.usefixtures("farm")
def test_events_go_on_after_one_that_was_seen() -> None:
    daemon = tinyhil.Daemon()
    with tinyhil.lease("board=b1") as lease:
        pass
    with contextlib.closing(_of_lease(daemon, lease.number, 0)) as events:
        asked = next(events)
    assert asked.kind == "lease.asked"
    with contextlib.closing(_of_lease(daemon, lease.number, asked.number)) as events:
        granted, ended = next(events), next(events)
    assert (granted.kind, granted.board) == ("lease.granted", "b1")
    assert (ended.kind, ended.end) == ("lease.ended", "released")


def test_events_come_back_after_a_daemon_that_was_killed_until_patience_ends(
    farm: Farm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tinyhil.daemon.events.PAUSE", 0.1)
    monkeypatch.setattr("tinyhil.daemon.events.ATTEMPTS", 10 * int(PATIENCE))
    seen: list[FarmEvent] = []
    complaints: list[tinyhil.BenchFault] = []
    events = tinyhil.Daemon().events(0)
    first = next(events).number

    def read() -> None:
        try:
            seen.extend(events)
        except tinyhil.BenchFault as error:
            complaints.append(error)

    def is_heard_again() -> bool:  # what happens before it has come back may be missed
        with tinyhil.lease("board=b1", wait=PATIENCE):
            pass
        return any(event.kind == "lease.granted" for event in seen)

    farm.kill()
    farm.start()
    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    assert eventually(is_heard_again), seen
    numbers = [first, *(event.number for event in seen)]
    assert numbers == sorted(set(numbers)), "no number comes twice"
    monkeypatch.setattr("tinyhil.daemon.events.ATTEMPTS", 0)
    farm.kill()
    reader.join(PATIENCE)
    assert [error.where for error in complaints] == [f"unix:{farm.socket}"]


@pytest.mark.parametrize("remote", [False, True])
@pytest.mark.usefixtures("farm")
def test_a_campaign_runs_on_a_leased_board(tmp_path: Path, remote: bool) -> None:
    campaign = tinyhil.Campaign(write_wake_word(tmp_path), candidates=["slim"])
    with tinyhil.lease("board=b2", remote=remote) as lease:
        report = campaign.run(store=tmp_path / "r.db", bench=lease.bench, boards=[lease.board])
    assert tinyhil.Store(tmp_path / "r.db").run(report.run_id).trials[0].board.name == "b2"


def test_over_loopback_a_token_may_lease_and_without_it_one_may_look(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("a-token-of-some-length")
    token.chmod(0o600)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    (tmp_path / "farm").mkdir()
    options = ["--listen", f"127.0.0.1:{port}", "--token-file", str(token)]
    with farm_in(tmp_path / "farm", ["b1"], *options) as farm:
        assert farm.becomes("b1", "free")
        address = f"http://127.0.0.1:{port}"
        assert [board.name for board in tinyhil.Daemon(address).boards()] == ["b1"]
        with pytest.raises(tinyhil.NotAllowedError), tinyhil.Daemon(address).lease():
            pass
        with tinyhil.Daemon(address, token=token.read_text()).lease("board=b1") as lease:
            assert lease.bench == farm.bench


def _of_lease(daemon: tinyhil.Daemon, number: int, last: int) -> Generator[FarmEvent, None, None]:
    for event in daemon.events(last):
        if event.lease == number:
            yield event
