# SPDX-License-Identifier: Apache-2.0
"""Real crashes of real firmware on emulated Cortex-M3, M4 and M7: what the start after the reset finds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crasher import NONE, PROCESSOR, SOURCE, STACK, Crasher

STACK_LIMIT, STACK_TOP = 0x20000000, 0x20002000
UNDEFINED_INSTRUCTION = 1 << 16  # CFSR.UNDEFINSTR
WRITE_ERRORS = 1 << 10 | 1 << 9  # CFSR.IMPRECISERR, PRECISERR
STACKING_ERROR = 1 << 12  # CFSR.STKERR
UDF = {b"\xff\xde", b"\x00\xde"}  # what the compiler's trap is, and udf #0


class Board(Crasher):
    def __init__(self, machine: str) -> None:
        folder = SOURCE / "build" / f"firmware-{machine}"
        self.image = (folder / "agent-crash.bin").read_bytes()
        options = "-accel tcg -icount shift=5,sleep=off -display none -monitor none -nodefaults"
        line = "-chardev stdio,id=line,signal=off -serial chardev:line"
        kernel = ["-kernel", str(folder / "agent-crash.elf")]
        super().__init__(["qemu-system-arm", "-M", machine, *options.split(), *line.split(), *kernel])


@pytest.fixture(params=["mps2-an385", "mps2-an386", "mps2-an500"])
def board(request: pytest.FixtureRequest) -> Iterator[Board]:
    one = Board(request.param)
    with one:
        assert one.record().cause == NONE, "power on"
        yield one


@pytest.mark.parametrize("command", [b"u", b"f"])
def test_a_crash_in_an_inference_names_it_and_the_instruction(board: Board, command: bytes) -> None:
    record = board.after(b"i" + command)
    assert record.cause == PROCESSOR
    assert record.status == UNDEFINED_INSTRUCTION
    assert record.inference == (42, 1, 700, 3)
    assert board.image[record.pc : record.pc + 2] in UDF
    assert 0 < record.lr < len(board.image)
    assert STACK_LIMIT < record.sp < STACK_TOP


def test_a_crash_outside_of_inferences_blames_none(board: Board) -> None:
    record = board.after(b"ilu")
    assert record.cause == PROCESSOR
    assert record.inference is None


def test_a_write_to_nowhere_is_a_bus_error(board: Board) -> None:
    record = board.after(b"ib")
    assert record.cause == PROCESSOR
    assert record.status & WRITE_ERRORS
    assert 0 < record.pc < len(board.image)


def test_a_full_stack_is_told_apart_and_does_not_lock_the_processor(board: Board) -> None:
    record = board.after(b"io")
    assert record.cause == STACK
    assert record.sp < STACK_LIMIT + 64
    assert record.inference == (42, 1, 700, 3)
    assert board.after(b"u").cause == PROCESSOR, "and it works as before"


def test_a_stack_pointer_that_points_nowhere_does_not_lock_the_processor(board: Board) -> None:
    record = board.after(b"iw")
    assert record.cause == PROCESSOR
    assert record.status & STACKING_ERROR
    assert (record.pc, record.lr) == (0, 0), "nothing was saved, so nothing is claimed"
    assert record.sp > STACK_TOP
    assert record.inference == (42, 1, 700, 3)


def test_a_record_outlives_a_reset_until_it_is_cleared(board: Board) -> None:
    first = board.after(b"iu")
    assert board.after(b"r") == first
    assert board.after(b"cr").cause == NONE


def test_a_reset_alone_leaves_no_record(board: Board) -> None:
    assert board.after(b"ir").cause == NONE


def test_every_crash_is_followed_by_a_start(board: Board) -> None:
    for _ in range(10):
        assert board.after(b"u").cause == PROCESSOR
        assert board.after(b"o").cause == STACK


def test_a_rate_is_taken_up_to_a_sixteenth_of_the_clock(board: Board) -> None:
    # 0, which is the first rate, to 1,562,500 baud
    assert board.rates_taken() == [True, True, True, True, True, False, False]
    assert board.after(b"u").cause == PROCESSOR
