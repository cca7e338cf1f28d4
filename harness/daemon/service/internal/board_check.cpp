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
#include "bench/board_access.hpp"
#include "bench/power_switch.hpp"
#include "transport/process.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::chrono::seconds kGreetingLongest{60};  // beyond how long the board may take to boot
constexpr std::chrono::seconds kResetLongest{130};    // a tool may take 120 s, unless it is told otherwise
constexpr std::chrono::seconds kFlashLongest{900};
constexpr std::chrono::seconds kBeyondTheSwitch{10};
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
    Question question{{"boards"}, kGreetingLongest + entry.board.boot};
    const Answer answer = co_await ask(std::move(question), std::move(entry));
    co_return result_in(answer);
  }

  std::string command(const InventoryBoard& entry) const override {
    return "tinyhil boards " + entry.bench.string() + " --board " + entry.board.name;
  }

  Means means(const InventoryBoard& entry) const override {
    const auto probe = bench::board_access(entry.board)->probe();
    Means means;
    means.reset = probe.has_value() || entry.board.flash.has_value();
    means.probe = probe.has_value() && !probe->serial.empty();
    means.power = entry.board.power.has_value();
    means.flash = means.reset && entry.board.image.has_value();
    return means;
  }

  std::string absence(const InventoryBoard& entry) const override {
    return bench::board_access(entry.board)->absence();
  }

  asio::awaitable<std::string> carry_out(Step step, InventoryBoard entry) override {
    if (step == Step::repeat) co_return std::string();
    Question question = question_of(step, entry);
    const Answer answer = co_await ask(std::move(question), std::move(entry));
    co_return problem_in(answer);
  }

 private:
  struct Question {
    std::vector<std::string> command;  // its first words
    std::chrono::milliseconds limit;
  };

  static Question question_of(Step step, const InventoryBoard& entry) {
    if (step == Step::reset) return {{"reset", "--held"}, kResetLongest};
    if (step == Step::probe) return {{"reset", "--held", "--probe"}, kResetLongest};
    if (step == Step::flash) return {{"flash", "--held", "--erase"}, kFlashLongest};
    const auto power = bench::board_power_switch(entry.board);
    return {{"power-cycle", "--held"}, power ? power->limit() + kBeyondTheSwitch : kResetLongest};
  }

  asio::awaitable<Answer> ask(Question question, InventoryBoard entry) {
    Answer answer;
    const std::chrono::milliseconds limit = question.limit;
    std::vector<std::string> words = std::move(question.command);
    words.insert(words.begin(), program_.string());
    words.insert(words.end(), {entry.bench.string(), "--board", entry.board.name, "--json"});
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

  static std::string error_in(const nlohmann::json& document) {
    if (!document.is_object() || !document.contains("error")) return "";
    const nlohmann::json& error = document["error"];
    const bool has_words = error.is_object() && error.contains("what") && error["what"].is_string();
    return visible(has_words ? error["what"].get<std::string>() : error.dump());
  }

  static std::string problem_in(const Answer& answer) {
    if (!answer.has_ended) return "it did not end in time " + visible(answer.text);
    const nlohmann::json document = nlohmann::json::parse(answer.text, nullptr, false);
    return document.is_object() ? error_in(document) : "it gave no answer";
  }

  static CheckResult result_in(const Answer& answer) {
    if (!answer.has_ended) return {"the check did not end in time " + visible(answer.text), {}};
    const nlohmann::json document = nlohmann::json::parse(answer.text, nullptr, false);
    const bool is_list = document.is_array() && document.size() == 1 && document[0].is_object();
    if (!is_list) {
      const std::string error = error_in(document);
      return {error.empty() ? "the check gave no answer" : error, {}};
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
