# SPDX-License-Identifier: Apache-2.0
"""What can go wrong, as the C++ side knows it.

`Error`: something around the product failed, a file, a port, an emulator, a database; says what, where and
the remedy, and has the exit code that the command line would end with. `DeviceFault`: the device failed, and
it is the product. They have no common base besides Exception, so that nobody catches one for the other.
"""

from __future__ import annotations

from dataclasses import dataclass


class Error(Exception):
    """Not the product's failure. `what` happened, `where` (file:line, port, path), and the `remedy`."""

    exit_code = 4

    def __init__(self, what: str, where: str, remedy: str) -> None:
        """All three as sentences for a person."""
        super().__init__(what, where, remedy)
        self.what, self.where, self.remedy = what, where, remedy

    def __str__(self) -> str:
        return f"{self.what}\n  where:  {self.where}\n  remedy: {self.remedy}"


class UsageError(Error, ValueError):
    """A campaign, bench, policy, vector file or argument is wrong."""

    exit_code = 2


class BenchFault(Error):
    """Port, probe, emulator, host or database: safe to retry. Never a failed model."""

    exit_code = 4


class WrongImage(Error):
    """The device runs another firmware than the bench names."""

    exit_code = 6


class BoardBusy(Error):
    """Somebody else holds the board, and it did not come free in time."""

    exit_code = 7


class NoLeaseError(BoardBusy):
    """The daemon had no board for us in time; says who has those that would do."""


class LeaseLostError(Error):
    """The daemon took the board back before it was returned."""

    exit_code = 8


class QueueFullError(Error):
    """Too many wait for boards already: try again later."""

    exit_code = 75


class NotFoundError(UsageError):
    """What a request to the daemon names is not there."""


class NotAllowedError(UsageError):
    """The account that asks the daemon may not do that."""


class OutputLost(Error):
    """A report or a bundle could not be written."""

    exit_code = 74


class TimeLimit(Error):
    """The campaign's `time_limit` has passed; what was measured is stored."""

    exit_code = 124


class Interrupted(Error):
    """The run was interrupted; what was measured is stored."""

    exit_code = 130


@dataclass(frozen=True)
class CrashRecord:
    """What a crash left behind before the device reset itself."""

    cause: int
    status: int
    pc: int
    lr: int
    sp: int
    vector: int
    repeat: int
    text: str

    def __str__(self) -> str:
        return self.text


class DeviceFault(Exception):
    """The device failed: `what` happened, the `evidence` seen, a `remedy` where one is known."""

    kind: str
    crash: CrashRecord | None = None
    """Of a device that left a record."""
    core_dump: bytes | None = None
    """A file for GDB, where a debug probe has read the core."""

    def __init__(self, what: str, evidence: str, remedy: str) -> None:
        """What else is known is set afterwards."""
        super().__init__(what, evidence, remedy)
        self.what, self.evidence, self.remedy = what, evidence, remedy

    def __str__(self) -> str:
        text = self.what
        if self.evidence:
            text += f"\n  evidence: {self.evidence}"
        if self.remedy:
            text += f"\n  remedy:   {self.remedy}"
        return text


class DeviceTimeout(DeviceFault):
    """It hung: no answer within the deadline."""


class DeviceCorrupt(DeviceFault):
    """Its answers make no sense, repeatedly."""


class DeviceReset(DeviceFault):
    """It restarted in the middle of a session, again and again."""


class DeviceCrash(DeviceReset):
    """It restarted and left a record of why: `crash` is never None."""

    crash: CrashRecord


class DeviceRefused(DeviceFault):
    """It said no, and why: an operator it lacks, an arena too small."""


class DeviceGone(DeviceFault):
    """The line itself ended: unplugged, or the process exited."""


_ERRORS: dict[int, type[Error]] = {
    each.exit_code: each
    for each in (
        UsageError,
        BenchFault,
        WrongImage,
        BoardBusy,
        LeaseLostError,
        OutputLost,
        QueueFullError,
        TimeLimit,
        Interrupted,
    )
}
_FAULTS: dict[str, type[DeviceFault]] = {
    "timeout": DeviceTimeout,
    "corrupt": DeviceCorrupt,
    "reset": DeviceReset,
    "refused": DeviceRefused,
    "gone": DeviceGone,
}


def error_of(code: int, what: str, where: str, remedy: str) -> Error:
    """The exception for an exit code of the command line."""
    return _ERRORS.get(code, BenchFault)(what, where, remedy)


def fault_type(kind: str, crash: CrashRecord | None) -> type[DeviceFault]:
    """Of the exception for a fault of the link."""
    return DeviceCrash if crash else _FAULTS.get(kind, DeviceFault)
