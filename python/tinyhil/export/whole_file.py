# SPDX-License-Identifier: Apache-2.0
"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import BenchFault


@contextmanager
def whole_file(file: str | os.PathLike[str]) -> Iterator[Path]:
    """A path to write to, beside `file`, whose place it takes at the end; after an exception it is removed.

    Raises BenchFault when the folder cannot be written to.
    """
    target = Path(file)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(target)
    except OSError as error:
        raise BenchFault(
            f"the file cannot be written: {error.strerror or error}",
            str(target),
            "correct the path, or make room",
        ) from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            part.unlink()


def write_json(document: dict[str, Any], file: str | os.PathLike[str]) -> Path:
    """Writes it indented, in UTF-8; returns the path."""
    with whole_file(file) as part:
        part.write_text(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n", "utf-8")
    return Path(file)
