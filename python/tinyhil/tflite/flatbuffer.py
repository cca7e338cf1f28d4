# SPDX-License-Identifier: Apache-2.0
"""Reads a FlatBuffer that may be hostile.

The `flatbuffers` package trusts what it reads: an offset outside the file is a `struct.error`, a negative one
reads from the end of the file, and a vector may claim a thousand million entries. Here each offset is checked
and what becomes a Python object is paid for from a budget: a small file that names one part a million times
is refused early.
"""

from __future__ import annotations

import struct
from typing import NoReturn, TypeVar

import numpy as np
import numpy.typing as npt

from tinyhil.tflite.error import ModelError

Number = TypeVar("Number", bound=np.generic)

U8 = struct.Struct("<B")
I8 = struct.Struct("<b")
U16 = struct.Struct("<H")
I32 = struct.Struct("<i")
U32 = struct.Struct("<I")

TABLE_COST, NUMBER_COST = 32, 8  # a character costs 1
BUDGET = 1 << 22


class Source:
    """A file's bytes, its name for messages, and what may still be spent on reading it."""

    def __init__(self, content: bytes | memoryview, name: str) -> None:
        self.view = memoryview(content)
        self.name = name
        self.left = BUDGET

    def refuse(self, where: str, what: str) -> NoReturn:
        """Raises ModelError."""
        raise ModelError(what, f"{self.name}, {where}", "export the model again, or copy the file again")

    def spend(self, cost: int, where: str) -> None:
        """Raises ModelError once the budget is used up."""
        self.left -= cost
        if self.left < 0:
            self.refuse(where, "has more parts than a model of 64 MiB could need")

    def number(self, form: struct.Struct, at: int, where: str) -> int:
        """The integer at byte `at`."""
        if at < 0 or at + form.size > len(self.view):
            self.refuse(where, "lies outside the file")
        (value,) = form.unpack_from(self.view, at)
        return int(value)

    def root(self, identifier: bytes) -> Table:
        """The outermost table of a FlatBuffer that carries `identifier`."""
        if len(self.view) < 8 or self.view[4:8] != identifier:
            self.refuse("byte 4", f"does not say {identifier.decode()}")
        return Table(self, self.number(U32, 0, "the root"), "the root")


class Table:
    """One table. Fields are numbered as the schema lists them; a union counts as two, its type first."""

    __slots__ = ("_fields", "_fields_size", "at", "source", "where")

    def __init__(self, source: Source, at: int, where: str) -> None:
        source.spend(TABLE_COST, where)
        self.source = source
        self.at = at
        self.where = where
        self._fields = at - source.number(I32, at, where)
        self._fields_size = source.number(U16, self._fields, where)

    def number(self, field: int, form: struct.Struct, default: int = 0) -> int:
        """A scalar; `default` when it was left out, as the schema says."""
        at = self._place(field)
        return default if at is None else self.source.number(form, at, self.where)

    def table(self, field: int, name: str) -> Table | None:
        """A table inside this one; `name` is for messages."""
        at = self._target(field)
        return None if at is None else Table(self.source, at, f"{self.where} {name}")

    def tables(self, field: int, name: str) -> list[Table]:
        """A vector of tables, empty when it was left out."""
        found: list[Table] = []
        for i, step in enumerate(self.numbers(field, np.dtype("<u4"))):
            at = self._target_at(field) + 4 + 4 * i + int(step)
            found.append(Table(self.source, at, f"{name} {i}"))
        return found

    def numbers(self, field: int, dtype: np.dtype[Number]) -> npt.NDArray[Number]:
        """A vector of numbers: a view of the file, no copy."""
        at = self._target(field)
        if at is None:
            return np.empty(0, dtype)
        count = self.source.number(U32, at, self.where)
        if at + 4 + count * dtype.itemsize > len(self.source.view):
            self.source.refuse(self.where, f"has a list of {count:,} that ends outside the file")
        return np.frombuffer(self.source.view, dtype, count, at + 4)

    def integers(self, field: int) -> tuple[int, ...]:
        """A vector of int32."""
        values = self.numbers(field, np.dtype("<i4"))
        self.source.spend(NUMBER_COST * len(values), self.where)
        return tuple(values.tolist())

    def reals(self, field: int) -> tuple[float, ...]:
        """A vector of float32."""
        values = self.numbers(field, np.dtype("<f4"))
        self.source.spend(NUMBER_COST * len(values), self.where)
        return tuple(values.tolist())

    def octets(self, field: int) -> memoryview:
        """A vector of bytes: a view of the file."""
        return self.numbers(field, np.dtype("u1")).data

    def text(self, field: int) -> str:
        """A string, empty when it was left out; bytes that are no UTF-8 show as U+FFFD."""
        content = self.octets(field)
        self.source.spend(len(content), self.where)
        return bytes(content).decode("utf-8", "replace")

    def _place(self, field: int) -> int | None:
        slot = 4 + 2 * field
        if slot + 2 > self._fields_size:
            return None
        step = self.source.number(U16, self._fields + slot, self.where)
        return self.at + step if step else None

    def _target(self, field: int) -> int | None:
        at = self._place(field)
        return None if at is None else at + self.source.number(U32, at, self.where)

    def _target_at(self, field: int) -> int:
        at = self._target(field)
        assert at is not None
        return at
