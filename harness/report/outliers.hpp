// SPDX-License-Identifier: Apache-2.0
// Boards that stand apart from the others, in words for people. Pure.
#pragma once

#include <string>
#include <vector>

#include "report.hpp"

namespace tinyhil::report {

// One line of each warning; empty where one board ran all.
//
//   "board b3 stands apart (slim): median latency 12.346 ms, that of the boards 10.002 ms (modified z-score
//    14.2, limit 7.9)"
std::vector<std::string> outliers_of(const Report& report);

// "Latency of slim: standard deviation 120.0 µs between boards, 2.1400 ms between vectors of a board; 0.3 %
// of the variance lies between boards (F test: p = 0.41)"; of the scores likewise, where they are known.
std::vector<std::string> spreads_of(const BoardComparison& comparison, const TaskTraits& task);

}  // namespace tinyhil::report
