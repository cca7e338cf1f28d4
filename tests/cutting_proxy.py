# SPDX-License-Identifier: Apache-2.0
"""A network between a client and a daemon's socket, which breaks off."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from pathlib import Path


class CuttingProxy:
    """Forwards connections from `path` to `target`; a WebSocket breaks off after so many bytes."""

    def __init__(self, path: Path, target: Path, cut_after: int) -> None:
        self.cuts = 0
        self._target, self._cut_after = target, cut_after
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        self._listener.listen()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        """Once nobody is connected any more."""
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self._threads.append(threading.Thread(target=self._forward, args=(near,)))
                self._threads[-1].start()

    def _forward(self, near: socket.socket) -> None:
        with near, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as far, contextlib.suppress(OSError):
            far.connect(str(self._target))
            is_websocket, left = False, self._cut_after
            while True:
                for source in select.select([near, far], [], [])[0]:
                    sink = far if source is near else near
                    if not (piece := source.recv(4096)):
                        return
                    is_websocket = is_websocket or b"Sec-WebSocket" in piece
                    left -= len(piece) if is_websocket else 0
                    sink.sendall(piece if left > 0 else piece[: len(piece) // 2])
                    if left <= 0:
                        self.cuts += 1
                        return
