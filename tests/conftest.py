# SPDX-License-Identifier: Apache-2.0
"""A run with its evidence, for the tests that do not bring a desk of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from bundles import bundle, desk_with_a_run
from cli import Workspace


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return desk_with_a_run(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def signed(desk: Workspace) -> Path:
    return bundle(desk, desk.folder / "signed.tar", "--key", str(desk.folder / "key"))


@pytest.fixture(scope="module")
def unsigned(desk: Workspace) -> Path:
    return bundle(desk, desk.folder / "unsigned.tar")
