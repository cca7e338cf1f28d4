# SPDX-License-Identifier: Apache-2.0
"""Crashes of the agent as a process: the same process, started anew, explains what happened."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from crasher import BINARY, NONE, PROCESSOR, Crasher

COMMAND = [str(BINARY / "bin" / "thil-agent-crash"), "--serial", "A1"]


@pytest.fixture
def agent() -> Iterator[Crasher]:
    with Crasher(COMMAND) as one:
        assert one.record().cause == NONE, "power on"
        yield one


@pytest.mark.parametrize(
    ("command", "number"),
    [(b"u", signal.SIGILL), (b"f", signal.SIGILL), (b"b", signal.SIGSEGV), (b"o", signal.SIGSEGV)],
)
def test_a_crash_in_an_inference_names_it_and_the_signal(
    agent: Crasher, command: bytes, number: signal.Signals
) -> None:
    for _ in range(3):  # a signal that stayed blocked would end the process at the second
        record = agent.after(b"i" + command)
        assert record.cause == PROCESSOR
        assert record.status == number
        assert record.inference == (42, 1, 700, 3)
        assert record.pc != 0
        assert record.sp != 0


@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGFPE, signal.SIGBUS])
def test_every_signal_of_a_crash_is_explained(agent: Crasher, number: signal.Signals) -> None:
    agent.process.send_signal(number)
    record = agent.record()
    assert record.status == number
    assert record.inference is None


def test_the_reset_button_ends_a_hang_and_is_no_crash(agent: Crasher) -> None:
    agent.send(b"ih")
    for _ in range(3):
        agent.process.send_signal(signal.SIGUSR1)
        assert agent.record().cause == NONE


def test_a_record_outlives_a_reset_until_it_is_cleared(agent: Crasher) -> None:
    first = agent.after(b"iu")
    agent.process.send_signal(signal.SIGUSR1)
    assert agent.record() == first
    assert agent.after(b"r") == first
    assert agent.after(b"cr").cause == NONE


def test_a_crash_leaks_no_descriptor(agent: Crasher) -> None:
    def count() -> int:
        return len(list(Path(f"/proc/{agent.process.pid}/fd").iterdir()))

    agent.after(b"u")
    before = count()
    agent.after(b"u")
    assert count() == before


def test_two_processes_do_not_share_what_they_retain(agent: Crasher) -> None:
    agent.after(b"iu")
    with Crasher(COMMAND) as other:
        assert other.record().cause == NONE


def test_a_signal_that_the_parent_blocked_is_explained_all_the_same() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGSEGV, signal.SIGUSR1})
    try:
        with Crasher(COMMAND) as agent:
            agent.record()
            assert agent.after(b"b").status == signal.SIGSEGV
            agent.process.send_signal(signal.SIGUSR1)
            assert agent.record().status == signal.SIGSEGV
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGSEGV, signal.SIGUSR1})


def test_a_pipe_takes_any_rate(agent: Crasher) -> None:
    assert all(agent.rates_taken())
