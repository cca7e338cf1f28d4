// SPDX-License-Identifier: Apache-2.0
#include "decision_table.hpp"

namespace tinyhil::gate {

DecisionTable::DecisionTable(std::uint64_t n, double margin, double alpha)
    : n_(static_cast<double>(n)), margin_(margin), alpha_(alpha) {}

// Another gain never makes a loss worse: both limits only rise with the gains.
void DecisionTable::grow(std::size_t gained) {
  while (most_passing_.size() <= gained) {
    const auto gains = static_cast<double>(most_passing_.size());
    double most = most_passing_.empty() ? -1 : most_passing_.back();
    double fewest = fewest_failing_.empty() ? 0 : fewest_failing_.back();
    while (most + 1 + gains <= n_ && stats::p_not_worse(stats::Pairs{most + 1, gains, n_}, margin_) < alpha_)
      ++most;
    while (fewest + gains <= n_ && stats::p_worse(stats::Pairs{fewest, gains, n_}, margin_) >= alpha_)
      ++fewest;
    most_passing_.push_back(most);
    fewest_failing_.push_back(fewest);
  }
}

bool DecisionTable::passes(const stats::Pairs& pairs) {
  const auto gained = static_cast<std::size_t>(pairs.gained);
  grow(gained);
  return pairs.lost <= most_passing_[gained];
}

bool DecisionTable::fails(const stats::Pairs& pairs) {
  const auto gained = static_cast<std::size_t>(pairs.gained);
  grow(gained);
  return pairs.lost >= fewest_failing_[gained];
}

}  // namespace tinyhil::gate
