// SPDX-License-Identifier: Apache-2.0
#include "execute.hpp"

#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "progress_line.hpp"

namespace tinyhil {

void execute(const Inputs& inputs, const std::vector<const Board*>& boards, Store& store, std::int64_t run,
             EarlyStop& early) {
  ProgressLine line(boards.size());
  Watch watch;
  watch.progress = [&](const std::string& board, const Progress& progress) { line.show(board, progress); };
  Execution execution(inputs, boards, store, run, early, std::move(watch));
  asio::signal_set signals(execution.executor(), SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (!error) execution.interrupt();
  });
  while (execution.go_on(std::chrono::hours(1))) {
  }
}

}  // namespace tinyhil
