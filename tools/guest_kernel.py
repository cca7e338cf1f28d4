#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tools/guest_kernel.py FOLDER: the kernel that tests boot in QEMU, out of Debian's package, not installed.

FOLDER gets `vmlinux`, unpacked, for which an emulator would take seconds, and the modules of a USB serial
adapter. Nothing is done when they are there.
"""

from __future__ import annotations

import lzma
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

META_PACKAGE = "linux-image-amd64"
MODULES = [
    "usb-common",
    "usbcore",
    "xhci-hcd",
    "xhci-pci",
    "usbserial",
    "ftdi_sio",
]  # in the order of loading


def wanted_files() -> list[str]:
    return ["vmlinux", *(f"{module}.ko" for module in MODULES)]


def package_name() -> str:
    said = subprocess.run(["apt-cache", "depends", META_PACKAGE], capture_output=True, text=True, check=True)
    found = re.search(r"Depends: (linux-image-\S+)", said.stdout)
    if not found:
        sys.exit(
            f"guest_kernel: apt knows no {META_PACKAGE}\n  remedy: apt-get update, on a Debian 12 for amd64"
        )
    return found[1]


def download(folder: Path) -> Path:
    # As root apt would change to a user who may not write here; the package is checked all the same.
    command = ["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", package_name()]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:  # lists older than the mirror
        subprocess.run(["apt-get", "-q", "update"], capture_output=True, check=False)
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    packages = list(folder.glob("*.deb"))
    if done.returncode != 0 or len(packages) != 1:
        sys.exit(
            f"{done.stdout}{done.stderr}guest_kernel: apt-get could not download it\n  remedy: apt-get update"
        )
    return packages[0]


def unpacked_kernel(image: bytes) -> bytes:
    """The ELF file inside a bzImage: Documentation/arch/x86/boot.rst, payload_offset and payload_length."""
    setup_sectors = image[0x1F1]
    offset, length = struct.unpack_from("<II", image, 0x248)
    start = (setup_sectors + 1) * 512 + offset
    return lzma.LZMADecompressor().decompress(image[start : start + length])


def take_out(package: Path, folder: Path) -> None:
    command = ["dpkg", "--fsys-tarfile", str(package)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE) as process,
        tarfile.open(fileobj=process.stdout, mode="r|") as files,
    ):
        for member in files:
            name = Path(member.name).name
            is_kernel = name.startswith("vmlinuz-")
            if not is_kernel and name not in wanted_files():
                continue
            content = files.extractfile(member)
            assert content is not None, f"{member.name} is no file"
            whole = content.read()
            (folder / ("vmlinux" if is_kernel else name)).write_bytes(
                unpacked_kernel(whole) if is_kernel else whole
            )


def main(folder: Path) -> None:
    if all((folder / name).is_file() for name in wanted_files()):
        return
    print(
        f"taking the kernel for tests of serial ports out of Debian's package (70 MB) into {folder}",
        file=sys.stderr,
    )
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as place:
        made = Path(place) / "made"
        made.mkdir()
        take_out(download(Path(place)), made)
        missing = [name for name in wanted_files() if not (made / name).is_file()]
        if missing:
            sys.exit(f"guest_kernel: the package has no {', '.join(missing)}")
        shutil.copytree(made, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
