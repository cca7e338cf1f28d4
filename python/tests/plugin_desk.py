# SPDX-License-Identifier: Apache-2.0
"""A folder of tests for the pytest plugin, on the agent as processes, run by a pytest of its own."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import tinyhil
from desk import FAKE_AGENT, fake_model, write_yaml

INI = """
[pytest]
addopts = -p xdist -p tinyhil.pytest_plugin -p no:cacheprovider --strict-markers
filterwarnings = error
"""

CONFTEST = f"""
import numpy as np
import pytest

def vector(first=0):
    return np.array([first, 0, 0, 0], np.uint8).view(np.int8)

@pytest.fixture
def model(board):
    return board.load({fake_model(bias=7)!r}, "adder")
"""


@dataclass
class Case:
    """A test as JUnit shows it: `outcome` is passed, failure, error or skipped; `text` with the message."""

    outcome: str
    text: str
    properties: dict[str, str]


class PluginDesk:
    """Bench and tests in the pytester's folder; one board, `b1`, unless it is given others."""

    def __init__(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
        """The inner pytest sees this tinyhil and no plugins but those named."""
        self.pytester, self.folder = pytester, pytester.path
        packages = [str(Path(tinyhil.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, packages)))
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        pytester.makeini(INI)
        pytester.makeconftest(CONFTEST)
        self.write_bench(self.process("b1"))

    @property
    def bench(self) -> Path:
        return self.folder / "bench.yaml"

    @property
    def starts(self) -> list[str]:
        """Names of boards, once for each time that one was started."""
        log = self.folder / "starts"
        return log.read_text().split() if log.exists() else []

    def process(self, name: str) -> dict[str, Any]:
        """A board that notes when it is started."""
        command = ["sh", "-c", f"echo {name} >>{self.folder}/starts; exec {FAKE_AGENT}"]
        return {"name": name, "provenance": "process", "link": {"driver": "process", "command": command}}

    def missing(self, name: str) -> dict[str, Any]:
        port = str(self.folder / "ttyACM0")
        return {
            "name": name,
            "provenance": "real",
            "link": {"driver": "serial", "port": port, "baud": 115200},
        }

    def write_bench(self, *boards: dict[str, Any]) -> None:
        write_yaml(self.bench, {"bench": "desk", "boards": list(boards)})

    def run(self, tests: str, *options: str) -> pytest.RunResult:
        self.pytester.makepyfile(tests)
        return self.pytester.runpytest_subprocess(*self.options(*options))

    def options(self, *options: str) -> list[str]:
        return [f"--tinyhil-bench={self.bench}", "--junitxml=junit.xml", *options]

    def cases(self) -> dict[str, Case]:
        """Of the last run, by name of the test."""
        found = {}
        for case in ET.parse(self.folder / "junit.xml").iter("testcase"):
            said = [child for child in case if child.tag in ("failure", "error", "skipped")]
            text = "\n".join(f"{child.get('message')}\n{child.text}" for child in said)
            properties = {str(each.get("name")): str(each.get("value")) for each in case.iter("property")}
            outcome = "+".join(child.tag for child in said) or "passed"
            found[str(case.get("name"))] = Case(outcome, text, properties)
        return found
