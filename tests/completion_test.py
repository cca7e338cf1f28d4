# SPDX-License-Identifier: Apache-2.0
"""Completion scripts and man pages, which are printed from the program's own commands."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cli import TINYHIL


def printed(*arguments: str) -> str:
    return subprocess.run([str(TINYHIL), *arguments], capture_output=True, text=True, check=True).stdout


def completed(folder: Path, *words: str) -> list[str]:
    """What bash offers for the last of these words."""
    script = folder / "tinyhil.bash"
    script.write_text(printed("completion", "bash"))
    lines = [
        f"source {script}",
        'COMP_WORDS=("$@")',
        "COMP_CWORD=$(($# - 1))",
        "_tinyhil",
        'printf "%s\\n" "${COMPREPLY[@]}"',
    ]
    command = ["bash", "--norc", "-euc", "\n".join(lines), "bash", "tinyhil", *words]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder).stdout.split()


def test_bash_completes_commands_options_and_files(tmp_path: Path) -> None:
    (tmp_path / "campaign.yaml").touch()
    assert completed(tmp_path, "lea") == ["lease", "leases"]
    assert completed(tmp_path, "run", "--sto") == ["--store"]
    assert completed(tmp_path, "run", "camp") == ["campaign.yaml"]
    assert completed(tmp_path, "sim", "pro") == ["probe"]
    assert "--machine" in completed(tmp_path, "sim", "probe", "--")
    assert completed(tmp_path, "lease", "chip=m4", "--", "camp") == ["campaign.yaml"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_command_is_in_the_script(shell: str) -> None:
    script = printed("completion", shell)
    for word in ("run", "lease", "daemon", "completion"):
        assert word in script


def test_every_command_has_a_man_page(tmp_path: Path) -> None:
    printed("man", "--all", str(tmp_path))
    pages = {page.name: page.read_text() for page in tmp_path.iterdir()}
    assert {"tinyhil.1", "tinyhil-run.1", "tinyhil-sim-probe.1", "tinyhil-daemon.1"} <= set(pages)
    for name, page in pages.items():
        assert page.startswith(".TH TINYHIL"), name
        assert ".SH SYNOPSIS" in page
    assert "\\fB\\-\\-wait\\fR" in pages["tinyhil-lease.1"]
    assert printed("man", "sim", "probe") == pages["tinyhil-sim-probe.1"]


def test_a_page_of_no_command_is_a_mistake() -> None:
    told = subprocess.run([str(TINYHIL), "man", "rnu"], capture_output=True, text=True)
    assert told.returncode == 2
    assert "there is no command `rnu`" in told.stderr
