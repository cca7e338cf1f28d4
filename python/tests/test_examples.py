# SPDX-License-Identifier: Apache-2.0
"""What the documentation shows is run: the notebook, and the ten lines, on the emulated board."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import tinyhil
from desk import FIRMWARE, SOURCE, WAKE_WORD_VECTORS

NOTEBOOK = SOURCE / "python" / "examples" / "wake_word.ipynb"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(autouse=True)
def needs_firmware() -> None:
    assert FIRMWARE.exists(), f"{FIRMWARE} is missing: ./dev build"


def ten_lines(page: Path) -> str:
    """The block of the page that says it is run here."""
    mark = r"<!-- run by python/tests/test_examples\.py -->\n"
    found = re.search(mark + r"```python\n(.*?)```", page.read_text(), re.S)
    assert found, page
    return found[1]


def test_the_ten_lines_run_and_leave_a_picture(tmp_path: Path) -> None:
    lines = ten_lines(SOURCE / "README.md")
    assert len([line for line in lines.splitlines() if line.strip() and not line.startswith("import")]) <= 10
    (tmp_path / "scenarios").symlink_to(SOURCE / "scenarios")
    (tmp_path / "build").symlink_to(SOURCE / "build")
    environment = os.environ | {"MPLBACKEND": "Agg"}
    subprocess.run([sys.executable, "-c", lines], cwd=tmp_path, check=True, timeout=120, env=environment)
    (picture,) = tmp_path.glob("*.png")
    assert picture.read_bytes().startswith(PNG)


def test_the_reference_tells_of_every_public_name(tmp_path: Path) -> None:
    script = SOURCE / "tools" / "python_reference.sh"
    subprocess.run([script, tmp_path], check=True, timeout=120)
    page = (tmp_path / "tinyhil.html").read_text()
    for name in tinyhil.__all__:
        assert f'id="{name}"' in page, name
    assert "halves away from zero" not in page  # tinyhil.tensor is not public
    assert "quantised by its scale and zero point" in page


def outputs_of(notebook: Any, kind: str) -> list[Any]:
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [output for cell in cells for output in cell.outputs if output.output_type == kind]


def test_the_notebook_goes_from_a_model_to_a_verdict() -> None:
    notebook: Any = nbformat.reads(NOTEBOOK.read_text(), as_version=4)
    assert not outputs_of(notebook, "display_data"), "commit the notebook without outputs"
    client = NotebookClient(notebook, timeout=240, resources={"metadata": {"path": str(SOURCE)}})
    client.execute()
    said = "".join(output.text for output in outputs_of(notebook, "stream") if output.name == "stdout")
    assert f"0 of {WAKE_WORD_VECTORS} outputs differ" in said
    assert "PASS slim" in said
    assert re.search(r"FAIL quick - worst-slice: accent = non_native is \d+\.\d points worse", said)
    pictures = [output for output in outputs_of(notebook, "display_data") if "image/png" in output.data]
    assert len(pictures) == 2
