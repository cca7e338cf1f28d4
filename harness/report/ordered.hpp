// SPDX-License-Identifier: Apache-2.0
// Findings, checks or verdicts with the most urgent outcome first, otherwise as they came.
#pragma once

#include <algorithm>
#include <vector>

#include "model/verdict.hpp"
#include "words.hpp"

namespace tinyhil {

template <class T>
std::vector<const T*> most_urgent_first(const std::vector<T>& items) {
  std::vector<const T*> order;
  order.reserve(items.size());
  for (const T& item : items) order.push_back(&item);
  std::stable_sort(order.begin(), order.end(),
                   [](const T* a, const T* b) { return urgency(a->outcome) > urgency(b->outcome); });
  return order;
}

}  // namespace tinyhil
