# SPDX-License-Identifier: Apache-2.0
"""The serial driver on a kernel's own ports, in a guest: a 16550A and FTDI's adapters, a board each."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from chaos import Line, line_to
from cli import AGENT, Outcome, Workspace
from fake_desk import Rows, stored_rows
from kernel_guest import Guest, guest_with

pytestmark = pytest.mark.skipif(
    platform.machine() != "x86_64", reason="the guest is given this machine's programs"
)

UART, USB, OTHER_USB = "/dev/ttyS1", "/dev/ttyUSB0", "/dev/ttyUSB1"
CHARDEVS = {UART: "uart", USB: "usb", OTHER_USB: "other"}  # of QEMU
STORE = "/tmp/results.db"
HALF_OF_THE_ROWS = 35_000  # bytes from the board, of 55,000 in all
DTR, RTS = 1, 2  # of FTDI's request that sets them


@dataclass
class Bench:
    """The guest, its campaign in /desk, and what each line leads to."""

    guest: Guest
    folder: Path
    lines: dict[str, ExitStack]
    addresses: dict[str, str]
    wanted: Rows

    def plug(self, port: str, *faults: str, serial: str = "") -> Line:
        """A board, just switched on, at the far end of that port."""
        agent = [str(AGENT), *(["--serial", serial] if serial else [])]
        if port in self.lines:
            self.unplug(port)
        near = ["--listen", self.addresses[port].partition(":")[2] if port in self.addresses else "0"]
        stack = self.lines[port] = ExitStack()
        counts = self.folder / f"{Path(port).name}.json"
        line = stack.enter_context(line_to(agent, counts, *near, *faults))
        self.addresses[port] = line.address
        return line

    def unplug(self, port: str) -> None:
        self.lines.pop(port).close()

    def link(self, port: str, **keys: str | int) -> None:
        more = "".join(f", {key}: {value}" for key, value in keys.items())
        board = (
            f"{{name: b1, provenance: process, image: agent, link: {{driver: serial, port: {port}{more}}}}}"
        )
        self.guest.text(f"echo 'bench: desk' >/desk/bench.yaml; echo 'boards: [{board}]' >>/desk/bench.yaml")

    def boards(self) -> Outcome:
        return self.guest.call("tinyhil boards /desk/bench.yaml")

    def run(self, *options: str) -> str:
        """The command; `call` it, or `begin` it."""
        places = f"--store {STORE} --report /tmp/reports"
        return f"tinyhil run /desk/campaign.yaml {places} {' '.join(options)}"

    def begin(self) -> None:
        """A campaign in a new store, in the background."""
        self.guest.send(f"rm -f {STORE}*; {{ {self.run()} ; }} >/tmp/run.out 2>&1 & run=$!")

    def end(self) -> Outcome:
        return self.guest.call("wait $run; code=$?; cat /tmp/run.out; (exit $code)", 280)

    def rows(self) -> Rows:
        """That are stored by now; the guest may be storing more."""
        for name in ("results.db-wal", "results.db"):
            (self.folder / name).write_bytes(self.guest.file(f"/tmp/{name}"))
        with contextlib.closing(sqlite3.connect(self.folder / "results.db")) as store:
            store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return stored_rows(FetchedStore(self.folder))

    def assert_complete(self) -> None:
        rows = self.rows()
        assert rows.twice == 0
        assert rows.missing(self.wanted) == rows.wrong(self.wanted) == 0


class FetchedStore(Workspace):
    def __post_init__(self) -> None:
        """There is nothing but the store."""


@dataclass
class UartState:
    sent: int
    lines: str  # of RTS, DTR, CTS, ... those that are high


def uart_states(text: str) -> list[UartState]:
    found = re.findall(r"^1: .* tx:(\d+) rx:\d+ ?(\S*)$", text, flags=re.MULTILINE)
    return [UartState(int(sent), lines) for sent, lines in found]


def uart(guest: Guest) -> UartState:
    return uart_states(guest.text("cat /proc/tty/driver/serial"))[0]


def wait_until(guest: Guest, condition: str) -> None:
    """Of the shell; the guest asks, and whoever waits for it has a deadline."""
    guest.text(f"until {condition}; do usleep 100000; done")


def freeze_board(line: Line, bytes_back: int) -> None:
    """As soon as it has sent so many; nothing more comes from it until it is told to go on."""
    while line.stats()["to_host"]["bytes_offered"] < bytes_back:
        time.sleep(0.002)
    os.kill(line.board(), signal.SIGSTOP)


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Without a serial port."""
    desk = Workspace(tmp_path_factory.mktemp("wanted"))
    assert desk.call("run").code == 1
    return stored_rows(desk)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, wanted: Rows) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("guest")
    (folder / "desk").mkdir()
    desk = Workspace(folder / "desk")
    shutil.copy(AGENT, desk.folder / "agent")
    bench = Bench(None, folder, {}, {}, wanted)  # type: ignore[arg-type]
    for port in CHARDEVS:
        bench.plug(port)
    with guest_with(desk.folder, {CHARDEVS[port]: bench.addresses[port] for port in CHARDEVS}) as guest:
        bench.guest = guest
        yield bench
    for port in list(bench.lines):
        bench.unplug(port)


def test_a_campaign_is_as_without_a_port_and_keeps_dtr_and_rts_low(bench: Bench) -> None:
    guest = bench.guest
    guest.text(f"stty -F {UART} raw min 0")  # as another program may leave it
    before = uart(guest).sent
    bench.link(UART)
    bench.begin()
    sample = "grep ^1: /proc/tty/driver/serial >>/tmp/samples"
    wait_until(guest, f"{sample}; ! kill -0 $run 2>/dev/null")
    done = bench.end()
    assert done.code == 1, done.out
    assert "pass          slim against shipped" in done.out
    assert "fail          quick against shipped" in done.out
    bench.assert_complete()
    states = [state for state in uart_states(guest.text("cat /tmp/samples")) if state.sent > before]
    assert len(states) > 3
    assert not [state for state in [*states, uart(guest)] if re.search("DTR|RTS", state.lines)]


def test_a_plug_that_is_pulled_and_put_back_costs_no_row(bench: Bench) -> None:
    line = bench.plug(UART, "--disconnect-after", "300000")
    bench.link(UART)
    bench.begin()
    done = bench.end()
    assert done.code == 1, done.out
    assert line.stats()["to_device"]["disconnects"] == 1
    bench.assert_complete()


def test_whoever_holds_the_port_is_named_and_nobody_gets_in_beside_us(bench: Bench) -> None:
    guest = bench.guest
    bench.link(UART)
    holder = guest.text(f"chmod 666 {UART}; sleep 1000 <{UART} >/dev/null & echo $!")
    refused = bench.boards()
    guest.text(f"kill {holder}")
    assert refused.code == 4
    assert f"already in use by process {holder} (sleep 1000)" in refused.out
    bench.begin()
    wait_until(guest, f"ls -l /proc/$run/fd | grep -q {UART}")
    other = guest.call(f"start-stop-daemon -S -c user -x /bin/cat -- {UART}")
    guest.text("kill -9 $run; wait $run; true")
    assert "Device or resource busy" in other.err


def test_odd_rates_are_set_and_replaced_ones_refused(bench: Bench) -> None:
    bench.link(UART, baud=23040)
    assert bench.boards().code == 0
    assert "baudrate=23040 " in bench.guest.trace()
    bench.link(UART, baud=921600)
    refused = bench.boards()
    assert refused.code == 4
    assert "baud when asked for 921600; choose a rate" in refused.out


def test_lines_that_are_asked_for_stay_as_asked(bench: Bench) -> None:
    for keys, lines in [({"dtr": "high"}, "DTR"), ({"dtr": "high", "rts": "high"}, "RTS|DTR"), ({}, "")]:
        bench.link(UART, **keys)
        done = bench.boards()
        assert done.code == 0, done.err
        found = uart(bench.guest).lines
        assert re.findall("RTS|DTR", found) == re.findall("RTS|DTR", lines), found


# ---- FTDI's adapter on a USB bus ----


def plug_in_adapter(bench: Bench) -> None:
    if bench.guest.call(f"[ -c {USB} ]").code == 0:
        return
    bench.guest.monitor("device_add", driver="usb-serial", id="adapter", chardev="usb")
    wait_until(bench.guest, f"[ -c {USB} ]")


def pull_out_adapter(bench: Bench) -> None:
    bench.guest.monitor("device_del", "DEVICE_DELETED", id="adapter")
    wait_until(bench.guest, f"[ ! -c {USB} ]")


def modem_requests(bench: Bench) -> list[int]:
    """DTR and RTS as the adapter was told to set them, in order."""
    values = [
        int(value, 16) for value in re.findall(r"control 0x4001, value (0x[0-9a-f]+)", bench.guest.trace())
    ]
    return [value & (DTR | RTS) for value in values]


def test_an_adapter_that_is_pulled_out_is_gone_and_resumed_when_it_is_back(bench: Bench) -> None:
    line = bench.plug(USB)
    plug_in_adapter(bench)
    bench.link(USB, baud=3000000)
    bench.begin()
    freeze_board(line, HALF_OF_THE_ROWS)
    pull_out_adapter(bench)
    os.kill(line.board(), signal.SIGCONT)
    done = bench.end()
    assert done.code == 4, done.out
    assert 0 < len(bench.rows().found) < len(bench.wanted.found)
    plug_in_adapter(bench)
    done = bench.guest.call(bench.run("--resume"), 280)
    assert done.code == 1, done.err
    bench.assert_complete()


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({}, [DTR | RTS, 0]),  # the first is Linux's own
        ({"dtr": "high", "rts": "high"}, [DTR | RTS, DTR | RTS]),
        ({"reset": "dtr"}, [DTR | RTS, 0, DTR, 0]),
        ({"reset": "rts"}, [DTR | RTS, 0, RTS, 0]),
        ({"reset": "esp32"}, [DTR | RTS, 0, RTS, 0]),
        ({"reset": "esp32", "dtr": "high", "rts": "high"}, [DTR | RTS, DTR | RTS, RTS, DTR | RTS]),
    ],
)
def test_an_adapter_is_told_no_more_than_this_of_the_lines(
    bench: Bench, keys: dict[str, str | int], told: list[int]
) -> None:
    plug_in_adapter(bench)
    before = len(modem_requests(bench))
    bench.link(USB, **keys)
    done = bench.boards()
    assert done.code == 0, done.err
    assert modem_requests(bench)[before:] == told


# ---- two adapters, each with a serial number, and a daemon that knows the boards by it ----

SERIALS = {"A1": USB, "B2": OTHER_USB}  # of the adapter and of the board behind it: QEMU's line to that


@dataclass
class Farm:
    """The daemon of the guest, with the boards `a` and `b`."""

    bench: Bench

    def plug_in(self, serial: str, device: str = "") -> None:
        """Another device than the board's own leads to the line of its name."""
        line = device or CHARDEVS[SERIALS[serial]]
        name = device or serial
        self.bench.guest.monitor("device_add", driver="usb-serial", id=name, chardev=line, serial=serial)

    def pull_out(self, *devices: str) -> None:
        for device in devices:
            self.bench.guest.monitor("device_del", "DEVICE_DELETED", id=device)

    def wait_for(self, board: str, words: str) -> None:
        wait_until(self.bench.guest, f"tinyhil boards | grep '^{board} ' | grep -q '{words}'")

    def serial_at(self, port: str) -> str:
        """Of the adapter that is there now."""
        about = f"$(readlink -f /sys/class/tty/{Path(port).name}/device)"
        return self.bench.guest.text(f"cat {about}/../../serial")

    def answer_of(self, board: str) -> str:
        """The port of a lease, and which board answers there."""
        return self.bench.guest.text(
            f"tinyhil lease board={board} -- sh -c 'echo $TINYHIL_PORT; tinyhil boards'"
        )


@pytest.fixture
def farm(bench: Bench) -> Iterator[Farm]:
    guest = bench.guest
    if guest.call(f"[ -c {USB} ]").code == 0:
        pull_out_adapter(bench)
    boards = []
    for name, serial in [("a", "A1"), ("b", "B2")]:
        bench.plug(SERIALS[serial], serial=serial)
        link = f"{{driver: serial, port: usb:{serial}, baud: 3000000}}"
        boards.append(f"{{name: {name}, provenance: process, serial: {serial}, link: {link}}}")
    guest.text(f"echo 'bench: farm' >/desk/farm.yaml; echo 'boards: [{', '.join(boards)}]' >>/desk/farm.yaml")
    guest.text("export TINYHIL_DAEMON=unix:/tmp/daemon.sock; mkfifo /tmp/go")
    daemon = "tinyhil daemon --bench /desk/farm.yaml --socket /tmp/daemon.sock --state /tmp/state"
    guest.send(f"{daemon} --time-to-live 9s 2>/tmp/daemon.log & daemon=$!")
    wait_until(guest, "[ -S /tmp/daemon.sock ]")
    yield Farm(bench)
    guest.text("kill $daemon; wait $daemon; true")


def test_boards_that_come_back_under_swapped_names_are_themselves_to_a_daemon(farm: Farm) -> None:
    guest = farm.bench.guest
    farm.wait_for("a", "absent.*no USB device with serial number A1 is plugged in")
    for serial, board in [("A1", "a"), ("B2", "b")]:
        farm.plug_in(serial)
        farm.wait_for(board, "free")
    assert [farm.serial_at(port) for port in (USB, OTHER_USB)] == ["A1", "B2"]

    guest.send(
        "{ tinyhil lease board=a -- sh -c 'read word; tinyhil boards' ; } </tmp/go >/tmp/held 2>&1 & held=$!"
    )
    guest.send("exec 9>/tmp/go")
    farm.wait_for("a", "leased")
    farm.pull_out("A1", "B2")
    farm.wait_for("b", "absent.*serial number B2")
    wait_until(guest, "grep -q 'the board is absent: no USB device with serial number A1' /tmp/held")
    assert guest.call("tinyhil lease board=b -- true").code == 7

    farm.plug_in("B2")
    farm.wait_for("b", "free")
    farm.plug_in("A1")
    wait_until(guest, "grep -q 'the board is plugged in again' /tmp/held")
    assert re.search(f"{USB}\n.*serial B2", farm.answer_of("b")), "while somebody has the other"
    held = guest.call("echo go >&9; exec 9>&-; wait $held; code=$?; cat /tmp/held; (exit $code)")
    assert held.code == 0, held.out
    assert "serial A1" in held.out
    farm.wait_for("a", "free")
    assert re.search(f"{OTHER_USB}\n.*serial A1", farm.answer_of("a"))

    guest.monitor("chardev-add", id="twin", backend={"type": "ringbuf", "data": {}})
    farm.plug_in("A1", "twin")
    farm.wait_for("a", "absent.*2 USB devices have the serial number A1: /dev/ttyUSB. .*, /dev/ttyUSB. ")
    farm.pull_out("twin")
    farm.wait_for("a", "free")
