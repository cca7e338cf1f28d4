// SPDX-License-Identifier: Apache-2.0
#include "board_program.hpp"

#include <array>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <utility>

#include "base/error.hpp"
#include "bench/power_switch.hpp"
#include "transport/process.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::chrono::seconds kResetLongest{130};  // a tool may take 120 s, unless it is told otherwise
constexpr std::chrono::seconds kFlashLongest{900};
constexpr std::chrono::seconds kBeyondTheSwitch{10};
constexpr std::size_t kAnswerMost = 64 * 1024;

asio::awaitable<ProgramAnswer> read_answer(transport::Transport& program,
                                           std::chrono::steady_clock::time_point end) {
  ProgramAnswer answer;
  std::array<std::uint8_t, 4096> chunk{};
  while (std::chrono::steady_clock::now() < end && answer.text.size() < kAnswerMost) {
    const Result<std::size_t> size = program.read_some(chunk);
    answer.has_ended = !size;
    if (!size) break;
    answer.text.append(chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(*size));
    if (*size == 0) co_await program.wait(transport::Transport::Until::readable);
  }
  co_return answer;
}

}  // namespace

BoardProgram board_program(Step step, const InventoryBoard& entry) {
  if (step == Step::reset) return {{"reset"}, kResetLongest};
  if (step == Step::probe) return {{"reset", "--probe"}, kResetLongest};
  if (step == Step::flash) return {{"flash"}, kFlashLongest};
  const auto power = bench::board_power_switch(entry.board);
  return {{"power-cycle"}, power ? power->limit() + kBeyondTheSwitch : kResetLongest};
}

asio::awaitable<ProgramAnswer> run_board_program(ProgramPlace place, BoardProgram program,
                                                 InventoryBoard entry) {
  ProgramAnswer answer;
  std::vector<std::string> command = std::move(program.words);
  command.insert(command.begin(), place.file.string());
  command.insert(command.end(), {entry.bench.string(), "--board", entry.board.name, "--json"});
  try {
    const auto child = transport::open_process(place.executor, std::move(command));
    asio::steady_timer limit(place.executor, program.limit);
    limit.async_wait([&](const boost::system::error_code& error) {
      if (!error) child->stop_waiting();
    });
    answer = co_await read_answer(*child, std::chrono::steady_clock::now() + program.limit);
  } catch (const Error& error) {
    answer.text = error.what();
  }
  co_return answer;
}

}  // namespace tinyhil::daemon
