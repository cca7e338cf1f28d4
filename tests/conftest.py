# SPDX-License-Identifier: Apache-2.0
"""What tests of several files begin with: a run with its evidence, a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bundles import bundle, desk_with_a_run
from cli import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return desk_with_a_run(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def signed(desk: Workspace) -> Path:
    return bundle(desk, desk.folder / "signed.tar", "--key", str(desk.folder / "key"))


@pytest.fixture(scope="module")
def unsigned(desk: Workspace) -> Path:
    return bundle(desk, desk.folder / "unsigned.tar")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from browser import chromium  # only few tests need one, and what drives it

    with chromium() as started:
        yield started
