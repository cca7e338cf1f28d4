// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>

#include "base/quantity.hpp"
#include "commands.hpp"
#include "sim/line_cable.hpp"
#include "sim/line_stats.hpp"
#include "sim/near_end.hpp"
#include "transport/process.hpp"
#include "transport/serial.hpp"
#include "transport/tcp.hpp"

namespace tinyhil::app {

namespace {

constexpr std::chrono::milliseconds kAdapterLatency(16);  // FTDI's default

std::unique_ptr<transport::Transport> open_far_tcp(asio::io_context& io, const std::string& address) {
  const std::size_t colon = address.rfind(':');
  const bool has_both = colon != std::string::npos && colon > 0;
  const std::optional<std::int64_t> port = parse_integer(has_both ? address.substr(colon + 1) : "");
  if (!port || *port < 1 || *port > 65535) {
    throw Error(ErrorKind::usage, "the far end needs a host and a port", "--tcp " + address,
                "write for example --tcp 127.0.0.1:5555");
  }
  return transport::open_tcp(io.get_executor(), address.substr(0, colon), static_cast<std::uint16_t>(*port));
}

std::unique_ptr<transport::Transport> open_far_serial(asio::io_context& io, const std::string& port,
                                                      int baud) {
  transport::SerialSettings settings;
  settings.port = port;
  settings.rates.start = baud;
  return transport::open_serial(io.get_executor(), std::move(settings));
}

std::unique_ptr<transport::Transport> open_far(asio::io_context& io, const SimLineOptions& options) {
  if (!options.command.empty()) return transport::open_process(io.get_executor(), options.command);
  if (options.serial) return open_far_serial(io, *options.serial, static_cast<int>(options.far_baud));
  if (options.tcp) return open_far_tcp(io, *options.tcp);
  throw Error(ErrorKind::usage, "the line has no far end", "tinyhil sim line",
              "add one: -- COMMAND..., --serial PORT or --tcp HOST:PORT");
}

std::unique_ptr<sim::NearEnd> open_near(asio::io_context& io, const SimLineOptions& options) {
  if (options.pty) return sim::near_on_pty(io.get_executor(), options.link);
  if (options.listen) return sim::near_on_tcp(io.get_executor(), *options.listen);
  return sim::near_on_stdio(io.get_executor());
}

sim::CableSettings settings_of(const SimLineOptions& options, sim::NearEnd& near) {
  sim::LineSettings line = options.line;
  const std::optional<std::uint32_t> host_baud = near.baud();
  line.baud = options.baud.value_or(host_baud.value_or(0));
  sim::CableSettings cable{line, line, options.seed, host_baud && !options.baud};
  const bool gathers = line.baud > 0;
  cable.to_host.latency = options.latency.value_or(gathers ? kAdapterLatency : std::chrono::milliseconds(0));
  if (options.faults_in == "to-device") cable.to_host.faults = {};
  if (options.faults_in == "to-host") cable.to_device.faults = {};
  return cable;
}

void announce(sim::NearEnd& near) {
  if (near.address().empty()) return;
  fmt::print("{}\n", near.address());
  std::fflush(stdout);
}

ExitCode cable_exit_code(const std::optional<sim::CableEnd>& end, const sim::Cable& cable,
                         transport::Transport& far) {
  if (!end) return ExitCode::interrupted;
  if (*end != sim::CableEnd::far_left) return ExitCode::pass;
  const Fault& fault = *cable.far_fault();
  throw Error(ErrorKind::bench_fault, describe(fault), "far end: " + far.describe(),
              "find out why the board or its program ended");
}

}  // namespace

ExitCode sim_line_command(const SimLineOptions& options) {
  asio::io_context io(1);
  asio::signal_set signals(io, SIGINT, SIGTERM, SIGHUP);
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (!error) io.stop();
  });
  const std::unique_ptr<sim::NearEnd> near = open_near(io, options);  // first: a taken port starts no program
  const std::unique_ptr<transport::Transport> far = open_far(io, options);
  std::function<void()> moved = [] {};
  sim::Cable cable(io, {*near, *far}, settings_of(options, *near), [&] { moved(); });
  std::optional<sim::LineStatsFile> stats;  // written for the last time when it goes, before the cable does
  if (options.stats) {
    stats.emplace(io, *options.stats,
                  [&] { return sim::line_stats_json(options.seed, cable.to_device(), cable.to_host()); });
    moved = [&] { stats->changed(); };
  }
  announce(*near);
  return cable_exit_code(cable.run(), cable, *far);
}

}  // namespace tinyhil::app
