// SPDX-License-Identifier: Apache-2.0
// AgentLink::climb: a faster line, when it is as good as the slow one.
#include <array>
#include <numeric>

#include "agent_link.hpp"

namespace tinyhil::device {

namespace {

using std::chrono::milliseconds;

constexpr unsigned kEchoes = 24;  // full-size frames both ways: 50 KB, an error rate of 1e-6 a bit shows
constexpr std::size_t kEchoSize = THIL_MTU_MAX;
constexpr milliseconds kEchoLimit{4'000};  // of silence, which is what a device hears of nothing but noise
constexpr milliseconds kReturnLimit{10'000};

// Every byte value, and runs of equal bits, which a wrong sampling point garbles first.
std::vector<std::uint8_t> test_pattern(unsigned round) {
  std::vector<std::uint8_t> pattern(kEchoSize);
  std::uint32_t state = round * 2654435761U + 1;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    state = state * 1664525U + 1013904223U;
    pattern[i] = i % 64 < 8 ? static_cast<std::uint8_t>(i % 128 < 64 ? 0x00 : 0xFF)
                            : static_cast<std::uint8_t>(state >> 24);
  }
  return pattern;
}

}  // namespace

// Damage counts, lateness does not: a busy host sends frames again that were never lost.
asio::awaitable<Result<unsigned>> AgentLink::count_lost_echoes() {
  const std::uint32_t bad = session_.counters().frames_bad;
  unsigned lost = 0;
  for (unsigned round = 0; round < kEchoes; ++round) {
    const std::vector<std::uint8_t> pattern = test_pattern(round);
    const Patience patience{kEchoLimit};
    Exchange echo(THIL_ID_echo, pattern, patience);
    std::vector<Activity*> only{&echo};
    Result<void> done = co_await drive(std::move(only));
    if (!done) co_return done.error();
    if (echo.has_lost() || echo.reply().payload != pattern) ++lost;
    if (lost > 0) break;
  }
  co_return lost + (session_.counters().frames_bad - bad);
}

asio::awaitable<Result<bool>> AgentLink::try_rate(int rate) {
  thil_rate request{};
  request.baud = static_cast<std::uint32_t>(rate);
  const Patience patience{timing_.quick};
  Result<Frame> switched = co_await exchange(THIL_ID_rate, pack(request), patience);
  if (!switched && switched.error().kind == FaultKind::refused) co_return false;
  if (!switched) co_return switched.error();
  raised_ = transport_->set_rate(rate);
  bool good = raised_;
  if (good) {
    const Result<unsigned> lost = co_await count_lost_echoes();
    if (!lost && lost.error().kind != FaultKind::timeout) co_return lost.error();
    good = lost && *lost == 0;
  }
  if (good) co_return true;
  // Back: the device follows when it has heard nothing but noise for longer than a frame.
  raised_ = true;
  Result<DeviceIdentity> again = co_await hello(Boot(kReturnLimit));
  if (!again) co_return again.error();
  co_return false;
}

// A rung that fails throws the device back to its first rate; the last good one is then taken again.
asio::awaitable<Result<int>> AgentLink::climb() {
  const transport::Transport::Rates rates = transport_->rates();
  if (!device_changes_rate_ || rates.ladder.empty()) co_return rates.start;
  int good = rates.start;
  for (const int rate : rates.ladder) {
    Result<bool> holds = co_await try_rate(rate);
    if (!holds) co_return holds.error();
    if (*holds) {
      good = rate;
      continue;
    }
    if (good != rates.start) holds = co_await try_rate(good);
    if (!holds) co_return holds.error();
    co_return *holds ? good : rates.start;
  }
  co_return good;
}

}  // namespace tinyhil::device
