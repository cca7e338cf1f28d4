# SPDX-License-Identifier: Apache-2.0
"""tinyhil: hardware-in-the-loop testing and release gating of ML on microcontrollers."""
