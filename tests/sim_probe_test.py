# SPDX-License-Identifier: Apache-2.0
"""The simulated probe from outside: OpenOCD, GDB and pyOCD take it and its core for real."""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cli import TINYHIL
from probes import AGENT, IMAGES, KINDS, MACHINE, PATIENCE, QUIET, Probe, plugged_in

RAM = 0x20300000  # where the agent has nothing


def word(result: str) -> int:
    """Of `reg pc` or `mdw ADDRESS`."""
    found = re.search(r": (?:0x)?([0-9a-f]+)", result)
    assert found, result
    return int(found[1], 16)


@pytest.mark.parametrize("kind", KINDS)
def test_openocd_reads_and_writes_memory_while_the_core_runs(tmp_path: Path, kind: str) -> None:
    content = tmp_path / "content"
    content.write_bytes(os.urandom(20_001))
    with plugged_in(tmp_path, kind) as probe:
        code, results, talk = probe.openocd(
            "targets",
            f"mww {RAM:#x} 0x12345678",
            f"mdb {RAM + 1:#x} 3",
            f"load_image {content} {RAM + 3:#x} bin",
            f"dump_image {content}.back {RAM + 3:#x} 20001",
            "mdw 0x90000000",
            "targets",
        )
    assert code == 0, talk
    assert "running" in results[0], talk
    assert results[2].endswith("56 34 12"), talk
    assert Path(f"{content}.back").read_bytes() == content.read_bytes()
    assert results[5].startswith("failed"), "there is nothing at this address"
    assert "running" in results[6]


@pytest.mark.parametrize("kind", KINDS)
def test_openocd_halts_steps_and_resets(tmp_path: Path, kind: str) -> None:
    with plugged_in(tmp_path, kind) as probe:
        code, results, talk = probe.openocd(
            "halt",
            "reset halt",
            "reg pc",
            "mdw 4",
            "reg r7 0x1234",
            "reg r7",
            "step",
            "reg pc",
            "bp [expr {[lindex [read_memory 4 32 1] 0] + 11}] 2 hw; resume; wait_halt 1000",
            "reg pc",
            "rbp all; reset run; sleep 100",
            "targets",
        )
    assert code == 0, talk
    entry = word(results[3]) - 1
    assert word(results[2]) == entry, talk
    assert word(results[5]) == 0x1234
    assert entry < word(results[7]) <= entry + 4
    assert word(results[9]) == entry + 12, "the breakpoint"
    assert "running" in results[11], talk


@pytest.mark.parametrize("kind", KINDS)
def test_openocd_programs_verifies_and_starts_an_erased_device(tmp_path: Path, kind: str) -> None:
    with plugged_in(tmp_path, kind, "--uart", "tcp", firmware=None) as probe:
        code, results, talk = probe.openocd("halt", f"program {AGENT} verify", "mdw 0x80000", "reset run")
        assert code == 0, talk
        assert "Verified OK" in talk
        assert word(results[2]) == 0xFFFFFFFF, "erased, where the image is not"
        says_hello(tmp_path, probe)


def says_hello(folder: Path, probe: Probe) -> None:
    """The agent answers on its serial port, which belongs to the same board."""
    host, _, port = probe.line["uart"].rpartition(":")
    bench = folder / "bench.yaml"
    link = f"{{driver: tcp, host: {host}, port: {port}}}"
    bench.write_text(f"bench: x\nboards:\n  - name: b\n    provenance: emulated\n    link: {link}\n")
    command = [str(TINYHIL), "console", str(bench), "--hello", "--lines", "2", "--for", "3s"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert MACHINE in done.stdout, done.stdout + done.stderr


def test_what_was_programmed_differs_from_another_image(tmp_path: Path) -> None:
    with plugged_in(tmp_path, "st-link") as probe:
        code, results, talk = probe.openocd("halt", f"verify_image {IMAGES / 'agent-fake.elf'}")
        assert results[1].startswith("failed"), talk
        assert code == 0


def test_flash_only_changes_by_its_controller(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.write_bytes(b"\0" * 16)
    with plugged_in(tmp_path, "st-link") as probe:
        _, results, talk = probe.openocd(
            "mww 0x80000 0",
            "mdw 0x80000",
            "halt",
            "flash protect 0 16 16 on",
            f"flash write_image {content} 0x80000 bin",
            "mdw 0x80000",
            "flash protect 0 16 16 off",
            f"flash write_image {content} 0x80000 bin",
            "mdw 0x80000",
        )
    assert word(results[1]) == 0xFFFFFFFF, talk
    assert results[4].startswith("failed"), talk
    assert word(results[5]) == 0xFFFFFFFF, talk
    assert word(results[8]) == 0, talk


@pytest.mark.parametrize("kind", KINDS)
def test_a_locked_device_shows_nothing_until_it_is_erased(tmp_path: Path, kind: str) -> None:
    with plugged_in(tmp_path, kind, "--locked") as probe:
        _, results, talk = probe.openocd("mdw 0", "atsame5 chip-erase", "mdw 0")
    assert results[0].startswith("failed"), talk
    assert word(results[2]) == 0xFFFFFFFF, talk


@pytest.mark.parametrize("kind", KINDS)
def test_waits_only_take_time(tmp_path: Path, kind: str) -> None:
    content = tmp_path / "content"
    content.write_bytes(os.urandom(1000))
    with plugged_in(tmp_path, kind, "--wait-every", "7", "--waits", "3") as probe:
        code, results, talk = probe.openocd(
            f"load_image {content} {RAM:#x} bin", f"dump_image {content}.back {RAM:#x} 1000"
        )
    assert code == 0, talk
    assert not any(result.startswith("failed") for result in results), talk
    assert Path(f"{content}.back").read_bytes() == content.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_fails_an_access_and_the_next_one_works(tmp_path: Path, kind: str) -> None:
    with plugged_in(tmp_path, kind, "--fault-every", "100") as probe:
        _, results, talk = probe.openocd(*[f"read_memory {RAM:#x} 32 16"] * 20)
    failed = [result.startswith("failed") for result in results]
    assert any(failed), talk
    assert not all(failed), talk


def test_a_wrong_idcode_is_told(tmp_path: Path) -> None:
    with plugged_in(tmp_path, "jtag", "--idcode", "0x0bc11477") as probe:
        assert "UNEXPECTED: 0x0bc11477" in probe.openocd("targets")[2]
    with plugged_in(tmp_path, "cmsis-dap", "--idcode", "0x0bc11477") as probe:
        assert "SWD DPIDR 0x0bc11477" in probe.openocd("targets")[2]


@pytest.mark.parametrize("kind", KINDS)
def test_a_slow_reset_is_waited_for_and_a_stuck_one_is_not(tmp_path: Path, kind: str) -> None:
    with plugged_in(tmp_path, kind, "--reset-takes", "300ms") as probe:
        _, results, talk = probe.openocd("reset halt", "targets")
        assert "halted" in results[1], talk
    with plugged_in(tmp_path, kind, "--stuck-reset") as probe:
        _, results, talk = probe.openocd("reset halt", "targets")
        assert results[0].startswith("failed"), talk
        assert "reset" in results[1], talk


@pytest.mark.parametrize("kind", ["st-link", "cmsis-dap"])  # OpenOCD 0.12 aborts when remote_bitbang hangs up
def test_a_pulled_plug_fails_a_session_and_the_next_one_works(tmp_path: Path, kind: str) -> None:
    with plugged_in(tmp_path, kind, "--unplug-after", "300", "--replug-after", "1ms") as probe:
        _, results, talk = probe.openocd(
            f"for {{set n 0}} {{$n < 1000}} {{incr n}} {{read_memory {RAM:#x} 32 64}}"
        )
        assert results[0].startswith("failed"), talk
        code, results, talk = probe.openocd("targets")
        assert code == 0, talk
        assert "running" in results[0], talk
    with plugged_in(tmp_path, kind, "--unplug-after", "0") as probe:
        assert probe.openocd("targets")[0] != 0
        assert probe.openocd("targets")[0] != 0, "it stays out"


@pytest.mark.parametrize("kind", ["st-link", "cmsis-dap"])
def test_two_probes_of_a_kind_are_told_apart_by_their_serial_numbers(tmp_path: Path, kind: str) -> None:
    first_folder, second_folder = tmp_path / "1", tmp_path / "2"
    first_folder.mkdir()
    second_folder.mkdir()
    with (
        plugged_in(first_folder, kind, "--serial", "BOARD1") as first,
        plugged_in(second_folder, kind, "--serial", "BOARD2") as second,
    ):
        assert first.line["serial"] == "BOARD1"
        if kind == "cmsis-dap":  # both are on the same USB
            both = ":".join(each.line["environment"]["TINYHIL_PROBES"] for each in (first, second))
            for each in (first, second):
                each.line["environment"]["TINYHIL_PROBES"] = both
        for number, each in enumerate((first, second), 1):
            assert each.openocd(f"mww {RAM:#x} {number}")[0] == 0
        for number, each in enumerate((first, second), 1):
            assert word(each.openocd(f"mdw {RAM:#x}")[1][0]) == number
        first.config.write_text(first.config.read_text().replace("BOARD1", "BOARD3"))
        assert first.openocd("targets")[0] != 0, "there is no such probe"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def test_gdb_programs_and_debugs_through_openocd(tmp_path: Path) -> None:
    port = free_port()
    script = [
        "set confirm off",
        f"target extended-remote 127.0.0.1:{port}",
        "monitor reset halt",
        "load",
        "compare-sections",
        "break main",
        "continue",
        "info symbol $pc",
        "stepi",
        f"set {{int}}{RAM:#x} = 0x4711",
        f"x/1xw {RAM:#x}",
        "monitor reset run",
        "detach",
    ]
    commands = [word for line in script for word in ("-ex", line)]
    with plugged_in(tmp_path, "st-link", firmware=None) as probe:
        server = [
            "openocd",
            "-f",
            str(probe.config),
            "-c",
            QUIET.replace("gdb_port disabled", f"gdb_port {port}"),
        ]
        with subprocess.Popen(server, stderr=subprocess.PIPE, text=True) as openocd:
            assert openocd.stderr is not None
            try:
                assert any(f"on port {port} for gdb" in line for line in openocd.stderr)
                done = subprocess.run(
                    ["gdb-multiarch", "-nx", "-batch", *commands, str(AGENT)],
                    capture_output=True,
                    text=True,
                    timeout=PATIENCE,
                    check=False,
                )
            finally:
                openocd.terminate()
                openocd.communicate(timeout=PATIENCE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "MIS-MATCHED" not in done.stdout + done.stderr
    assert "matched" in done.stdout, done.stdout
    assert "main in section .text" in done.stdout, done.stdout
    assert f"{RAM:#x}:\t0x00004711" in done.stdout, done.stdout


def test_pyocd_finds_the_probe_and_debugs(tmp_path: Path) -> None:
    commands = [
        "halt",
        f"write32 {RAM:#x} 0x4711",
        f"read32 {RAM:#x}",
        "reset halt",
        "reg pc",
        "go",
        "status",
    ]
    arguments = [word for line in commands for word in ("-c", line)]
    with plugged_in(tmp_path, "cmsis-dap", "--serial", "BOARD2") as probe:
        entry = word(probe.openocd("mdw 4")[1][0]) - 1
        done = subprocess.run(
            [sys.executable, "-m", "pyocd", "commander", "-t", "cortex_m", "-u", "BOARD2", *arguments],
            env=probe.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            cwd=tmp_path,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "20300000:  00004711" in done.stdout, done.stdout + done.stderr
    assert f"pc = {entry:#010x}" in done.stdout, done.stdout
    assert "Running" in done.stdout, done.stdout


def children_of(parent: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_emulator_ends_with_the_probe(tmp_path: Path, how: signal.Signals) -> None:
    with plugged_in(tmp_path, "st-link") as probe:
        (emulator,) = children_of(probe.process.pid)
        end = os.pidfd_open(emulator)
        probe.process.send_signal(how)
        assert probe.process.wait(timeout=PATIENCE) == (130 if how == signal.SIGTERM else -signal.SIGKILL)
        assert select.select([end], [], [], PATIENCE)[0], "it is still there"
        os.close(end)


def test_an_emulator_that_ends_is_a_bench_fault(tmp_path: Path) -> None:
    with plugged_in(tmp_path, "st-link") as probe:
        (emulator,) = children_of(probe.process.pid)
        os.kill(emulator, signal.SIGKILL)
        assert probe.process.wait(timeout=PATIENCE) == 4


@pytest.mark.parametrize(
    "options",
    [
        ("--as", "j-link"),
        ("--uart", "usb"),
        ("--waits", "0"),
        ("--serial", "a b"),
        ("--reset-takes", "2"),
        ("--firmware", "/none"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: tuple[str, str]) -> None:
    command = [str(TINYHIL), "sim", "probe", "--machine", MACHINE, "--as", "st-link", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 2, done.stderr
