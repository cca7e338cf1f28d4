// SPDX-License-Identifier: Apache-2.0
#include "meter_bench.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <vector>

#include "sim/internal/activity.hpp"
#include "sim/internal/activity_port.hpp"
#include "sim/internal/line_random.hpp"
#include "sim/near_end.hpp"

namespace tinyhil::sim {

namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kTick(2);  // between deliveries
constexpr std::size_t kAtOnce = 1024;          // samples
constexpr double kPatience = 0.5;              // s of samples that wait for a host; then it loses blocks
constexpr std::uint64_t kLostBlock = 512;
constexpr double kBusy = 0.04;  // of each kPeriod, s
constexpr double kPeriod = 0.1;
constexpr std::size_t kEventsMax = 100'000;  // that wait for the host to read their samples

double seconds(steady_clock::duration time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

class MeterBench::Plugged {
 public:
  Plugged(const asio::any_io_executor& executor, std::unique_ptr<SimulatedMeter> meter,
          const Options& options)
      : options_(options),
        meter_(std::move(meter)),
        near_(near_on_pty(executor, options.link)),
        timer_(executor),
        room_(executor),
        random_(derived_seed(options.seed, 3)) {
    if (options.activity_socket) activity_.emplace(executor, *options.activity_socket);
    if (options.activity_port) activity_.emplace(executor, *options.activity_port);
  }

  static void run(const std::shared_ptr<Plugged>& self, const asio::any_io_executor& executor) {
    asio::co_spawn(executor, hear_host(self), asio::detached);
    asio::co_spawn(executor, deliver(self), asio::detached);
    if (self->activity_) asio::co_spawn(executor, hear_board(self), asio::detached);
  }

  void unplug() {
    gone_ = true;
    near_->vanish();
    timer_.cancel();
    room_.cancel();
    if (activity_) activity_->close();
  }

  std::string port() const { return near_->address(); }
  std::string activity() const { return activity_ ? activity_->address() : ""; }
  const SimulatedMeter& meter() const { return *meter_; }

 private:
  using Self = std::shared_ptr<Plugged>;

  static asio::awaitable<void> hear_host(Self self) {
    std::array<std::uint8_t, 256> bytes{};
    while (!self->gone_) {
      const std::size_t size = co_await self->near_->read(bytes);
      self->catch_up();
      self->meter_->receive({bytes.data(), size});
      self->stir();
    }
  }

  static asio::awaitable<void> hear_board(Self self) {
    std::array<std::uint8_t, 4096> bytes{};
    std::vector<BoardEvent> events;
    while (!self->gone_) {
      const std::size_t size = co_await self->activity_->read(bytes);
      if (size == 0) self->reader_.restart();
      self->reader_.not_before(self->meter_->now_s());
      self->reader_.push({bytes.data(), size}, events);
      for (const BoardEvent& event : events) {
        self->meter_->add(event);
        self->board_s_ = event.at_s;
      }
      self->waiting_ += events.size();
      events.clear();
      self->stir();
      while (!self->gone_ && self->waiting_ > kEventsMax) co_await sleep(self->room_, std::chrono::hours(1));
    }
  }

  // Samples as time goes by, in pieces, so that others get their turn.
  static asio::awaitable<void> deliver(Self self) {
    std::vector<std::uint8_t> bytes;
    while (!self->gone_) {
      self->is_stirred_ = false;
      const bool is_up_to_date = self->meter_->advance(self->target_s(), kAtOnce);
      self->meter_->take(bytes);
      if (!bytes.empty() && co_await self->near_->write(bytes) != Heard::yes) self->meter_->close();
      if (self->is_to_unplug()) {
        self->unplug();
        if (self->options_.unplugged) self->options_.unplugged();
      }
      if (!is_up_to_date || self->is_stirred_ || self->gone_) continue;
      self->waiting_ = 0;
      self->room_.cancel();
      co_await sleep(self->timer_, self->pause());
    }
  }

  // There is something to deliver: ends its sleep, or keeps it from going to sleep after what it writes.
  void stir() {
    is_stirred_ = true;
    timer_.cancel();
  }

  static asio::awaitable<void> sleep(asio::steady_timer& timer, steady_clock::duration time) {
    boost::system::error_code woken;
    timer.expires_after(time);
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }

  steady_clock::duration pause() {
    if (activity_ || !meter_->streaming()) return std::chrono::hours(1);  // until somebody says something
    const double jitter = options_.jitter_s * random_.uniform();
    return kTick + std::chrono::duration_cast<steady_clock::duration>(std::chrono::duration<double>(jitter));
  }

  double target_s() {
    if (activity_) return board_s_;
    const double now = seconds(steady_clock::now() - start_);
    for (; pattern_s_ <= now; pattern_s_ += kPeriod) {
      meter_->add({pattern_s_, PowerState::active, true});
      meter_->add({pattern_s_ + kBusy, PowerState::idle, false});
    }
    // A host that does not read loses what its meter cannot keep, as the real one does: block by block.
    const double behind = now - meter_->now_s();
    if (meter_->streaming() && behind > kPatience) meter_->lose(kLostBlock);
    return now;
  }

  // A command takes effect now, and not for what is still to be delivered.
  void catch_up() {
    if (!meter_->streaming()) meter_->advance(target_s(), 0);
  }

  bool is_to_unplug() const {
    return options_.unplug_at_s && meter_->streaming() && meter_->recorded_s() >= *options_.unplug_at_s;
  }

  Options options_;
  std::unique_ptr<SimulatedMeter> meter_;
  std::unique_ptr<NearEnd> near_;
  std::optional<ActivityPort> activity_;
  ActivityReader reader_;
  asio::steady_timer timer_;
  asio::steady_timer room_;
  Random random_;
  steady_clock::time_point start_ = steady_clock::now();
  double board_s_ = 0;    // how far the board has come
  double pattern_s_ = 0;  // where the next busy time of the built-in pattern begins
  std::size_t waiting_ = 0;
  bool is_stirred_ = false;
  bool gone_ = false;
};

MeterBench::MeterBench(const asio::any_io_executor& executor, std::unique_ptr<SimulatedMeter> meter,
                       const Options& options)
    : plugged_(std::make_shared<Plugged>(executor, std::move(meter), options)) {
  Plugged::run(plugged_, executor);
}

MeterBench::~MeterBench() { plugged_->unplug(); }

std::string MeterBench::port() const { return plugged_->port(); }
std::string MeterBench::activity() const { return plugged_->activity(); }
bool MeterBench::recording() const { return plugged_->meter().streaming(); }
std::deque<TrueWindow> MeterBench::truth() const { return plugged_->meter().windows(); }
std::string MeterBench::truth_json() const { return sim::truth_json(plugged_->meter().windows()); }

}  // namespace tinyhil::sim
