# SPDX-License-Identifier: Apache-2.0
"""Whose fault it was decides what a test ends as, wherever it was raised.

The device's fault is a failure, also when a fixture met it. The bench's is an error, also in the middle of a
test and of one that is expected to fail: it says nothing about the product, and may be tried again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import pytest

from ..errors import DeviceFault, Error, UsageError

_PACKAGE = Path(__file__).parents[1]
_MACHINERY = {"_pytest", "pluggy"}


def is_bench_fault(raised: BaseException) -> bool:
    return isinstance(raised, Error) and not isinstance(raised, UsageError)


def cut_traceback(call: pytest.CallInfo[None]) -> bool:
    """Ends it where test code called this package; False when none did, and the message says it all."""
    assert call.excinfo is not None
    has_test_code = False
    entry: TracebackType | None = call.excinfo.tb
    while entry is not None:
        has_test_code = has_test_code or _MACHINERY.isdisjoint(_file(entry).parts)
        if entry.tb_next is not None and _file(entry.tb_next).is_relative_to(_PACKAGE):
            entry.tb_next = None
        entry = entry.tb_next
    return has_test_code


def classify(item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport) -> None:
    """Makes the report say error or failure."""
    assert call.excinfo is not None
    raised = call.excinfo.value
    if is_bench_fault(raised) and not _is_expected(item, raised):
        report.outcome = "failed"
        if hasattr(report, "wasxfail"):
            del report.wasxfail
        if report.when == "call":
            report.when = "setup"  # what every reader of reports takes for an error
    elif isinstance(raised, DeviceFault) and report.when == "setup" and report.failed:
        report.when = "call"  # and this for a failure


def _is_expected(item: pytest.Item, raised: BaseException) -> bool:
    """Whether the test says by name that the bench will fail so: xfail(raises=BoardBusy)."""
    for raises in _expected(item):
        classes = raises if isinstance(raises, tuple) else (raises,)
        if any(isinstance(each, type) and issubclass(each, Error) for each in classes):
            return isinstance(raised, classes)
    return False


def _expected(item: pytest.Item) -> Iterator[object]:
    return (marker.kwargs.get("raises") for marker in item.iter_markers("xfail"))


def _file(entry: TracebackType) -> Path:
    return Path(entry.tb_frame.f_code.co_filename)
