# SPDX-License-Identifier: Apache-2.0
"""A board: described, held, and asked."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from numpy.typing import ArrayLike

from . import _core
from .board_info import BoardInfo
from .errors import UsageError
from .hold import first_free
from .inferences import Inferences
from .model import Model, read_model


class Board:
    """One board of a bench. `with board:` holds it, opens the line and greets the device.

    Make one with `Board.serial`, `.tcp`, `.process`, `.emulated`, or take it from a `Bench`.
    """

    def __init__(self, bench: _core.Bench, name: str, *, wait: float = 0.0, is_held: bool = False) -> None:
        """`wait`: seconds that `open` waits for a board that others hold. `is_held`: the caller holds it."""
        self._bench, self._wait, self._is_held = bench, wait, is_held
        self.name = name
        self.on_inferences: Callable[[Model, Inferences], object] | None = None
        """Called with all that `infer` returns, whoever asked for it."""
        self._open: _core.OpenBoard | None = None
        self._info: BoardInfo | None = None
        self._current: Model | None = None
        self._stack = ExitStack()

    @classmethod
    def of_link(cls, name: str, provenance: str, image: str | os.PathLike[str] | None, **link: Any) -> Board:
        """A board that no bench file describes: `link` has the keys of docs/campaign.md, `driver` first."""
        entry: dict[str, Any] = {"name": name, "provenance": provenance, "link": link}
        if image is not None:
            entry["image"] = str(Path(image).resolve())
        text = json.dumps({"bench": "python", "boards": [entry]})  # JSON is YAML
        bench = _core.Bench.parse(text, Path.cwd() / "python")
        return cls(bench, name, is_held=bench.starts_its_own(name))  # such a one nobody else could hold

    @classmethod
    def serial(
        cls,
        port: str,
        baud: int = 115200,
        *,
        ladder: Sequence[int] = (),
        image: str | os.PathLike[str] | None = None,
        provenance: str = "real",
    ) -> Board:
        """On a serial port; `ladder`: faster rates to be tried. `image`: firmware that must be running."""
        faster = {"ladder": list(ladder)} if ladder else {}
        return cls.of_link("serial", provenance, image, driver="serial", port=port, baud=baud, **faster)

    @classmethod
    def tcp(
        cls,
        host: str,
        port: int,
        *,
        image: str | os.PathLike[str] | None = None,
        provenance: str = "real",
    ) -> Board:
        """At the far end of a TCP connection."""
        return cls.of_link("tcp", provenance, image, driver="tcp", host=host, port=port)

    @classmethod
    def process(cls, command: Sequence[str | os.PathLike[str]]) -> Board:
        """The agent as a process of this computer; its latency is not a board's."""
        return cls.of_link(
            "process", "process", None, driver="process", command=[str(word) for word in command]
        )

    @classmethod
    def emulated(cls, machine: str, image: str | os.PathLike[str]) -> Board:
        """A Cortex-M in QEMU running the agent's firmware; latency is counted instructions, and says so."""
        return cls.of_link("emulated", "emulated", image, driver="emulated", machine=machine)

    def open(self) -> Board:
        """Holds and greets the board.

        Raises BoardBusy, BenchFault, WrongImage, or UsageError for another provenance.
        """
        if self._open is not None:
            return self
        with ExitStack() as stack:
            if not self._is_held:
                key = self._bench.key(self.name)
                stack.enter_context(first_free([key], self._wait, f"board {self.name}"))
            opened = _core.OpenBoard(self._bench, self.name)
            stack.callback(opened.close)
            self._info = BoardInfo.of(opened.open())
            self._stack = stack.pop_all()
        self._open = opened
        return self

    def close(self) -> None:
        """Ends the line and frees the board; harmless when it is closed already."""
        self._open, self._info, self._current = None, None, None
        self._stack.close()

    def __enter__(self) -> Board:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_open(self) -> bool:
        return self._open is not None

    @property
    def core(self) -> _core.OpenBoard:
        """The open line; raises UsageError when there is none."""
        if self._open is None:
            raise UsageError("the board is not open", f"board {self.name}", "use it inside `with board:`")
        return self._open

    @property
    def info(self) -> BoardInfo:
        """The device as it introduced itself."""
        if self._info is None:
            raise UsageError("the board is not open", f"board {self.name}", "use it inside `with board:`")
        return self._info

    def load(self, model: str | os.PathLike[str] | bytes, name: str | None = None) -> Model:
        """Pushes a model (a file or its bytes) and makes it the one that `infer` runs.

        A model that the device holds already is not sent again. Raises DeviceRefused when the engine cannot
        run it.
        """
        if isinstance(model, bytes):
            file = _core.ModelFile(name or "model", Path("<bytes>"), model)
        else:
            path = Path(model)
            file = _core.ModelFile(name or path.stem, path, read_model(path))
        self._current = Model(self, file, self.core.load(file))
        return self._current

    def forget(self) -> None:
        """Lets `infer` run no model until the next `load`; what the device holds stays there."""
        self._current = None

    def infer(self, x: ArrayLike, **options: Any) -> Inferences:
        """Runs the model that was loaded last: see `Model.infer`."""
        if self._current is None:
            raise UsageError("no model is loaded", f"board {self.name}", "call board.load(file) first")
        return self._current.infer(x, **options)

    def __repr__(self) -> str:
        return f"<Board {self.name} {self._info.kind if self._info else 'closed'}>"
