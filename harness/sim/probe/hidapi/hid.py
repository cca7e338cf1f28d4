# SPDX-License-Identifier: Apache-2.0
"""A stand-in for the Python module `hid`, by which pyOCD finds simulated CMSIS-DAP probes.

Put its folder into PYTHONPATH and set PYOCD_USB_BACKEND=hidapiusb. TINYHIL_PROBES names the probes,
SERIAL@SOCKET, several with colons in between. hidapi.c is the same for programs that use the library.
"""

from __future__ import annotations

import os
import socket
from typing import Any

REPORT = 64


def enumerate(vendor_id: int = 0, product_id: int = 0) -> list[dict[str, Any]]:
    probes = []
    for place in filter(None, os.environ.get("TINYHIL_PROBES", "").split(":")):
        serial, _, path = place.partition("@")
        probe = {
            "path": path.encode(),
            "vendor_id": 0x1209,
            "product_id": 0xD1A9,
            "serial_number": serial,
            "release_number": 0,
            "manufacturer_string": "tinyhil",
            "product_string": "simulated CMSIS-DAP",
            "usage_page": 0xFF00,
            "usage": 1,
            "interface_number": 0,
        }
        if vendor_id in (0, probe["vendor_id"]) and product_id in (0, probe["product_id"]):
            probes.append(probe)
    return probes


class device:
    def __init__(self, **_which: object) -> None:
        self._socket: socket.socket | None = None

    def open_path(self, path: bytes) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(path.decode())

    def get_report_descriptor(self) -> bytes:
        """64 bytes in, 64 bytes out."""
        return bytes([0x75, 8, 0x95, REPORT, 0x81, 2, 0x75, 8, 0x95, REPORT, 0x91, 2])

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None

    def set_nonblocking(self, _value: int) -> int:
        return 0

    def _open(self) -> socket.socket:
        if self._socket is None:
            raise OSError("the probe is not open")
        return self._socket

    def write(self, report: bytes | list[int]) -> int:
        """The first byte is the number of the report, always zero."""
        self._open().sendall(bytes(report[1:]).ljust(REPORT, b"\0")[:REPORT])
        return len(report)

    def read(self, size: int, timeout_ms: int = 0) -> list[int]:
        """A report, or nothing when none comes in time; 0 waits for one."""
        probe = self._open()
        probe.settimeout(timeout_ms / 1000 if timeout_ms else None)
        try:
            report = probe.recv(REPORT)
        except TimeoutError:
            return []
        probe.settimeout(None)
        while len(report) < REPORT:
            rest = probe.recv(REPORT - len(report))
            if not rest:
                raise OSError("the probe is gone")
            report += rest
        return list(report[:size])
