// SPDX-License-Identifier: Apache-2.0
#include "execute.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "bench/board_control.hpp"
#include "campaign/run_writer.hpp"
#include "progress_line.hpp"

namespace tinyhil::app {

void execute(const campaign::PlannedRun& run, EventLog* log) {
  ProgressLine line(run.boards.size());
  asio::io_context io(1);
  campaign::Execution execution(io.get_executor(), run, [&](const campaign::RunEvent& event) {
    line.show(event);
    if (log != nullptr) log->write(event);
  });
  asio::signal_set signals(io, SIGINT, SIGTERM, SIGHUP);
  signals.async_wait([&](const boost::system::error_code& error, int signal) {
    if (!error) signal == SIGHUP ? execution.hang_up() : execution.interrupt();
  });
  std::exception_ptr failure;
  asio::co_spawn(io, execution.run(), [&](std::exception_ptr thrown) {
    failure = thrown;
    signals.cancel();
  });
  io.run();
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const Error& error) {
    if (!execution.has_touched_a_board()) throw;
    throw bench::AfterBoard(error);
  }
  if (execution.is_out_of_time()) {
    tell_out_of_time();
    if (log != nullptr) log->write_out_of_time();
  }
}

}  // namespace tinyhil::app
