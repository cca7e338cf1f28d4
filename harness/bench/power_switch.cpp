// SPDX-License-Identifier: Apache-2.0
#include "power_switch.hpp"

#include "probe/program_run.hpp"

namespace tinyhil::bench {

namespace {

constexpr std::chrono::milliseconds kUsualPowerLimit{30'000};

std::chrono::milliseconds read_power_limit(const Section& power) {
  const auto limit = power.optional_duration("timeout");
  if (!limit) return kUsualPowerLimit;
  if (*limit < std::chrono::milliseconds(1))
    power.fail_at("timeout", "`timeout` is shorter than 1 ms", "write for example 30 s");
  return std::chrono::duration_cast<std::chrono::milliseconds>(*limit);
}

// A relative path means relative to the bench file; a bare name is looked up in PATH.
std::vector<std::string> read_power_command(const Section& power) {
  std::vector<std::string> command = power.texts("command");
  power.finish();
  if (command.empty()) {
    power.fail("`power` needs `command`, a list of the program and its arguments",
               "write for example `command: [uhubctl, --location, 1-1, --ports, 3, --action, cycle]`");
  }
  if (command[0].find('/') != std::string::npos)
    command[0] = std::filesystem::absolute(power.folder() / command[0]).lexically_normal().string();
  return command;
}

}  // namespace

Result<void> PowerSwitch::cycle() const { return probe::run_program(command_, limit_); }

std::optional<PowerSwitch> board_power_switch(const Board& board) {
  if (!board.power) return std::nullopt;
  const std::chrono::milliseconds limit = read_power_limit(*board.power);
  std::vector<std::string> command = read_power_command(*board.power);
  return PowerSwitch(std::move(command), limit);
}

}  // namespace tinyhil::bench
