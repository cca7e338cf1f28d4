// SPDX-License-Identifier: Apache-2.0
// A Cortex-M board as a QEMU process running the real agent image: the command that starts it, for the driver
// `emulated` and for `tinyhil sim board`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace tinyhil {

struct EmulatedBoard {
  std::string machine;          // "mps2-an386"
  std::filesystem::path image;  // agent.elf
};

// Where the board's serial port is to be found.
struct SerialOnStdio {};
struct SerialOnPty {};
struct SerialOnTcp {
  std::uint16_t port;  // of 127.0.0.1
};

std::vector<std::string> emulated_machines();

// The command that runs the board, its virtual clock counting instructions. Throws Error(bench_fault) when
// the emulator is not installed, the image is missing or the port is taken.
std::vector<std::string> emulator_command(const EmulatedBoard& board, SerialOnStdio);
std::vector<std::string> emulator_command(const EmulatedBoard& board, SerialOnPty);
std::vector<std::string> emulator_command(const EmulatedBoard& board, SerialOnTcp tcp);

}  // namespace tinyhil
