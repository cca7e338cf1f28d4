# SPDX-License-Identifier: Apache-2.0
"""The include rule finds what is planted and leaves the allowed alone."""

from __future__ import annotations

from pathlib import Path

import pytest

import layers

FILES = [
    "harness/model/trial.hpp",
    "harness/link/agent_link.hpp",
    "harness/store/store.hpp",
    "harness/gate/gate.hpp",
    "harness/sim/line.hpp",
    "device-agent/wire/wire.h",
    "device-agent/agent/agent.h",
    "device-agent/engines/engine.h",
    "device-agent/engines/reference/kernels.h",
    "device-agent/ports/port.h",
    "device-agent/ports/mps2/uart.h",
]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in FILES:
        plant(tmp_path, name, "")
    return tmp_path


def plant(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


ALLOWED = [
    ("harness/link/a.cpp", '"model/trial.hpp"'),
    ("harness/link/a.cpp", '"agent_link.hpp"'),
    ("harness/link/a.cpp", '"wire.h"'),
    ("harness/link/a.cpp", '"wire/wire.h"'),
    ("harness/link/a.hpp", "<boost/asio.hpp>"),
    ("harness/run/a.cpp", '"link/agent_link.hpp"'),
    ("harness/app/a.cpp", '"sim/line.hpp"'),
    ("harness/store/a.hpp", "<sqlite3.h>"),
    ("harness/model/a.cpp", "<yaml-cpp/yaml.h>"),
    ("harness/gate/a.cpp", '"drivers.inc"'),
    ("device-agent/agent/a.c", '"port.h"'),
    ("device-agent/agent/a.c", '"engine.h"'),
    ("device-agent/engines/callback/a.c", '"../engine.h"'),
    ("device-agent/ports/host/main.c", '"agent.h"'),
]

FORBIDDEN = [
    ("harness/gate/a.cpp", '"store/store.hpp"', "store"),
    ("harness/gate/a.cpp", '"../store/store.hpp"', "store"),
    ("harness/model/a.hpp", '"link/agent_link.hpp"', "link"),
    ("harness/store/sub/a.cpp", "<gate/gate.hpp>", "gate"),
    ("harness/run/a.cpp", '"store/store.hpp"', "store"),
    ("harness/run/a_test.cpp", '"sim/line.hpp"', "sim"),
    ("harness/link/a.cpp", '"agent.h"', "agent"),
    ("harness/report/a.cpp", '"wire.h"', "wire"),
    ("harness/newcomer/a.cpp", '"model/trial.hpp"', "newcomer"),
    ("harness/metric/a.cpp", "<boost/asio/post.hpp>", "boost/asio"),
    ("harness/report/a.cpp", "<sqlite3.h>", "store only"),
    ("harness/model/a.hpp", "<yaml-cpp/yaml.h>", "headers"),
    ("harness/run/a.cpp", "<yaml-cpp/yaml.h>", "model only"),
    ("device-agent/agent/a.c", '"engines/reference/kernels.h"', "engines/reference"),
    ("device-agent/agent/a.c", '"../ports/mps2/uart.h"', "ports/mps2"),
    ("device-agent/engines/callback/a.c", '"port.h"', "port.h"),
    ("device-agent/engines/callback/a.c", '"reference/kernels.h"', "engines/reference"),
    ("device-agent/ports/host/main.c", '"mps2/uart.h"', "ports/mps2"),
    ("device-agent/wire/a.c", '"agent.h"', "agent"),
]


@pytest.mark.parametrize(("name", "header"), ALLOWED)
def test_leaves_an_allowed_include_alone(tree: Path, name: str, header: str) -> None:
    plant(tree, name, f"#include <cstdint>\n#include {header}\n")
    assert list(layers.violations(tree)) == []


@pytest.mark.parametrize(("name", "header", "word"), FORBIDDEN)
def test_names_file_line_and_reason_of_a_forbidden_include(
    tree: Path, name: str, header: str, word: str
) -> None:
    plant(tree, name, f"#include <cstdint>\n  #  include {header}\n")
    (violation,) = layers.violations(tree)
    assert violation.startswith(f"{name}:2: ")
    assert word in violation


def test_every_zone_allowed_to_another_is_known() -> None:
    zones = set(layers.HARNESS) | set(layers.DEVICE)
    assert {
        other for others in [*layers.HARNESS.values(), *layers.DEVICE.values()] for other in others
    } <= zones


def test_this_repository_keeps_the_rule() -> None:
    assert list(layers.violations(Path(layers.__file__).parent.parent)) == []
