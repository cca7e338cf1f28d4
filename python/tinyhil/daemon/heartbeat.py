# SPDX-License-Identifier: Apache-2.0
"""The thread that tells the daemon that a lease's holder is there."""

from __future__ import annotations

import threading
import time
from types import TracebackType

from ..errors import Error, LeaseLostError
from .exchange import Exchange
from .replies import LeaseStatus

AGAIN = 0.5  # seconds, when the daemon was not reached


class Heartbeat:
    """`with Heartbeat(exchange, status):` beats every third of the lease's time to live.

    `loss` is why the lease is lost, None as long as it is not: the daemon said so, or was not reached for the
    whole time to live. A daemon that is started again in that time still knows the lease.
    """

    def __init__(self, exchange: Exchange, status: LeaseStatus) -> None:
        """Of a lease that is granted just now."""
        self.loss: Error | None = None
        self._lives = status.time_to_live_s or 30.0
        self._exchange = exchange.within(self._lives / 3)
        self._path = f"/api/v1/leases/{status.number}/heartbeat"
        self._epoch = status.epoch
        self._heard = time.monotonic()
        self._has_ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"lease {status.number}", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._has_ended.set()
        self._thread.join()

    def beat_now(self) -> float:
        """Seconds to the next beat; sets `loss`."""
        if self.loss is not None:
            return 0.0
        try:
            self._exchange.ask("POST", self._path, {"epoch": self._epoch})
        except LeaseLostError as error:
            self.loss = error
        except Error as error:
            if time.monotonic() - self._heard > self._lives:
                what = f"the daemon was not reached for too long: {error.what}"
                where = self._exchange.address.text
                self.loss = LeaseLostError(what, where, "see whether it runs: systemctl status tinyhil")
            return min(AGAIN, self._lives / 3)
        else:
            self._heard = time.monotonic()
        return self._lives / 3

    def _run(self) -> None:
        pause = self._lives / 3
        while not self._has_ended.wait(pause) and self.loss is None:
            pause = self.beat_now()
