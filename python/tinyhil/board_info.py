# SPDX-License-Identifier: Apache-2.0
"""What a board says of itself."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class BoardInfo:
    """A board as it introduced itself; `image_sha256` was read back from the device. Sizes are bytes."""

    name: str
    kind: str
    serial: str
    engine: str
    build: str
    provenance: str
    image_sha256: str
    clock: str
    clock_hz: int
    timer_hz: int
    flash_size: int
    ram_size: int
    loads_models: bool = False
    model_slots: int = 0
    model_slot_size: int = 0
    vector_slots: int = 0
    vector_slot_size: int = 0
    arena_size: int = 0
    crash: str | None = None
    """What a crash before this session left behind."""

    @classmethod
    def of(cls, described: dict[str, Any]) -> BoardInfo:
        """From what `_core` says, which may know more than this version."""
        return cls(**{each.name: described[each.name] for each in fields(cls) if each.name in described})
