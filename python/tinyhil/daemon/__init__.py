# SPDX-License-Identifier: Apache-2.0
"""The daemon that leases the boards of a host: docs/daemon.md.

```python
import tinyhil

for board in tinyhil.Daemon().boards():
    print(board.name, board.condition, board.holder)
with tinyhil.lease("chip=stm32f4", wait=600.0) as lease:
    tinyhil.Campaign("campaign.yaml").run(bench=lease.bench, boards=[lease.board])
```
"""

from .campaigns import Boards, Campaigns, CampaignStatus, KeptCampaign, Progress
from .client import Daemon
from .leasing import Lease, lease
from .replies import BoardStatus, FarmEvent, Holder, LeaseStatus, Why

__all__ = [
    "BoardStatus",
    "Boards",
    "CampaignStatus",
    "Campaigns",
    "Daemon",
    "FarmEvent",
    "Holder",
    "KeptCampaign",
    "Lease",
    "LeaseStatus",
    "Progress",
    "Why",
    "lease",
]
