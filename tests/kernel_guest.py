# SPDX-License-Identifier: Apache-2.0
"""A small Linux in QEMU, for what only a kernel's serial port shows: Debian's kernel, busybox, tinyhil.

Its first serial port carries commands, the second (/dev/ttyS1, a 16550A) leads to a board, and so do USB
adapters (FTDI's) once they are plugged in. All is emulated (TCG): the same everywhere, and CI need not allow
KVM.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
import os
import re
import select
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli import SOURCE, TINYHIL, Outcome

KERNEL = SOURCE / ".guest-kernel"
MODULES = ["usb-common", "usbcore", "xhci-hcd", "xhci-pci", "usbserial", "ftdi_sio"]
READY = "guest is ready"
END = "--end--"

INIT = f"""#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /tmp /run/lock
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
for module in {" ".join(MODULES)}; do insmod /modules/$module.ko; done
stty -F /dev/ttyS0 raw -echo
exec </dev/ttyS0 >/dev/ttyS0 2>/tmp/shell.log
echo "{READY}"
while read -r line; do eval "$line"; done
"""


def cpio(files: dict[str, tuple[int, bytes]]) -> bytes:
    """An archive as the kernel unpacks it (newc): path -> mode and content; folders come with their files."""
    folders = sorted({str(parent) for name in files for parent in Path(name).parents} - {"."})
    entries = [(name, 0o40755, b"") for name in [*folders, "dev"]]
    entries += [(name, 0o100000 | mode, content) for name, (mode, content) in files.items()]
    archive = bytearray()
    for number, (name, mode, content) in enumerate([*entries, ("TRAILER!!!", 0, b"")]):
        path = name.encode() + b"\0"
        fields = [number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(path), 0]
        archive += b"070701" + b"".join(b"%08X" % value for value in fields) + path
        archive += bytes(-len(archive) % 4)
        archive += content + bytes(-len(content) % 4)
    return bytes(archive)


def libraries_of(program: Path) -> list[Path]:
    listed = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=True).stdout
    return [Path(path) for path in re.findall(r"(/\S+) \(0x", listed)]


def make_initramfs(place: Path, desk: Path) -> Path:
    """With the tinyhil program and, as /desk, what is in that folder."""
    stripped = place / "tinyhil"
    subprocess.run(["strip", "-o", str(stripped), str(TINYHIL)], check=True)
    files = {"init": (0o755, INIT.encode()), "bin/busybox": (0o755, Path("/bin/busybox").read_bytes())}
    files["etc/passwd"] = (0o644, b"root:x:0:0::/:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n")
    files["bin/tinyhil"] = (0o755, stripped.read_bytes())
    for library in libraries_of(TINYHIL):
        files[str(library).lstrip("/")] = (0o755, library.read_bytes())
    for module in MODULES:
        files[f"modules/{module}.ko"] = (0o644, (KERNEL / f"{module}.ko").read_bytes())
    for file in desk.rglob("*"):
        if file.is_file():
            files[f"desk/{file.relative_to(desk)}"] = (file.stat().st_mode & 0o777, file.read_bytes())
    image = place / "initramfs"
    image.write_bytes(cpio(files))
    return image


@dataclass
class Guest:
    process: subprocess.Popen[bytes]
    place: Path
    qmp: socket.socket = field(default_factory=lambda: socket.socket(socket.AF_UNIX))
    qmp_lines: Iterable[str] = ()
    unread: bytearray = field(default_factory=bytearray)

    def read_until(self, end: bytes, seconds: float) -> bytes:
        assert self.process.stdout is not None
        deadline = time.monotonic() + seconds
        while end not in self.unread:
            readable, _, _ = select.select([self.process.stdout], [], [], max(deadline - time.monotonic(), 0))
            assert readable, f"nothing for {seconds} s but: {bytes(self.unread[-500:])!r}"
            got = os.read(self.process.stdout.fileno(), 1 << 16)
            assert got, f"the guest ended: {bytes(self.unread[-500:])!r}"
            self.unread += got
        said, _, rest = bytes(self.unread).partition(end)
        self.unread = bytearray(rest)
        return said

    def send(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def call(self, command: str, seconds: float = 120) -> Outcome:
        """Of a shell command in the guest."""
        self.send(f"{{ {command} ; }} >/tmp/o 2>/tmp/e </dev/null; echo $?")
        self.send(f"for f in o e; do echo -; base64 /tmp/$f; done; echo {END}")
        code, out, err = self.read_until(f"{END}\n".encode(), seconds).split(b"-\n")
        return Outcome(int(code), base64.b64decode(out).decode(), base64.b64decode(err).decode())

    def text(self, command: str) -> str:
        done = self.call(command)
        assert done.code == 0, f"{command}: {done.err}"
        return done.out.strip()

    def file(self, path: str) -> bytes:
        """Nothing when there is no such file."""
        self.send(f"cat {path} 2>/dev/null | gzip -1 | base64; echo {END}")
        return gzip.decompress(base64.b64decode(self.read_until(f"{END}\n".encode(), 60)))

    def trace(self) -> str:
        """What UART and USB adapter were asked to do, from QEMU."""
        return (self.place / "trace.log").read_text()

    def monitor(self, command: str, event: str | None = None, **arguments: Any) -> None:
        """A command to QEMU itself, such as pulling a plug; done when it says so and the event has come."""
        self.qmp.sendall(json.dumps({"execute": command, "arguments": arguments}).encode())
        awaited = {"return"} | ({event} if event else set())
        for line in self.qmp_lines:
            answer = json.loads(line)
            assert "error" not in answer, answer
            awaited -= {"return" if "return" in answer else answer.get("event")}
            if not awaited:
                return


def chardev(name: str, address: str) -> list[str]:
    host, port = address.split(":")
    return ["-chardev", f"socket,id={name},host={host},port={port},reconnect=1"]


def command_of(place: Path, initramfs: Path, lines: Mapping[str, str]) -> list[str]:
    return [
        *["qemu-system-x86_64", "-accel", "tcg", "-m", "512", "-nodefaults", "-no-user-config", "-no-reboot"],
        *["-display", "none", "-kernel", str(KERNEL / "vmlinux"), "-initrd", str(initramfs)],
        *["-append", "quiet panic=-1 console=ttyS2"],
        *(word for name, address in lines.items() for word in chardev(name, address)),
        *["-serial", "stdio", "-serial", "chardev:uart", "-serial", f"file:{place / 'kernel.log'}"],
        *["-trace", "usb_serial_handle_control", "-trace", "serial_update_parameters"],
        *["-D", str(place / "trace.log")],
        *["-device", "qemu-xhci", "-qmp", f"unix:{place / 'qmp'},server=on,wait=off"],
    ]


@contextlib.contextmanager
def guest_with(desk: Path, lines: Mapping[str, str]) -> Iterator[Guest]:
    """`lines`: addresses (host:port) of boards; `uart` is behind the UART, others wait for an adapter."""
    assert KERNEL.is_dir(), "there is no kernel to boot; remedy: ./dev setup"
    place = Path(tempfile.mkdtemp(prefix="guest"))  # a socket's path has to be short
    command = command_of(place, make_initramfs(place, desk), lines)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            guest = Guest(process, place)
            guest.read_until(f"{READY}\n".encode(), 120)
            guest.qmp.settimeout(20)
            guest.qmp.connect(str(place / "qmp"))
            with guest.qmp, guest.qmp.makefile() as guest.qmp_lines:
                guest.monitor("qmp_capabilities")
                yield guest
        finally:
            process.kill()
            process.wait(60)
            shutil.rmtree(place)
