// SPDX-License-Identifier: Apache-2.0
#include "board_check.hpp"

#include <array>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/visible.hpp"
#include "transport/process.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::chrono::seconds kGreetingLongest{60};  // beyond how long the board may take to boot
constexpr std::chrono::seconds kResetLongest{30};
constexpr std::size_t kAnswerMost = 64 * 1024;

struct Answer {
  bool has_ended = false;  // by itself, in time
  std::string text{};
};

class CheckByProgram : public BoardCheck {
 public:
  CheckByProgram(asio::any_io_executor executor, std::filesystem::path program)
      : executor_(std::move(executor)), program_(std::move(program)) {}

  asio::awaitable<CheckResult> greet(InventoryBoard entry) override {
    const Answer answer = co_await ask("boards", entry, kGreetingLongest + entry.board.boot);
    co_return result_in(answer);
  }

  asio::awaitable<bool> reset(InventoryBoard entry) override {
    if (!can_be_reset(entry.board)) co_return false;
    const Answer answer = co_await ask("reset", entry, kResetLongest);
    co_return answer.has_ended;
  }

 private:
  static bool can_be_reset(const Board& board) {
    return board.flash.has_value() || board.driver == "openocd";
  }

  asio::awaitable<Answer> ask(std::string command, InventoryBoard entry, std::chrono::milliseconds limit) {
    Answer answer;
    std::vector<std::string> words{program_.string(), std::move(command), entry.bench.string(),
                                   "--board",         entry.board.name,   "--json"};
    try {
      const auto program = transport::open_process(executor_, std::move(words));
      asio::steady_timer limit_timer(executor_, limit);
      limit_timer.async_wait([&](const boost::system::error_code& error) {
        if (!error) program->stop_waiting();
      });
      answer = co_await read_all(*program, std::chrono::steady_clock::now() + limit);
    } catch (const Error& error) {
      answer.text = error.what();
    }
    co_return answer;
  }

  static asio::awaitable<Answer> read_all(transport::Transport& program,
                                          std::chrono::steady_clock::time_point end) {
    Answer answer;
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

  static CheckResult result_in(const Answer& answer) {
    if (!answer.has_ended) return {"the check did not end in time " + visible(answer.text), {}};
    const nlohmann::json document = nlohmann::json::parse(answer.text, nullptr, false);
    const bool is_list = document.is_array() && document.size() == 1 && document[0].is_object();
    if (!is_list) {
      const bool is_error = document.is_object() && document.contains("error");
      return {is_error ? visible(document["error"].dump()) : "the check gave no answer", {}};
    }
    const nlohmann::json& board = document[0];
    if (board.contains("error")) return {visible(board.value("error", "")), {}};
    CheckResult result;
    const std::string image = board.value("image_sha256", "");
    if (image.size() == 64) result.firmware = Digest::from_hex(image);
    return result;
  }

  asio::any_io_executor executor_;
  std::filesystem::path program_;
};

}  // namespace

std::unique_ptr<BoardCheck> check_by_program(asio::any_io_executor executor, std::filesystem::path program) {
  return std::make_unique<CheckByProgram>(std::move(executor), std::move(program));
}

}  // namespace tinyhil::daemon
