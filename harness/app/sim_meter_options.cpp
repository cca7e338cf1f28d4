// SPDX-License-Identifier: Apache-2.0
#include "sim_meter_options.hpp"

#include <CLI/CLI.hpp>
#include <chrono>

#include "base/error.hpp"
#include "base/quantity.hpp"
#include "option_amount.hpp"

namespace tinyhil::app {

std::optional<double> parse_ampere(std::string_view text) {
  const auto ua = parse_current_ua(text);
  return ua ? std::optional(*ua * 1e-6) : std::nullopt;
}

std::optional<double> parse_seconds(std::string_view text) {
  const auto time = parse_duration(text);
  return time ? std::optional(std::chrono::duration<double>(*time).count()) : std::nullopt;
}

void add_meter_place(CLI::App& command, MeterPlace place) {
  command.add_flag_callback(
      "--pty", [] {}, "on a pseudo-terminal, named on stdout: there is no other way");
  command.add_option("--link", place.link, "symbolic link to the pseudo-terminal");
  command.add_option("--activity", place.activity,
                     "where an emulated board tells what it does: listen at unix:PATH or tcp:127.0.0.1:PORT "
                     "[a built-in pattern: busy 40 ms of each 100 ms, in the host's time]");
  command.add_option("--truth", place.truth,
                     "write the true charge of each window of the trigger pin to this JSON file, in the end");
}

void add_currents(CLI::App& command, sim::Currents& currents) {
  add_amount(command, "--active", currents.active_a,
             Amount{parse_ampere, "current of a board at work", "6.2mA"});
  add_amount(command, "--idle", currents.idle_a, Amount{parse_ampere, "of one that waits", "1.5mA"});
  add_amount(command, "--sleep", currents.sleep_a, Amount{parse_ampere, "of one that sleeps", "2.1uA"});
  const auto settling = [](std::string_view text) {
    const auto time = parse_seconds(text);
    return time && *time > 0 ? time : std::nullopt;
  };
  add_amount(command, "--settling", currents.settling_s,
             Amount{+settling, "time constant from one to the other", "30us"});
}

ActivityPlace activity_place(const std::optional<std::string>& text) {
  constexpr std::string_view kUnix = "unix:";
  constexpr std::string_view kTcp = "tcp:127.0.0.1:";
  if (!text) return {};
  if (text->starts_with(kUnix) && text->size() > kUnix.size())
    return {text->substr(kUnix.size()), std::nullopt};
  const auto port = parse_integer(text->starts_with(kTcp) ? text->substr(kTcp.size()) : "");
  if (!port || *port < 0 || *port > 65535) {
    throw Error(ErrorKind::usage, "there is no such place for a board's activity", "--activity " + *text,
                "write unix:PATH, or tcp:127.0.0.1:PORT (0: any)");
  }
  return {std::nullopt, static_cast<std::uint16_t>(*port)};
}

}  // namespace tinyhil::app
