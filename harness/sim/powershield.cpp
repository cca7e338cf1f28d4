// SPDX-License-Identifier: Apache-2.0
#include "powershield.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/quantity.hpp"

namespace tinyhil::sim {

namespace {

constexpr std::size_t kLineMax = 256;
constexpr double kAsciiEndlessHz = 5'000;
constexpr const char* kSerial = "0123456789ABCDEF01234567";
constexpr std::array<std::string_view, 16> kRates{"100k", "50k", "20k", "10k", "5k", "2k", "1k", "500",
                                                  "200",  "100", "50",  "20",  "10", "5",  "2",  "1"};

// A number as the meters take it: "3300m", "2-3", "100u", "1k", "10".
std::optional<double> parse_meter_number(const std::string& text) {
  const std::size_t digits = text.find_first_not_of("0123456789.");
  const std::optional<double> number = parse_number(text.substr(0, digits));
  if (!number || digits == std::string::npos) return number;
  const std::string rest = text.substr(digits);
  if (rest == "u") return *number * 1e-6;
  if (rest == "m") return *number * 1e-3;
  if (rest == "k") return *number * 1e3;
  if (rest.size() < 2 || rest.size() > 3 || (rest[0] != '-' && rest[0] != '+')) return std::nullopt;
  const std::optional<std::int64_t> exponent = parse_integer(rest.substr(1));
  if (!exponent || *exponent < 0) return std::nullopt;
  return *number * std::pow(10.0, static_cast<double>(rest[0] == '-' ? -*exponent : *exponent));
}

bool is_one_of(const std::string& word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

Powershield::Powershield(const PowershieldSettings& settings)
    : settings_(settings), model_(settings.currents), random_(settings.seed), noise_(0, settings.noise_a) {
  model_.supply(false);
  const auto is_stale = [](const PowershieldFault& fault) {
    return fault.kind == PowershieldFault::Kind::stale;
  };
  if (std::ranges::any_of(settings_.faults, is_stale)) {
    is_controlled_ = true;
    supply(true);
    recording_.emplace();
  }
}

void Powershield::supply(bool on) {
  is_supplied_ = on;
  model_.supply(on);
}

void Powershield::receive(std::span<const std::uint8_t> from_host) {
  for (const std::uint8_t given : from_host) {
    const char byte = static_cast<char>(given);
    if (byte != '\n' && byte != '\r') {
      if (line_.size() < kLineMax) line_ += byte;
      continue;
    }
    const std::string command = std::exchange(line_, {});
    if (!command.empty()) obey(command);
  }
}

void Powershield::acknowledge(const std::string& command) {
  say(settings_.is_stlink ? "ack " + command + "\r\n\r\n" : "\r\nPowerShield > ack " + command + "\r\n\r\n");
}

void Powershield::refuse(const std::string& command, const std::string& why) {
  const std::string prompt = settings_.is_stlink ? "" : "\r\nPowerShield > ";
  say(prompt + "error " + command + "\r\n\r\nError detail: " + why + "\r\n\r\n");
}

// While it records it hears nothing but `stop`, which it does not acknowledge.
void Powershield::obey(const std::string& command) {
  if (recording_) {
    if (command == "stop") end_recording();
    return;
  }
  const std::size_t space = command.find(' ');
  const std::string verb = command.substr(0, space);
  const std::string argument = space == std::string::npos ? "" : command.substr(space + 1);
  const std::string marks = std::string(" simulated") + (settings_.virtual_time ? ", virtual time" : "");
  if (verb == "stop") return;
  if (verb == "echo") return say("\r\nPowerShield > echo " + argument + "\r\n");
  if (verb == "powershield") {
    acknowledge(settings_.is_stlink ? "STLINK-V3PWR" : command);
    if (!settings_.is_stlink) say(std::string("PowerShield present: ") + kSerial + "\r\n");
    return;
  }
  if (verb == "version") {
    acknowledge(command);
    return say((settings_.is_stlink ? "1.0.0" : "1.0.6") + marks + "\r\n");
  }
  const std::string why = carry_out(verb, argument);
  if (!why.empty()) return refuse(command, why);
  acknowledge(command);
  if (command == "pwr get") say(is_supplied_ ? "on\r\n" : "off\r\n");
  if (command == "start") {
    recording_.emplace().start_s = now_s();
    if (limit_s_ > 0) recording_->end = static_cast<std::uint64_t>(std::llround(limit_s_ * rate_hz_));
    was_high_ = model_.trigger();
    supply(true);
    faults_ahead_ = settings_.faults;
  }
}

// Why not; "" when it is done.
std::string Powershield::carry_out(const std::string& verb, const std::string& argument) {
  if (verb == "htc" || (verb == "power_monitor" && settings_.is_stlink)) return is_controlled_ = true, "";
  if (verb == "hrc") return is_controlled_ = false, "";
  if (!is_controlled_) return "PowerShield is not controlled by host";
  if (verb == "volt") return set_voltage(argument);
  if (verb == "freq") return set_rate(argument);
  if (verb == "acqtime") return set_time(argument);
  if (verb == "pwr") return set_power(argument);
  if (verb == "start") return start();
  if (verb == "format") {
    is_binary_ = argument == "bin_hexa";
    return is_one_of(argument, {"bin_hexa", "ascii_dec"}) ? "" : "unknown format";
  }
  if (verb == "eventsrc" && !settings_.is_stlink) {
    watches_trigger_ = is_one_of(argument, {"d7 ris", "d7 fal"});
    watches_rising_ = argument == "d7 ris";
    return watches_trigger_ ? "" : "unknown event source";
  }
  if (verb == "acqmode") return is_one_of(argument, {"dyn", "stat"}) ? "" : "unknown mode";
  if (verb == "funcmode") return is_one_of(argument, {"optim", "high"}) ? "" : "unknown mode";
  if (verb == "output") return argument == "current" ? "" : "this simulation measures current only";
  if (verb == "trigsrc") return argument == "sw" ? "" : "this simulation starts by `start` only";
  if (is_one_of(verb, {"trigdelay", "pwrend", "status", "range", "lcd", "calib", "currthres", "temp"}))
    return "";
  return "unknown command";
}

std::string Powershield::set_rate(const std::string& argument) {
  if (std::ranges::find(kRates, argument) == kRates.end()) return "frequency is not in the list";
  rate_hz_ = *parse_meter_number(argument);
  return "";
}

std::string Powershield::set_voltage(std::string argument) {
  if (argument.starts_with("vout ")) argument.erase(0, 5);
  const std::optional<double> volts = parse_meter_number(argument);
  const double low = settings_.is_stlink ? 1.6 : 1.8;
  const double high = settings_.is_stlink ? 3.6 : 3.3;
  if (!volts || *volts < low - 1e-9 || *volts > high + 1e-9) return "voltage is out of range";
  millivolts_ = static_cast<int>(std::lround(*volts * 1000));
  return "";
}

std::string Powershield::set_time(const std::string& argument) {
  const std::optional<double> seconds = argument == "inf" ? 0 : parse_meter_number(argument);
  if (!seconds || *seconds > 100 || (*seconds > 0 && *seconds < 100e-6)) return "time is out of range";
  limit_s_ = *seconds;
  return "";
}

std::string Powershield::set_power(std::string argument) {
  if (argument.starts_with("vout ")) argument.erase(0, 5);
  const std::string word = argument.substr(0, argument.find(' '));
  if (word == "get") return "";
  if (!is_one_of(word, {"auto", "on", "off"})) return "unknown power state";
  if (word != "auto") supply(word == "on");
  return "";
}

std::string Powershield::start() {
  const bool is_endless = limit_s_ <= 0 || limit_s_ > 1;
  if (!is_binary_ && rate_hz_ > kAsciiEndlessHz && is_endless)
    return "acquisition time is too long for ascii";
  return "";
}

std::optional<PowershieldFault> parse_powershield_fault(std::string_view text) {
  using Kind = PowershieldFault::Kind;
  constexpr std::array<std::pair<std::string_view, Kind>, 6> kinds{{{"overflow", Kind::overflow},
                                                                    {"loss", Kind::loss},
                                                                    {"bytes", Kind::bytes},
                                                                    {"overcurrent", Kind::overcurrent},
                                                                    {"power-down", Kind::power_down},
                                                                    {"stale", Kind::stale}}};
  const std::size_t at = text.find('@');
  const auto* kind = std::ranges::find(kinds, text.substr(0, at), &std::pair<std::string_view, Kind>::first);
  if (kind == kinds.end()) return std::nullopt;
  if (kind->second == Kind::stale)
    return at == std::string_view::npos ? std::optional(PowershieldFault{Kind::stale}) : std::nullopt;
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = text.substr(at + 1);
  const std::size_t colon = rest.find(':');
  const bool is_counted =
      kind->second == Kind::overflow || kind->second == Kind::loss || kind->second == Kind::bytes;
  if (is_counted != (colon != std::string_view::npos)) return std::nullopt;
  const std::optional<double> at_s = parse_number(rest.substr(0, colon));
  const std::int64_t count = is_counted ? parse_integer(rest.substr(colon + 1)).value_or(0) : 1;
  if (!at_s || *at_s < 0 || count < 1) return std::nullopt;
  return PowershieldFault{kind->second, *at_s, static_cast<std::uint64_t>(count)};
}

}  // namespace tinyhil::sim
