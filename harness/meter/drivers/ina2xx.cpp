// SPDX-License-Identifier: Apache-2.0
// An INA2xx that Linux shows under hwmon: whole milliamperes, a few times a second. Good for windows of 100
// ms and more. driver: ina2xx    device: ina226    root: /sys/class/hwmon    accuracy: 1 %    offset: 1 mA
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cmath>

#include "base/error.hpp"
#include "meter/internal/find_usb.hpp"
#include "meter/internal/stated.hpp"
#include "meter/internal/sysfs_number.hpp"
#include "meter/meter.hpp"

namespace tinyhil::meter {

namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr std::int64_t kMostMa = 100'000;
constexpr std::int64_t kMostMv = 100'000;
constexpr double kShuntFullScaleV = 0.08192;  // INA226; others reach further
constexpr double kBusVoltageLimit = 0.005;
constexpr std::int64_t kUsualIntervalMs = 100;
constexpr int kDevicesMax = 256;

struct HwmonPlan {
  fs::path root;
  std::string device;  // what its file `name` holds, or the name of its folder
};

class HwmonMeter : public Meter {
 public:
  HwmonMeter(HwmonPlan plan, MeterIdentity identity, const asio::any_io_executor& executor)
      : plan_(std::move(plan)), identity_(std::move(identity)), timer_(executor) {}

  asio::awaitable<MeterIdentity> prepare() override {
    folder_ = find();
    check_current();
    interval_ = std::chrono::milliseconds(number("update_interval", 1, 60'000).value_or(kUsualIntervalMs));
    identity_.rate_hz = 1 / std::chrono::duration<double>(interval_).count();
    const auto shunt_uohm = number("shunt_resistor", 1, 1'000'000'000);
    identity_.ranges[0].top_a =
        shunt_uohm ? kShuntFullScaleV / (static_cast<double>(*shunt_uohm) * 1e-6) : kMostMa * 1e-3;
    if (const auto millivolts = number("in1_input", 1, kMostMv)) {
      identity_.supply_v = static_cast<double>(*millivolts) * 1e-3;
      identity_.voltage = VoltageSource::measured;
      identity_.voltage_limit = kBusVoltageLimit;
    }
    co_return identity_;
  }

  asio::awaitable<Result<void>> record(SampleSink& sink) override {
    is_stopped_ = false;
    const steady_clock::time_point start = steady_clock::now();
    std::uint64_t next = 0;
    while (!is_stopped_) {
      boost::system::error_code cancelled;
      timer_.expires_at(start + interval_ * next);
      co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
      if (is_stopped_) break;
      const auto due = static_cast<std::uint64_t>((steady_clock::now() - start) / interval_);
      if (due > next) sink.gap({next, due - next, GapCause::clock});  // we came too late for those
      next = std::max(due, next);
      const SysfsNumber current = read_number(folder_ / "curr1_input", -kMostMa, kMostMa);
      if (current.state == NumberState::gone) co_return gone();
      hand_on(sink, next++, current);
    }
    co_return Result<void>();
  }

  void stop() override {
    is_stopped_ = true;
    timer_.cancel();
  }
  WordFormat word_format() const override { return WordFormat::amperes_f32; }
  std::string describe() const override { return "ina2xx " + (plan_.root / plan_.device).string(); }

 private:
  std::optional<std::int64_t> number(const char* attribute, std::int64_t low, std::int64_t high) const {
    const SysfsNumber read = read_number(folder_ / attribute, low, high);
    return read.state == NumberState::good ? std::optional(read.value) : std::nullopt;
  }

  fs::path find() const {
    std::error_code error;
    int seen = 0;
    for (fs::directory_iterator at(plan_.root, error);
         !error && at != fs::directory_iterator() && seen++ < kDevicesMax; at.increment(error)) {
      if (at->path().filename() == plan_.device || read_attribute(at->path() / "name") == plan_.device) {
        return at->path();
      }
    }
    throw Error(ErrorKind::bench_fault, "there is no hwmon device `" + plan_.device + "`",
                plan_.root.string(),
                "load its driver (modprobe ina2xx, a device tree overlay), or correct `device`");
  }

  void check_current() const {
    const SysfsNumber read = read_number(folder_ / "curr1_input", -kMostMa, kMostMa);
    if (read.state == NumberState::good) return;
    throw Error(ErrorKind::bench_fault,
                read.state == NumberState::gone ? "the device measures no current: it has no curr1_input"
                                                : "what its curr1_input holds is no current",
                folder_.string(), "name the INA2xx as `device`, or look at its wiring");
  }

  Fault gone() const {
    return {FaultKind::gone, "the meter has vanished", (folder_ / "curr1_input").string(),
            "look at the bus and at what `dmesg` says"};
  }

  static void hand_on(SampleSink& sink, std::uint64_t at, const SysfsNumber& current) {
    if (current.state != NumberState::good) return sink.gap({at, 1, GapCause::corrupted});
    const float current_a = static_cast<float>(current.value) * 1e-3F;
    SampleBlock block;
    block.first = at;
    block.words = {reinterpret_cast<const std::uint8_t*>(&current_a), sizeof current_a};
    block.current_a = {&current_a, 1};
    sink.samples(block);
  }

  HwmonPlan plan_;
  MeterIdentity identity_;
  asio::steady_timer timer_;
  fs::path folder_;
  steady_clock::duration interval_{};
  bool is_stopped_ = false;
};

}  // namespace

std::unique_ptr<Meter> make_ina2xx(const Section& section, asio::any_io_executor executor) {
  HwmonPlan plan{section.optional_path("root").value_or("/sys/class/hwmon"),
                 section.text("device", "ina226")};
  MeterIdentity identity;
  identity.driver = "ina2xx";
  read_stated(section, identity);
  const StatedAccuracy accuracy = read_accuracy(section);
  identity.ranges = {{.top_a = 0,
                      .gain_limit = accuracy.gain_limit,
                      .offset_limit_a = accuracy.offset_limit_a,
                      .resolution_a = 1e-3}};
  identity.range_mode = "fixed";
  if (section.has("supply")) identity.supply_v = section.voltage_v("supply");
  identity.voltage = VoltageSource::stated;
  identity.trigger = -1;
  section.finish();
  return std::make_unique<HwmonMeter>(std::move(plan), std::move(identity), executor);
}

// On a bus of the machine's own.
const host::SerialPort* find_ina2xx(const host::UsbDevice&) { return nullptr; }

}  // namespace tinyhil::meter
