#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The include rule: which folder may include which. `layers.py [ROOT]` prints each violation and exits 1."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# A zone is a folder of harness/, or of device-agent/: wire, agent, an engine, a port, the tests, and the
# contracts engine.h, callback.h, fixed.h and port.h. A header of include/thil/ belongs to the zone that
# implements it. A zone may always include itself.
# An unknown folder may include nothing else until it is named here.
NOUNS = {"base", "formats", "model"}
JUDGING = {"stats", "sampling", "metric", "gate", "store", "evidence", "report"}  # pure but for the database
HARNESS: dict[str, set[str]] = {
    "base": set(),
    "formats": {"base"},
    "model": {"base", "formats"},
    "stats": NOUNS,
    "sampling": NOUNS,
    "metric": NOUNS | {"stats"},
    "gate": NOUNS | {"stats", "sampling"},
    "store": NOUNS,
    "evidence": NOUNS,
    "report": NOUNS,
    "transport": NOUNS | {"wire"},
    "device": NOUNS | {"wire", "transport"},
    "probe": NOUNS,
    "meter": NOUNS,
    "bench": NOUNS | {"transport"},
    "sim": NOUNS | {"wire", "transport"},
    "campaign": NOUNS
    | JUDGING
    | {"transport", "device", "probe", "meter", "bench"}
    | {"engines/reference"},  # only its lists of operators
    "daemon": NOUNS | JUDGING | {"campaign"},
    # The program wires everything together.
    "app": NOUNS
    | JUDGING
    | {"wire", "transport", "device", "probe", "meter", "bench", "sim", "campaign", "daemon"},
    # Fixtures of all folders, and the device's own half of the protocol.
    "testing": NOUNS
    | JUDGING
    | {"wire", "transport", "device", "probe", "meter", "bench", "sim", "campaign", "daemon"}
    | {"agent", "tests"},
}
DEVICE: dict[str, set[str]] = {
    "wire": set(),
    "engine.h": set(),
    "port.h": set(),
    "agent": {"wire", "port.h", "engine.h"},
    "callback.h": {"engine.h"},
    "fixed.h": set(),
    "engines": {"engine.h", "callback.h"},
    "tflm.h": set(),
    "engines/tflm": {"engine.h", "tflm.h", "agent", "wire"},  # what TFLM says is logged
    "engines/fixed": {"engine.h", "fixed.h", "engines/reference"},  # the same kernels
    "ports": {"port.h", "callback.h", "wire", "agent", "tests"},  # tests: the fake engine
    "tests": {"wire", "agent", "port.h", "engine.h"},
}
VARIANTS = {"ports/freertos": {"ports/mps2"}}  # a port that is another one and something beside it
PUBLIC = {
    "agent.h": "agent",
    "fault.h": "agent",
    "callback.h": "callback.h",
    "engine.h": "engine.h",
    "fixed.h": "fixed.h",
    "port.h": "port.h",
    "tflm.h": "tflm.h",
}  # of include/thil/; the others are of wire

# What the tests of a zone (*_test.cpp, fuzz_*.cpp) of harness/ may include besides: `testing`, and what
# stands here. device: the host's half of the protocol is held against the device's own, in one process and in
# virtual time; a second device in the tests would be a second protocol.
TESTS: dict[str, set[str]] = {"device": {"agent", "engine.h", "tests"}, "metric": {"sampling"}}
TEST_FILE = re.compile(r".*_test\.[ch]pp$|fuzz_.*\.[ch]pp$")


@dataclass(frozen=True)
class Confined:
    """A library that only some folders of harness/ may include; `in_headers`: also in their headers."""

    prefix: str
    folders: set[str]
    in_headers: bool = True


WITH_IO = set(HARNESS) - NOUNS - JUDGING
CONFINED = [
    Confined("boost/asio", WITH_IO),
    Confined("boost/beast", WITH_IO),
    Confined("boost/process", WITH_IO),
    Confined("sqlite3.h", {"store"}),
    Confined("yaml-cpp/", {"formats"}, in_headers=False),
    Confined("CLI/", {"app"}),
]

SOURCES = {".c", ".h", ".cpp", ".hpp", ".S", ".def", ".inc"}
HEADERS = {".h", ".hpp"}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]')
# Where a short name such as "thil/wire.h" is looked for after the including file's folder.
SEARCHED = [
    "harness",
    "device-agent",
    "device-agent/include",
    "device-agent/engines",
    "device-agent/ports",
    "device-agent/tests",
]


def zone_of(path: Path) -> str | None:
    """The zone of a path below the root: `gate`, `wire`, `engines/reference`, `port.h`; none elsewhere."""
    match path.parts:
        case ("harness", folder, _, *_):
            return folder
        case ("device-agent", ("wire" | "agent" | "tests") as folder, _, *_):
            return folder
        case ("device-agent", "include", "thil", header):
            return PUBLIC.get(header, "wire")
        case ("device-agent", ("engines" | "ports") as kind, folder, _, *_):
            return f"{kind}/{folder}"
    return None


def allowed_from(zone: str, source: Path) -> set[str]:
    allowed = (
        {zone}
        | VARIANTS.get(zone, set())
        | (HARNESS.get(zone) or DEVICE.get(zone) or DEVICE.get(zone.split("/")[0]) or set())
    )
    if zone in HARNESS and TEST_FILE.match(source.name):
        allowed = allowed | {"testing"} | TESTS.get(zone, set())
    return allowed


def find(root: Path, source: Path, name: str) -> Path | None:
    """The file that `#include "name"` in `source` means; none when it is a library's or generated."""
    for folder in [source.parent, *(root / s for s in SEARCHED)]:
        candidate = (folder / name).resolve()
        if candidate.is_file() and candidate.is_relative_to(root):
            return candidate.relative_to(root)
    return None


def wrong_library(source: Path, zone: str, name: str) -> str | None:
    for library in CONFINED:
        if zone in HARNESS and name.startswith(library.prefix):
            if zone not in library.folders:
                return f"<{name}> belongs to {', '.join(sorted(library.folders))} only"
            if source.suffix in HEADERS and not library.in_headers:
                return f"<{name}> stays out of headers"
    return None


def violations(root: Path) -> Iterator[str]:
    root = root.resolve()
    for source in sorted(
        p for top in ("harness", "device-agent") for p in (root / top).rglob("*") if p.suffix in SOURCES
    ):
        zone = zone_of(source.relative_to(root))
        if zone is None:
            continue
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
            if not (include := INCLUDE.match(line)):
                continue
            name = include[1]
            target = find(root, source, name)
            other = zone_of(target) if target else None
            reason = wrong_library(source, zone, name)
            allowed = allowed_from(zone, source)
            if other and other not in allowed:
                reason = f'"{name}" is of {other}; {zone} may include {", ".join(sorted(allowed))}'
            if reason:
                yield f"{source.relative_to(root)}:{number}: {reason}"


def main() -> int:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent
    found = list(violations(root))
    for violation in found:
        print(violation)
    if found:
        print(
            f"{len(found)} includes break the rule; the code belongs where both are known (tools/layers.py)"
        )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
