# SPDX-License-Identifier: Apache-2.0
"""The include rule finds what is planted and leaves the allowed alone."""

from __future__ import annotations

from pathlib import Path

import pytest

import layers

FILES = [
    "harness/model/trial.hpp",
    "harness/base/error.hpp",
    "harness/formats/section.hpp",
    "harness/transport/transport.hpp",
    "harness/device/agent/agent_link.hpp",
    "harness/sampling/share.hpp",
    "harness/testing/folder.hpp",
    "harness/store/run_store.hpp",
    "harness/gate/gate.hpp",
    "harness/sim/line.hpp",
    "harness/daemon/queue.hpp",
    "harness/daemon/http/route.hpp",
    "device-agent/include/thil/wire.h",
    "device-agent/include/thil/agent.h",
    "device-agent/include/thil/engine.h",
    "device-agent/engines/reference/kernels.h",
    "device-agent/include/thil/port.h",
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
    ("harness/formats/a.cpp", '"base/error.hpp"'),
    ("harness/model/a.cpp", '"formats/section.hpp"'),
    ("harness/device/agent/a.cpp", '"model/trial.hpp"'),
    ("harness/device/a.cpp", '"transport/transport.hpp"'),
    ("harness/device/agent/a.cpp", '"agent_link.hpp"'),
    ("harness/device/agent/a.cpp", '"thil/wire.h"'),
    ("harness/transport/a.cpp", "<thil/wire.h>"),
    ("harness/bench/a.hpp", "<boost/asio.hpp>"),
    ("harness/campaign/a.cpp", '"device/agent/agent_link.hpp"'),
    ("harness/campaign/a.cpp", '"store/run_store.hpp"'),
    ("harness/gate/a.cpp", '"sampling/share.hpp"'),
    ("harness/gate/a_test.cpp", '"testing/folder.hpp"'),
    ("harness/gate/fuzz_a.cpp", '"testing/folder.hpp"'),
    ("harness/device/agent/a_test.cpp", '"thil/agent.h"'),
    ("harness/testing/a.hpp", '"thil/agent.h"'),
    ("harness/app/a.cpp", '"sim/line.hpp"'),
    ("harness/daemon/a.cpp", '"daemon/http/route.hpp"'),
    ("harness/daemon/http/internal/a.cpp", '"daemon/http/route.hpp"'),
    ("harness/daemon/http/a.cpp", "<boost/beast/http.hpp>"),
    ("harness/store/a.hpp", "<sqlite3.h>"),
    ("harness/formats/a.cpp", "<yaml-cpp/yaml.h>"),
    ("harness/gate/a.cpp", '"drivers.inc"'),
    ("device-agent/agent/a.c", '"thil/port.h"'),
    ("device-agent/agent/a.c", '"thil/engine.h"'),
    ("device-agent/engines/callback/a.c", '"../../include/thil/engine.h"'),
    ("device-agent/ports/host/main.c", '"thil/agent.h"'),
]

FORBIDDEN = [
    ("harness/gate/a.cpp", '"store/run_store.hpp"', "store"),
    ("harness/gate/a.cpp", '"../store/run_store.hpp"', "store"),
    ("harness/base/a.hpp", '"formats/section.hpp"', "formats"),
    ("harness/formats/a.hpp", '"model/trial.hpp"', "model"),
    ("harness/model/a.hpp", '"device/agent/agent_link.hpp"', "device"),
    ("harness/transport/a.hpp", '"device/agent/agent_link.hpp"', "device"),
    ("harness/bench/a.cpp", '"sim/line.hpp"', "sim"),
    ("harness/gate/a.cpp", '"testing/folder.hpp"', "testing"),
    ("harness/store/a.cpp", "<boost/asio/post.hpp>", "boost/asio"),
    ("harness/sampling/a.cpp", "<boost/asio/post.hpp>", "boost/asio"),
    ("harness/store/sub/a.cpp", "<gate/gate.hpp>", "gate"),
    ("harness/device/a.cpp", '"store/run_store.hpp"', "store"),
    ("harness/gate/a_test.cpp", '"sim/line.hpp"', "sim"),
    ("harness/device/agent/a.cpp", '"thil/agent.h"', "agent"),
    ("harness/report/a.cpp", '"thil/wire.h"', "wire"),
    ("harness/daemon/http/a.cpp", '"daemon/queue.hpp"', "daemon"),
    ("harness/daemon/http/a.cpp", '"model/trial.hpp"', "model"),
    ("harness/daemon/http/a.hpp", "<boost/beast/http.hpp>", "headers"),
    ("harness/campaign/a.cpp", "<boost/beast/http.hpp>", "daemon/http only"),
    ("harness/newcomer/a.cpp", '"model/trial.hpp"', "newcomer"),
    ("harness/metric/a.cpp", "<boost/asio/post.hpp>", "boost/asio"),
    ("harness/report/a.cpp", "<sqlite3.h>", "store only"),
    ("harness/formats/a.hpp", "<yaml-cpp/yaml.h>", "headers"),
    ("harness/campaign/a.cpp", "<yaml-cpp/yaml.h>", "formats only"),
    ("device-agent/agent/a.c", '"engines/reference/kernels.h"', "engines/reference"),
    ("device-agent/agent/a.c", '"../ports/mps2/uart.h"', "ports/mps2"),
    ("device-agent/engines/callback/a.c", '"thil/port.h"', "port.h"),
    ("device-agent/engines/callback/a.c", '"reference/kernels.h"', "engines/reference"),
    ("device-agent/ports/host/main.c", '"mps2/uart.h"', "ports/mps2"),
    ("device-agent/wire/a.c", '"thil/agent.h"', "agent"),
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


@pytest.mark.parametrize(
    ("name", "opened"),
    [
        ("harness/gate/a.cpp", ["tinyhil::gate"]),
        ("harness/report/a.cpp", ["tinyhil::report::page"]),
        ("harness/testing/a.hpp", ["tinyhil::test"]),
        ("harness/testing/a.hpp", ["tinyhil", "tinyhil::test"]),
        ("harness/model/a.cpp", ["tinyhil"]),
        ("harness/gate/a.cpp", []),
    ],
)
def test_leaves_a_folder_its_namespace(tree: Path, name: str, opened: list[str]) -> None:
    plant(tree, name, "".join(f"namespace {one} {{\n}}\n" for one in opened))
    assert list(layers.violations(tree)) == []


@pytest.mark.parametrize(
    ("name", "opened"),
    [
        ("harness/gate/a.cpp", "tinyhil"),
        ("harness/gate/a.cpp", "tinyhil::gates"),
        ("harness/gate/a.cpp", "tinyhil::stats"),
        ("harness/model/a.cpp", "tinyhil::gate"),
        ("harness/testing/a.hpp", "tinyhil::testing"),
    ],
)
def test_names_file_and_line_of_another_namespace(tree: Path, name: str, opened: str) -> None:
    plant(tree, name, f"\nnamespace {opened} {{\n}}\n")
    assert [one.split(": ")[0] for one in layers.violations(tree)] == [f"{name}:2"]


INSIDERS = [
    ("harness/gate/a.cpp", "internal/finding.hpp"),
    ("harness/gate/rules/a.cpp", "gate/internal/finding.hpp"),
    ("harness/gate/internal/a_test.cpp", "finding.hpp"),
    ("harness/gate/fuzz_a.cpp", "gate/internal/finding.hpp"),
    ("harness/testing/a.cpp", "gate/internal/finding.hpp"),
    ("harness/testing/a.cpp", "gate/rules/keys.hpp"),
]
OUTSIDERS = [
    ("harness/app/a.cpp", "gate/internal/finding.hpp"),
    ("harness/campaign/a_test.cpp", "gate/internal/finding.hpp"),
    ("harness/campaign/a.cpp", "gate/rules/keys.hpp"),
    ("harness/app/a.cpp", "store/sqlite/internal/trials.hpp"),
    ("python/core/a.cpp", "gate/internal/finding.hpp"),
    ("tools/bench/host/main.cpp", "../../../harness/gate/internal/finding.hpp"),
]


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    for name in ("gate/internal/finding.hpp", "gate/rules/keys.hpp", "store/sqlite/internal/trials.hpp"):
        plant(tmp_path, f"harness/{name}", "")
    return tmp_path


@pytest.mark.parametrize(("name", "header"), INSIDERS)
def test_leaves_a_folder_and_testing_what_is_internal(inside: Path, name: str, header: str) -> None:
    plant(inside, name, f'#include "{header}"\n')
    assert list(layers.exposed(inside)) == []


@pytest.mark.parametrize(("name", "header"), OUTSIDERS)
def test_names_file_and_line_that_include_what_is_internal(inside: Path, name: str, header: str) -> None:
    plant(inside, name, f'#include <cstdint>\n#include "{header}"\n')
    (violation,) = layers.exposed(inside)
    assert violation.startswith(f"{name}:2: ")
    assert "internal to" in violation


@pytest.mark.parametrize("user", ["gate/a.cpp", "gate/internal/a.cpp", "testing/a.cpp"])
def test_finds_a_public_header_that_only_its_folder_and_testing_include(tmp_path: Path, user: str) -> None:
    plant(tmp_path, "harness/gate/a.hpp", "")
    plant(tmp_path, f"harness/{user}", '#include "gate/a.hpp"\n')
    (violation,) = layers.exposed(tmp_path)
    assert violation.startswith("harness/gate/a.hpp:1: no other folder includes it")


@pytest.mark.parametrize("user", ["harness/app/a.cpp", "harness/campaign/a_test.cpp", "python/core/a.cpp"])
def test_leaves_a_header_public_that_another_folder_includes(tmp_path: Path, user: str) -> None:
    plant(tmp_path, "harness/gate/a.hpp", "")
    plant(tmp_path, user, '#include "gate/a.hpp"\n')
    assert list(layers.exposed(tmp_path)) == []


@pytest.mark.parametrize(
    "name", ["app/a.hpp", "gate/rules/keys.hpp", "gate/disk_test.hpp", "gate/fuzz_a.hpp"]
)
def test_asks_for_no_user_of_what_nobody_else_may_use(tmp_path: Path, name: str) -> None:
    plant(tmp_path, f"harness/{name}", "")
    assert list(layers.exposed(tmp_path)) == []


def test_every_zone_allowed_to_another_is_known() -> None:
    root = Path(layers.__file__).parent.parent
    engines = {f"engines/{folder.name}" for folder in (root / "device-agent" / "engines").iterdir()}
    zones = set(layers.HARNESS) | set(layers.DEVICE) | engines
    assert {
        other for others in [*layers.HARNESS.values(), *layers.DEVICE.values()] for other in others
    } <= zones


def test_this_repository_keeps_the_rule() -> None:
    root = Path(layers.__file__).parent.parent
    assert [*layers.violations(root), *layers.exposed(root)] == []
