# SPDX-License-Identifier: Apache-2.0
"""A board: described, held, and asked."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import _core
from .board_info import BoardInfo
from .energy import Energy, resting_current, seconds
from .errors import UsageError
from .hold import first_free
from .inferences import Inferences
from .model import Model, Vectors, read_model


@dataclass(frozen=True)
class Claim:
    """By what a board is ours while it is open.

    `wait`: seconds for a board that others hold. `is_held`: the caller holds it. `check` is called before
    each use and raises when the board is not ours any more.
    """

    wait: float = 0.0
    is_held: bool = False
    check: Callable[[], object] | None = None

    def held(self, bench: _core.Bench, name: str) -> AbstractContextManager[object]:
        """Holds the board. Raises BoardBusy."""
        if self.is_held:
            return nullcontext()
        return first_free([bench.key(name)], self.wait, f"board {name}")


class Board:
    """One board of a bench. `with board:` holds it, opens the line and greets the device.

    Make one with `Board.serial`, `.tcp`, `.probe`, `.process`, `.emulated`, or take it from a `Bench`.
    """

    def __init__(self, bench: _core.Bench, name: str, claim: Claim) -> None:
        self._bench, self._claim = bench, claim
        self.name = name
        self.on_inferences: Callable[[Model, Inferences], object] | None = None
        """Called with all that `infer` returns, whoever asked for it."""
        self._open: _core.OpenBoard | None = None
        self._info: BoardInfo | None = None
        self._current: Model | None = None
        self._stack = ExitStack()

    @classmethod
    def of_link(cls, provenance: str, image: str | os.PathLike[str] | None = None, **link: Any) -> Board:
        """A board that no bench file describes: `link` has the keys of docs/campaign.md."""
        name = str(link["driver"])
        entry: dict[str, Any] = {"name": name, "provenance": provenance, "link": link}
        if image is not None:
            entry["image"] = str(Path(image).resolve())
        text = json.dumps({"bench": "python", "boards": [entry]})  # JSON is YAML
        bench = _core.Bench.parse(text, Path.cwd() / "python")
        return cls(
            bench, name, Claim(is_held=bench.starts_its_own(name))
        )  # such a one nobody else could hold

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
        return cls.of_link(provenance, image, driver="serial", port=port, baud=baud, **faster)

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
        return cls.of_link(provenance, image, driver="tcp", host=host, port=port)

    @classmethod
    def probe(
        cls,
        serial: str,
        *,
        config: Sequence[str | os.PathLike[str]],
        image: str | os.PathLike[str] | None = None,
        search: int | None = None,
        speed_khz: int | None = None,
        provenance: str = "real",
    ) -> Board:
        """Behind the debug probe of this serial number, without another line: docs/probes.md.

        `config`: files that tell OpenOCD of probe and target, here or its own. `image`: firmware that must be
        running, which also tells where its mailbox is; else `search` is the address to look from.
        """
        link: dict[str, Any] = {"probe": serial, "config": [os.fspath(file) for file in config]}
        if search is not None:
            link["search"] = hex(search)
        if speed_khz is not None:
            link["speed"] = speed_khz
        return cls.of_link(provenance, image, driver="openocd", **link)

    @classmethod
    def process(cls, command: Sequence[str | os.PathLike[str]]) -> Board:
        """The agent as a process of this computer; its latency is not a board's."""
        return cls.of_link("process", driver="process", command=[str(word) for word in command])

    @classmethod
    def emulated(cls, machine: str, image: str | os.PathLike[str]) -> Board:
        """A Cortex-M in QEMU running the agent's firmware; latency is counted instructions, and says so."""
        return cls.of_link("emulated", image, driver="emulated", machine=machine)

    @classmethod
    @contextmanager
    def lease(cls, selector: str = "", *, daemon: str | None = None, **options: Any) -> Iterator[Board]:
        """`with Board.lease("chip=stm32f4", wait=60.0) as board:` one of the daemon's, open.

        It is returned at the end of the block. Options as of `Daemon.lease`. Raises NoLeaseError when none
        came free in time. When the daemon takes the board back, the next use of it raises LeaseLostError, and
        so does the end of the block.
        """
        from .daemon import lease  # which needs this module

        with (
            lease(selector, daemon=daemon, **options) as held,
            held.open_bench().board(held.board) as board,
        ):
            yield board

    def open(self) -> Board:
        """Holds and greets the board.

        Raises BoardBusy, BenchFault, WrongImage, or UsageError for another provenance.
        """
        self.check()
        if self._open is not None:
            return self
        with ExitStack() as stack:
            stack.enter_context(self._claim.held(self._bench, self.name))
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

    def flash(self, image: str | os.PathLike[str] | None = None) -> bool:
        """Puts firmware on the board; False: it was there already, as its debug probe has read back.

        By the `flash` of its bench, else by its probe; by the daemon where it is a leased board of another
        machine. None named: the board's own `image`. Inside `with board:` the line is closed meanwhile, and
        the board greeted again. Ctrl-C waits until it is done. Raises WrongImage when other bytes are read
        back, or when the board that is greeted runs another image than it was described with; BoardBusy;
        BenchFault; UsageError for a board with neither, and for a file that does not say where it belongs.
        """
        with self._without_line():
            return _core.flash(self._bench, self.name, None if image is None else Path(image))

    def reset(self) -> None:
        """Resets the board and lets it run; as `flash` in all else."""
        with self._without_line():
            _core.reset(self._bench, self.name)

    def power_cycle(self) -> None:
        """Switches its supply off and on, by the `power` of its bench; as `flash` in all else."""
        with self._without_line():
            _core.power_cycle(self._bench, self.name)

    def check(self) -> None:
        """Raises LeaseLostError, and lets others hold the board, when it was leased and the lease is lost."""
        if self._claim.check is None:
            return
        try:
            self._claim.check()
        except BaseException:
            self.close()
            raise

    @property
    def is_open(self) -> bool:
        return self._open is not None

    @property
    def core(self) -> _core.OpenBoard:
        """The open line; raises UsageError when there is none."""
        self.check()
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

    def infer(self, x: Vectors, **options: Any) -> Inferences:
        """Runs the model that was loaded last: see `Model.infer`."""
        if self._current is None:
            raise UsageError("no model is loaded", f"board {self.name}", "call board.load(file) first")
        return self._current.infer(x, **options)

    def measure_energy(self, x: Vectors, **options: Any) -> Energy:
        """Of the model that was loaded last: see `Model.measure_energy`."""
        if self._current is None:
            raise UsageError("no model is loaded", f"board {self.name}", "call board.load(file) first")
        return self._current.measure_energy(x, **options)

    def measure_sleep(self, duration: float = 0.5, *, traces: str | os.PathLike[str] = "") -> _core.Figure:
        """Microamperes of the board in the deepest sleep that its port uses, over so many seconds.

        `traces`: a folder that keeps the samples. Raises UsageError for a board without a meter or whose port
        does not sleep, BenchFault when the meter is lost or saw less than the whole window.
        """
        return resting_current(self.core.rest(True, seconds("a window", duration), os.fspath(traces)))

    def measure_idle(self, duration: float = 0.1, *, traces: str | os.PathLike[str] = "") -> _core.Figure:
        """The same of the board awake and waiting for an interrupt."""
        return resting_current(self.core.rest(False, seconds("a window", duration), os.fspath(traces)))

    @contextmanager
    def _without_line(self) -> Iterator[None]:
        self.check()
        if self._open is None:
            with self._claim.held(self._bench, self.name):
                yield
            return
        self._open.close()
        yield
        self._info = BoardInfo.of(self._open.open())

    def __repr__(self) -> str:
        return f"<Board {self.name} {self._info.kind if self._info else 'closed'}>"
