// SPDX-License-Identifier: Apache-2.0
#include "scpi_session.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cmath>
#include <cstring>

#include "base/error.hpp"
#include "base/quantity.hpp"

namespace tinyhil::meter {

namespace {

constexpr std::size_t kScpiLineMax = 1024;
constexpr double kScpiAnswerS = 3;
constexpr float kNoCurrentA = 1e6F;  // 9.91e37 means: no measurement

std::string number_text(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.9g", number);
  return text.data();
}

[[noreturn]] void fail_set_up(const std::string& what, const std::string& where, const std::string& remedy) {
  throw Error(ErrorKind::bench_fault, what, where, remedy);
}

}  // namespace

ScpiSession::ScpiSession(const ScpiPlan& plan, asio::any_io_executor executor,
                         std::unique_ptr<transport::Transport> line)
    : plan_(plan), line_(executor, std::move(line)), pause_(executor), current_a_(plan.points) {}

void ScpiSession::interrupt() {
  is_interrupted_ = true;
  pause_.cancel();
}

asio::awaitable<Result<void>> ScpiSession::ask(std::string query, ScpiAnswer& answer) {
  const std::string line = query + "\n";
  const Result<void> written = co_await line_.write(line);
  if (!written) co_return written.error();
  const double limit_s = kScpiAnswerS + plan_.interval_s * static_cast<double>(plan_.points);
  const Clock::time_point most = Clock::now() + std::chrono::milliseconds(std::lround(limit_s * 1000));
  while (answer.state() == ScpiAnswer::State::more && Clock::now() < most) {
    const auto came = co_await line_.read_within(most - Clock::now());
    if (!came) co_return came.error();
    std::span<const std::uint8_t> bytes = *came;
    answer.feed(bytes);
  }
  if (answer.state() == ScpiAnswer::State::whole) co_return Result<void>();
  const bool is_broken = answer.state() == ScpiAnswer::State::broken;
  Fault fault{is_broken ? FaultKind::corrupt : FaultKind::timeout,
              is_broken ? "the instrument's answer to `" + query + "` makes no sense"
                        : "the instrument does not answer `" + query + "`",
              line_.describe(), "check host, port and dialect; look at the instrument's own error list"};
  co_return fault;
}

asio::awaitable<std::string> ScpiSession::demand(std::string query) {
  ScpiAnswer answer(ScpiAnswer::Kind::line, kScpiLineMax);
  const Result<void> asked = co_await ask(std::move(query), answer);
  if (!asked) fail_set_up(asked.error().what, line_.describe(), asked.error().remedy);
  co_return answer.text();
}

// A setting has no answer of its own; the list of errors tells.
asio::awaitable<void> ScpiSession::tell(std::string command) {
  const std::string both = command + ";:SYST:ERR?";
  const std::string error = co_await demand(both);
  const std::optional<std::int64_t> number = parse_integer(error.substr(0, error.find(',')));
  if (error.starts_with("+0") || (number && *number == 0)) co_return;
  fail_set_up("the instrument refuses `" + command + "`: " + error, line_.describe(),
              "choose what this instrument and module can, or another `dialect`");
}

asio::awaitable<std::string> ScpiSession::set_up() {
  const std::string name = co_await demand("*IDN?");
  co_await tell("*CLS");
  if (plan_.is_polled) co_return name;
  std::vector<std::string> commands{"VOLT " + number_text(plan_.supply_v) + "," + channel(),
                                    "OUTP ON," + channel(),
                                    "SENS:FUNC:CURR ON," + channel(),
                                    "SENS:SWE:TINT " + number_text(plan_.interval_s) + "," + channel(),
                                    "SENS:SWE:POIN " + std::to_string(plan_.points) + "," + channel(),
                                    "TRIG:ACQ:SOUR BUS," + channel(),
                                    "FORM REAL",
                                    "FORM:BORD SWAP"};
  for (const std::string& command : commands) co_await tell(command);
  const std::string output = co_await demand("OUTP? " + channel());
  if (output != "1") {
    fail_set_up("the instrument does not supply the board: `OUTP?` answers `" + output + "`",
                line_.describe(), "look for a tripped protection on its display");
  }
  co_return name;
}

asio::awaitable<Result<void>> ScpiSession::measure() {
  if (plan_.is_polled) {
    ScpiAnswer answer(ScpiAnswer::Kind::line, kScpiLineMax);
    const Result<void> asked = co_await ask("MEAS:CURR?", answer);
    co_return asked ? keep(answer) : asked;
  }
  const std::string trigger = "INIT:ACQ " + channel() + ";:TRIG:ACQ " + channel() + "\n";
  const Result<void> triggered = co_await line_.write(trigger);
  if (!triggered) co_return triggered.error();
  ScpiAnswer answer(ScpiAnswer::Kind::block, plan_.points * sizeof(float));
  const Result<void> asked = co_await ask("FETC:ARR:CURR? " + channel(), answer);
  co_return asked ? keep(answer) : asked;
}

// Little-endian, as FORM:BORD SWAP has them.
Result<void> ScpiSession::keep(const ScpiAnswer& answer) {
  if (plan_.is_polled) {
    const std::string text = answer.text();
    const std::optional<double> current = parse_number(text.starts_with('+') ? text.substr(1) : text);
    if (!current) return Fault{FaultKind::corrupt, "the instrument sends no current", text, ""};
    current_a_[0] = static_cast<float>(*current);
    return Result<void>();
  }
  if (answer.bytes().size() != plan_.points * sizeof(float)) {
    return Fault{FaultKind::corrupt,
                 "the instrument sends " + std::to_string(answer.bytes().size()) + " bytes for " +
                     std::to_string(plan_.points) + " samples",
                 line_.describe(), "it may send another format: it is to know FORM REAL"};
  }
  std::memcpy(current_a_.data(), answer.bytes().data(), answer.bytes().size());
  return Result<void>();
}

std::uint64_t ScpiSession::number_at(Clock::time_point time) const {
  const double since_s = std::chrono::duration<double>(time - start_).count();
  return static_cast<std::uint64_t>(std::llround(std::max(since_s, 0.0) / plan_.interval_s));
}

void ScpiSession::hand_on(SampleSink& sink, Clock::time_point began) {
  const std::uint64_t first = std::max(number_at(began), next_);
  if (first > next_) sink.gap({next_, first - next_, GapCause::clock});
  next_ = first;
  for (const float current : current_a_) {
    if (std::isfinite(current) && std::abs(current) < kNoCurrentA) continue;
    sink.gap({next_, current_a_.size(), GapCause::corrupted});
    next_ += current_a_.size();
    return;
  }
  SampleBlock block;
  block.first = next_;
  block.words = {reinterpret_cast<const std::uint8_t*>(current_a_.data()), current_a_.size() * sizeof(float)};
  block.current_a = current_a_;
  sink.samples(block);
  next_ += current_a_.size();
}

asio::awaitable<Result<void>> ScpiSession::record(SampleSink& sink) {
  is_interrupted_ = false;
  start_ = Clock::now();
  next_ = 0;
  while (!is_interrupted_) {
    const Clock::time_point began = Clock::now();
    const Result<void> measured = co_await measure();
    if (!measured) co_return measured.error();
    hand_on(sink, began);
    if (!plan_.is_polled || is_interrupted_) continue;
    boost::system::error_code cancelled;
    pause_.expires_at(
        start_ + std::chrono::nanoseconds(std::llround(static_cast<double>(next_) * plan_.interval_s * 1e9)));
    co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
  co_return Result<void>();
}

}  // namespace tinyhil::meter
