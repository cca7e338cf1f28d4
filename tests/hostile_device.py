# SPDX-License-Identifier: Apache-2.0
"""A device that speaks the frames and lies: `hostile_device.py LIE` on stdin and stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "device-agent/tests"))

from wire_test import (
    MESSAGES,
    OUTPUT,
    TENSOR,
    Frame,
    Value,
    decode_frame,
    decode_payload,
    encode_frame,
    encode_payload,
)

LIES = ("slots", "inventory", "tensors", "crowd", "deaf", "busy", "rows", "resets", "version", "replay")
BIG = 0xFFFFFFFF
ESCAPES = "x\x1b[2J\n\rpass\u202e\x9b"
REPLY = 1
NAMES = {message.id: name for name, message in MESSAGES.items()}
FLAT = TENSOR.pack(1, 2, 1, 16, 1, 1, 0.5, -1)  # dtype, rank, dims, scale, zero point
HUGE = TENSOR.pack(1, 2, *[BIG] * 4, 0.5, -1)
CROWD = 20  # outputs, more than a model may have

Answer = tuple[str, dict[str, Value]]


def identity(nonce: Value, lie: str) -> Answer:
    fields: dict[str, Value] = {field: 0 for _, field in MESSAGES["identity"].fields}
    fields |= {"nonce": nonce, "version": 3, "provenance": 3, "mtu": 65535, "window": 65535}
    fields |= {"capabilities": 1, "model_slots": 4, "model_slot_size": 4096, "arena_size": 4096}
    fields |= {"vector_slots": 4, "vector_slot_size": 4096, "clock_hz": 1, "image": bytes(32)}
    fields |= {
        "crash": dict.fromkeys(("cause", "status", "pc", "lr", "sp", "run", "vector", "model", "repeat"), 0)
    }
    fields |= dict.fromkeys(("board", "serial", "engine", "clock", "build"), "x")
    if lie == "replay":
        fields["nonce"] = 7
    if lie == "escapes":
        fields |= dict.fromkeys(("board", "serial", "engine", "clock", "build"), ESCAPES)
    if lie == "slots":
        for size in ("model_slots", "vector_slots"):
            fields |= {size: 65535, size[:-1] + "_size": BIG}
    return "identity", fields


class Device:
    def __init__(self, lie: str) -> None:
        self.lie = lie
        self.epoch = 0
        self.sequence = 0
        self.made = 0
        self.run: Value = 0
        self.digests: dict[tuple[Value, Value], Value] = {}

    def answers(self, name: str, asked: dict[str, Value]) -> Iterator[Answer]:
        if name == "hello":
            yield identity(asked["nonce"], self.lie)
        elif name == "list":
            yield self.inventory(asked)
        elif name == "push_begin":
            self.digests[asked["kind"], asked["slot"]] = asked["digest"]
            yield "done", {"request": MESSAGES[name].id}
        elif name in ("push_chunk", "push_packed"):
            yield "received", {"seen": 0 if self.lie == "deaf" else BIG}
        elif name == "load" and self.lie == "escapes":
            why: dict[str, Value] = {"request": MESSAGES[name].id, "reason": 8, "value": 0, "detail": ESCAPES}
            yield "refused", why
        elif name == "load":
            tensors = 2 * (HUGE if self.lie == "tensors" else FLAT)
            if self.lie == "crowd":
                tensors += (CROWD - 1) * (bytes([OUTPUT]) + FLAT)
            digest = self.digests[1, asked["slot"]]
            yield "loaded", {**asked, "model": digest, "arena_used": BIG, "tensors": tensors}
        elif name == "check":
            self.made += 1
            counters: dict[str, Value] = {field: 1 for _, field in MESSAGES["health"].fields}
            yield "health", counters | {"run": self.run, "results": self.made}
        elif name == "run":
            self.run = asked["run"]
            yield "done", {"request": MESSAGES[name].id}
            yield from self.results(asked["run"])
        else:
            yield "done", {"request": MESSAGES[name].id}

    def inventory(self, asked: dict[str, Value]) -> Answer:
        """One slot at a time, and far more than there are."""
        digests = b"" if self.lie == "inventory" and asked["first"] == 1 else bytes(32)
        return "inventory", {**asked, "slots": 65535, "digests": digests}

    def results(self, run: Value) -> Iterator[Answer]:
        if self.lie == "rows":
            yield "results", {"run": run, "first": BIG, "rows": bytes(900)}

    def serve(self, frame: Frame) -> bytes:
        name = NAMES[frame.type]
        asked = decode_payload(name, frame.payload)
        assert asked is not None
        if name == "hello":
            self.epoch = frame.epoch
        said = b""
        if self.lie == "resets" and name != "hello":
            return encode_frame(Frame(MESSAGES["booted"].id, 0, 0, 1, 0, 0, b""))
        for answer, fields in self.answers(name, asked):
            flags = 0 if answer in ("results", "received") else REPLY
            ack = frame.seq if flags else frame.seq + 1
            payload = encode_payload(answer, fields)
            if self.lie == "version":
                payload = payload[:4] + bytes([99]) + payload[5:] + b"a field of version 99"
            said += encode_frame(
                Frame(MESSAGES[answer].id, flags, self.epoch, 255, self.sequence, ack & 0xFFFF, payload)
            )
            self.sequence = self.sequence + 1 & 0xFFFF
        return said


def main() -> None:
    device = Device(sys.argv[1])
    waiting = b""
    while received := os.read(0, 65536):
        *lines, waiting = (waiting + received).split(b"\0")
        for line in lines:
            frame = decode_frame(line)
            if frame is not None:
                os.write(1, device.serve(frame))


if __name__ == "__main__":
    main()
