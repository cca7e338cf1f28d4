// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/write_file.hpp"
#include "bench/emulated_board.hpp"
#include "commands.hpp"
#include "formats/firmware_image.hpp"

namespace tinyhil::app {

namespace {

std::vector<std::string> board_of(const SimProbeOptions& options) {
  const bench::EmulatedBoard board{options.bench.machine, {}};
  if (options.uart == "pty") return bench::emulator_command(board, bench::SerialOnPty{});
  if (options.uart == "tcp") return bench::emulator_command(board, bench::SerialOnTcp{options.uart_port});
  return bench::emulator_command(board, bench::SerialOnNothing{});
}

// What a script needs, on one line.
void tell(const SimProbeOptions& options, const sim::ProbeBench& bench) {
  nlohmann::json line{{"address", bench.address()}, {"serial", options.bench.serial}};
  if (options.openocd_config) line["openocd"] = std::filesystem::absolute(*options.openocd_config).string();
  if (const auto environment = bench.environment(); !environment.empty()) line["environment"] = environment;
  if (options.uart != "none") line["uart"] = bench.serial_port();
  fmt::print("{}\n", line.dump());
  std::fflush(stdout);
}

}  // namespace

ExitCode sim_probe_command(const SimProbeOptions& options) {
  boost::asio::io_context io(1);
  boost::asio::signal_set signals(io, SIGINT, SIGTERM, SIGHUP);
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (!error) io.stop();
  });
  std::exception_ptr why;
  sim::ProbeBench::Options probe = options.bench;
  probe.board = board_of(options);
  if (options.firmware) probe.image = load_firmware_image(*options.firmware).segments;
  probe.ended = [&](std::exception_ptr thrown) {
    why = thrown;
    io.stop();
  };
  const sim::ProbeBench bench(io.get_executor(), std::move(probe));
  if (options.openocd_config) write_file(*options.openocd_config, bench.openocd_config());
  tell(options, bench);
  io.run();
  if (why) std::rethrow_exception(why);
  return ExitCode::interrupted;
}

}  // namespace tinyhil::app
