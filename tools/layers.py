#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The include rule: which folder may include which, and which headers of it. And which namespace it has.

`layers.py [ROOT]` prints each violation and exits 1.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# A zone is a folder of harness/ (daemon/http and daemon/page are their own), or of device-agent/: wire,
# agent, an engine, a port, the tests, and the contracts engine.h, callback.h, fixed.h and port.h. A header of
# include/thil/ belongs to the zone that implements it. A zone may always include itself.
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
    "host": {"base"},
    "transport": NOUNS | {"wire"},
    "device": NOUNS | {"wire", "transport"},
    "probe": NOUNS | {"transport", "host"},
    "meter": NOUNS | {"transport", "stats", "host"},  # an energy has its uncertainty
    # A board that is reached through its probe, or through a daemon on another machine.
    "bench": NOUNS | {"host", "transport", "probe", "daemon/http", "daemon/line"},
    "sim": NOUNS | {"wire", "transport"},
    "campaign": NOUNS
    | JUDGING
    | {"transport", "device", "probe", "meter", "bench"}
    | {"sim"}  # meters that it plugs in beside emulated boards
    | {"engines/reference", "engine.h"},  # its checks of a model, and its list of operators
    "daemon/http": {"base"},  # a server of any table of routes
    "daemon/page": {"base", "daemon/http"},  # routes that give the page's files
    "daemon/line": {"base", "transport", "daemon/http"},  # the line of a leased board from afar
    "daemon": NOUNS
    | JUDGING
    | {"host", "transport", "device", "probe", "meter", "bench", "campaign"}
    | {"daemon/http", "daemon/line", "daemon/page"},
    # The program wires everything together.
    "app": NOUNS
    | JUDGING
    | {"host", "wire", "transport", "device", "probe", "meter", "bench", "sim", "campaign"}
    | {"daemon", "daemon/http"},
    # Fixtures of all folders, and the device's own half of the protocol.
    "testing": NOUNS
    | JUDGING
    | {"wire", "transport", "device", "probe", "meter", "bench", "sim", "campaign", "daemon"}
    | {"daemon/http", "agent", "tests"},
}
DEVICE: dict[str, set[str]] = {
    "wire": {"engine.h"},  # a tensor goes over the wire as an engine describes it
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
VARIANTS = {
    "ports/freertos": {"ports/mps2"},  # a port that is another one and something beside it
    "ports/mps2": {"ports/rtt"},  # the line of its image without a UART
}
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
# virtual time; a second device in the tests would be a second protocol. meter, probe: against simulated ones.
# store: one reader of docs/formats.
TESTS: dict[str, set[str]] = {
    "device": {"agent", "engine.h", "tests"},
    "meter": {"sim"},
    "metric": {"sampling"},
    "probe": {"sim"},
    "store": {"tests"},
}
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
    Confined("boost/beast", {"daemon/http"}, in_headers=False),
    Confined("boost/process", WITH_IO),
    Confined("sqlite3.h", {"store"}),
    Confined("jwt.h", {"daemon"}, in_headers=False),
    Confined("yaml-cpp/", {"formats"}, in_headers=False),
    Confined("CLI/", {"app"}),
]

# What every folder may use is in `tinyhil` itself, so that nobody has to qualify it; each other folder of
# harness/ has a namespace of its own in it. GoogleTest has `testing`.
NAMESPACES = {
    zone: f"tinyhil::{'test' if zone == 'testing' else zone.split('/')[0]}" for zone in set(HARNESS) - NOUNS
}
OPENED = re.compile(r"^namespace (tinyhil\b[\w:]*) \{")

# A header of harness/ that only its own folder includes stands in an internal/ below it; every other one is
# included by somebody else, or it is not public. testing/ may look inside, and makes nothing public.
PROGRAMS = {"app"}  # nobody includes them
PRIVATE = {"gate/rules", "bench/drivers"}  # each file a driver; all of it is internal

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
        case ("harness", "daemon", ("http" | "line" | "page") as folder, _, *_):
            return f"daemon/{folder}"
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


def within(namespace: str, other: str) -> bool:
    return f"{namespace}::".startswith(f"{other}::")


def wrong_namespaces(source: Path, zone: str) -> Iterator[str]:
    """Beside its own a folder may open `tinyhil`: for operators of the vocabulary, and common aliases."""
    own = NAMESPACES.get(zone, "tinyhil")
    others = {name for name in NAMESPACES.values() if name != own}
    opened = [(number, m[1]) for number, line in lines_of(source) if (m := OPENED.match(line))]
    beside = any(within(name, own) for _, name in opened)
    for number, name in opened:
        wrong = not within(name, own) or any(within(name, other) for other in others)
        if wrong and not (name == "tinyhil" and beside):
            yield f"{number}: {name} is opened; the namespace of {zone} is {own}"


def is_internal(path: Path) -> bool:
    """Of a file of harness/: may only its folder include it?"""
    return "internal" in path.parts or "/".join(path.parts[1:3]) in PRIVATE


def sources_below(root: Path, *tops: str) -> list[Path]:
    return sorted(p for top in tops for p in (root / top).rglob("*") if p.suffix in SOURCES)


def exposed(root: Path) -> Iterator[str]:
    """Internal headers that others include, and public ones that nobody else does."""
    root = root.resolve()
    public = set()
    for source in sources_below(root, "harness", "device-agent", "python", "tools", "tests"):
        zone = zone_of(source.relative_to(root))
        for number, line in lines_of(source):
            target = find(root, source, include[1]) if (include := INCLUDE.match(line)) else None
            if target is None or target.parts[0] != "harness" or zone in {zone_of(target), "testing"}:
                continue
            public.add(target)
            if is_internal(target):
                yield f"{source.relative_to(root)}:{number}: {target} is internal to {zone_of(target)}"
    for header in (p.relative_to(root) for p in sources_below(root, "harness")):
        zone = zone_of(header)
        if zone is None or zone in PROGRAMS or header.suffix not in HEADERS or TEST_FILE.match(header.name):
            continue
        if header not in public and not is_internal(header):
            yield f"{header}:1: no other folder includes it; it belongs into {header.parent}/internal"


def lines_of(source: Path) -> Iterator[tuple[int, str]]:
    yield from enumerate(source.read_text(encoding="utf-8").splitlines(), 1)


def wrong_includes(root: Path, source: Path, zone: str) -> Iterator[str]:
    allowed = allowed_from(zone, source)
    for number, line in lines_of(source):
        if not (include := INCLUDE.match(line)):
            continue
        name = include[1]
        target = find(root, source, name)
        other = zone_of(target) if target else None
        reason = wrong_library(source, zone, name)
        if other and other not in allowed:
            reason = f'"{name}" is of {other}; {zone} may include {", ".join(sorted(allowed))}'
        if reason:
            yield f"{number}: {reason}"


def violations(root: Path) -> Iterator[str]:
    root = root.resolve()
    for source in sources_below(root, "harness", "device-agent"):
        zone = zone_of(source.relative_to(root))
        if zone is None:
            continue
        for found in wrong_includes(root, source, zone):
            yield f"{source.relative_to(root)}:{found}"
        for found in wrong_namespaces(source, zone) if zone in HARNESS else ():
            yield f"{source.relative_to(root)}:{found}"


def main() -> int:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent
    found = [*violations(root), *exposed(root)]
    for violation in found:
        print(violation)
    if found:
        print(f"{len(found)} lines break the rule; the code belongs where both are known (tools/layers.py)")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
