# SPDX-License-Identifier: Apache-2.0
"""The packed golden blocks, read and written by a second codec, made from docs/formats/rice.md alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest
from format_page import examples_of

PLAIN = 8
ESCAPE = 12


class Malformed(Exception):
    pass


class Bits:
    """Most significant bit first."""

    def __init__(self, content: bytes) -> None:
        self.text = "".join(f"{byte:08b}" for byte in content)
        self.at = 0

    def take(self, count: int) -> int:
        taken = self.text[self.at : self.at + count]
        if len(taken) != count:
            raise Malformed("cut short")
        self.at += count
        return int(taken, 2) if taken else 0


def take_number(bits: Bits, k: int) -> int:
    if k == PLAIN:
        return bits.take(8)
    ones = 0
    while ones < ESCAPE and bits.take(1) == 1:
        ones += 1
    number = bits.take(8) if ones == ESCAPE else ones << k | bits.take(k)
    if number > 255:
        raise Malformed("number above 255")
    return number


def unpack(packed: bytes, raw_size: int) -> bytes:
    if not packed or packed[0] == 0:
        raise Malformed("no stride")
    stride = packed[0]
    table = packed[1 : 1 + (stride + 1) // 2]
    if len(table) != (stride + 1) // 2:
        raise Malformed("no parameters")
    bits = Bits(packed[1 + len(table) :])
    raw = bytearray()
    for i in range(raw_size):
        k = table[i % stride // 2] >> (4 * (i % stride % 2)) & 15
        if k > PLAIN:
            raise Malformed("parameter out of range")
        number = take_number(bits, k)
        missed = -(number + 1) // 2 if number % 2 else number // 2
        raw.append(((raw[i - stride] if i >= stride else 0) + missed) % 256)
    if len(bits.text) - bits.at >= 8:
        raise Malformed("a rest")
    return bytes(raw)


def symbol(number: int, k: int) -> str:
    if k == PLAIN:
        return f"{number:08b}"
    if number >> k < ESCAPE:
        low = f"{number:08b}"[8 - k :]
        return "1" * (number >> k) + "0" + low
    return "1" * ESCAPE + f"{number:08b}"


def pack(raw: bytes, head: bytes) -> bytes:
    """With the stride and the parameters of `head`."""
    stride = head[0]
    bits = ""
    for i, byte in enumerate(raw):
        difference = (byte - (raw[i - stride] if i >= stride else 0)) % 256
        number = 2 * difference if difference < 128 else 2 * (256 - difference) - 1
        bits += symbol(number, head[1 + i % stride // 2] >> (4 * (i % stride % 2)) & 15)
    bits += "1" * (-len(bits) % 8)
    return head + bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))


class Block(NamedTuple):
    name: str
    packed: bytes
    raw: bytes


class Broken(NamedTuple):
    name: str
    packed: bytes
    raw_size: int


GOLDEN = json.loads((Path(__file__).parent / "rice_golden.json").read_text())
BLOCKS = [Block(b["name"], bytes.fromhex(b["packed"]), bytes.fromhex(b["raw"])) for b in GOLDEN["blocks"]]
BROKEN = [Broken(b["name"], bytes.fromhex(b["packed"]), b["raw_size"]) for b in GOLDEN["malformed"]]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda b: b.name)
def test_unpacks_the_golden_block(block: Block) -> None:
    assert unpack(block.packed, len(block.raw)) == block.raw


@pytest.mark.parametrize("block", BLOCKS, ids=lambda b: b.name)
def test_packs_the_golden_block(block: Block) -> None:
    head = block.packed[: 1 + (block.packed[0] + 1) // 2]
    assert pack(block.raw, head) == block.packed


@pytest.mark.parametrize("name", examples_of("rice.md"))
def test_a_block_of_the_page(name: str) -> None:
    packed = examples_of("rice.md")[name]
    raw = next(b.raw for b in BLOCKS if b.name == name)
    assert unpack(packed, len(raw)) == raw
    assert pack(raw, packed[: 1 + (packed[0] + 1) // 2]) == packed


def test_ones_at_the_end_are_what_bounds_a_block() -> None:
    assert unpack(bytes.fromhex("010000"), 1) == unpack(bytes.fromhex("010000"), 8)[:1]
    assert unpack(bytes.fromhex("01007f"), 1) == b"\0"
    for size in range(2, 9):
        with pytest.raises(Malformed):
            unpack(bytes.fromhex("01007f"), size)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda b: b.name)
def test_refuses_a_golden_block_of_another_length(block: Block) -> None:
    for size in range(len(block.packed)):
        with pytest.raises(Malformed):
            unpack(block.packed[:size], len(block.raw))
    with pytest.raises(Malformed):
        unpack(block.packed + b"\xff", len(block.raw))
    with pytest.raises(Malformed):
        unpack(block.packed, len(block.raw) + 1)


@pytest.mark.parametrize("block", BROKEN, ids=lambda b: b.name)
def test_refuses_a_malformed_block(block: Broken) -> None:
    with pytest.raises(Malformed):
        unpack(block.packed, block.raw_size)
