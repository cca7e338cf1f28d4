// SPDX-License-Identifier: Apache-2.0
#include "mcnemar.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>

namespace tinyhil {

using Binomial = boost::math::binomial_distribution<double>;

double mcnemar_exact(std::uint64_t lost, std::uint64_t gained) {
  if (lost + gained == 0) return 1;
  const Binomial fair(static_cast<double>(lost + gained), 0.5);
  return std::min(1.0, 2 * boost::math::cdf(fair, static_cast<double>(std::min(lost, gained))));
}

double mcnemar_mid_p(std::uint64_t lost, std::uint64_t gained) {
  if (lost + gained == 0) return 1;
  const Binomial fair(static_cast<double>(lost + gained), 0.5);
  const double at = boost::math::pdf(fair, static_cast<double>(std::min(lost, gained)));
  // With lost == gained both tails meet in this one value, so it is halved once for both.
  return lost == gained ? 1 - at / 2 : mcnemar_exact(lost, gained) - at;
}

}  // namespace tinyhil
