// SPDX-License-Identifier: Apache-2.0
// Farms of many boards and requests, typical ones and the worst for a schedule.
#pragma once

#include <string>
#include <vector>

#include "daemon/farm.hpp"

struct Shape {
  std::string name;
  tinyhil::daemon::Farm farm;
};

// Each with so many boards and requests, made anew and always alike.
std::vector<Shape> shapes(std::size_t boards, std::size_t requests, tinyhil::daemon::Moment now);
