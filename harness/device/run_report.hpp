// SPDX-License-Identifier: Apache-2.0
// How far a device came with what it was asked for, and what is known of why it came no further.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/vector_number.hpp"

namespace tinyhil::device {

// The cause of a silence that ended a run. That the device hung is known only where the line worked
// meanwhile.
enum class Silence {
  none,
  unexplained,    // the device hangs, or the line lost or held back what it said
  of_the_device,  // it floods the line with messages that nothing asked for, and they arrive undamaged
};

// An inference that took longer than it may, by the device's own clock.
struct SlowInference {
  std::size_t request = 0;
  std::size_t model = 0;  // of the request
  OrderPosition vector;
};

// Results that the device had made in time, and the line brought after `inference_timeout`.
struct Lateness {
  int times = 0;
  std::chrono::milliseconds most{0};  // beyond it
};

struct RunReport {
  bool preparing = false;               // it failed while the device made a model ready
  bool accepted = false;                // the device took a run
  std::optional<std::size_t> request;   // nothing: no run was in progress
  OrderPosition first_missing;          // the request's first vector without a result
  std::vector<OrderPosition> unsteady;  // vectors whose output changed between two askings
  Silence silence = Silence::none;      // that ended it
  std::optional<SlowInference> slow;    // that ended it
  Lateness late;
  std::chrono::nanoseconds longest_seen{};  // between two results
};

}  // namespace tinyhil::device
