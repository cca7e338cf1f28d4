// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace tinyhil::stats {

// Brownian motion B(t) with a drift, looked at a few times and stopped when it leaves an interval: the
// density of what goes on, carried from look to look on Gauss-Legendre nodes. To about 1e-10.
class StoppedBrownian {
 public:
  explicit StoppedBrownian(double drift) : drift_(drift), nodes_{{0, 1}} {}

  double drift() const { return drift_; }
  double going_on() const;  // the probability of not having been stopped yet

  // The probability to go on until t, later than the last look, and then to be beyond `bound`.
  double above(double t, double bound) const;
  double below(double t, double bound) const;

  // Looks at t, and stops what is not between low and high; either may be infinite.
  void advance(double t, double low, double high);

 private:
  struct Node {
    double at;
    double mass;  // density * weight
  };
  double density(double t, double at) const;

  double drift_;
  double t_ = 0;
  std::vector<Node> nodes_;
};

}  // namespace tinyhil::stats
