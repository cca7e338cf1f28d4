#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Stands in for `tinyhil sim line --stats FILE -- COMMAND...` in tests: counts, neither paces nor delays."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO


def copy(source: int, sink: IO[bytes]) -> int:
    count = 0
    while chunk := os.read(source, 65536):
        sink.write(chunk)
        sink.flush()
        count += len(chunk)
    return count


def main(arguments: list[str]) -> None:
    stats = Path(arguments[arguments.index("--stats") + 1])
    command = arguments[arguments.index("--") + 1 :]
    down = 0
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as device:
        assert device.stdin is not None
        assert device.stdout is not None
        back = device.stdout.fileno()

        def copy_down() -> None:
            nonlocal down
            down = copy(back, sys.stdout.buffer)
            os.close(sys.stdout.fileno())  # a device that ended ends the line

        downwards = threading.Thread(target=copy_down)
        downwards.start()
        up = copy(sys.stdin.fileno(), device.stdin)
        device.stdin.close()
        downwards.join()
    stats.write_text(json.dumps({"to_device": {"bytes_offered": up}, "to_host": {"bytes_offered": down}}))


if __name__ == "__main__":
    main(sys.argv[1:])
