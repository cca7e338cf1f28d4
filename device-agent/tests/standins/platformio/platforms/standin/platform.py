# SPDX-License-Identifier: Apache-2.0
from platformio.public import PlatformBase


class StandinPlatform(PlatformBase):  # type: ignore[misc]
    pass
