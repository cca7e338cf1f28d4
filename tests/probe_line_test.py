# SPDX-License-Identifier: Apache-2.0
"""A board whose only link is its debug probe: the OpenOCD that is installed, and a simulated probe."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import struct
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli import TINYHIL, WAKE_WORD_VECTORS, Outcome, Workspace, assert_every_output_is_golden
from emulated_test import latencies
from farm import farm_in
from probes import IMAGES, Probe, plugged_in

PATIENCE = 120  # seconds


@pytest.fixture(autouse=True)
def own_locks(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of another clone have probes of the same serial numbers."""
    monkeypatch.setenv("TINYHIL_LOCKS", str(tmp_path_factory.mktemp("locks")))


def plug_in(folder: Path, *options: str, kind: str = "st-link", serial: str = "BOARD_A") -> Any:
    """A simulated probe with its board, which runs the firmware."""
    return plugged_in(folder, kind, "--serial", serial, *options, firmware=IMAGES / "agent-rtt.elf")


def desk_with(folder: Path, link: dict[str, Any], image: str = "agent-rtt.elf") -> Workspace:
    desk = Workspace(folder)
    board = {"name": "m4", "provenance": "emulated", "image": str(IMAGES / image), "link": link}
    desk.write("bench.yaml", {"bench": "probe", "boards": [board]})
    return desk


def probe_link(serial: str = "BOARD_A", kind: str = "st-link") -> dict[str, Any]:
    return {"driver": "openocd", "probe": serial, "config": [f"{kind}.cfg"]}


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


def is_alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


class Run:
    """A run that is under way: results of it are stored already, and its OpenOCD is known."""

    def __init__(self, desk: Workspace, *arguments: str) -> None:
        self.desk = desk
        command = desk.command("run", "--candidate", "slim", *arguments)
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_until(self.has_results)
        (self.openocd,) = children(self.process.pid)

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate(timeout=PATIENCE)

    def has_results(self) -> bool:
        assert self.process.poll() is None, self.process.communicate()
        with contextlib.suppress(Exception):
            return int(self.desk.stored("SELECT count(*) FROM block")[0][0]) > 0
        return False

    def outcome(self) -> Outcome:
        out, err = self.process.communicate(timeout=PATIENCE)
        return Outcome(self.process.returncode, out, err)


def assert_all_is_stored_once(desk: Workspace) -> None:
    assert {model: len(ticks) for model, ticks in latencies(desk).items()} == dict.fromkeys(
        ("shipped", "slim"), WAKE_WORD_VECTORS
    )
    assert_every_output_is_golden(desk, ("shipped", "slim"))


@pytest.mark.parametrize("kind", ["st-link", "cmsis-dap"])
def test_the_campaign_over_the_probe_alone_has_the_results_and_ticks_of_the_uart(
    kind: str, tmp_path: Path
) -> None:
    with plug_in(tmp_path, kind=kind) as probe:
        desk = desk_with(tmp_path, probe_link(kind=kind))
        done = desk.call("run", env=probe.environment)
        assert done.code == 1, done.err
    faults = desk.stored("SELECT what, evidence FROM survived_fault")
    assert [fault for fault in faults if "has read the firmware back" not in fault[0]] == []
    assert_every_output_is_golden(desk)
    over_the_probe = latencies(desk)
    assert {len(ticks) for ticks in over_the_probe.values()} == {WAKE_WORD_VECTORS}
    (tmp_path / "uart").mkdir()
    uart = desk_with(tmp_path / "uart", {"driver": "emulated", "machine": "mps2-an386"}, "agent.elf")
    assert uart.call("run").code == 1
    assert_every_output_is_golden(uart)
    assert latencies(uart) == over_the_probe
    assert desk.stored("SELECT DISTINCT polled FROM trial") == [(1,)]
    assert uart.stored("SELECT DISTINCT polled FROM trial") == [(None,)]
    assert "reads the board&#39;s memory while models run" in (desk.reports / "report.html").read_text()


@pytest.mark.parametrize("what", [signal.SIGKILL, signal.SIGSTOP])
def test_a_run_goes_on_with_another_openocd_when_one_ends_or_hangs(
    what: signal.Signals, tmp_path: Path
) -> None:
    with plug_in(tmp_path):
        desk = desk_with(tmp_path, probe_link())
        with Run(desk) as run:
            os.kill(run.openocd, what)
            done = run.outcome()
        assert done.code == 0, done.err
        assert_all_is_stored_once(desk)
        assert not is_alive(run.openocd)


def test_nothing_is_left_behind_when_tinyhil_is_killed(tmp_path: Path) -> None:
    with plug_in(tmp_path):
        desk = desk_with(tmp_path, probe_link())
        with Run(desk) as run:
            run.process.kill()
        wait_until(lambda: not is_alive(run.openocd))
        done = desk.call("run", "--candidate", "slim", "--resume")
        assert done.code == 0, done.err
        assert_all_is_stored_once(desk)


def test_a_hung_openocd_goes_too_when_tinyhil_is_killed(tmp_path: Path) -> None:
    with plug_in(tmp_path):
        with Run(desk_with(tmp_path, probe_link())) as run:
            os.kill(run.openocd, signal.SIGSTOP)
            run.process.kill()
        wait_until(lambda: not is_alive(run.openocd))


def test_a_probe_that_is_unplugged_is_a_bench_fault_and_the_run_goes_on_when_it_is_back(
    tmp_path: Path,
) -> None:
    with plug_in(tmp_path) as sim:
        desk = desk_with(tmp_path, probe_link())
        with Run(desk) as run:
            sim.process.terminate()
            done = run.outcome()
        done.complains(4, "OpenOCD on probe BOARD_A")
        kept = re.search(r"its log is in (\S+\.log)", done.err)
        assert kept, done.err
        assert "---- OpenOCD on probe BOARD_A, " in Path(kept[1]).read_text()
    with plug_in(tmp_path):
        done = desk.call("run", "--candidate", "slim", "--resume")
        assert done.code == 0, done.err
        assert_all_is_stored_once(desk)


def test_a_plug_that_is_pulled_and_put_in_again_costs_time_only(tmp_path: Path) -> None:
    with plug_in(tmp_path, "--unplug-after", "2000", "--replug-after", "1s"):
        desk = desk_with(tmp_path, probe_link())
        done = desk.call("run", "--candidate", "slim")
        assert done.code == 0, done.err
        assert_all_is_stored_once(desk)
        assert desk.stored("SELECT count(*) FROM survived_fault")[0][0] > 0


def test_a_bad_contact_costs_time_only(tmp_path: Path) -> None:
    with plug_in(tmp_path, "--wait-every", "50", "--fault-every", "2003"):
        desk = desk_with(tmp_path, probe_link())
        done = desk.call("run", "--candidate", "slim")
        assert done.code == 0, done.err
        assert_all_is_stored_once(desk)


def test_what_the_probe_cannot_write_goes_by_frames_and_that_is_said(tmp_path: Path) -> None:
    with plug_in(tmp_path):
        refuse = "[target current] configure -event examine-end {proc load_image args {error {not today}}}"
        desk = desk_with(tmp_path, {**probe_link(), "commands": [refuse]})
        done = desk.call("run", "--candidate", "slim")
        assert done.code == 0, done.err
        assert_all_is_stored_once(desk)
        said = desk.stored(
            "SELECT evidence FROM survived_fault WHERE what LIKE 'slots were filled by frames%'"
        )
        assert said
        assert all("not today" in evidence for (evidence,) in said)


def share_one_usb(*probes: Probe) -> None:
    both = ":".join(probe.line["environment"]["TINYHIL_PROBES"] for probe in probes)
    for probe in probes:
        probe.line["environment"]["TINYHIL_PROBES"] = both


def test_of_two_probes_of_one_kind_it_is_the_one_that_the_bench_names(tmp_path: Path) -> None:
    folders = [tmp_path / serial for serial in ("BOARD_A", "BOARD_B")]
    for folder in folders:
        folder.mkdir()
    with (
        plug_in(folders[0], kind="cmsis-dap", serial="BOARD_A") as first,
        plugged_in(
            folders[1], "cmsis-dap", "--serial", "BOARD_B", firmware=IMAGES / "agent-fake.elf"
        ) as second,
    ):
        share_one_usb(first, second)
        images = {"BOARD_A": "agent-rtt.elf", "BOARD_B": "agent-fake.elf"}
        for folder in folders:
            desk = desk_with(folder, probe_link(folder.name, "cmsis-dap"), images[folder.name])
            word = (IMAGES / images[folder.name]).with_suffix(".bin").read_bytes()[0x300:0x304]
            bench = str(desk.folder / "bench.yaml")
            read = desk.call_plain("memory", bench, "0x300", "4", env=first.environment)
            assert read.out == f"00000300  {word.hex(' ')}\n"
        nobody = {**probe_link("BOARD_C", "cmsis-dap"), "search": "0x20000000"}
        (tmp_path / "nobody").mkdir()
        shutil.copy(first.config, tmp_path / "nobody")
        desk = desk_with(tmp_path / "nobody", nobody)
        desk.call("run", env=first.environment).complains(4, "OpenOCD on probe BOARD_C")


def test_another_probe_than_the_benchs_is_never_used(tmp_path: Path) -> None:
    with plug_in(tmp_path):
        desk = desk_with(tmp_path, {**probe_link(), "probe": "BOARD_B"})
        desk.call("run").complains(4, "OpenOCD on probe BOARD_B", "serial number")
        listed = desk.call_plain("boards", str(desk.folder / "bench.yaml"))
        assert listed.code == 4
        assert "OpenOCD on probe BOARD_B ended at its start" in listed.out


def test_a_probe_has_one_user_at_a_time(tmp_path: Path) -> None:
    with plug_in(tmp_path):
        desk = desk_with(tmp_path, probe_link())
        with Run(desk) as run:
            desk.call("run", "--candidate", "slim").complains(7, "m4")
            assert run.outcome().code == 0


def test_a_program_that_is_no_openocd_is_a_bench_fault(tmp_path: Path) -> None:
    for program, said in {"true": "did not start", "no-such-program": "cannot run the program"}.items():
        desk = tmp_path / program
        desk.mkdir()
        (desk / "st-link.cfg").touch()
        desk_with(desk, {**probe_link(), "program": program}).call("run").complains(4, said)


def test_a_mailbox_that_is_not_there_is_said(tmp_path: Path) -> None:
    with plug_in(tmp_path):
        desk = desk_with(tmp_path, {**probe_link(), "search": "0x21000000", "search_size": "4 KiB"})
        bench = desk.read("bench.yaml")
        del bench["boards"][0]["image"]
        bench["boards"][0]["boot"] = "1 s"
        desk.write("bench.yaml", bench)
        desk.call("run").complains(4, "there is no mailbox from 0x21000000 on")


def test_the_mailbox_is_searched_for_where_no_elf_file_tells_it(tmp_path: Path) -> None:
    with plug_in(tmp_path):
        desk = desk_with(tmp_path, {**probe_link(), "search": "0x20000000"}, "agent-rtt.bin")
        done = desk.call_plain("boards", str(desk.folder / "bench.yaml"))
        assert done.code == 0, done.err
        assert "mps2-an386" in done.out


def test_an_image_is_put_on_a_board_once(tmp_path: Path) -> None:
    with plug_in(tmp_path):
        desk = desk_with(tmp_path, probe_link())
        bench = str(desk.folder / "bench.yaml")
        assert "was there already" in desk.call_plain("flash", bench).out
        other = str(IMAGES / "agent-fake.elf")
        assert "was written and read back" in desk.call_plain("flash", bench, "--image", other).out
        assert "was there already" in desk.call_plain("flash", bench, "--image", other).out
        assert "was written and read back" in desk.call_plain("flash", bench).out
        desk.call_plain("flash", bench, "--image", str(IMAGES / "agent.bin")).complains(2, "where it belongs")


def intel_hex(file: Path, address: int, content: bytes) -> str:
    def record(kind: int, low: int, data: bytes) -> str:
        body = bytes([len(data), low >> 8, low & 0xFF, kind]) + data
        return f":{body.hex()}{-sum(body) & 0xFF:02x}\n".upper()

    upper = (address >> 16).to_bytes(2, "big")
    file.write_text(record(4, 0, upper) + record(0, address & 0xFFFF, content) + record(1, 0, b""))
    return str(file)


def test_what_an_earlier_image_left_in_flash_goes_with_an_erase(tmp_path: Path) -> None:
    with plug_in(tmp_path):
        desk = desk_with(tmp_path, probe_link())
        bench = str(desk.folder / "bench.yaml")
        left = intel_hex(tmp_path / "left.hex", 0x90000, b"left")
        own = intel_hex(tmp_path / "own.hex", 0x80000, b"ours")

        def word(address: str) -> bytes:
            told = desk.call_plain("memory", bench, address, "4", "--json")
            assert told.code == 0, told.err
            return bytes.fromhex(json.loads(told.out)["bytes"])

        for image in (left, own):
            done = desk.call_plain("flash", bench, "--image", image)
            assert done.code == 0, done.err
        assert (word("0x80000"), word("0x90000")) == (b"ours", b"left"), (
            "an image takes no more than it needs"
        )
        done = desk.call_plain("flash", bench, "--image", own, "--erase")
        assert "was written and read back" in done.out, done.err
        assert (word("0x80000"), word("0x90000")) == (b"ours", b"\xff" * 4)


def test_an_erase_where_no_flash_is_known_is_refused(tmp_path: Path) -> None:
    with plug_in(tmp_path):
        desk = desk_with(tmp_path, probe_link())
        image = intel_hex(tmp_path / "ram.hex", 0x20010000, b"runs in RAM")
        bench = str(desk.folder / "bench.yaml")
        desk.call_plain("flash", bench, "--erase", "--image", image).complains(4, "knows no flash")


def test_a_core_is_halted_looked_at_and_set_going(tmp_path: Path) -> None:
    with plug_in(tmp_path):
        desk = desk_with(tmp_path, probe_link())
        bench = str(desk.folder / "bench.yaml")
        assert desk.call_plain("core", bench).out == "m4: the core is running; no fault\n"
        assert desk.call_plain("reset", bench, "--halt").code == 0
        halted = desk.call_plain("core", bench).out
        assert halted.startswith("m4: the core is halted at pc 0x")
        assert "\nxPSR " in halted
        assert desk.call_plain("reset", bench).code == 0
        assert "running" in desk.call_plain("core", bench).out
        assert desk.call_plain("reset", bench, "--halt").code == 0
        assert desk.call_plain("boards", bench).code == 0, "a core that was left halted is set going"


def test_memory_is_read_while_the_core_runs(tmp_path: Path) -> None:
    with plug_in(tmp_path):
        desk = desk_with(tmp_path, probe_link())
        bench = str(desk.folder / "bench.yaml")
        first = (IMAGES / "agent-rtt.bin").read_bytes()[:4]
        assert desk.call_plain("memory", bench, "0", "4").out == f"00000000  {first.hex(' ')}\n"
        desk.call_plain("memory", bench, "0x70000000", "4").complains(4, "failed to read memory")


def test_each_command_has_one_json_document(tmp_path: Path) -> None:
    with plug_in(tmp_path):
        desk = desk_with(tmp_path, probe_link())
        bench = str(desk.folder / "bench.yaml")

        def document(verb: str, *options: str) -> dict[str, Any]:
            done = desk.call_plain(verb, bench, "--json", *options)
            assert done.code == 0, done.err
            found: dict[str, Any] = json.loads(done.out)
            assert found.pop("board") == "m4"
            return found

        flashed = document("flash")
        assert (flashed["written"], flashed["read_back"]) == (False, True)
        assert re.fullmatch("[0-9a-f]{64}", flashed["image_sha256"])
        first = (IMAGES / "agent-rtt.bin").read_bytes()[:20]
        done = desk.call_plain("memory", bench, "0", "20", "--json")
        assert json.loads(done.out) == {"board": "m4", "address": 0, "bytes": first.hex()}
        running = document("core")
        assert (running["core"], running["fault"], running["registers"]) == ("running", "no fault", {})
        assert document("reset", "--halt") == {"reset": True, "halted": True}
        halted = document("core")
        assert halted["registers"]["pc"] == int.from_bytes(first[4:8], "little") - 1
        assert document("reset") == {"reset": True, "halted": False}
        done = desk.call_plain("memory", bench, "0x70000000", "4", "--json")
        assert done.code == 4
        error = json.loads(done.out)["error"]
        assert "failed to read memory" in error["what"]
        assert (error["exit_code"], error["board_touched"]) == (4, True)
    missing = json.loads(desk.call_plain("core", "nowhere.yaml", "--json").out)["error"]
    assert (missing["exit_code"], missing["board_touched"]) == (2, False)


def test_a_board_without_a_probe_has_no_memory_to_show(tmp_path: Path) -> None:
    desk = desk_with(tmp_path, {"driver": "tcp", "port": 5555})
    desk.call_plain("memory", str(desk.folder / "bench.yaml"), "0", "4").complains(
        2, "not reached by a debug probe"
    )


def test_a_leased_board_is_flashed_and_reset_from_another_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verbs = [["flash"], ["flash", "--image", str(IMAGES / "agent-fake.elf")], ["flash"], ["reset"]]
    verbs += [["core"], ["console", "--hello", "--lines", "1"]]
    script = [shlex.join([str(TINYHIL), *verb]) for verb in verbs]
    script.append(f'{TINYHIL} memory "$TINYHIL_BENCH" 0 8 --json')
    with plug_in(tmp_path) as probe:
        for name, value in probe.environment.items():
            monkeypatch.setenv(name, value)
        desk = desk_with(tmp_path, {**probe_link(), "config": [str(probe.config)]})
        with farm_in(tmp_path, desk.read("bench.yaml")["boards"]) as farm:
            assert farm.becomes("m4", "free"), farm.log()
            told = farm.call("lease", "board=m4", "--remote", "--", "sh", "-ec", "; ".join(script))
    assert told.returncode == 0, told.stderr
    said = [re.sub("image [0-9a-f]{12} ", "", line) for line in told.stdout.splitlines()]
    written = "m4: was written and read back"
    assert said[:4] == ["m4: was there already", written, written, "m4: was reset"]
    assert said[4].startswith("m4: the core is running")
    assert "frame" in said[5]
    stack, start = struct.unpack("<II", bytes.fromhex(json.loads("".join(said[6:]))["bytes"]))
    assert (stack % 8, start % 2) == (0, 1), "the vector table"
