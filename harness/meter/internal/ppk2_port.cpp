// SPDX-License-Identifier: Apache-2.0
#include "ppk2_port.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/error.hpp"
#include "base/visible.hpp"
#include "transport/serial.hpp"

namespace tinyhil::meter {

namespace {

using std::chrono::steady_clock;

// As the maker's application names them; nothing is acknowledged.
enum Command : std::uint8_t {
  kStart = 0x06,
  kStop = 0x07,
  kPower = 0x0C,
  kVoltage = 0x0D,
  kMode = 0x11,
  kMetadata = 0x19,
};

constexpr Ppk2Port::Limit kPpk2Quiet{50};  // after that long its samples have ended
constexpr Ppk2Port::Limit kDrainLimit{2000};
constexpr Ppk2Port::Limit kPpk2AnswerLimit{1000};
constexpr int kAttempts = 3;  // an answer can be lost among samples of an earlier run
constexpr std::size_t kShown = 40;
constexpr std::size_t kShortRead = 2048;  // hardly anything is left behind it

transport::SerialSettings settings_of(const std::string& path) {
  transport::SerialSettings settings;
  settings.port = path;
  settings.rest = {true, true};  // a CDC device may send only while DTR is asserted
  settings.is_watched = false;   // it sends a thousand times a second
  return settings;
}

[[noreturn]] void fail_without_answer(const std::string& path) {
  throw Error(ErrorKind::bench_fault, "the meter does not answer", path,
              "choose the PPK2's other port (it has two, the first measures), or switch the PPK2 off and on");
}

[[noreturn]] void fail_as_other(const std::string& path, const std::string& answer) {
  throw Error(
      ErrorKind::bench_fault,
      "what answers is no PPK2: it said `" + visible_line(answer.substr(0, kShown)) + "`", path,
      "correct `port` in the bench file; a PPK2 is USB 1915:c00a, and the first of its ports measures");
}

}  // namespace

Ppk2Port::Ppk2Port(const asio::any_io_executor& executor, const std::string& path)
    : path_(path), line_(transport::open_serial(executor, settings_of(path))), timer_(executor) {}

asio::awaitable<Result<std::size_t>> Ppk2Port::read(std::span<std::uint8_t> into, Limit limit) {
  timer_.expires_after(limit);
  timer_.async_wait([line = line_.get()](const boost::system::error_code& stopped) {
    if (!stopped) line->stop_waiting();
  });
  co_await line_->wait(transport::Transport::Until::readable);
  timer_.cancel();
  co_return line_->read_some(into);
}

// A port hands out 4 KB at most at once, and asking it when it is empty costs as much as a read of them.
Result<std::size_t> Ppk2Port::read_waiting(std::span<std::uint8_t> into) {
  std::size_t filled = 0;
  for (bool is_first = true; filled < into.size(); is_first = false) {
    const Result<std::size_t> size = line_->read_some(into.subspan(filled));
    if (!size && filled == 0) return size;  // else the next call reports it
    if (!size) break;
    filled += *size;
    if (!is_first && *size < kShortRead) break;
  }
  return filled;
}

asio::awaitable<void> Ppk2Port::pause(Limit time) {
  boost::system::error_code stopped;
  timer_.expires_after(time);
  co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, stopped));
}

void Ppk2Port::stop_waiting() {
  timer_.cancel();
  line_->stop_waiting();
}

asio::awaitable<Result<void>> Ppk2Port::send(std::vector<std::uint8_t> bytes) {
  co_return co_await line_->write(bytes);
}

asio::awaitable<Result<void>> Ppk2Port::start() {
  std::vector<std::uint8_t> bytes = {kStart};
  co_return co_await send(std::move(bytes));
}

asio::awaitable<Result<void>> Ppk2Port::stop() {
  std::vector<std::uint8_t> bytes = {kStop};
  co_return co_await send(std::move(bytes));
}

asio::awaitable<Result<void>> Ppk2Port::supply(unsigned mv, Ppk2Mode mode) {
  std::vector<std::uint8_t> bytes = {
      kVoltage, static_cast<std::uint8_t>(mv >> 8), static_cast<std::uint8_t>(mv),
      kMode,    static_cast<std::uint8_t>(mode),    kPower,
      1};
  co_return co_await send(std::move(bytes));
}

// A meter that does not stop is drained no longer: its answer is looked for among its samples.
asio::awaitable<void> Ppk2Port::drain() {
  std::array<std::uint8_t, 4096> bytes{};
  const auto limit = steady_clock::now() + kDrainLimit;
  while (steady_clock::now() < limit) {
    const Result<std::size_t> size = co_await read(bytes, kPpk2Quiet);
    if (!size || *size == 0) co_return;
  }
}

asio::awaitable<std::string> Ppk2Port::answer(Limit limit) {
  std::string text;
  std::array<std::uint8_t, 4096> bytes{};
  const auto end = steady_clock::now() + limit;
  for (auto now = steady_clock::now(); now < end && !is_whole_ppk2_metadata(text);
       now = steady_clock::now()) {
    const auto left = std::chrono::ceil<Limit>(end - now);
    const Result<std::size_t> size = co_await read(bytes, left);
    if (!size) break;
    text.append(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(*size));
    if (text.size() > 2 * kPpk2MetadataMax) text.erase(0, text.size() - kPpk2MetadataMax);
  }
  co_return text;
}

asio::awaitable<Ppk2Metadata> Ppk2Port::identify() {
  std::string said;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const Result<void> stopped = co_await stop();
    if (!stopped) break;
    co_await drain();
    std::vector<std::uint8_t> ask = {kMetadata};
    const Result<void> asked = co_await send(std::move(ask));
    if (!asked) break;
    const std::string text = co_await answer(kPpk2AnswerLimit);
    if (std::optional<Ppk2Metadata> metadata = parse_ppk2_metadata(text)) co_return *std::move(metadata);
    if (!text.empty()) said = text;
  }
  if (said.empty()) fail_without_answer(path_);
  fail_as_other(path_, said);
}

}  // namespace tinyhil::meter
