# SPDX-License-Identifier: Apache-2.0
"""Writes numpy_stored.npz and numpy_compressed.npz, as a user's script would: python make_npz.py"""

from pathlib import Path
from typing import Any

import numpy as np

arrays: dict[str, Any] = {
    "inputs": np.linspace(-1, 1, 5 * 7 * 3, dtype=np.float32).reshape(5, 7, 3, 1),
    "labels": np.arange(5) % 3,
    "classes": np.char.encode(np.array(["silence", "yes", "d\u00e9j\u00e0"]), "utf-8"),
    "slice_sex": np.array([0, 1, 0, 1, 1], dtype=np.uint8),
    "slice_sex_names": np.array(["female", "male"], dtype="S"),
    "golden_v1": np.zeros((5, 3), dtype=np.float32),
}
folder = Path(__file__).parent
np.savez(folder / "numpy_stored.npz", **arrays)
np.savez_compressed(folder / "numpy_compressed.npz", **arrays)
