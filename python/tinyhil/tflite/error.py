# SPDX-License-Identifier: Apache-2.0
"""What a file that is no readable model raises."""

from __future__ import annotations

from tinyhil.errors import UsageError


class ModelError(UsageError):
    """A model file that cannot be read or cut: what is wrong, where in the file, and what to do about it."""
