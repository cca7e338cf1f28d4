# SPDX-License-Identifier: Apache-2.0
"""The golden vectors, read by a second codec that was written from docs/formats and messages.def alone."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path
from typing import NamedTuple

import pytest
from format_page import examples_of

HERE = Path(__file__).parent
HEADER = struct.Struct("<BBBBHH")
NUMBERS = {"u8": "<B", "u16": "<H", "u32": "<I", "i32": "<i", "f32": "<f"}

TENSOR = struct.Struct("<BB4Ifi")  # dtype, rank, dims, scale, zero point
INPUT, OUTPUT = 0, 1

NESTED = {
    "crash": ("9I", ("cause", "status", "pc", "lr", "sp", "run", "vector", "model", "repeat")),
}

Value = int | float | str | bytes | dict[str, int]


class Message(NamedTuple):
    name: str
    id: int
    fields: list[tuple[str, str]]  # type, name


class Frame(NamedTuple):
    type: int
    flags: int
    epoch: int
    credit: int
    seq: int
    ack: int
    payload: bytes


def parse_messages(definition: str) -> dict[str, Message]:
    messages: dict[str, Message] = {}
    current = ""
    text = re.sub(r"/\*.*?\*/", "", definition, flags=re.DOTALL)
    for macro, first, second in re.findall(r"THIL_(\w+)\((\w+)(?:,\s*(\w+))?\)", text):
        if macro == "MESSAGE":
            current = first
            messages[first] = Message(first, int(second, 16), [])
        elif macro == "FIELD":
            messages[current].fields.append((first, second))
    return messages


MESSAGES = parse_messages((HERE.parent / "include/thil/messages.def").read_text())


def crc32c(content: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def cobs_encode(raw: bytes) -> bytes:
    line = bytearray()
    parts = raw.split(b"\0")
    for part in parts:
        while len(part) > 254:
            line += b"\xff" + part[:254]
            part = part[254:]
        if len(part) == 254 and part is parts[-1]:
            return bytes(line + b"\xff" + part)
        if len(part) == 254:
            line += b"\xff" + part
            part = b""
        line += bytes([len(part) + 1]) + part
    return bytes(line)


def cobs_decode(line: bytes) -> bytes | None:
    raw = bytearray()
    at = 0
    while at < len(line):
        code = line[at]
        block = line[at + 1 : at + code]
        if len(block) != code - 1:
            return None
        raw += block
        at += code
        if code != 0xFF and at < len(line):
            raw.append(0)
    return bytes(raw)


def encode_frame(frame: Frame) -> bytes:
    raw = HEADER.pack(*frame[:6]) + frame.payload
    return b"\0" + cobs_encode(raw + struct.pack("<I", crc32c(raw))) + b"\0"


def decode_frame(line: bytes) -> Frame | None:
    """One frame without its delimiters."""
    raw = cobs_decode(line)
    if raw is None or len(raw) < HEADER.size + 4:
        return None
    if struct.unpack("<I", raw[-4:])[0] != crc32c(raw[:-4]):
        return None
    kind, flags, epoch, credit, seq, ack = HEADER.unpack_from(raw)
    return Frame(kind, flags, epoch, credit, seq, ack, raw[HEADER.size : -4])


def encode_nested(kind: str, value: dict[str, int]) -> bytes:
    layout, names = NESTED[kind]
    return struct.pack("<" + layout, *(value[name] for name in names))


def decode_nested(kind: str, part: bytes) -> dict[str, int]:
    layout, names = NESTED[kind]
    return dict(zip(names, struct.unpack("<" + layout, part), strict=True))


def decode_tensors(tensors: bytes) -> list[tuple[int | float, ...]]:
    """Of a `loaded`: role, dtype, rank, four dims, scale and zero point of each."""
    found = [(role, *TENSOR.unpack_from(tensors, role * TENSOR.size)) for role in (INPUT, OUTPUT)]
    rest = tensors[2 * TENSOR.size :]
    each = 1 + TENSOR.size
    assert len(rest) % each == 0
    return found + [(rest[at], *TENSOR.unpack_from(rest, at + 1)) for at in range(0, len(rest), each)]


def encode_payload(name: str, fields: dict[str, Value]) -> bytes:
    payload = bytearray()
    for kind, field in MESSAGES[name].fields:
        value = fields[field]
        if kind in NUMBERS:
            payload += struct.pack(NUMBERS[kind], value)
        elif isinstance(value, dict):
            payload += encode_nested(kind, value)
        elif isinstance(value, str):
            payload += bytes([len(value.encode())]) + value.encode()
        else:
            assert isinstance(value, bytes)
            payload += value
    return bytes(payload)


def decode_payload(name: str, payload: bytes) -> dict[str, Value] | None:
    fields: dict[str, Value] = {}
    at = 0
    for kind, field in MESSAGES[name].fields:
        if kind in NUMBERS:
            size = struct.calcsize(NUMBERS[kind])
        elif kind == "digest":
            size = 32
        elif kind in NESTED:
            size = struct.calcsize("<" + NESTED[kind][0])
        elif kind == "text":
            size = 1 + (payload[at] if at < len(payload) else 0)
        else:
            size = len(payload) - at
        part = payload[at : at + size]
        if len(part) != size:
            return None
        at += size
        if kind in NUMBERS:
            fields[field] = struct.unpack(NUMBERS[kind], part)[0]
        elif kind in NESTED:
            fields[field] = decode_nested(kind, part)
        else:
            fields[field] = part[1:].decode() if kind == "text" else part
    return fields if at == len(payload) else None


class Golden(NamedTuple):
    name: str
    message: str
    fields: dict[str, Value]
    frame: Frame
    line: bytes


def load_golden() -> list[Golden]:
    cases = []
    for case in json.loads((HERE / "golden.json").read_text())["frames"]:
        kinds = {field: kind for kind, field in MESSAGES[case["message"]].fields}
        fields = {
            k: bytes.fromhex(v) if kinds[k] in ("digest", "bytes") else v for k, v in case["fields"].items()
        }
        flags, epoch, credit, seq, ack = (case[k] for k in ("flags", "epoch", "credit", "seq", "ack"))
        payload = encode_payload(case["message"], fields)
        frame = Frame(MESSAGES[case["message"]].id, flags, epoch, credit, seq, ack, payload)
        cases.append(Golden(case["name"], case["message"], fields, frame, bytes.fromhex(case["line"])))
    return cases


GOLDEN = load_golden()


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda g: g.name)
def test_encodes_the_golden_line(golden: Golden) -> None:
    assert encode_frame(golden.frame) == golden.line


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda g: g.name)
def test_decodes_the_golden_line(golden: Golden) -> None:
    assert golden.line.count(0) == 2
    assert golden.line[0] == golden.line[-1] == 0
    frame = decode_frame(golden.line[1:-1])
    assert frame == golden.frame
    assert decode_payload(golden.message, golden.frame.payload) == golden.fields


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda g: g.name)
def test_refuses_a_flipped_bit(golden: Golden) -> None:
    for at in range(0, len(golden.line) - 2, 7):
        damaged = bytearray(golden.line[1:-1])
        damaged[at] ^= 0x10
        assert 0 in damaged or decode_frame(bytes(damaged)) is None


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda g: g.name)
def test_refuses_a_payload_cut_short_or_with_a_rest(golden: Golden) -> None:
    kinds = [kind for kind, _ in MESSAGES[golden.message].fields]
    if "bytes" in kinds:
        return  # takes whatever is left
    assert decode_payload(golden.message, golden.frame.payload + b"x") is None
    if kinds:
        assert decode_payload(golden.message, golden.frame.payload[:-1]) is None


def test_the_frame_of_the_page() -> None:
    page = examples_of("frame.md")
    golden = next(g for g in GOLDEN if g.name == "hello")
    assert page["hello"] == golden.line == encode_frame(golden.frame)
    raw = page["hello, before COBS"]
    assert raw == cobs_decode(page["hello"].strip(b"\0"))
    assert int.from_bytes(raw[-4:], "little") == crc32c(raw[:-4])


@pytest.mark.parametrize("name", examples_of("messages.md"))
def test_a_message_of_the_page(name: str) -> None:
    golden = next(g for g in GOLDEN if g.name == name)
    payload = examples_of("messages.md")[name]
    assert encode_payload(golden.message, golden.fields) == payload
    assert decode_payload(golden.message, payload) == golden.fields


def test_the_tensors_of_a_model_follow_each_other() -> None:
    fields = {g.name: g.fields for g in GOLDEN if g.message == "loaded"}
    first = [(INPUT, 1, 4, 1, 49, 10, 1, 0.5, -128), (OUTPUT, 1, 2, 1, 12, 1, 1, 0.00390625, 127)]
    tensors = {name: each["tensors"] for name, each in fields.items()}
    assert all(isinstance(each, bytes) for each in tensors.values())
    assert decode_tensors(bytes(tensors["loaded"])) == first  # type: ignore[arg-type]
    several = decode_tensors(bytes(tensors["loaded with two inputs and three outputs"]))  # type: ignore[arg-type]
    assert several[:2] == first
    assert several[2:] == [
        (INPUT, 5, 2, 1, 6, 1, 1, 0.0, 0),
        (OUTPUT, 2, 2, 1, 3, 1, 1, 0.25, 128),
        (OUTPUT, 4, 1, 7, 1, 1, 1, 0.0, 0),
    ]


def test_crc_check_value() -> None:
    assert crc32c(b"123456789") == 0xE3069283


def test_every_message_has_a_golden_frame() -> None:
    assert {g.message for g in GOLDEN} == set(MESSAGES)
