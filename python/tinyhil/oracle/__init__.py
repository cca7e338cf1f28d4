# SPDX-License-Identifier: Apache-2.0
"""What a model should answer, computed on this computer, and where a device departs from it.

`golden` runs LiteRT, `compare_outputs` holds a device's outputs against it bit for bit, `first_difference`
finds the layer. Needs `pip install tinyhil[litert]`; comparing does not.
"""

from .bisect import LayerDifference, Reading, VanishedError, first_difference
from .cut import cut
from .differences import Differences, Mismatch, compare_outputs
from .litert import Kernels, Provenance, golden, provenance

__all__ = [
    "Differences",
    "Kernels",
    "LayerDifference",
    "Mismatch",
    "Provenance",
    "Reading",
    "VanishedError",
    "compare_outputs",
    "cut",
    "first_difference",
    "golden",
    "provenance",
]
