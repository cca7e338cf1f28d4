// SPDX-License-Identifier: Apache-2.0
// An instrument that speaks SCPI over a raw TCP socket.
// driver: scpi    host: 10.0.0.5    port: 5025    dialect: n6705    channel: 1    supply: 3.3 V
// interval: 20.48 us    points: 4096    range: 3000 mA    accuracy: 0.1 %    offset: 10 uA
// With `dialect: polled` each sample is one `MEAS:CURR?`, and `supply` is only stated.
#include "meter/internal/find_usb.hpp"
#include "meter/internal/scpi_session.hpp"
#include "meter/internal/stated.hpp"
#include "meter/meter.hpp"
#include "transport/tcp.hpp"

namespace tinyhil::meter {

namespace {

constexpr double kScpiMostV = 60;
constexpr double kScpiVoltageLimit = 0.01;
constexpr int kScpiPort = 5025;
constexpr int kScpiPointsMax = 524'288;  // N6705's

class ScpiMeter : public Meter {
 public:
  ScpiMeter(ScpiPlan plan, MeterIdentity identity, asio::any_io_executor executor)
      : plan_(std::move(plan)), identity_(std::move(identity)), executor_(std::move(executor)) {}

  asio::awaitable<MeterIdentity> prepare() override {
    session_.reset();
    session_.emplace(plan_, executor_, transport::open_tcp(executor_, plan_.host, plan_.port));
    const std::string name = co_await session_->set_up();
    identity_.firmware = name;
    identity_.simulated = name.find("SIMULATED") != std::string::npos;
    co_return identity_;
  }

  asio::awaitable<Result<void>> record(SampleSink& sink) override {
    assert(session_);
    co_return co_await session_->record(sink);
  }

  void stop() override {
    if (session_) session_->interrupt();
  }
  WordFormat word_format() const override { return WordFormat::amperes_f32; }
  std::string describe() const override { return "scpi " + plan_.host + ":" + std::to_string(plan_.port); }

 private:
  ScpiPlan plan_;
  MeterIdentity identity_;
  asio::any_io_executor executor_;
  std::optional<ScpiSession> session_;
};

void read_sampling(const Section& section, ScpiPlan& plan) {
  const bool is_polled = plan.is_polled;
  const auto interval = section.optional_duration("interval");
  plan.interval_s =
      interval ? std::chrono::duration<double>(*interval).count() : (is_polled ? 0.1 : 20.48e-6);
  if (plan.interval_s < (is_polled ? 0.01 : 1e-6) || plan.interval_s > 10) {
    section.fail_at("interval", "the samples are too close or too far apart",
                    is_polled ? "write 10 ms to 10 s" : "write what the module can: 5.12 us or more");
  }
  if (!is_polled) {
    plan.points = static_cast<std::size_t>(section.integer("points", 16, kScpiPointsMax, 4096));
    plan.channel = static_cast<int>(section.integer("channel", 1, 4, 1));
  }
}

}  // namespace

std::unique_ptr<Meter> make_scpi(const Section& section, asio::any_io_executor executor) {
  ScpiPlan plan;
  plan.host = section.text("host");
  plan.port = static_cast<std::uint16_t>(section.integer("port", 1, 65'535, kScpiPort));
  plan.is_polled = section.choice("dialect", {"n6705", "polled"}) == "polled";
  plan.supply_v = read_supply(section, 0.1, kScpiMostV);
  read_sampling(section, plan);
  MeterIdentity identity;
  identity.driver = "scpi";
  read_stated(section, identity);
  const StatedAccuracy accuracy = read_accuracy(section);
  identity.ranges = {{.top_a = section.current_ua("range") * 1e-6,
                      .gain_limit = accuracy.gain_limit,
                      .offset_limit_a = accuracy.offset_limit_a,
                      .resolution_a = accuracy.offset_limit_a}};
  identity.rate_hz = 1 / plan.interval_s;
  identity.range_mode = "as set";
  identity.supply_v = plan.supply_v;
  identity.voltage = plan.is_polled ? VoltageSource::stated : VoltageSource::set_point;
  identity.voltage_limit = kScpiVoltageLimit;
  identity.trigger = -1;
  section.finish();
  return std::make_unique<ScpiMeter>(std::move(plan), std::move(identity), std::move(executor));
}

// Over TCP.
const host::SerialPort* find_scpi(const host::UsbDevice&) { return nullptr; }

}  // namespace tinyhil::meter
