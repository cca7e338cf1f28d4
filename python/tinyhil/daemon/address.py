# SPDX-License-Identifier: Apache-2.0
"""Where a daemon listens: the same addresses as the command line has."""

from __future__ import annotations

import http.client
import os
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ..errors import UsageError

SYSTEM = Path("/run/tinyhil/daemon.sock")
SOCKET_PATH_MOST = 107  # bytes; Linux, unix(7)
_REMEDY = (
    "write unix:/run/tinyhil/daemon.sock, or http://127.0.0.1:PORT; forward another host's socket with ssh -L"
)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("tinyhil", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


@dataclass(frozen=True)
class DaemonAddress:
    """`unix:PATH` or `http://127.0.0.1:PORT`, as `text`; either `path` is set or `host` and `port`."""

    text: str
    path: str = ""
    host: str = ""
    port: int = 0

    def connection(self, timeout: float) -> http.client.HTTPConnection:
        """One that is not connected yet. `timeout`: seconds that a connect or a read may last."""
        if self.path:
            return _UnixConnection(self.path, timeout)
        return http.client.HTTPConnection(self.host, self.port, timeout=timeout)


def default_address() -> str:
    """TINYHIL_DAEMON, or the socket that `tinyhil daemon` makes for this account."""
    if named := os.environ.get("TINYHIL_DAEMON"):
        return named
    if os.geteuid() == 0:
        return f"unix:{SYSTEM}"
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    folder = Path(runtime, "tinyhil") if runtime else Path(tempfile.gettempdir(), f"tinyhil-{os.geteuid()}")
    own = folder / "daemon.sock"
    # A daemon of this account goes before one of the system.
    return f"unix:{SYSTEM if not own.exists() and SYSTEM.exists() else own}"


def parse_address(text: str) -> DaemonAddress:
    """Raises UsageError for what is no address, and for other hosts, which need TLS."""
    if text.startswith("unix:"):
        path = text.removeprefix("unix:")
        if not 1 <= len(os.fsencode(path)) <= SOCKET_PATH_MOST:
            raise UsageError("the path of a socket has 1 to 107 characters", text, _REMEDY)
        return DaemonAddress(text, path=path)
    if not text.startswith("http://"):
        raise UsageError("this is no address of a daemon", text, _REMEDY)
    host, _, digits = text.removeprefix("http://").removesuffix("/").rpartition(":")
    hosts = {"127.0.0.1": "127.0.0.1", "localhost": "127.0.0.1", "[::1]": "::1"}
    if host and host not in hosts:
        raise UsageError("another host can be asked only with TLS and tokens", text, _REMEDY)
    if not host or not (digits.isascii() and digits.isdecimal()) or not 1 <= int(digits) <= 65535:
        raise UsageError("this names no port", text, _REMEDY)
    return DaemonAddress(text, host=hosts[host], port=int(digits))
