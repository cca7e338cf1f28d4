// SPDX-License-Identifier: Apache-2.0
#include "board_check.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/visible.hpp"
#include "bench/board_access.hpp"
#include "daemon/service/internal/board_program.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::chrono::seconds kGreetingLongest{60};  // beyond how long the board may take to boot

class CheckByProgram : public BoardCheck {
 public:
  CheckByProgram(asio::any_io_executor executor, std::filesystem::path program)
      : place_{std::move(executor), std::move(program)} {}

  asio::awaitable<CheckResult> greet(InventoryBoard entry) override {
    BoardProgram greeting{{"boards"}, kGreetingLongest + entry.board.boot};
    const ProgramAnswer answer = co_await run_board_program(place_, std::move(greeting), std::move(entry));
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
    const bool is_reset = step == Step::reset || step == Step::probe;
    BoardProgram program = board_program(is_reset              ? "reset"
                                         : step == Step::flash ? "flash"
                                                               : "power-cycle",
                                         entry);
    program.words.emplace_back("--held");
    if (step == Step::probe) program.words.emplace_back("--probe");
    if (step == Step::flash) program.words.emplace_back("--erase");
    const ProgramAnswer answer = co_await run_board_program(place_, std::move(program), std::move(entry));
    co_return problem_in(answer);
  }

 private:
  static std::string error_in(const nlohmann::json& document) {
    if (!document.is_object() || !document.contains("error")) return "";
    const nlohmann::json& error = document["error"];
    const bool has_words = error.is_object() && error.contains("what") && error["what"].is_string();
    return visible(has_words ? error["what"].get<std::string>() : error.dump());
  }

  static std::string problem_in(const ProgramAnswer& answer) {
    if (!answer.has_ended) return "it did not end in time " + visible(answer.text);
    const nlohmann::json document = nlohmann::json::parse(answer.text, nullptr, false);
    return document.is_object() ? error_in(document) : "it gave no answer";
  }

  static CheckResult result_in(const ProgramAnswer& answer) {
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

  ProgramPlace place_;
};

}  // namespace

std::unique_ptr<BoardCheck> check_by_program(asio::any_io_executor executor, std::filesystem::path program) {
  return std::make_unique<CheckByProgram>(std::move(executor), std::move(program));
}

}  // namespace tinyhil::daemon
