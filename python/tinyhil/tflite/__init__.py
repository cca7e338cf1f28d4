# SPDX-License-Identifier: Apache-2.0
"""Reads .tflite models without running them: what they take and give, and whether vectors fit.

Needs numpy only. `read` a file, `check` it against a vector set, `compare` it with the model in the field.
"""

from __future__ import annotations

from tinyhil.tflite.check import Complaint, InputArray, VectorSet, check
from tinyhil.tflite.compare import compare
from tinyhil.tflite.error import ModelError
from tinyhil.tflite.metadata import AssociatedFile, Normalisation, TensorNote
from tinyhil.tflite.model import Model, Operator, Tensor
from tinyhil.tflite.reader import FILE_MAX, content_of, read

__all__ = [
    "FILE_MAX",
    "AssociatedFile",
    "Complaint",
    "InputArray",
    "Model",
    "ModelError",
    "Normalisation",
    "Operator",
    "Tensor",
    "TensorNote",
    "VectorSet",
    "check",
    "compare",
    "content_of",
    "read",
]
