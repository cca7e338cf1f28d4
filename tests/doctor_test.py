# SPDX-License-Identifier: Apache-2.0
"""`tinyhil doctor`, on machines that are made up."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli import TINYHIL, call
from made_up_machine import OPENOCD, Machine

NOBODY = 65534


@pytest.fixture
def machine() -> Iterator[Machine]:
    """Where another user can look, too."""
    folder = Path(tempfile.mkdtemp(prefix="tinyhil-doctor-"))
    folder.chmod(0o755)
    yield Machine(folder)
    shutil.rmtree(folder)


def checks(machine: Machine, code: int, user: int | None = None) -> dict[str, dict[str, Any]]:
    """By subject; the last one of several."""
    done = machine.call("doctor", "--json", user=user)
    assert done.code == code, done.out + done.err
    document = json.loads(done.out)
    assert document["well"] == (code == 0)
    for check in document["checks"]:
        assert (check["state"] == "problem") == ("remedy" in check), check
    return {check["check"]: check for check in document["checks"]}


def probe(machine: Machine, serial: str = "0671FF", place: str = "1-4") -> str:
    about = machine.usb(place, "0483:374b", serial, "STM32 STLink")
    machine.tty(about, f"ttyACM{place[-1]}", 2)
    return about


def test_a_bare_machine_with_openocd_is_well(machine: Machine) -> None:
    found = checks(machine, 0)
    assert found["openocd"]["says"].startswith("0.12")
    assert found["probe"]["state"] == "note"
    done = machine.call("doctor")
    assert done.code == 0
    assert "nothing stands in the way" in done.out


def test_a_probe_with_a_rule_and_a_port_is_well(machine: Machine) -> None:
    probe(machine)
    machine.rule("0483", "374b")
    found = checks(machine, 0)
    assert found["probe"] == {
        "check": "probe",
        "state": "ok",
        "says": "ST-LINK, STM32 STLink, USB 0483:374b, serial 0671FF",
    }
    assert found["udev rules"]["says"].endswith("60-probes.rules")
    assert "/dev/ttyACM4" in found["serial port"]["says"]


def test_without_openocd_or_with_an_old_one_it_says_how_to_get_it(machine: Machine) -> None:
    machine.program("openocd", OPENOCD.format(version="0.11.0"))
    assert "0.12 is needed" in checks(machine, 4)["openocd"]["says"]
    machine.program("openocd", "#!/bin/sh\necho something else >&2\n")
    assert "does not tell its version" in checks(machine, 4)["openocd"]["says"]
    (machine.root / "bin" / "openocd").unlink()
    assert checks(machine, 4)["openocd"]["remedy"] == "sudo apt install openocd"


def test_a_probe_without_a_rule_gets_one(machine: Machine) -> None:
    probe(machine)
    remedy = checks(machine, 4)["udev rules"]["remedy"]
    assert 'ATTRS{idVendor}=="0483", ATTRS{idProduct}=="374b"' in remedy
    assert "sudo udevadm control --reload" in remedy


def test_probes_that_cannot_be_told_apart_are_named(machine: Machine) -> None:
    machine.rule("0483", "374b")
    probe(machine, "")
    assert "names a probe by its serial number" in checks(machine, 4)["probe"]["says"]
    probe(machine, "SAME", "1-4")
    probe(machine, "SAME", "1-5")
    assert "another probe has this serial number" in checks(machine, 4)["probe"]["says"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_file_that_the_user_may_not_open_names_the_group_to_join(machine: Machine) -> None:
    about = probe(machine)
    machine.rule("0483", "374b")
    machine.write(f"{about}/busnum", "1\n")
    machine.write(f"{about}/devnum", "5\n")
    node = machine.write("dev/bus/usb/001/005")
    port = machine.root / "dev" / "ttyACM4"
    for file in (node, port):
        shutil.chown(file, group="dialout")
        file.chmod(0o660)
    found = checks(machine, 4, user=NOBODY)
    assert "may not open it" in found["serial port"]["says"]
    assert found["serial port"]["remedy"].startswith('sudo usermod -aG dialout "$USER"')
    assert "may not open /dev/bus/usb/001/005" in found["probe"]["says"]
    node.chmod(0o600)
    assert checks(machine, 4, user=NOBODY)["probe"]["remedy"].startswith("sudo udevadm control --reload")


def test_modem_manager_is_a_problem_for_ports_that_udev_has_not_marked(machine: Machine) -> None:
    machine.write("proc/321/comm", "ModemManager\n")
    assert checks(machine, 0)["ModemManager"]["state"] == "note"
    about = probe(machine)
    machine.rule("0483", "374b")
    found = checks(machine, 4)["ModemManager"]
    assert found["remedy"] == "sudo systemctl mask --now ModemManager"
    machine.write(f"{about}/dev", "189:4\n")
    machine.write("run/udev/data/c189:4", "E:ID_MM_DEVICE_IGNORE=1\n")
    checks(machine, 0)


def test_brltty_that_takes_an_adapter_is_named(machine: Machine) -> None:
    machine.write("proc/9/comm", "brltty\n")
    machine.usb("1-2", "1a86:7523", "", "USB Serial")
    assert checks(machine, 4)["brltty"]["remedy"].startswith("sudo apt remove brltty")


def test_meters_are_named_with_the_port_that_measures(machine: Machine) -> None:
    about = machine.usb("1-7", "1915:c00a", "C5A1", "PPK2")
    machine.tty(about, "ttyACM8", 3)
    machine.tty(about, "ttyACM9", 1)
    assert checks(machine, 0)["meter"]["says"] == "ppk2 at /dev/ttyACM9"


def test_what_a_device_calls_itself_does_no_harm(machine: Machine) -> None:
    probe(machine)
    machine.rule("0483", "374b")
    machine.write("sys/bus/usb/devices/1-4/product", "\x1b[2J\n")
    assert "\x1b" not in machine.call("doctor").out


def test_this_machine_can_be_looked_at() -> None:
    done = call([str(TINYHIL), "doctor", "--json"])
    assert done.code in (0, 4), done.err
    assert json.loads(done.out)["checks"]
