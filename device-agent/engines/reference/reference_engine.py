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
INPUT, OUTPUT = 0, 1  # thil_tensor_role


class TensorInfo(ctypes.Structure):
    """thil_tensor_info."""

    _fields_ = (
        ("dtype", ctypes.c_uint8),
        ("rank", ctypes.c_uint8),
        ("dims", ctypes.c_uint32 * 4),
        ("scale", ctypes.c_float),
        ("zero_point", ctypes.c_int32),
        ("bytes", ctypes.c_uint32),
    )


class EngineMemory(ctypes.Structure):
    """thil_engine_memory."""

    _fields_ = (
        ("image", ctypes.c_void_p),
        ("image_size", ctypes.c_size_t),
        ("arena", ctypes.c_void_p),
        ("arena_size", ctypes.c_size_t),
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
    lib.thil_engine_tensor.restype = ctypes.c_void_p
    return lib


def aligned_buffer(size: int) -> Array:
    """`size` bytes that start on the alignment engine.h asks for; filled with junk."""
    raw = np.full(size + ALIGN, 0xA5, np.uint8)
    start = -raw.ctypes.data % ALIGN
    return raw[start : start + size]


@dataclass
class Tensor:
    """An input or output of a loaded model: what it is and where it lies."""

    info: TensorInfo
    address: int

    @property
    def shape(self) -> list[int]:
        """With the batch dimension."""
        return list(self.info.dims)[: self.info.rank]


@dataclass
class Model:
    """A loaded model and the memory it borrows."""

    lib: ctypes.CDLL
    image: Array
    arena: Array
    handle: ctypes.c_void_p
    arena_needed: int
    inputs: list[Tensor]
    outputs: list[Tensor]

    @property
    def input(self) -> TensorInfo:
        """Of a model with one."""
        (only,) = self.inputs
        return only.info

    @property
    def output(self) -> TensorInfo:
        """Of a model with one."""
        (only,) = self.outputs
        return only.info

    def invoke(self, values: Array) -> Array:
        """Runs a model of one input and one output once on `values`, which have the input's dtype."""
        (output,) = self.invoke_all([values])
        return output

    def reset(self) -> None:
        """Back to what the model remembered after its load."""
        self.lib.thil_engine_reset(self.handle)

    def invoke_all(self, values: list[Array]) -> list[Array]:
        """Runs once, on one array an input; one array an output."""
        for tensor, each in zip(self.inputs, values, strict=True):
            given = np.ascontiguousarray(each)
            assert given.nbytes == tensor.info.bytes
            assert given.dtype == DTYPES[tensor.info.dtype]
            ctypes.memmove(tensor.address, given.ctypes.data, given.nbytes)
        status = self.lib.thil_engine_invoke(self.handle)
        assert status == 0, STATUS[status]
        return [
            np.frombuffer(ctypes.string_at(each.address, each.info.bytes), DTYPES[each.info.dtype]).reshape(
                each.shape
            )
            for each in self.outputs
        ]


def tensors_of(lib: ctypes.CDLL, handle: ctypes.c_void_p, role: int) -> list[Tensor]:
    """All inputs, or all outputs."""
    found: list[Tensor] = []
    info = TensorInfo()
    while address := lib.thil_engine_tensor(handle, role, ctypes.c_uint32(len(found)), ctypes.byref(info)):
        found.append(Tensor(info, address))
        info = TensorInfo()
    return found


def load(lib: ctypes.CDLL, image: bytes, arena_size: int = 1 << 22) -> Model:
    """Loads a .tflite image; LoadError says why not."""
    held = aligned_buffer(len(image))
    held[:] = np.frombuffer(image, np.uint8)
    arena = aligned_buffer(arena_size)
    handle, report = ctypes.c_void_p(), Report()
    memory = EngineMemory(held.ctypes.data, len(image), arena.ctypes.data, arena_size)
    status = lib.thil_engine_load(ctypes.byref(memory), ctypes.byref(handle), ctypes.byref(report))
    if status != 0:
        raise LoadError(STATUS[status], report.detail.decode(), report.arena_needed)
    ends = [tensors_of(lib, handle, role) for role in (INPUT, OUTPUT)]
    return Model(lib, held, arena, handle, report.arena_needed, *ends)
