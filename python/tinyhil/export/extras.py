# SPDX-License-Identifier: Apache-2.0
"""Packages that only some exports need, imported when they are."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from ..errors import UsageError


def needed(module: str, extra: str) -> Any:
    """The module; raises UsageError with the extra that installs it when it is not there."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        package = module.partition(".")[0]
        if error.name is None or error.name.partition(".")[0] != package:
            raise  # it is there, and lacks something itself
        raise UsageError(
            f"{package} is not installed", sys.executable, f"pip install 'tinyhil[{extra}]'"
        ) from error
