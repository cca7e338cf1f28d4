# SPDX-License-Identifier: Apache-2.0
"""Is the firmware on the board that of the file, when the file does not tell every byte of it?"""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from cli import TINYHIL, Outcome, call
from fake_desk import FAKE_AGENT, FakeDesk, noise

FIRMWARE = FAKE_AGENT.read_bytes()  # a process reads back its own file
GAP = range(0x1000, 0x2000)


def record(kind: int, address: int, content: bytes) -> str:
    body = bytes([len(content)]) + struct.pack(">HB", address & 0xFFFF, kind) + content
    return f":{(body + bytes([-sum(body) & 0xFF])).hex().upper()}\n"


def intel_hex(content: bytes, base: int) -> str:
    """Without what lies in the gap."""
    lines = []
    for at in range(0, len(content), 32):
        if at % 0x10000 == 0:
            lines.append(record(4, 0, struct.pack(">H", (base + at) >> 16)))
        if at not in GAP:
            lines.append(record(0, base + at, content[at : at + 32]))
    return "".join(lines) + record(1, 0, b"")


def boards(folder: Path, image: Path, *options: str) -> Outcome:
    desk = FakeDesk(folder, [], noise(20, size=16))
    link = {"driver": "process", "command": [str(FAKE_AGENT)]}
    entry = {"name": "b1", "provenance": "process", "image": str(image), "link": link}
    desk.write("bench.yaml", {"bench": "desk", "boards": [entry]})
    return call([str(TINYHIL), "boards", str(desk.folder / "bench.yaml"), *options])


@pytest.mark.parametrize("base", [0, 0x08000000])
def test_what_lies_in_a_gap_may_be_anything(tmp_path: Path, base: int) -> None:
    assert any(FIRMWARE[at] not in (0x00, 0xFF) for at in GAP)
    (tmp_path / "agent.hex").write_text(intel_hex(FIRMWARE, base))
    done = boards(tmp_path, tmp_path / "agent.hex", "--json")
    assert done.code == 0, done.out + done.err
    assert "error" not in json.loads(done.out)[0]


def test_every_byte_that_the_file_tells_must_be_there(tmp_path: Path) -> None:
    other = bytearray(FIRMWARE)
    other[0x2345] ^= 1
    (tmp_path / "agent.hex").write_text(intel_hex(bytes(other), 0x08000000))
    done = boards(tmp_path, tmp_path / "agent.hex")
    assert done.code == 6, done.out + done.err
    assert "they differ from 0x08002000 on" in done.out


def test_a_damaged_file_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "agent.hex").write_text(intel_hex(FIRMWARE, 0).replace("7F454C46", "7F454C47", 1))
    done = boards(tmp_path, tmp_path / "agent.hex")
    assert done.code == 2, done.out + done.err
    assert "Intel HEX record has a wrong checksum" in done.out


def test_a_firmware_larger_than_what_the_device_reads_is_another(tmp_path: Path) -> None:
    (tmp_path / "agent.hex").write_text(intel_hex(FIRMWARE + bytes(32), 0))
    done = boards(tmp_path, tmp_path / "agent.hex")
    assert done.code == 6, done.out + done.err
    assert f"the device reads back {len(FIRMWARE)}" in done.out
