// SPDX-License-Identifier: Apache-2.0
#include "execute.hpp"

#include <fmt/format.h>

#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "error_report.hpp"
#include "progress_line.hpp"

namespace tinyhil {

void execute(const Inputs& inputs, const std::vector<const Board*>& boards, StoredRun run) {
  ProgressLine line(boards.size());
  Watch watch;
  watch.progress = [&](const std::string& board, const Progress& progress) { line.show(board, progress); };
  Execution execution(inputs, boards, run, std::move(watch));
  asio::signal_set signals(execution.executor(), SIGINT, SIGTERM, SIGHUP);
  signals.async_wait([&](const boost::system::error_code& error, int signal) {
    if (!error) signal == SIGHUP ? execution.hang_up() : execution.interrupt();
  });
  try {
    while (execution.go_on(std::chrono::hours(1))) {
    }
  } catch (const Error& error) {
    if (!execution.has_touched_a_board()) throw;
    throw AfterBoard(error);
  }
  if (execution.is_out_of_time()) {
    fmt::print(stderr, "the time on the device (`max_device_time`) is over; go on with --resume\n");
  }
}

}  // namespace tinyhil
