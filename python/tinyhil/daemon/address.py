# SPDX-License-Identifier: Apache-2.0
"""Where a daemon listens: the same addresses as the command line has."""

from __future__ import annotations

import http.client
import os
import re
import socket
import ssl
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ..errors import UsageError

SYSTEM = Path("/run/tinyhil/daemon.sock")
SOCKET_PATH_MOST = 107  # bytes; Linux, unix(7)
_REMEDY = "write unix:/run/tinyhil/daemon.sock, https://HOST:PORT, or http://127.0.0.1:PORT"
_HOST = re.compile(r"\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]{1,253}")


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
    """`unix:PATH`, `https://HOST:PORT` or `http://127.0.0.1:PORT`, as `text`.

    Either `path` is set or `host` and `port`.
    """

    text: str
    path: str = ""
    host: str = ""
    port: int = 0
    is_tls: bool = False

    def connection(self, timeout: float) -> http.client.HTTPConnection:
        """One that is not connected yet. `timeout`: seconds that a connect or a read may last."""
        if self.path:
            return _UnixConnection(self.path, timeout)
        if not self.is_tls:
            return http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        trusted = os.environ.get("TINYHIL_CA") or None
        try:
            context = ssl.create_default_context(cafile=trusted)
        except (OSError, ssl.SSLError) as error:
            what = f"there are no certificates to trust: {error}"
            raise UsageError(what, str(trusted), "name a PEM file in TINYHIL_CA") from error
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return http.client.HTTPSConnection(self.host, self.port, timeout=timeout, context=context)


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
    scheme, _, rest = text.partition("://")
    if scheme not in ("http", "https"):
        raise UsageError("this is no address of a daemon", text, _REMEDY)
    host, _, digits = rest.removesuffix("/").rpartition(":")
    hosts = {"127.0.0.1": "127.0.0.1", "localhost": "127.0.0.1", "[::1]": "::1"}
    if scheme == "http" and host and host not in hosts:
        raise UsageError("another host can be asked only over https", text, _REMEDY)
    if scheme == "https" and host and not _HOST.fullmatch(host):
        raise UsageError("this names no host", text, _REMEDY)
    if not host or not (digits.isascii() and digits.isdecimal()) or not 1 <= int(digits) <= 65535:
        raise UsageError("this names no port", text, _REMEDY)
    if scheme == "https":
        return DaemonAddress(text, host=host.strip("[]"), port=int(digits), is_tls=True)
    return DaemonAddress(text, host=hosts[host], port=int(digits))
