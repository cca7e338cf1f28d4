#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the images of README.md again. Debian 12: gcc-riscv64-unknown-elf gcc-avr gcc-xtensa-lx106 gcc-arm-none-eabi
set -euo pipefail
cd "$(dirname "$0")"
build() {  # NAME TOOLS OPTIONS...
  "$2-gcc" "${@:3}" -Os -ffreestanding -nostdlib -Wl,--build-id=none,-n -o "$1.elf" firmware.c
  "$2-strip" --strip-all "$1.elf"
}
build rv32 riscv64-unknown-elf -march=rv32imc -mabi=ilp32 -T firmware.ld
build rv64 riscv64-unknown-elf -march=rv64imac -mabi=lp64 -mcmodel=medany -T firmware.ld
build xtensa xtensa-lx106-elf -T firmware.ld
build armeb arm-none-eabi -mbig-endian -mcpu=cortex-r4 -T firmware.ld
build arm arm-none-eabi -mcpu=cortex-m3 -mthumb -T firmware.ld
build avr avr -mmcu=atmega328p
for chip in rv32 rv64 xtensa armeb arm; do
  case $chip in rv*) tools=riscv64-unknown-elf;; xtensa) tools=xtensa-lx106-elf;; *) tools=arm-none-eabi;; esac
  "$tools-objcopy" -O binary "$chip.elf" "$chip.bin"
done
avr-objcopy -R .eeprom -O binary avr.elf avr.bin
arm-none-eabi-objcopy -O binary --gap-fill 0xFF arm.elf arm-ff.bin
arm-none-eabi-objcopy -O ihex arm.elf arm.hex
arm-none-eabi-objcopy -O srec arm.elf arm.srec
avr-objcopy -R .eeprom -O ihex avr.elf avr.hex
chmod -x ./*.elf ./*.bin ./*.hex ./*.srec
