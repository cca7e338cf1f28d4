// SPDX-License-Identifier: Apache-2.0
#include "powershield_meter.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "base/error.hpp"
#include "meter/internal/stated.hpp"
#include "transport/serial.hpp"

namespace tinyhil::meter {

namespace {

constexpr int kPowershieldBaud = 3'686'400;
constexpr double kAsciiMostHz = 5'000;  // without a limit of time, UM2269
constexpr double kVoltageLimit = 0.02;  // of the set voltage
constexpr const char* kSimulated = "simulated";
constexpr const char* kVirtualTime = "virtual time";

std::string lower_case_of(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

bool has_word(const std::string& text, std::string_view word) {
  return lower_case_of(text).find(lower_case_of(std::string(word))) != std::string::npos;
}

// STLINK-V3PWR also answers to the other's name, so its own is looked for first.
const PowershieldDialect* dialect_of(const std::string& answer) {
  for (const PowershieldDialect* dialect : {&stlink_v3pwr_dialect(), &lpm01a_dialect()}) {
    if (has_word(answer, dialect->name)) return dialect;
  }
  return nullptr;
}

// "powershield PowerShield present: 0123" -> "0123"; "" where it tells no number.
std::string serial_of(const std::string& answer) {
  const std::size_t colon = answer.rfind(": ");
  return colon == std::string::npos ? "" : answer.substr(colon + 2);
}

void read_format(const PowershieldDialect& dialect, const Section& section, PowershieldSetup& setup) {
  if (dialect.has_trigger) setup.has_trigger = section.choice("trigger", {"none", "d7"}, "none") == "d7";
  const std::string format =
      section.choice("format", {"ascii", "binary"}, setup.has_trigger ? "ascii" : "binary");
  setup.is_binary = format == "binary";
  if (setup.has_trigger && setup.is_binary) {
    section.fail_at("format", "`format: binary` has no events of D7 that anybody has described",
                    "write `format: ascii`, or leave `trigger` out");
  }
  const std::vector<std::string> rates(dialect.rates.begin(), dialect.rates.end());
  setup.rate = section.choice("rate", rates, setup.is_binary ? "100k" : "5k");
  if (!setup.is_binary && hertz_of(setup.rate) > kAsciiMostHz) {
    section.fail_at("rate", "`format: ascii` is sent without end at 5k at most", "write `rate: 5k`");
  }
}

}  // namespace

PowershieldMeter::Settings PowershieldMeter::read(const PowershieldDialect& dialect, const Section& section) {
  Settings settings;
  settings.port = section.text("port");
  settings.setup.supply_v = read_supply(section, dialect.lowest_v, dialect.highest_v);
  read_format(dialect, section, settings.setup);
  MeterIdentity& identity = settings.identity;
  identity.driver = dialect.driver;
  read_stated(section, identity);
  identity.rate_hz = hertz_of(settings.setup.rate);
  identity.range_mode = "auto";
  identity.supply_v = settings.setup.supply_v;
  identity.voltage = VoltageSource::set_point;
  identity.voltage_limit = kVoltageLimit;
  identity.trigger = settings.setup.has_trigger ? kPowershieldTriggerLine : -1;
  return settings;
}

PowershieldMeter::PowershieldMeter(const PowershieldDialect& dialect, Settings settings,
                                   asio::any_io_executor executor)
    : dialect_(dialect), settings_(std::move(settings)), executor_(std::move(executor)) {}

WordFormat PowershieldMeter::word_format() const {
  return settings_.setup.is_binary ? WordFormat::lpm01a_u16 : WordFormat::amperes_f32;
}

std::string PowershieldMeter::describe() const { return std::string(dialect_.driver) + " " + settings_.port; }

void PowershieldMeter::fail(const Fault& fault) const {
  throw Error(ErrorKind::bench_fault, tinyhil::describe(fault), settings_.port,
              fault.remedy.empty() ? "look at the meter's cable and display" : fault.remedy);
}

asio::awaitable<std::string> PowershieldMeter::demand(std::string command) {
  Result<std::string> answer = co_await port_->ask(std::move(command));
  if (!answer) fail(answer.error());
  co_return std::move(*answer);
}

asio::awaitable<void> PowershieldMeter::identify() {
  const std::string answer = co_await demand("powershield");
  const PowershieldDialect* dialect = dialect_of(answer);
  if (dialect == nullptr || dialect != &dialect_) {
    throw Error(
        ErrorKind::bench_fault,
        "what is at the port is no " + std::string(dialect_.name) + ": it calls itself `" + answer + "`",
        settings_.port,
        dialect == nullptr ? "correct `port`" : "write `driver: " + std::string(dialect->driver) + "`");
  }
  if (settings_.identity.serial.empty()) settings_.identity.serial = serial_of(answer);
  const std::string version = co_await demand("version");
  settings_.identity.firmware = version;
  settings_.identity.simulated = has_word(version, kSimulated);
  settings_.identity.virtual_time = has_word(version, kVirtualTime);
}

asio::awaitable<void> PowershieldMeter::set_up() {
  for (const std::string& command : dialect_.setup(settings_.setup)) co_await demand(command);
  if (dialect_.power_query.empty()) co_return;
  const std::string power = co_await demand(std::string(dialect_.power_query));
  if (!has_word(power, "off")) co_return;
  throw Error(ErrorKind::bench_fault, "the meter does not supply the board: it answers `" + power + "`",
              settings_.port, "take what shorts the board's supply away, and check the jumpers of the meter");
}

asio::awaitable<MeterIdentity> PowershieldMeter::prepare() {
  port_.reset();  // or the port would be in use, by us
  transport::SerialSettings serial;
  serial.port = settings_.port;
  serial.rates.start = kPowershieldBaud;
  port_.emplace(dialect_, executor_, transport::open_serial(executor_, serial));
  const Result<void> quiet = co_await port_->silence();
  if (!quiet) fail(quiet.error());
  co_await identify();
  co_await set_up();
  co_return settings_.identity;
}

asio::awaitable<Result<void>> PowershieldMeter::record(SampleSink& sink) {
  assert(port_);
  const PowershieldRate rate{settings_.identity.rate_hz, word_format(), settings_.setup.has_trigger,
                             settings_.identity.virtual_time};
  PowershieldRecording recording(sink, rate);
  co_return co_await port_->record(recording, rate.format);
}

void PowershieldMeter::stop() {
  if (port_) port_->interrupt();
}

}  // namespace tinyhil::meter
