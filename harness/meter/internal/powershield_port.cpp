// SPDX-License-Identifier: Apache-2.0
#include "powershield_port.hpp"

#include <algorithm>

namespace tinyhil::meter {

namespace {

using Kind = PowershieldNotice::Kind;
using std::chrono::milliseconds;
using Clock = TimedLine::Clock;

constexpr milliseconds kQuiet{150};           // longer than between two samples of 10 Hz; slower ones are few
constexpr milliseconds kSilenceLimit{4'000};  // its buffer is sent after `stop`, too
constexpr milliseconds kAnswerLimit{3'000};   // a new voltage has it calibrate itself
constexpr milliseconds kDetail{100};          // lines that follow an answer
constexpr milliseconds kSilentLimit{5'000};   // it sends a timestamp each second
constexpr milliseconds kEndLimit{3'000};
constexpr std::size_t kHeardMax = 64;
constexpr const char* kNameQuery = "powershield";  // that it is repeated says already who answers

// "ack STLINK-V3PWR" answers `powershield`; every other one repeats the command.
bool answers(const PowershieldNotice& notice, const std::string& command) {
  return notice.text.starts_with(command) || command == kNameQuery;
}

// More lines may follow its acknowledgement.
bool is_query(const std::string& command) {
  return command == kNameQuery || command == "version" || command.ends_with(" get");
}

}  // namespace

PowershieldPort::PowershieldPort(const PowershieldDialect& dialect, const asio::any_io_executor& executor,
                                 std::unique_ptr<transport::Transport> line)
    : dialect_(dialect), line_(executor, std::move(line)), stream_(dialect, *this) {}

void PowershieldPort::words(std::span<const std::uint8_t> words) {
  if (recording_ != nullptr) recording_->words(words);
}

void PowershieldPort::amperes(float current_a) {
  if (recording_ != nullptr) recording_->amperes(current_a);
}

void PowershieldPort::notice(const PowershieldNotice& notice) {
  if (recording_ != nullptr) return recording_->notice(notice);
  if (heard_.size() < kHeardMax) heard_.push_back(notice);
  if (starting_ != nullptr && notice.kind == Kind::acknowledged && notice.text == "start") {
    recording_ = starting_;
  }
}

bool PowershieldPort::is_answered(const std::string& command, Kind kind) const {
  return std::ranges::any_of(heard_, [&](const PowershieldNotice& notice) {
    return notice.kind == kind && answers(notice, command);
  });
}

// Returns once nothing has come for so long.
asio::awaitable<Result<void>> PowershieldPort::hear_for(Duration limit) {
  const Clock::time_point most = Clock::now() + kSilenceLimit;
  while (Clock::now() < most) {
    const auto bytes = co_await line_.read_within(limit);
    if (!bytes) co_return bytes.error();
    if (bytes->empty()) co_return Result<void>();
    stream_.feed(*bytes);
  }
  co_return Fault{FaultKind::timeout, "the meter goes on sending although it was told to stop", describe(),
                  "take its USB plug out and in again"};
}

asio::awaitable<Result<void>> PowershieldPort::silence() {
  stream_.expect_text();
  const std::string stop = "stop" + std::string(dialect_.line_end);
  const Result<void> written = co_await line_.write(stop);
  if (!written) co_return written.error();
  Result<void> quiet = co_await hear_for(kQuiet);
  stream_.expect_text();
  heard_.clear();
  co_return quiet;
}

asio::awaitable<Result<bool>> PowershieldPort::hear_answer(std::string command) {
  const Clock::time_point most = Clock::now() + kAnswerLimit;
  while (Clock::now() < most) {
    const auto bytes = co_await line_.read_within(most - Clock::now());
    if (!bytes) co_return bytes.error();
    stream_.feed(*bytes);
    if (is_answered(command, Kind::acknowledged)) co_return true;
    if (is_answered(command, Kind::refused)) co_return false;
  }
  std::string evidence = describe();
  for (const PowershieldNotice& notice : heard_) {
    if (!notice.text.empty() && evidence.size() < 300) evidence += "; it sent: " + notice.text;
  }
  co_return Fault{FaultKind::timeout, "the meter does not answer `" + command + "`", evidence,
                  "check that `port` is this meter's and that the meter has power; press its reset button"};
}

asio::awaitable<Result<std::string>> PowershieldPort::refusal(std::string command) {
  const Result<void> heard = co_await hear_for(kDetail);
  if (!heard) co_return heard.error();
  std::string why = "no reason given";
  for (const PowershieldNotice& notice : heard_) {
    if (notice.kind == Kind::error_detail || notice.kind == Kind::error) why = notice.text;
  }
  co_return Fault{FaultKind::refused, "the meter refuses `" + command + "`: " + why, describe(),
                  "choose what its user manual allows, or update its firmware"};
}

asio::awaitable<Result<std::string>> PowershieldPort::ask(std::string command) {
  heard_.clear();
  const std::string line = command + std::string(dialect_.line_end);
  const Result<void> written = co_await line_.write(line);
  if (!written) co_return written.error();
  const Result<bool> accepted = co_await hear_answer(command);
  if (!accepted) co_return accepted.error();
  if (!*accepted) co_return co_await refusal(command);
  if (!is_query(command)) co_return std::string();
  const Result<void> rest = co_await hear_for(kDetail);
  if (!rest) co_return rest.error();
  std::string answer;
  for (const PowershieldNotice& notice : heard_) {
    std::string text = notice.text;
    const bool repeats = notice.kind == Kind::acknowledged && text.starts_with(command);
    if (repeats && command != kNameQuery) text.erase(0, command.size());
    text.erase(0, text.find_first_not_of(' '));
    if (!text.empty()) answer += (answer.empty() ? "" : " ") + text;
  }
  co_return answer;
}

void PowershieldPort::interrupt() {
  is_interrupted_ = true;
  line_.interrupt();
}

asio::awaitable<Result<void>> PowershieldPort::record(PowershieldRecording& recording, WordFormat format) {
  is_interrupted_ = false;
  const Result<void> quiet = co_await silence();
  if (!quiet) co_return quiet.error();
  if (format == WordFormat::lpm01a_u16) stream_.expect_binary();
  starting_ = &recording;
  const Result<std::string> started = co_await ask("start");
  Result<void> outcome = Result<void>();
  if (started) {
    outcome = co_await hear_recording(recording);
  } else {
    outcome = started.error();
  }
  if (outcome) outcome = co_await end_recording(recording);
  starting_ = recording_ = nullptr;
  recording.finish();
  stream_.expect_text();
  co_return outcome;
}

// Why the meter has ended it by itself.
Fault PowershieldPort::end_of(const PowershieldRecording& recording) const {
  if (recording.fault()) return *recording.fault();
  return {FaultKind::reset, "the meter ended the recording by itself", describe(),
          "do not touch its buttons while it records; look at its display"};
}

asio::awaitable<Result<void>> PowershieldPort::hear_recording(PowershieldRecording& recording) {
  Clock::time_point last_heard = Clock::now();
  while (!is_interrupted_) {
    const auto bytes = co_await line_.read_within(kSilentLimit);
    if (!bytes) co_return bytes.error();
    stream_.feed(*bytes);
    recording.pause();
    if (recording.has_ended()) {
      co_return end_of(recording);
    }
    if (!bytes->empty()) last_heard = Clock::now();
    if (!recording.is_virtual() && Clock::now() - last_heard >= kSilentLimit) {
      co_return Fault{FaultKind::gone, "the meter fell silent", describe(),
                      "look at its cable and its display"};
    }
  }
  co_return Result<void>();
}

// What it had in its buffer comes first.
asio::awaitable<Result<void>> PowershieldPort::end_recording(PowershieldRecording& recording) {
  const std::string stop = "stop" + std::string(dialect_.line_end);
  const Result<void> written = co_await line_.write(stop);
  if (!written) co_return written.error();
  const Clock::time_point most = Clock::now() + kEndLimit;
  while (!recording.has_ended() && Clock::now() < most) {
    const auto bytes = co_await line_.read_within(most - Clock::now());
    if (!bytes) co_return bytes.error();
    stream_.feed(*bytes);
  }
  if (recording.fault() && recording.has_ended()) co_return *recording.fault();
  co_return Result<void>();
}

}  // namespace tinyhil::meter
