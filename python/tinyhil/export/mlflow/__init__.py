# SPDX-License-Identifier: Apache-2.0
"""MLflow: runs with their verdicts, the model registry, thresholds (needs mlflow)."""

from .log import Logged, log_run
from .registry import NotPassed, set_alias
from .thresholds import import_thresholds

__all__ = ["Logged", "NotPassed", "import_thresholds", "log_run", "set_alias"]
