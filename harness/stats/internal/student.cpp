// SPDX-License-Identifier: Apache-2.0
#include "student.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace tinyhil::stats {

using Student = boost::math::students_t_distribution<double>;

double student_quantile(double p, double degrees) { return boost::math::quantile(Student(degrees), p); }

double student_p_two_sided(double t, double degrees) {
  if (std::isinf(t)) return 0;
  return 2 * boost::math::cdf(Student(degrees), -std::abs(t));
}

}  // namespace tinyhil::stats
