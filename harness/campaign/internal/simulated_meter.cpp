// SPDX-License-Identifier: Apache-2.0
#include "simulated_meter.hpp"

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <variant>

#include "base/temporary_folder.hpp"
#include "bench/board_access.hpp"
#include "sim/powershield_bench.hpp"
#include "sim/ppk2_bench.hpp"
#include "sim/ppk2_settings.hpp"

namespace tinyhil::campaign {
namespace {

constexpr double kMicro = 1e-6;
constexpr const char* kPpk2 = "ppk2";
constexpr const char* kLpm01a = "lpm01a";

double current_a(const Section& keys, const char* key, double fallback) {
  return keys.has(key) ? kMicro * keys.current_ua(key) : fallback;
}

sim::Currents read_currents(const Section& keys) {
  sim::Currents currents;
  currents.active_a = current_a(keys, "active", currents.active_a);
  currents.idle_a = current_a(keys, "idle", currents.idle_a);
  currents.sleep_a = current_a(keys, "sleep", currents.sleep_a);
  return currents;
}

std::uint64_t read_seed(const Section& keys) {
  return static_cast<std::uint64_t>(keys.integer("seed", 0, INT64_MAX, 1));
}

std::optional<double> read_unplug(const Section& keys) {
  const auto at = keys.optional_duration("unplug_at");
  return at ? std::optional(std::chrono::duration<double>(*at).count()) : std::nullopt;
}

sim::Ppk2Bench::Options ppk2_options(const Section& keys) {
  sim::Ppk2Bench::Options options;
  options.settings.seed = read_seed(keys);
  options.settings.errors = sim::drawn_errors(options.settings.seed);
  options.settings.currents = read_currents(keys);
  options.unplug_at_s = read_unplug(keys);
  for (const std::string& text : keys.texts("lose")) {
    const std::optional<sim::Ppk2Loss> loss = sim::parse_ppk2_loss(text);
    if (!loss) keys.fail_at("lose", '`' + text + "` is no loss of samples", "write for example [512@1.5s]");
    options.settings.lose.push_back(*loss);
  }
  return options;
}

sim::PowershieldBench::Options lpm01a_options(const Section& keys) {
  sim::PowershieldBench::Options options;
  options.settings.seed = read_seed(keys);
  options.settings.currents = read_currents(keys);
  options.unplug_at_s = read_unplug(keys);
  return options;
}

}  // namespace

class SimulatedMeter::Plugged {
 public:
  explicit Plugged(const Section& keys)
      : driver_(keys.choice("simulate", {kPpk2, kLpm01a})),
        supply_(keys.text("supply")),
        activity_(folder_.path() / "activity") {
    if (driver_ == kPpk2)
      plug_in<sim::Ppk2Bench>(ppk2_options(keys));
    else
      plug_in<sim::PowershieldBench>(lpm01a_options(keys));
    keys.finish();
    thread_ = std::jthread([this] { io_.run(); });
  }
  ~Plugged() { io_.stop(); }

  Section keys() const {
    const std::string trigger = driver_ == kLpm01a ? ", trigger: d7" : "";
    return Section::parse("{driver: " + driver_ + ", port: " + port_ + ", supply: " + supply_ + trigger + "}",
                          "the simulated meter");
  }
  const std::filesystem::path& activity() const { return activity_; }

  // Behind all that its thread was asked before.
  void expect_recording() {
    std::promise<void> done;
    boost::asio::post(io_, [&] {
      is_recording_ = false;
      done.set_value();
    });
    done.get_future().wait();
  }

  // The bench belongs to its thread, which is asked for the next time.
  bool is_recording() {
    boost::asio::post(io_, [this] { is_recording_ = asks_recording_(); });
    return is_recording_;
  }

 private:
  template <class Bench>
  void plug_in(typename Bench::Options options) {
    options.activity_socket = activity_;
    Bench& bench = bench_.emplace<Bench>(io_.get_executor(), options);
    port_ = bench.port();
    asks_recording_ = [&bench] { return bench.recording(); };
  }

  TemporaryFolder folder_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  std::string driver_, supply_, port_;
  std::filesystem::path activity_;
  std::variant<std::monostate, sim::Ppk2Bench, sim::PowershieldBench> bench_;
  std::function<bool()> asks_recording_;
  std::atomic<bool> is_recording_{false};
  std::jthread thread_;  // the last member: it ends first
};

std::unique_ptr<SimulatedMeter> SimulatedMeter::of(const Board& board) {
  if (!board.meter || !board.meter->has("simulate")) return nullptr;
  if (!bench::board_access(board)->tells_activity())
    board.meter->fail(
        "a simulated meter follows what a board does, and board `" + board.name + "` does not tell it",
        "simulate meters of boards with the driver `emulated`, and name real ones for the others");
  return std::unique_ptr<SimulatedMeter>(new SimulatedMeter(std::make_unique<Plugged>(*board.meter)));
}

SimulatedMeter::SimulatedMeter(std::unique_ptr<Plugged> plugged) : plugged_(std::move(plugged)) {}
SimulatedMeter::~SimulatedMeter() = default;

Section SimulatedMeter::driver_keys() const { return plugged_->keys(); }
void SimulatedMeter::expect_recording() { plugged_->expect_recording(); }
bool SimulatedMeter::is_recording() const { return plugged_->is_recording(); }
const std::filesystem::path& SimulatedMeter::activity() const { return plugged_->activity(); }

}  // namespace tinyhil::campaign
