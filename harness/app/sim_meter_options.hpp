// SPDX-License-Identifier: Apache-2.0
// What the command lines of all simulated meters have in common.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "sim/current_model.hpp"

namespace tinyhil::app {

std::optional<double> parse_ampere(std::string_view text);   // "2.1uA"
std::optional<double> parse_seconds(std::string_view text);  // "30us"

struct MeterPlace {
  std::optional<std::filesystem::path>& link;
  std::optional<std::string>& activity;
  std::optional<std::filesystem::path>& truth;
};
void add_meter_place(CLI::App& command, MeterPlace place);      // --pty, --link, --activity, --truth
void add_currents(CLI::App& command, sim::Currents& currents);  // --active, --idle, --sleep, --settling

// unix:PATH or tcp:127.0.0.1:PORT; neither of both when nothing is asked for. Throws Error(usage).
struct ActivityPlace {
  std::optional<std::filesystem::path> socket;
  std::optional<std::uint16_t> port;
};
ActivityPlace activity_place(const std::optional<std::string>& text);

}  // namespace tinyhil::app
