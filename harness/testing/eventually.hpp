// SPDX-License-Identifier: Apache-2.0
// For what another thread brings about: asked again until it is so, for ten seconds at most.
#pragma once

#include <chrono>
#include <thread>

namespace tinyhil::test {

template <class Condition>
bool eventually(Condition condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace tinyhil::test
