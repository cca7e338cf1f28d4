// SPDX-License-Identifier: Apache-2.0
// A simulated PPK2 as its USB port shows it, byte by byte: commands go in, answers and samples come out. It
// measures a board whose current follows from its activity. Pure: time is passed in, in seconds of the board.
//
//   Ppk2 meter(settings);
//   meter.receive(bytes_from_host);
//   meter.add({0.5, PowerState::active, true});
//   meter.advance(1.0, 4096);       // at most so many samples
//   meter.take(bytes_to_host);
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "current_model.hpp"
#include "internal/simulated_meter.hpp"
#include "ppk2_settings.hpp"

namespace tinyhil::sim {

class Ppk2FrontEnd;

class Ppk2 : public SimulatedMeter {
 public:
  explicit Ppk2(const Ppk2Settings& settings);
  Ppk2(const Ppk2&) = delete;  // its parts refer to each other
  Ppk2& operator=(const Ppk2&) = delete;
  ~Ppk2() override;

  void receive(std::span<const std::uint8_t> from_host) override;
  // The host closed the port: samples end, and so does the board's supply.
  void close() override;
  void add(const BoardEvent& event) override { model_.add(event); }
  bool advance(double until_s, std::size_t samples_max) override;
  void lose(std::uint64_t samples) override { lose_now_ += samples; }
  void take(std::vector<std::uint8_t>& into) override;

  double now_s() const override { return model_.now_s(); }
  double recorded_s() const override { return now_s() - start_s_; }  // since the samples began
  bool streaming() const override { return streaming_; }
  const std::deque<TrueWindow>& windows() const override { return model_.windows(); }
  std::string truth_json() const { return sim::truth_json(windows()); }

 private:
  void act();
  void answer_metadata();
  void start();
  void send_sample(double charge_c);
  bool is_lost();
  void supply();
  double period_s() const;

  Ppk2Settings settings_;
  CurrentModel model_;
  std::unique_ptr<Ppk2FrontEnd> front_end_;
  std::vector<std::uint8_t> command_;  // what has come of one
  std::vector<std::uint8_t> to_host_;
  unsigned vdd_mv_ = 3000;
  unsigned mode_ = 2;
  bool powers_ = false;
  bool streaming_ = false;
  double start_s_ = 0;          // of the recording
  std::uint64_t sampled_ = 0;   // samples since then, lost ones too
  std::uint64_t lose_now_ = 0;  // of the next
  std::size_t stale_ = 0;
  std::size_t next_loss_ = 0;
  std::size_t next_byte_loss_ = 0;
};

}  // namespace tinyhil::sim
