// SPDX-License-Identifier: Apache-2.0
// The real agent in this process, with the fake port and the fake engine, at the far end of a line that tests
// disturb. Time is virtual: a conversation of minutes takes as long as its frames take to compute.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "device/agent/internal/activity.hpp"
#include "fake_port.hpp"

namespace tinyhil::test {

// What a board prints.
inline std::vector<std::uint8_t> bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

struct Disturbance {
  double bit = 0;   // chance of a bit to be flipped
  double lost = 0;  // of a piece of the stream, as the next two
  double doubled = 0;
  double stalled = 0;  // by up to 400 ms, with all that follows
};

class VirtualLine {
 public:
  using Bytes = std::vector<std::uint8_t>;

  explicit VirtualLine(unsigned seed = 1);
  ~VirtualLine();

  // Goes on until all are finished, one has a fault or the device was reset. The test fails when that takes
  // more than an hour, in virtual time.
  Result<void> drive(std::vector<device::Activity*> activities);
  // Opens a session; tries again, as AgentLink does.
  Result<void> hello();
  // What the device sends from now on waits for so long.
  void stall_answers(std::chrono::nanoseconds time);
  // Memory stays as it is; the agent begins anew.
  void reset_device();

  FakePort port;
  device::Session session;
  device::Time now = device::Time{} + std::chrono::hours(1);
  Disturbance disturbance;
  std::chrono::microseconds latency{500};                       // one way
  std::chrono::nanoseconds byte_time{1'000};                    // 1 MB/s
  std::chrono::microseconds inference_time{50};                 // by the device's clocks too
  double resets = 0;                                            // chance of a reset before each inference
  std::function<bool(const device::FrameView&)> loses_request;  // true: this frame is lost
  std::function<bool(const device::FrameView&)> loses_answer;
  std::function<void(Bytes& frame)> prints;  // what the board prints before or in a frame, with it
  std::function<void()> on_inference;
  std::function<void()> on_rest;  // in each piece of rest of an energy window
  std::map<int, int> requests;    // frames sent, by type, lost ones included
  std::map<int, int> answers;
  std::size_t most_waiting = 0;  // bytes in the device's receive ring

 private:
  struct Piece {
    device::Time arrival;
    Bytes bytes;
  };
  struct Direction {
    Direction();
    Bytes memory = Bytes(THIL_FRAME_RAW_MAX);
    thil_decoder decoder{};
    Bytes frame;  // since the last delimiter
    std::deque<Piece> pieces;
    device::Time busy_until{};
  };

  void send(Direction& direction, std::span<const std::uint8_t> bytes, device::Time at,
            const std::function<bool(const device::FrameView&)>& loses, std::map<int, int>& counts);
  void put(Direction& direction, const Bytes& frame, device::Time at);
  void disturb(Direction& direction, Bytes piece, device::Time at);
  bool strikes(double chance) { return chance > 0 && std::bernoulli_distribution(chance)(random_); }
  void deliver_until(device::Time time);
  void run_device();
  bool hear(const std::vector<device::Activity*>& activities);  // false: the device was reset
  device::Time next_event(device::Time deadline) const;
  static void invoked();
  void rested();

  std::mt19937 random_;
  Direction out_;
  Direction in_;
  device::Time device_busy_until_{};
  bool device_has_work_ = false;
  bool greeting_ = false;
  std::uint8_t epoch_ = 0;
};

}  // namespace tinyhil::test
