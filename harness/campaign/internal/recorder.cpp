// SPDX-License-Identifier: Apache-2.0
#include "recorder.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cassert>

#include "base/clock.hpp"
#include "meter/trace_writer.hpp"
#include "meter/trigger_edges.hpp"
#include "transport/run_to_end.hpp"

namespace tinyhil::campaign {
namespace {

using namespace std::chrono_literals;

constexpr auto kLookAgain = 2ms;  // how long pulses may have been there unseen
constexpr auto kUntilSamples = 5s;
constexpr double kBetweenArrivals = 5e-3;
constexpr std::size_t kArrivalsMax = 1'000'000;

Section meter_keys(const Board& board, const SimulatedMeter* simulated) {
  assert(board.meter);
  return simulated == nullptr ? *board.meter : simulated->driver_keys();
}

}  // namespace

// What comes from the meter, to the trace; and how often the trigger line fell.
class Recorder::Tap final : public meter::SampleSink {
 public:
  Tap(Recorder& recorder, const std::filesystem::path& trace, const meter::TraceStart& start)
      : recorder_(recorder), writer_(trace, start), edges_(std::max(0, start.identity.trigger)) {}

  void samples(const meter::SampleBlock& block) override {
    writer_.samples(block);
    count_pulses(block);
    recorder_.end_ = block.first + block.current_a.size();
    recorder_.samples_ += block.current_a.size();
    note_arrival(block.first + block.current_a.size());
  }
  void gap(const meter::Gap& gap) override { writer_.gap(gap); }
  void finish() { writer_.finish(); }

 private:
  void count_pulses(const meter::SampleBlock& block) {
    if (recorder_.meter_->trigger_kind() == meter::TriggerKind::level) {
      edges_.add(block.first, block.lines);
      recorder_.pulses_ = edges_.found().edges.size() / 2;
      return;
    }
    const auto mask = static_cast<std::uint8_t>(1U << std::max(0, recorder_.identity_->trigger));
    for (std::size_t i = 0; i < block.lines.size(); ++i) {
      if ((block.lines[i] & mask) == 0) continue;
      recorder_.last_pulse_ = block.first + i;
      ++recorder_.pulses_;
    }
  }

  void note_arrival(std::uint64_t samples) {
    const double now_s = recorder_.seconds();
    if (now_s < next_arrival_s_ || recorder_.arrivals_.size() >= kArrivalsMax) return;
    next_arrival_s_ = now_s + kBetweenArrivals;
    recorder_.arrivals_.push_back({samples, now_s});
  }

  Recorder& recorder_;
  double next_arrival_s_ = 0;
  meter::TraceWriter writer_;
  meter::EdgeFinder edges_;
};

Recorder::Recorder(asio::any_io_executor home, const Board& board)
    : home_(std::move(home)),
      simulated_(SimulatedMeter::of(board)),
      meter_(meter::open_meter(meter_keys(board, simulated_.get()), io_.get_executor())) {}

// The thread is waited for, and a recording under way has to come to its end before.
Recorder::~Recorder() {
  if (ended_ && !ended_->recorded) asio::post(io_, [this] { meter_->stop(); });
}

std::optional<std::filesystem::path> Recorder::activity() const {
  return simulated_ ? std::optional(simulated_->activity()) : std::nullopt;
}

asio::awaitable<MeterIdentity> Recorder::prepare() {
  identity_ = co_await worker_.run([this] { return transport::run_to_end(io_, meter_->prepare()); });
  co_return *identity_;
}

// Samples of a board's virtual time come only when the board acts, so a simulator has to tell.
bool Recorder::has_begun() const {
  return samples_ > 0 || has_ended() || (simulated_ && simulated_->is_recording());
}

asio::awaitable<void> Recorder::begin(std::filesystem::path trace) {
  assert(identity_);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const meter::TraceStart start{*identity_, meter_->word_format(),
                                std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()};
  pulses_ = 0;
  last_pulse_ = 0;
  end_ = 0;
  samples_ = 0;
  arrivals_.clear();
  ended_ = std::make_shared<Ended>(home_);
  if (simulated_) simulated_->expect_recording();
  tap_ = std::make_unique<Tap>(*this, trace, start);
  began_ = std::chrono::steady_clock::now();
  asio::co_spawn(home_, worker_.run([this] { return record(*tap_); }),
                 [ended = ended_](std::exception_ptr thrown, Result<void> recorded) {
                   ended->failure = thrown;
                   ended->recorded = std::move(recorded);
                   ended->woken.cancel();
                 });
  const auto deadline = std::chrono::steady_clock::now() + kUntilSamples;
  asio::steady_timer timer(home_);
  while (!has_begun() && std::chrono::steady_clock::now() < deadline) {
    timer.expires_after(kLookAgain);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

Result<void> Recorder::record(Tap& tap) {
  Result<void> recorded = transport::run_to_end(io_, meter_->record(tap));
  tap.finish();
  return recorded;
}

double Recorder::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
}

bool Recorder::has_come(const Awaited& awaited) const {
  if (pulses_ < awaited.pulses) return false;
  const std::uint64_t end = end_, last = last_pulse_;
  return end > last && static_cast<double>(end - last) >= awaited.tail_s * identity_->rate_hz;
}

asio::awaitable<void> Recorder::wait_for(Awaited awaited, std::chrono::steady_clock::duration patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  asio::steady_timer timer(home_);
  while (!has_ended() && !has_come(awaited) && std::chrono::steady_clock::now() < deadline) {
    timer.expires_after(kLookAgain);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

asio::awaitable<Result<void>> Recorder::end() {
  const std::shared_ptr<Ended> ended = ended_;
  if (!ended->recorded) asio::post(io_, [this] { meter_->stop(); });
  while (!ended->recorded) {
    boost::system::error_code woken;
    co_await ended->woken.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  tap_.reset();
  if (ended->failure) std::rethrow_exception(ended->failure);
  co_return *ended->recorded;
}

}  // namespace tinyhil::campaign
