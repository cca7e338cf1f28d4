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

constexpr std::chrono::seconds kUsuallyLongest{130};  // a tool may take 120 s, unless it is told otherwise
constexpr std::chrono::seconds kFlashLongest{900};
constexpr std::chrono::seconds kBeyondTheSwitch{10};
constexpr std::size_t kAnswerMost = 256UL * 1024;  // bytes; twice the memory that is read at once

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

BoardProgram board_program(const std::string& command, const InventoryBoard& entry) {
  BoardProgram program{{command}, kUsuallyLongest};
  if (command == "flash") program.limit = kFlashLongest;
  const auto power = bench::board_power_switch(entry.board);
  if (command == "power-cycle" && power) program.limit = power->limit() + kBeyondTheSwitch;
  return program;
}

asio::awaitable<ProgramAnswer> run_board_program(ProgramPlace place, BoardProgram program,
                                                 InventoryBoard entry) {
  ProgramAnswer answer;
  std::vector<std::string> command = std::move(program.words);
  command.insert(command.begin() + 1, entry.bench.string());
  command.insert(command.begin(), place.file.string());
  command.insert(command.end(), {"--board", entry.board.name, "--json"});
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
