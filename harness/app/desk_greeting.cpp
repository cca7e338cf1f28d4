// SPDX-License-Identifier: Apache-2.0
#include "desk_greeting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>

#include "base/error.hpp"
#include "bench/board_access.hpp"
#include "bench/board_hold.hpp"
#include "campaign/open_device.hpp"
#include "probe/target.hpp"
#include "quoted.hpp"
#include "transport/run_to_end.hpp"

namespace tinyhil::app {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kSilence{1'500};  // an agent that runs answers within a hundredth of that

asio::awaitable<Result<DeviceIdentity>> greet(device::Device& device, milliseconds boot) {
  const device::Boot patience(boot);
  co_return co_await device.greet(patience);
}

Board board_at(const std::string& link) {
  const std::string text = "bench: desk\nboards: [{name: b1, provenance: real, link: " + link + "}]\n";
  return parse_bench(text, "tinyhil discover").boards.front();
}

// Nobody else's, as long as it is returned.
bench::BoardHold hold(const bench::BoardAccess& access) {
  std::string holder;
  auto held = bench::BoardHold::try_take(access.lock_key().value_or(""), holder);
  if (held) return std::move(*held);
  throw Error(ErrorKind::no_lease, "it is in use by " + holder, *access.lock_key(), "wait until it is free");
}

Greeted greet_port(const DeskPort& port, const GreetingSettings& settings, milliseconds boot) {
  Greeted greeted;
  try {
    const Board board = board_at(port_link(port, settings));
    const bench::BoardHold held = hold(*bench::board_access(board));
    asio::io_context io(1);
    const auto device = campaign::open_device(io.get_executor(), board);
    const Result<DeviceIdentity> identity = transport::run_to_end(io, greet(*device, boot));
    if (identity) {
      greeted.device = *identity;
    } else {
      greeted.problem = describe(identity.error());
    }
  } catch (const Error& error) {
    greeted.problem = std::string(error.what()) + "; " + error.remedy();
  }
  return greeted;
}

bool is_same(const Greeted& one, const Greeted& other) {
  return one.device && other.device && one.device->board.serial == other.device->board.serial &&
         one.device->board.kind == other.device->board.kind;
}

std::string probe_link(const DeskProbe& probe, const GreetingSettings& settings) {
  std::string files;
  std::string commands;
  for (const std::string& file : settings.probe_config) files += quoted(file) + ", ";
  if (settings.probe_config.empty()) {
    files = quoted(probe.kind.interface_file);
    for (const std::string& command : probe::any_cortex_m(probe.kind)) commands += quoted(command) + ", ";
  }
  return fmt::format("{{driver: openocd, probe: {}, config: [{}], commands: [{}], search: 0x20000000}}",
                     quoted(probe.device.serial), files, commands);
}

std::vector<std::size_t> in_order(const Desk& desk, const DeskProbe& probe,
                                  const std::vector<Greeted>& greeted) {
  std::vector<std::size_t> ports;
  for (std::size_t i = 0; i < greeted.size(); ++i)
    if (greeted[i].device) ports.push_back(i);
  std::ranges::stable_sort(ports, std::greater(),
                           [&](std::size_t i) { return tie_of(desk.ports[i], probe); });
  return ports;
}

// The core is let go whatever happens meanwhile.
class HaltedCore {
 public:
  HaltedCore(asio::io_context& io, probe::OpenOcd& openocd) : io_(io), target_(openocd) {
    const Result<void> halted = transport::run_to_end(io_, target_.halt());
    is_halted_ = halted.has_value();
    if (!halted) problem_ = describe(halted.error());
  }
  HaltedCore(const HaltedCore&) = delete;
  HaltedCore& operator=(const HaltedCore&) = delete;
  ~HaltedCore() {
    try {
      resume();
    } catch (const std::exception& error) {
      fmt::print(stderr, "the core may be left halted: {}\n", error.what());
    }
  }

  const std::string& problem() const { return problem_; }
  std::string resume() {
    if (!is_halted_) return {};
    is_halted_ = false;
    const Result<void> resumed = transport::run_to_end(io_, target_.resume());
    return resumed ? "" : describe(resumed.error());
  }

 private:
  asio::io_context& io_;
  probe::Target target_;
  bool is_halted_ = false;
  std::string problem_;
};

// The ports whose agents are silent while the core is halted.
std::vector<std::size_t> silent_among(const Desk& desk, const std::vector<std::size_t>& ports,
                                      const GreetingSettings& settings) {
  std::vector<std::size_t> silent;
  for (const std::size_t i : ports)
    if (!greet_port(desk.ports[i], settings, kSilence).device) silent.push_back(i);
  return silent;
}

Held judge(const Desk& desk, const std::vector<std::size_t>& silent, const std::vector<Greeted>& greeted,
           const GreetingSettings& settings) {
  if (silent.empty()) return {std::nullopt, "every agent answered while this probe held its core"};
  std::vector<std::size_t> back;
  for (const std::size_t i : silent)
    if (is_same(greet_port(desk.ports[i], settings, settings.boot), greeted[i])) back.push_back(i);
  if (back.size() == 1) {
    return {back.front(), "the agent at " + desk.ports[back.front()].port.file +
                              " was silent while this probe held its core, and answered again after it"};
  }
  return {std::nullopt, back.empty() ? "the agent that was silent while the core was held did not come back"
                                     : "several agents were silent while the core was held"};
}

Held try_probe(const Desk& desk, const DeskProbe& probe, const std::vector<Greeted>& greeted,
               const GreetingSettings& settings) {
  if (probe.kind.interface_file.empty()) return {std::nullopt, "OpenOCD does not reach a probe of this kind"};
  if (probe.device.serial.empty()) return {std::nullopt, "it has no serial number to know it by"};
  const std::vector<std::size_t> ports = in_order(desk, probe, greeted);
  if (ports.empty()) return {std::nullopt, "no agent answers at any port"};
  try {
    const auto access = bench::board_access(board_at(probe_link(probe, settings)));
    const bench::BoardHold held = hold(*access);
    asio::io_context io(1);
    const auto openocd = probe::OpenOcd::start(io.get_executor(), *access->probe());
    HaltedCore core(io, *openocd);
    if (!core.problem().empty()) return {std::nullopt, "its core cannot be halted: " + core.problem()};
    const std::vector<std::size_t> silent = silent_among(desk, ports, settings);
    const std::string problem = core.resume();
    if (!problem.empty()) return {std::nullopt, "its core was halted and does not go on: " + problem};
    return judge(desk, silent, greeted, settings);
  } catch (const Error& error) {
    return {std::nullopt, error.what()};
  }
}

}  // namespace

std::string port_link(const DeskPort& port, const GreetingSettings& settings) {
  const std::string file = host::Machine{settings.root}.at(port.port.best_name()).string();
  return fmt::format("{{driver: serial, port: {}, baud: {}}}", quoted(file), settings.baud);
}

std::vector<Greeted> greet_ports(const Desk& desk, const GreetingSettings& settings) {
  std::vector<Greeted> greeted;
  for (const DeskPort& port : desk.ports) greeted.push_back(greet_port(port, settings, settings.boot));
  return greeted;
}

std::vector<Held> hold_cores(const Desk& desk, const std::vector<Greeted>& greeted,
                             const GreetingSettings& settings) {
  std::vector<Held> held;
  for (const DeskProbe& probe : desk.probes) held.push_back(try_probe(desk, probe, greeted, settings));
  return held;
}

}  // namespace tinyhil::app
