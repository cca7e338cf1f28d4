// SPDX-License-Identifier: Apache-2.0
// driver: ppk2    port: /dev/ttyACM1    supply: 3.3 V    supply_tolerance: 3 %    mode: source    trigger: D0
// serial: C5A1...    calibrated: 2026-01-15    calibration_expires: 2027-01-15
//
// Nordic's Power Profiler Kit II. `mode: source`: it supplies the board with `supply`; `mode: ampere`:
// another supply of that voltage feeds the board through it. `trigger`: the line at the board's trigger pin,
// or `none`.
#include <array>
#include <cassert>
#include <chrono>
#include <cmath>
#include <optional>

#include "base/error.hpp"
#include "meter/internal/find_usb.hpp"
#include "meter/internal/ppk2_port.hpp"
#include "meter/internal/stated.hpp"
#include "meter/meter.hpp"
#include "meter/ppk2_recording.hpp"

namespace tinyhil::meter {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::uint16_t kUsbVendor = 0x1915;
constexpr std::uint16_t kUsbProduct = 0xc00a;
constexpr unsigned kSupplyMin = 800;  // mV
constexpr unsigned kSupplyMax = 5000;
constexpr double kSupplyTolerance = 0.03;  // its maker states none
constexpr milliseconds kSilence{2000};     // it sends 100,000 samples a second
constexpr milliseconds kGather{25};        // before the next read; a pseudo-terminal holds 30 ms of samples
constexpr int kDoubts = 5;                 // readings
constexpr milliseconds kSettling{1500};    // longer than the clock needs to find a loss
constexpr milliseconds kLastSamples{20};
constexpr std::uint64_t kStrangeMax = 400'000;  // bytes: a second of them

struct Ppk2Setup {
  std::string port;
  unsigned supply_mv = 0;
  Ppk2Mode mode = Ppk2Mode::source;
};

// Nordic's table: top, +- gain, resolution. A constant error below half a resolution is not excluded by it.
std::vector<MeterRange> ranges() {
  const auto range = [](double top_a, double gain, double resolution_a) {
    return MeterRange{top_a, gain, resolution_a / 2, resolution_a};
  };
  return {range(50e-6, 0.10, 0.2e-6), range(500e-6, 0.10, 0.5e-6), range(5e-3, 0.10, 5e-6),
          range(50e-3, 0.10, 50e-6), range(1, 0.15, 1e-3)};
}

class Ppk2Meter : public Meter {
 public:
  Ppk2Meter(Ppk2Setup setup, MeterIdentity identity, asio::any_io_executor executor)
      : setup_(std::move(setup)), identity_(std::move(identity)), executor_(std::move(executor)) {}

  asio::awaitable<MeterIdentity> prepare() override {
    port_.reset();  // the last one, if this is another attempt
    port_.emplace(executor_, setup_.port);
    const Ppk2Metadata metadata = co_await port_->identify();
    identity_.calibration = with_vdd(metadata, setup_.supply_mv);
    identity_.simulated = !metadata.simulated.empty();
    identity_.virtual_time = metadata.virtual_time;
    reader_ = word_reader(WordFormat::ppk2_u32, identity_.calibration);
    const Result<void> supplied = co_await port_->supply(setup_.supply_mv, setup_.mode);
    if (!supplied) {
      throw Error(ErrorKind::bench_fault, "the meter left while it was set up: " + describe_fault(supplied),
                  setup_.port, "plug it in again, without a hub if it leaves often");
    }
    co_return identity_;
  }

  asio::awaitable<Result<void>> record(SampleSink& sink) override {
    assert(port_);
    stop_at_.reset();
    Ppk2Recording recording(sink, *reader_, !identity_.virtual_time);
    Result<void> outcome = co_await port_->start();
    if (outcome) outcome = co_await read_until_stopped(recording);
    if (outcome) outcome = co_await end(recording);
    recording.finish();
    co_return outcome;
  }

  void stop() override {
    if (!stop_at_) stop_at_ = steady_clock::now();
    if (port_) port_->stop_waiting();
  }

  WordFormat word_format() const override { return WordFormat::ppk2_u32; }
  std::string describe() const override { return "ppk2 " + setup_.port; }

 private:
  static std::string describe_fault(const Result<void>& result) { return tinyhil::describe(result.error()); }

  // What came last may be late; it is read on until the clock has told that from a loss.
  bool may_end(const Ppk2Recording& recording) const {
    return stop_at_ && (recording.settled() || steady_clock::now() > *stop_at_ + kSettling);
  }

  // A virtual clock waits for nobody, and neither does a recording that is to end. Else what has gathered is
  // read, which may have come a moment before; where the clock takes that for a loss, what comes next is read
  // at the moment when it comes.
  asio::awaitable<Result<std::size_t>> read_next(int doubts) {
    const bool waits = identity_.virtual_time || stop_at_ || doubts >= kDoubts;
    if (waits) co_return co_await port_->read(bytes_, kSilence);
    co_await port_->pause(kGather);
    co_return port_->read_waiting(bytes_);
  }

  asio::awaitable<Result<void>> read_until_stopped(Ppk2Recording& recording) {
    auto heard = steady_clock::now();
    int doubts = 0;  // readings that the clock has not confirmed
    while (!may_end(recording)) {
      const Result<std::size_t> size = co_await read_next(doubts);
      if (!size) co_return gone(tinyhil::describe(size.error()));
      const auto now = steady_clock::now();
      if (*size > 0) recording.push({bytes_.data(), *size}, now.time_since_epoch());
      if (recording.strange_bytes() > kStrangeMax) co_return strange();
      if (identity_.virtual_time) continue;
      doubts = recording.settled() ? 0 : doubts + 1;
      if (*size > 0) heard = now;
      if (now - heard >= kSilence) co_return gone("no sample for two seconds");
    }
    co_return Result<void>();
  }

  asio::awaitable<Result<void>> end(Ppk2Recording& recording) {
    const Result<void> stopped = co_await port_->stop();
    if (!stopped) co_return gone(describe_fault(stopped));
    for (const auto limit = steady_clock::now() + kSettling; steady_clock::now() < limit;) {
      const Result<std::size_t> size = co_await port_->read(bytes_, kLastSamples);
      if (!size || *size == 0) break;
      // The clock has confirmed what came before; these few it could not tell from late ones any more.
      if (identity_.virtual_time) recording.push({bytes_.data(), *size});
    }
    co_return Result<void>();
  }

  Fault gone(const std::string& evidence) const {
    return {FaultKind::gone, "the meter was unplugged or fell silent while it recorded", evidence,
            "plug " + setup_.port + " in again, without a hub if it leaves often"};
  }

  Fault strange() const {
    return {FaultKind::corrupt, "the meter sends no samples that can be understood", setup_.port,
            "close other programs that read from it, and plug it in again"};
  }

  Ppk2Setup setup_;
  MeterIdentity identity_;
  asio::any_io_executor executor_;
  std::optional<Ppk2Port> port_;
  std::unique_ptr<WordReader> reader_;
  std::array<std::uint8_t, 64 * 1024> bytes_{};
  std::optional<steady_clock::time_point> stop_at_;
};

unsigned read_supply(const Section& section) {
  const double mv = std::round(section.voltage_v("supply") * 1000);
  if (mv < kSupplyMin || mv > kSupplyMax) {
    section.fail_at("supply", "a PPK2 does not supply `" + section.text("supply") + "`",
                    "write a voltage from 800 mV to 5 V, which the board bears");
  }
  return static_cast<unsigned>(mv);
}

int read_trigger(const Section& section) {
  const std::string line =
      section.choice("trigger", {"D0", "D1", "D2", "D3", "D4", "D5", "D6", "D7", "none"}, "D0");
  return line == "none" ? -1 : line[1] - '0';
}

}  // namespace

std::unique_ptr<Meter> make_ppk2(const Section& section, asio::any_io_executor executor) {
  Ppk2Setup setup;
  setup.port = section.text("port");
  setup.supply_mv = read_supply(section);
  const bool supplies = section.choice("mode", {"source", "ampere"}, "source") == "source";
  setup.mode = supplies ? Ppk2Mode::source : Ppk2Mode::ampere;
  MeterIdentity identity;
  identity.driver = "ppk2";
  identity.rate_hz = kPpk2Rate;
  identity.ranges = ranges();
  identity.range_mode = "auto";
  identity.supply_v = setup.supply_mv / 1000.0;
  identity.voltage = supplies ? VoltageSource::set_point : VoltageSource::stated;
  identity.voltage_limit = section.optional_ratio("supply_tolerance").value_or(kSupplyTolerance);
  identity.trigger = read_trigger(section);
  read_stated(section, identity);
  section.finish();
  return std::make_unique<Ppk2Meter>(std::move(setup), std::move(identity), std::move(executor));
}

// Its shell, on newer firmware, is the port with the higher number.
const host::SerialPort* find_ppk2(const host::UsbDevice& device) {
  const bool is_one = device.vendor == kUsbVendor && device.product == kUsbProduct;
  return is_one && !device.ports.empty() ? &device.ports.front() : nullptr;
}

}  // namespace tinyhil::meter
