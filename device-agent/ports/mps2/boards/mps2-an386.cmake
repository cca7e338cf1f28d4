# SPDX-License-Identifier: Apache-2.0
set(TINYHIL_CPU_FLAGS -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16)
