// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "run/runner.hpp"

namespace tinyhil {

// On a terminal one line of stderr that keeps changing; elsewhere one line a model when it is done.
class ProgressLine {
 public:
  void show(const Progress& progress) const;
};

}  // namespace tinyhil
