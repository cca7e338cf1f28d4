// SPDX-License-Identifier: Apache-2.0
// The driver that X-NUCLEO-LPM01A and STLINK-V3PWR share; drivers/lpm01a.cpp and drivers/stlink_v3pwr.cpp
// name the dialect and say what the meter is worth.
#pragma once

#include <optional>

#include "meter/internal/powershield_port.hpp"
#include "meter/meter.hpp"

namespace tinyhil::meter {

class PowershieldMeter : public Meter {
 public:
  struct Settings {
    std::string port;
    PowershieldSetup setup;
    MeterIdentity identity;  // all that is known before it was asked
  };

  // The keys that both have: port, supply, rate, format, serial, calibrated, calibration_expires, and trigger
  // where the dialect has one. The caller adds the ranges and calls finish().
  static Settings read(const PowershieldDialect& dialect, const Section& section);

  PowershieldMeter(const PowershieldDialect& dialect, Settings settings, asio::any_io_executor executor);

  asio::awaitable<MeterIdentity> prepare() override;
  asio::awaitable<Result<void>> record(SampleSink& sink) override;
  void stop() override;
  WordFormat word_format() const override;
  TriggerKind trigger_kind() const override { return TriggerKind::rising; }
  std::string describe() const override;

 private:
  asio::awaitable<std::string> demand(std::string command);
  asio::awaitable<void> identify();
  asio::awaitable<void> set_up();
  [[noreturn]] void fail(const Fault& fault) const;

  const PowershieldDialect& dialect_;
  Settings settings_;
  asio::any_io_executor executor_;
  std::optional<PowershieldPort> port_;
};

}  // namespace tinyhil::meter
