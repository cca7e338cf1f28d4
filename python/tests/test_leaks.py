# SPDX-License-Identifier: Apache-2.0
"""LeakSanitizer over the module.

The interpreter keeps memory of its own until the end: only stacks with our code in them count.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys

LEAK = re.compile(r"(?:Direct|Indirect) leak of .*?\n\n", re.S)

WORK = """
import gc, numpy as np, tinyhil
from desk import CRASH, FAKE_AGENT, WAKE_WORD, fake_model, vectors
def work():
    with tinyhil.Board.process([FAKE_AGENT]) as board:
        board.load(fake_model())
        board.infer(vectors(*range(100)), repeats=2)
        for wrong in (lambda: board.infer(vectors(CRASH)), lambda: board.infer(np.zeros((1, 5)))):
            try:
                wrong()
            except (tinyhil.DeviceCrash, tinyhil.UsageError):
                pass
    vectors_of = tinyhil.Campaign(WAKE_WORD / "campaign.yaml").vectors
    assert vectors_of.inputs.sum() != 0
work()
"""

LEAKING = """
import ctypes, tinyhil
from desk import WAKE_WORD
labels = tinyhil.Campaign(WAKE_WORD / "campaign.yaml").core.labels
ctypes.pythonapi.Py_IncRef(ctypes.py_object(labels))  # and is never let go
del labels
"""


def our_leaks(script: str) -> list[str]:
    """The leaks of a Python that ran the script, in whose stacks the module stands."""
    options = {"ASAN_OPTIONS": "detect_leaks=1:fast_unwind_on_malloc=0:exitcode=0"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | options,
        check=True,
        timeout=250,
        stderr=subprocess.PIPE,
        text=True,
    )
    return [leak for leak in LEAK.findall(done.stderr + "\n\n") if "_core.cpython" in leak]


def test_what_is_never_let_go_is_found() -> None:
    assert our_leaks(LEAKING)


def test_boards_models_and_arrays_leave_nothing() -> None:
    assert our_leaks(WORK) == []
