// SPDX-License-Identifier: Apache-2.0
// Who answers at the ports of a desk, and which probe holds whose core. This sends to the ports, and a core
// is halted for a few seconds.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "desk.hpp"
#include "host/machine.hpp"
#include "model/device.hpp"

namespace tinyhil::app {

struct GreetingSettings {
  std::filesystem::path root = "/";
  int baud = 115200;
  std::chrono::milliseconds boot{3'000};    // longest from opening a port to an answer
  std::vector<std::string> probe_config{};  // files for OpenOCD, in place of those for any Cortex-M
};

// One port, asked.
struct Greeted {
  std::optional<DeviceIdentity> device{};
  std::string problem{};  // why nobody answered
};

// One probe, tried.
struct Held {
  std::optional<std::size_t> port{};  // whose agent was silent while the core was held, and not after it
  std::string says{};                 // what was seen, or why it could not be tried
};

// The boards that the file of a bench describes, for these ports: used here, and the start of what is
// written.
std::string port_link(const DeskPort& port, const GreetingSettings& settings);

std::vector<Greeted> greet_ports(const Desk& desk, const GreetingSettings& settings);

// Each probe halts the core that it finds, and each agent that has answered is asked again. Ports that are
// tied to the probe come first. Whoever is silent then and answers after the core goes on is on the probe's
// board. `greeted` is of greet_ports().
std::vector<Held> hold_cores(const Desk& desk, const std::vector<Greeted>& greeted,
                             const GreetingSettings& settings);

}  // namespace tinyhil::app
