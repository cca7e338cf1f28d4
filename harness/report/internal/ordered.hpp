// SPDX-License-Identifier: Apache-2.0
// Findings, checks or verdicts with the most urgent outcome first, otherwise as they came.
#pragma once

#include <algorithm>
#include <vector>

#include "model/verdict.hpp"
#include "words.hpp"

namespace tinyhil::report {

template <class T>
int rank(const T& item) {
  return 2 * urgency(item.outcome);
}

// Of a failure that a waiver lets through, be it the only one of the rule or not.
inline bool is_waived(const Finding& finding) {
  return finding.outcome == Outcome::waived || has_waiver(finding);
}

// A minor rule only warns: it comes after all that decide, before those that pass.
inline int rank(const Finding& finding) {
  const bool warns = finding.severity == Severity::minor && finding.outcome != Outcome::pass;
  return warns ? 1 : 2 * urgency(finding.outcome);
}

template <class T>
std::vector<const T*> most_urgent_first(const std::vector<T>& items) {
  std::vector<const T*> order;
  order.reserve(items.size());
  for (const T& item : items) order.push_back(&item);
  std::stable_sort(order.begin(), order.end(), [](const T* a, const T* b) { return rank(*a) > rank(*b); });
  return order;
}

}  // namespace tinyhil::report
