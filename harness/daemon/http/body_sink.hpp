// SPDX-License-Identifier: Apache-2.0
// Where the body of a request goes piece by piece as it arrives, so that a large one is never in memory as a
// whole. A route that takes such bodies makes one for each request (route.hpp).
#pragma once

#include <string_view>

namespace tinyhil::daemon {

class BodySink {
 public:
  virtual ~BodySink() = default;
  // In their order, each once. What it throws refuses the request.
  virtual void take(std::string_view piece) = 0;
};

}  // namespace tinyhil::daemon
