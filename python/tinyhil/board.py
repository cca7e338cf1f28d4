# SPDX-License-Identifier: Apache-2.0
"""A board: described, held, and asked."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from . import _core
from .errors import UsageError
from .hold import first_free
from .inferences import Inferences
from .progress import bar
from .tensor import dequantise, to_model

REPEATS_MAX = 1000


@dataclass(frozen=True)
class BoardInfo:
    """A board as it introduced itself; `image_sha256` was read back from the device. Sizes are bytes."""

    name: str
    kind: str
    serial: str
    engine: str
    build: str
    provenance: str
    image_sha256: str
    clock: str
    clock_hz: int
    timer_hz: int
    flash_size: int
    ram_size: int
    loads_models: bool = False
    model_slots: int = 0
    model_slot_size: int = 0
    vector_slots: int = 0
    vector_slot_size: int = 0
    arena_size: int = 0
    crash: str | None = None
    """What a crash before this session left behind."""

    @classmethod
    def of(cls, described: dict[str, Any]) -> BoardInfo:
        """From what `_core` says, which may know more than this version."""
        return cls(**{each.name: described[each.name] for each in fields(cls) if each.name in described})


class Model:
    """A model on a board; `infer` runs it. Made by `Board.load`."""

    def __init__(self, board: Board, file: _core.ModelFile, loaded: _core.LoadedModel) -> None:
        """`loaded`: what the device said about it."""
        self._board, self._file, self._loaded = board, file, loaded

    @property
    def name(self) -> str:
        return self._file.name

    @property
    def sha256(self) -> str:
        return self._file.sha256

    @property
    def input(self) -> _core.Tensor:
        """Shape with batch dimension, dtype, scale (0: not quantised) and zero point."""
        return self._loaded.input

    @property
    def output(self) -> _core.Tensor:
        return self._loaded.output

    @property
    def arena_used(self) -> int:
        """Bytes."""
        return self._loaded.arena_used

    def __repr__(self) -> str:
        return f"<Model {self.name} {self.input!r} -> {self.output!r} on {self._board.name}>"

    def infer(
        self,
        x: ArrayLike,
        *,
        repeats: int = 1,
        timeout: float = 10.0,
        overlap: bool = False,
        progress: bool | None = None,
    ) -> Inferences:
        """Runs vectors `x` of shape [n, ...], or one without n: n * repeats rows, by vector and repeat.

        Integers of the model's type go as they are; floats are quantised by its scale and zero point.
        `timeout`: seconds for one inference; longer is a hang. `overlap`: transfer and inference at the same
        time, which is faster, but then no latency counts. `progress`: a bar on stderr; None: on a terminal,
        for long work.

        Raises UsageError for vectors the model does not take, DeviceCrash, DeviceTimeout and the like when
        the device fails, BenchFault when the line does. After any of them the next call works, once what is
        broken is mended.
        """
        if not 1 <= repeats <= REPEATS_MAX:
            raise UsageError(f"{repeats} repeats", self.name, f"ask for 1 to {REPEATS_MAX}")
        if not 0.001 <= timeout <= 3600:
            raise UsageError(f"a timeout of {timeout} s", self.name, "choose 1 ms to an hour")
        vectors, _ = to_model(x, self.input, self.name)
        if len(vectors) == 0:
            raise UsageError("no vectors", self.name, "give at least one")
        core = self._board.core
        with bar(len(vectors) * repeats, self.name, progress, delay=1) as told:
            rows = core.infer(self._file, self._loaded, vectors, repeats, timeout, overlap, told)
        result = Inferences(rows, self._board.info.clock_hz, is_measured=not overlap)
        if self._board.on_inferences is not None:
            self._board.on_inferences(self, result)
        return result

    def predict(self, x: ArrayLike) -> np.ndarray[Any, Any]:
        """Outputs only, in the kind of numbers that `x` is of: real for floats, raw for integers."""
        single = np.shape(x) == self.input.shape[1:]
        outputs = self.infer(x).raw
        if np.asarray(x).dtype.kind == "f":
            outputs = dequantise(outputs, self.output)
        return outputs[0] if single else outputs


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
        starts_its_own = link["driver"] in ("process", "emulated")  # nobody else could hold it
        return cls(_core.Bench.parse(text, Path.cwd() / "python"), name, is_held=starts_its_own)

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
            file = _core.ModelFile(name or path.stem, path, _read_model(path))
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


def _read_model(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"the model cannot be read: {error.strerror}", str(path), "correct the path"
        ) from error
