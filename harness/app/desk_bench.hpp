// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "desk_greeting.hpp"

namespace tinyhil::app {

// A board, as far as it is known.
struct DeskBoard {
  std::string name;
  std::size_t port = 0;                // of Desk::ports
  std::optional<std::size_t> probe{};  // of Desk::probes
  Tie tie = Tie::none;
};

// A board for each agent that answered, or, where nobody was asked (`greeted` is empty), for each port of a
// USB device. What was proven of a probe goes before what is assumed.
std::vector<DeskBoard> boards_on(const Desk& desk, const std::vector<Greeted>& greeted,
                                 const std::vector<Held>& held);

// A bench file with these boards, and beside each what was proven and what is assumed.
std::string bench_text(const Desk& desk, const std::vector<DeskBoard>& boards,
                       const std::vector<Greeted>& greeted, const GreetingSettings& settings);

}  // namespace tinyhil::app
