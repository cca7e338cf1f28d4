# SPDX-License-Identifier: Apache-2.0
"""What a file that is no readable model raises."""

from __future__ import annotations


class ModelError(ValueError):
    """A model file that cannot be read or cut: what is wrong, where in the file, and what to do about it."""

    def __init__(self, what: str, where: str, remedy: str) -> None:
        super().__init__(f"{where}: {what}; {remedy}")
        self.what = what
        self.where = where
        self.remedy = remedy
