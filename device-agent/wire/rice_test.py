# SPDX-License-Identifier: Apache-2.0
"""The packed golden blocks, read by a second decoder that was written from rice.h's prose alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest

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
