// SPDX-License-Identifier: Apache-2.0
// What OpenOCD 0.12 has to be told of a simulated probe and of the core behind it.
#pragma once

#include <string>

#include "sim/probe/probe_bench.hpp"

namespace tinyhil::sim {

std::string openocd_config(const ProbeBench::Options& options, std::uint16_t port);

}  // namespace tinyhil::sim
