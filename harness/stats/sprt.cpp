// SPDX-License-Identifier: Apache-2.0
#include "sprt.hpp"

#include <cassert>
#include <cmath>

namespace tinyhil::stats {

Sprt sprt(double margin, double discordance, double alpha, double beta) {
  assert(margin > 0 && margin < discordance && alpha > 0 && beta > 0 && alpha + beta < 1);
  const double right_if_worse = (discordance - margin) / (2 * discordance);
  Sprt test;
  test.when_gained = std::log(0.5 / right_if_worse);
  test.when_lost = std::log(0.5 / (1 - right_if_worse));
  test.accept = std::log((1 - beta) / alpha);
  test.reject = std::log(beta / (1 - alpha));
  test.discordance = discordance;
  return test;
}

bool Sprt::holds_for(const Pairs& pairs) const {
  const double expected = discordance * pairs.n;
  return pairs.gained + pairs.lost <= expected + 2 * std::sqrt(expected * (1 - discordance));
}

}  // namespace tinyhil::stats
