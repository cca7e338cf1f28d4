// SPDX-License-Identifier: Apache-2.0
// For metric_reference_test.py: reads cases from stdin, one a line, and prints the values, so that Python can
// compare them with statsmodels.
//   wilson X N CONFIDENCE | clopper_pearson X N CONFIDENCE   ->  LOW HIGH
#include <cstdio>
#include <iostream>

#include "intervals.hpp"

int main() {
  std::string what;
  std::uint64_t successes = 0, n = 0;
  double confidence = 0;
  while (std::cin >> what >> successes >> n >> confidence) {
    const tinyhil::Interval interval = what == "wilson" ? tinyhil::wilson(successes, n, confidence)
                                                        : tinyhil::clopper_pearson(successes, n, confidence);
    std::printf("%.17g %.17g\n", interval.low, interval.high);
  }
  return std::cin.eof() ? 0 : 1;
}
