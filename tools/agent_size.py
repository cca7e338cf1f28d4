#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The agent's flash and RAM, read from a firmware ELF file that was linked without an engine.

State is what the agent must have; buffers (symbols thil_buffer_*) are what an integrator chooses the size of.
Prints a table and fails above the budget.
"""

from __future__ import annotations

import argparse
import struct
import sys
from pathlib import Path
from typing import NamedTuple

SECTION = struct.Struct("<10I")  # name type flags address offset size link info align entry
SYMBOL = struct.Struct("<IIIBBH")  # name value size info other section
SYMTAB, NOBITS, WRITE, ALLOC = 2, 8, 1, 2


class Section(NamedTuple):
    name: str
    type: int
    flags: int
    offset: int
    size: int
    link: int


class Size(NamedTuple):
    flash: int
    state: int
    buffers: int
    stack: int
    slots: int


def name_at(image: bytes, table: int, at: int) -> str:
    return image[table + at : image.index(b"\0", table + at)].decode()


def read_sections(image: bytes) -> list[Section]:
    if image[:5] != b"\x7fELF\x01":
        raise ValueError("not a 32-bit ELF file")
    (start,) = struct.unpack_from("<I", image, 32)
    size, count, names = struct.unpack_from("<HHH", image, 46)
    raw = [SECTION.unpack_from(image, start + i * size) for i in range(count)]
    table = raw[names][4]
    return [Section(name_at(image, table, r[0]), r[1], r[2], r[4], r[5], r[6]) for r in raw]


def buffer_bytes(image: bytes, sections: list[Section], inside: set[int]) -> int:
    total = 0
    for table in (s for s in sections if s.type == SYMTAB):
        names = sections[table.link].offset
        for at in range(table.offset, table.offset + table.size, SYMBOL.size):
            name, _, size, _, _, section = SYMBOL.unpack_from(image, at)
            if section in inside and name_at(image, names, name).startswith("thil_buffer_"):
                total += size
    return total


def measure(image: bytes) -> Size:
    sections = read_sections(image)
    held = [s for s in sections if s.flags & ALLOC]
    apart = {name: sum(s.size for s in held if s.name == name) for name in (".stack", ".slots")}
    variables = [
        i for i, s in enumerate(sections) if s.flags & ALLOC and s.flags & WRITE and s.name not in apart
    ]
    buffers = buffer_bytes(image, sections, set(variables))
    return Size(
        flash=sum(s.size for s in held if s.type != NOBITS),
        state=sum(sections[i].size for i in variables) - buffers,
        buffers=buffers,
        stack=apart[".stack"],
        slots=apart[".slots"],
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("elf", type=Path)
    parser.add_argument("--flash", type=int, default=8192, help="budget in bytes (default: %(default)s)")
    parser.add_argument(
        "--ram", type=int, default=2048, help="budget of state in bytes (default: %(default)s)"
    )
    options = parser.parse_args(arguments)
    size = measure(options.elf.read_bytes())
    print(f"{options.elf.name}, without an engine        bytes   budget")
    print(f"  flash: code, constants, vectors  {size.flash:9}  {options.flash:7}")
    print(f"  RAM: state                       {size.state:9}  {options.ram:7}")
    print(f"  RAM: receive ring, frame buffers {size.buffers:9}")
    print(f"  RAM: stack, reserved             {size.stack:9}")
    print(f"  RAM: slots and arenas            {size.slots:9}")
    if size.flash > options.flash or size.state > options.ram:
        print("agent_size: above the budget", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
