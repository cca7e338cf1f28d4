// SPDX-License-Identifier: Apache-2.0
// A meter as its serial port shows it, byte by byte, measuring a board whose current follows from its
// activity. Pure: time is passed in, in seconds of the board.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "sim/current_model.hpp"

namespace tinyhil::sim {

class SimulatedMeter {
 public:
  virtual ~SimulatedMeter() = default;

  virtual void receive(std::span<const std::uint8_t> from_host) = 0;
  virtual void close() = 0;  // the host closed the port
  virtual void add(const BoardEvent& event) = 0;
  // Lets time go by until then, but for no more than so many samples. True when it has come so far.
  virtual bool advance(double until_s, std::size_t samples_max) = 0;
  // So many samples, which the host has had no time to read, are lost from now on.
  virtual void lose(std::uint64_t samples) = 0;
  // What the host reads, all of it; `into` is emptied first.
  virtual void take(std::vector<std::uint8_t>& into) = 0;

  virtual double now_s() const = 0;
  virtual bool streaming() const = 0;
  virtual double recorded_s() const = 0;  // since the recording has started
  virtual const std::deque<TrueWindow>& windows() const = 0;
};

}  // namespace tinyhil::sim
