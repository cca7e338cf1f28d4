// SPDX-License-Identifier: Apache-2.0
// A Cortex-M board as a QEMU process running the real agent image: the command that starts it, for the driver
// `emulated` and for `tinyhil sim board`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tinyhil::bench {

struct EmulatedBoard {
  std::string machine;          // "mps2-an386"
  std::filesystem::path image;  // agent.elf; empty: none, and memory is what a probe writes into it
  // A listening unix socket, to which it reports its trigger pin and power state, on a second serial port.
  std::optional<std::filesystem::path> activity{};
};

// Where the board's serial port is to be found.
struct SerialOnNothing {};  // it says what it says, and hears nothing
struct SerialOnStdio {};
struct SerialOnPty {};
struct SerialOnTcp {
  std::uint16_t port;  // of 127.0.0.1
};

std::vector<std::string> emulated_machines();

// The command that runs the board, its virtual clock counting instructions. Throws Error(bench_fault) when
// the emulator is not installed, the image is missing or the port is taken.
std::vector<std::string> emulator_command(const EmulatedBoard& board, SerialOnNothing);
std::vector<std::string> emulator_command(const EmulatedBoard& board, SerialOnStdio);
std::vector<std::string> emulator_command(const EmulatedBoard& board, SerialOnPty);
std::vector<std::string> emulator_command(const EmulatedBoard& board, SerialOnTcp tcp);

}  // namespace tinyhil::bench
