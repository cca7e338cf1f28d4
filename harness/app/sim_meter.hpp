// SPDX-License-Identifier: Apache-2.0
// Runs a simulated meter as a program: the same for every kind.
#pragma once

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>

#include "base/write_file.hpp"
#include "model/exit_code.hpp"
#include "sim_meter_options.hpp"

namespace tinyhil::app {

// Until its plug is pulled (pass) or a signal comes (interrupted). Prints its port and, with `activity`,
// where it listens for what a board does. Throws Error(usage) when there is no such place.
template <class Bench>
ExitCode simulate_meter(typename Bench::Options options, const std::optional<std::string>& activity,
                        const std::optional<std::filesystem::path>& truth) {
  boost::asio::io_context io(1);
  ExitCode code = ExitCode::interrupted;
  boost::asio::signal_set signals(io, SIGINT, SIGTERM, SIGHUP);
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (!error) io.stop();
  });
  const ActivityPlace place = activity_place(activity);
  options.activity_socket = place.socket;
  options.activity_port = place.port;
  options.unplugged = [&] {
    code = ExitCode::pass;
    io.stop();
  };
  const Bench bench(io.get_executor(), options);
  fmt::print("{}\n", bench.port());
  if (activity) fmt::print("{}\n", bench.activity());
  std::fflush(stdout);
  io.run();
  if (truth) write_file(*truth, bench.truth_json());
  return code;
}

}  // namespace tinyhil::app
