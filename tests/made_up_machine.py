# SPDX-License-Identifier: Apache-2.0
"""The files of a machine that is none: sysfs, /dev, udev's rules, /proc."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from cli import TINYHIL, Outcome, call

OPENOCD = '#!/bin/sh\necho "Open On-Chip Debugger {version}" >&2\n'
RULE = 'ATTRS{{idVendor}}=="{vendor}", ATTRS{{idProduct}}=="{product}", MODE="660", TAG+="uaccess"\n'


@dataclass
class Machine:
    root: Path

    def __post_init__(self) -> None:
        for name in ("dev", "bin", "proc"):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        self.program("openocd", OPENOCD.format(version="0.12.0"))

    def write(self, path: str, text: str = "") -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def program(self, name: str, text: str) -> None:
        self.write(f"bin/{name}", text).chmod(0o755)

    def usb(self, place: str, ids: str, serial: str = "", product: str = "") -> str:
        """A device; the folder of it in sysfs."""
        about = f"sys/bus/usb/devices/{place}"
        vendor, _, number = ids.partition(":")
        self.write(f"{about}/idVendor", vendor + "\n")
        self.write(f"{about}/idProduct", number + "\n")
        if serial:
            self.write(f"{about}/serial", serial + "\n")
        if product:
            self.write(f"{about}/product", product + "\n")
        return about

    def tty(
        self, about: str, name: str, number: int = 0, leads_to: Path | None = None, label: str = ""
    ) -> None:
        """A serial port of a device: a file of /dev, or a link to a real one."""
        interface = f"{about}/{Path(about).name}:1.{number}"
        self.write(f"{interface}/bInterfaceNumber", f"{number:02x}\n")
        if label:
            self.write(f"{interface}/interface", label + "\n")
        self.write(f"{interface}/tty/{name}/dev", f"166:{number}\n")
        if leads_to:
            (self.root / "dev" / name).symlink_to(leads_to)
        else:
            self.write(f"dev/{name}").chmod(0o666)

    def rule(self, vendor: str, product: str) -> None:
        self.write("etc/udev/rules.d/60-probes.rules", RULE.format(vendor=vendor, product=product))

    def call(self, *arguments: str, user: int | None = None, own_programs: bool = True) -> Outcome:
        env = dict(os.environ)
        if own_programs:
            env["PATH"] = str(self.root / "bin")
        command = [str(TINYHIL), *arguments, "--root", str(self.root)]
        if user is not None:
            command = ["/usr/bin/setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *command]
        return call(command, env)
