# SPDX-License-Identifier: Apache-2.0
"""Models on microcontrollers, tested on the device: numpy in, numpy out, and a verdict.

```python
import tinyhil

with tinyhil.Board.emulated("mps2-an386", "agent.elf") as board:
    board.load("model.tflite")
    result = board.infer(x)  # result.raw, result.real, result.latency_us

report = tinyhil.Campaign("campaign.yaml").run()

with tinyhil.Board.lease("chip=stm32f4", wait=60.0) as board:  # of a daemon: docs/daemon.md
    ...
```
"""

from ._core import BoardEnergy, Figure, LayerEnergy, Meter, ModelEnergy, Tensor, __version__
from .bench import Bench
from .board import Board
from .board_info import BoardInfo
from .campaign import Campaign, Piece, Slice, Vectors
from .daemon import Daemon, Lease, lease
from .energy import Energy
from .errors import (
    BenchFault,
    BoardBusy,
    CrashRecord,
    DeviceCorrupt,
    DeviceCrash,
    DeviceFault,
    DeviceGone,
    DeviceRefused,
    DeviceReset,
    DeviceTimeout,
    Error,
    Interrupted,
    LeaseLostError,
    NoLeaseError,
    NotAllowedError,
    NotFoundError,
    OutputLost,
    QueueFullError,
    TimeLimit,
    UsageError,
    WrongImage,
)
from .inferences import STATUS, Inferences
from .model import Model
from .recording import Recording, Windows
from .report import Finding, Report, Verdict
from .store import FailedAttempt, Run, Store, Trial
from .trace import Trace, TraceColumns

__all__ = [
    "STATUS",
    "Bench",
    "BenchFault",
    "Board",
    "BoardBusy",
    "BoardEnergy",
    "BoardInfo",
    "Campaign",
    "CrashRecord",
    "Daemon",
    "DeviceCorrupt",
    "DeviceCrash",
    "DeviceFault",
    "DeviceGone",
    "DeviceRefused",
    "DeviceReset",
    "DeviceTimeout",
    "Energy",
    "Error",
    "FailedAttempt",
    "Figure",
    "Finding",
    "Inferences",
    "Interrupted",
    "LayerEnergy",
    "Lease",
    "LeaseLostError",
    "Meter",
    "Model",
    "ModelEnergy",
    "NoLeaseError",
    "NotAllowedError",
    "NotFoundError",
    "OutputLost",
    "Piece",
    "QueueFullError",
    "Recording",
    "Report",
    "Run",
    "Slice",
    "Store",
    "Tensor",
    "TimeLimit",
    "Trace",
    "TraceColumns",
    "Trial",
    "UsageError",
    "Vectors",
    "Verdict",
    "Windows",
    "WrongImage",
    "__version__",
    "lease",
]
