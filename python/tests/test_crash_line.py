# SPDX-License-Identifier: Apache-2.0
"""A crash of real firmware is told with its line of source, to a script and by the pytest plugin."""

from __future__ import annotations

import re

import pytest

import tinyhil
from desk import CRASH, FIRMWARE, fake_model, vectors
from plugin_desk import PluginDesk

pytest_plugins = ["pytester"]

IMAGE = FIRMWARE.with_name("agent-fake.elf")
PLACE = r"; PC in (\w+) \(\S*fake_engine\.c:(\d+)\), called from \w+ \(\S+\.c:\d+\)"


def test_the_exception_names_function_file_and_line() -> None:
    with tinyhil.Board.emulated("mps2-an386", IMAGE) as board:
        board.load(fake_model())
        with pytest.raises(tinyhil.DeviceCrash, match="the device crashed on vector 2") as caught:
            board.infer(vectors(0, 1, CRASH, 3))
        assert re.search(PLACE, str(caught.value))
        assert re.search(PLACE, caught.value.evidence)
        assert not caught.value.remedy, "nothing is left to look up"
        assert caught.value.core_dump is None, "the board has no probe"
        assert board.infer(vectors(7)).raw[0, 0] == 7


def test_the_failure_in_pytest_and_in_junit_names_them_too(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = PluginDesk(pytester, monkeypatch)
    link = {"driver": "emulated", "machine": "mps2-an386"}
    desk.write_bench({"name": "m4", "provenance": "emulated", "image": str(IMAGE), "link": link})
    tests = f"""
        from conftest import vector

        def test_crash(model):
            model.infer(vector({CRASH}))
    """
    done = desk.run(tests)
    done.assert_outcomes(failed=1)
    done.stdout.re_match_lines([f".*{PLACE}"])
    crash = desk.cases()["test_crash"]
    assert crash.outcome == "failure"
    assert re.search(PLACE, crash.text)


def test_an_image_without_debug_information_says_what_to_look_up() -> None:
    with tinyhil.Board.emulated("mps2-an386", IMAGE.with_suffix(".bin")) as board:
        board.load(fake_model())
        with pytest.raises(tinyhil.DeviceCrash) as caught:
            board.infer(vectors(CRASH))
        assert " in " not in caught.value.evidence
        assert "addr2line -e agent-fake.bin ADDRESS" in caught.value.remedy
