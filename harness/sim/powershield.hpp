// SPDX-License-Identifier: Apache-2.0
// A simulated X-NUCLEO-LPM01A or STLINK-V3PWR as its serial port shows it, byte by byte (UM2269; fixed frames
// of the second as its maker's scripts read them), with faults on demand. It measures a board whose current
// follows from its activity. Pure: time is passed in, in seconds of the board.
//
//   Powershield meter(settings);
//   meter.receive(bytes_from_host);
//   meter.add({0.5, PowerState::active, true});
//   meter.advance(1.0, 4096);  // at most so many samples
//   meter.take(bytes_to_host);
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "internal/simulated_meter.hpp"

namespace tinyhil::sim {

struct PowershieldFault {
  enum class Kind : std::uint8_t {
    overflow,     // its buffer is full: `count` samples are lost, and it says so
    loss,         // `count` samples are lost, and nothing says so
    bytes,        // `count` bytes are lost between meter and host
    overcurrent,  // it cuts the board off, whatever the current is
    power_down,   // the board's supply goes off
    stale,        // from the beginning an earlier host's recording runs, which swallows commands until `stop`
  };
  Kind kind{};
  double at_s = 0;  // since `start`
  std::uint64_t count = 0;
};

struct PowershieldSettings {
  Currents currents;
  bool is_stlink = false;
  bool virtual_time = false;  // of an emulated board
  double clock_ppm = 0;       // by how much it samples too fast
  double gain = 1;            // of this unit, against the truth
  double offset_a = 0;
  double noise_a = 20e-9;  // standard deviation of a sample
  std::uint64_t seed = 1;
  std::vector<PowershieldFault> faults;
};

class Powershield : public SimulatedMeter {
 public:
  explicit Powershield(const PowershieldSettings& settings);

  void receive(std::span<const std::uint8_t> from_host) override;
  void close() override {}  // it goes on all the same, as the meter does
  void add(const BoardEvent& event) override { model_.add(event); }
  bool advance(double until_s, std::size_t samples_max) override;
  void lose(std::uint64_t samples) override;
  void take(std::vector<std::uint8_t>& into) override;

  double now_s() const override { return model_.now_s(); }
  bool streaming() const override { return recording_.has_value(); }
  double recorded_s() const override { return recording_ ? now_s() - recording_->start_s : 0; }
  const std::deque<TrueWindow>& windows() const override { return model_.windows(); }

 private:
  struct Recording {
    double start_s = 0;
    std::uint64_t samples = 0;  // made, sent or lost
    std::uint64_t to_lose = 0;  // of the next ones
    std::uint64_t events = 0;
    std::uint64_t end = UINT64_MAX;  // samples
    double sum_a = 0;
    double least_a = 0;
    double most_a = 0;
  };

  void obey(const std::string& command);
  std::string carry_out(const std::string& verb, const std::string& argument);
  std::string set_rate(const std::string& argument);
  std::string set_voltage(std::string argument);
  std::string set_time(const std::string& argument);
  std::string set_power(std::string argument);
  std::string start();
  void acknowledge(const std::string& command);
  void refuse(const std::string& command, const std::string& why);

  double period_s() const;
  double sample_end_s() const;
  void make_sample();
  void send_sample(double current_a);
  void watch_trigger();
  void strike_faults(double at_s);
  void strike(const PowershieldFault& fault);
  void send_timestamp();
  void send_frame(std::uint8_t kind, std::string_view payload);
  void send_error(const std::string& text);
  void cut_off(std::uint8_t frame, const std::string& text);
  void end_recording();
  void send_summary();
  void say(const std::string& text) { out_ += text; }

  void supply(bool on);

  PowershieldSettings settings_;
  CurrentModel model_;
  std::mt19937_64 random_;
  std::normal_distribution<double> noise_;
  std::string line_;  // of the host, not whole yet
  std::string out_;
  bool is_controlled_ = false;
  bool is_supplied_ = false;
  bool is_binary_ = false;
  bool watches_trigger_ = false;
  bool watches_rising_ = true;
  bool was_high_ = false;
  int millivolts_ = 3300;
  double rate_hz_ = 100;
  double limit_s_ = 10;  // 0: none
  std::optional<Recording> recording_;
  std::vector<PowershieldFault> faults_ahead_;
  std::uint64_t bytes_to_lose_ = 0;
};

// "overflow@2:512", "loss@3:64", "bytes@4:1", "overcurrent@5", "power-down@6", "stale"; nothing for others.
std::optional<PowershieldFault> parse_powershield_fault(std::string_view text);

}  // namespace tinyhil::sim
