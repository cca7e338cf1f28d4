# SPDX-License-Identifier: Apache-2.0
"""Real wake-word features as a plain file of vectors: what numpy would do, without numpy."""

from __future__ import annotations

import zipfile
from pathlib import Path

POISONS = range(0xEB, 0xEF)  # vectors that begin so make the fake engine fail, crash or hang


def write_features(vectors: Path, size: int, out: Path) -> int:
    """Writes the set's int8 inputs one after the other and returns how many there are."""
    with zipfile.ZipFile(vectors) as archive:
        npy = archive.read("inputs.npy")
    if npy[:6] != b"\x93NUMPY" or npy[6] != 1 or b"'|i1'" not in npy[:128]:
        raise ValueError(f"{vectors}: inputs.npy does not hold int8 in numpy's format 1")
    raw = npy[10 + int.from_bytes(npy[8:10], "little") :]
    if len(raw) % size != 0:
        raise ValueError(f"{vectors}: the inputs are no multiple of {size} bytes")
    kept = [raw[i : i + size] for i in range(0, len(raw), size) if raw[i] not in POISONS]
    out.write_bytes(b"".join(kept))
    return len(kept)
