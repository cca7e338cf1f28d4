# SPDX-License-Identifier: Apache-2.0
set(TINYHIL_CPU_FLAGS -mcpu=cortex-m7 -mfloat-abi=hard -mfpu=fpv5-d16)
