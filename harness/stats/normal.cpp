// SPDX-License-Identifier: Apache-2.0
#include "normal.hpp"

#include <boost/math/distributions/normal.hpp>
#include <cmath>

namespace tinyhil::stats {

double normal_cdf(double z) {
  if (std::isinf(z)) return z > 0 ? 1.0 : 0.0;
  return boost::math::cdf(boost::math::normal_distribution<double>(), z);
}

double normal_quantile(double p) {
  return boost::math::quantile(boost::math::normal_distribution<double>(), p);
}

}  // namespace tinyhil::stats
