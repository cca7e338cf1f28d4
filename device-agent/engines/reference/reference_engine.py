# SPDX-License-Identifier: Apache-2.0
"""The reference engine as a shared library, called through engine.h with ctypes."""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

STATUS = ("OK", "MALFORMED", "UNSUPPORTED", "ARENA_TOO_SMALL", "INVOKE_FAILED")
DTYPES = {1: np.int8, 2: np.uint8, 3: np.int16, 4: np.int32, 5: np.float32}
ALIGN = 16


class TensorInfo(ctypes.Structure):
    """thil_tensor_info."""

    _fields_ = (
        ("dtype", ctypes.c_uint8),
        ("rank", ctypes.c_uint8),
        ("dims", ctypes.c_uint32 * 4),
        ("bytes", ctypes.c_uint32),
        ("scale", ctypes.c_float),
        ("zero_point", ctypes.c_int32),
    )


class Report(ctypes.Structure):
    """thil_engine_report."""

    _fields_ = (("arena_needed", ctypes.c_uint32), ("detail", ctypes.c_char * 64))


class LoadError(Exception):
    """thil_engine_load did not answer OK."""

    def __init__(self, status: str, detail: str, arena_needed: int) -> None:
        """What it answered, and the report's fields."""
        super().__init__(f"{status}: {detail} (arena {arena_needed})")
        self.status = status
        self.detail = detail
        self.arena_needed = arena_needed


def library() -> ctypes.CDLL:
    """The library named by TINYHIL_REFERENCE_ENGINE, with result types declared."""
    lib = ctypes.CDLL(str(Path(os.environ["TINYHIL_REFERENCE_ENGINE"]).resolve()))
    lib.thil_engine_input.restype = ctypes.c_void_p
    lib.thil_engine_output.restype = ctypes.c_void_p
    return lib


def aligned_buffer(size: int) -> Array:
    """`size` bytes that start on the alignment engine.h asks for; filled with junk."""
    raw = np.full(size + ALIGN, 0xA5, np.uint8)
    start = -raw.ctypes.data % ALIGN
    return raw[start : start + size]


@dataclass
class Model:
    """A loaded model and the memory it borrows."""

    lib: ctypes.CDLL
    image: Array
    arena: Array
    handle: ctypes.c_void_p
    arena_needed: int
    input: TensorInfo
    output: TensorInfo

    def invoke(self, values: Array) -> Array:
        """Runs once on `values`, which have the input's dtype."""
        given = np.ascontiguousarray(values)
        assert given.nbytes == self.input.bytes
        assert given.dtype == DTYPES[self.input.dtype]
        ctypes.memmove(self.lib.thil_engine_input(self.handle), given.ctypes.data, given.nbytes)
        status = self.lib.thil_engine_invoke(self.handle)
        assert status == 0, STATUS[status]
        out = ctypes.string_at(self.lib.thil_engine_output(self.handle), self.output.bytes)
        dims = list(self.output.dims)[: self.output.rank]
        return np.frombuffer(out, DTYPES[self.output.dtype]).reshape(dims)


def load(lib: ctypes.CDLL, image: bytes, arena_size: int = 1 << 22) -> Model:
    """Loads a .tflite image; LoadError says why not."""
    held = aligned_buffer(len(image))
    held[:] = np.frombuffer(image, np.uint8)
    arena = aligned_buffer(arena_size)
    handle, report = ctypes.c_void_p(), Report()
    status = lib.thil_engine_load(
        ctypes.c_void_p(held.ctypes.data),
        ctypes.c_size_t(len(image)),
        ctypes.c_void_p(arena.ctypes.data),
        ctypes.c_size_t(arena_size),
        ctypes.byref(handle),
        ctypes.byref(report),
    )
    if status != 0:
        raise LoadError(STATUS[status], report.detail.decode(), report.arena_needed)
    given, made = TensorInfo(), TensorInfo()
    lib.thil_engine_describe(handle, ctypes.byref(given), ctypes.byref(made))
    return Model(lib, held, arena, handle, report.arena_needed, given, made)
