// SPDX-License-Identifier: Apache-2.0
// For gate_reference_test.py: reads cases from stdin, one a line, and prints the values, so that Python can
// compare them with scipy and statsmodels.
//   tango LOST GAINED N D CONFIDENCE    ->  Z(d) LOWER UPPER
//   mcnemar LOST GAINED                 ->  EXACT MID_P
//   holm P P ...                        ->  ADJUSTED ADJUSTED ...
//   ranks N QUANTILE CONFIDENCE         ->  LOWER UPPER   (0: there is none)
#include <cstdio>
#include <iostream>
#include <sstream>

#include "holm.hpp"
#include "mcnemar.hpp"
#include "order_statistics.hpp"
#include "tango.hpp"

namespace {

using namespace tinyhil;

void print_tango(std::istream& words) {
  Pairs pairs;
  double d = 0, confidence = 0;
  words >> pairs.lost >> pairs.gained >> pairs.n >> d >> confidence;
  std::printf("%.17g %.17g %.17g\n", tango_z(pairs, d), lower_bound(pairs, confidence),
              upper_bound(pairs, confidence));
}

void print_mcnemar(std::istream& words) {
  std::uint64_t lost = 0, gained = 0;
  words >> lost >> gained;
  std::printf("%.17g %.17g\n", mcnemar_exact(lost, gained), mcnemar_mid_p(lost, gained));
}

void print_holm(std::istream& words) {
  std::vector<double> p;
  for (double value = 0; words >> value;) p.push_back(value);
  for (const double value : holm(p)) std::printf("%.17g ", value);
  std::printf("\n");
}

void print_ranks(std::istream& words) {
  std::uint64_t n = 0;
  double quantile = 0, confidence = 0;
  words >> n >> quantile >> confidence;
  std::printf("%llu %llu\n", static_cast<unsigned long long>(lower_rank(n, quantile, confidence).value_or(0)),
              static_cast<unsigned long long>(upper_rank(n, quantile, confidence).value_or(0)));
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string what;
    words >> what;
    if (what == "tango") print_tango(words);
    if (what == "mcnemar") print_mcnemar(words);
    if (what == "holm") print_holm(words);
    if (what == "ranks") print_ranks(words);
  }
}
