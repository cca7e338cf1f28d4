// SPDX-License-Identifier: Apache-2.0
// For stats_reference_test.py: reads cases from stdin, one a line, the formula's name first, and prints the
// values, so that Python can compare them with scipy and statsmodels. An entry of kFormulas says what its
// line holds.
#include <cmath>
#include <cstdio>
#include <iostream>
#include <sstream>

#include "stats/blocks.hpp"
#include "stats/board_effects.hpp"
#include "stats/delong.hpp"
#include "stats/design_effect.hpp"
#include "stats/disparity.hpp"
#include "stats/fisher_exact.hpp"
#include "stats/hodges_lehmann.hpp"
#include "stats/holm.hpp"
#include "stats/internal/bca.hpp"
#include "stats/internal/brunner_munzel.hpp"
#include "stats/internal/corrections.hpp"
#include "stats/internal/distribution_distance.hpp"
#include "stats/internal/histogram_of.hpp"
#include "stats/internal/merged_histogram.hpp"
#include "stats/internal/welch.hpp"
#include "stats/intervals.hpp"
#include "stats/mann_whitney.hpp"
#include "stats/modified_z.hpp"
#include "stats/order_statistics.hpp"
#include "stats/paired_mean.hpp"
#include "stats/rank_distribution.hpp"
#include "stats/variance_components.hpp"

namespace {

using namespace tinyhil;
using Numbers = std::vector<double>;

std::uint64_t count(double value) { return static_cast<std::uint64_t>(value); }

// LOST GAINED N MARGIN CONFIDENCE -> P_NOT_WORSE LOWER UPPER
Numbers paired(const Numbers& in) {
  const stats::Pairs pairs{in.at(0), in.at(1), in.at(2)};
  return {stats::p_not_worse(pairs, in.at(3)), stats::lower_bound(pairs, in.at(4)),
          stats::upper_bound(pairs, in.at(4))};
}

// P P ... -> ADJUSTED ADJUSTED ...
Numbers holm_adjusted(const Numbers& in) { return stats::holm(in); }

// N QUANTILE CONFIDENCE -> LOWER UPPER (0: there is none)
Numbers ranks(const Numbers& in) {
  return {static_cast<double>(stats::lower_rank(count(in.at(0)), in.at(1), in.at(2)).value_or(0)),
          static_cast<double>(stats::upper_rank(count(in.at(0)), in.at(1), in.at(2)).value_or(0))};
}

// X N CONFIDENCE -> LOW HIGH
Numbers wilson_interval(const Numbers& in) {
  const Interval interval = stats::wilson(count(in.at(0)), count(in.at(1)), in.at(2));
  return {interval.low, interval.high};
}

Numbers exact_interval(const Numbers& in) {
  const Interval interval = stats::clopper_pearson(count(in.at(0)), count(in.at(1)), in.at(2));
  return {interval.low, interval.high};
}

// CONFIDENCE X N X N ... -> LOW HIGH of the largest gap
Numbers gap(const Numbers& in) {
  std::vector<stats::GroupRate> groups;
  for (std::size_t i = 1; i + 1 < in.size(); i += 2) groups.push_back({count(in[i]), count(in[i + 1])});
  const Interval interval = stats::largest_gap(groups, in.at(0)).interval;
  return {interval.low, interval.high};
}

// N, N times IS_CLASS CANDIDATE BASELINE -> AREA AREA SE
Numbers delong_of(const Numbers& in) {
  ClassScores scores;
  for (std::size_t i = 1; i + 2 < in.size(); i += 3) {
    scores.is_class.push_back(in[i] != 0);
    scores.candidate.push_back(in[i + 1]);
    scores.baseline.push_back(in[i + 2]);
  }
  const stats::AucDifference found = stats::delong(scores).value();
  return {found.candidate, found.baseline, found.se};
}

// Two samples: N, N values of the baseline, the values of the candidate.
struct Samples {
  Histogram baseline, candidate;
};

Histogram values_of(Numbers::const_iterator begin, Numbers::const_iterator end) {
  std::vector<std::int64_t> values;
  for (; begin != end; ++begin) values.push_back(static_cast<std::int64_t>(*begin));
  return stats::histogram_of(values);
}

Samples samples_of(const Numbers& in) {
  const auto split = in.begin() + 1 + static_cast<std::ptrdiff_t>(in.at(0));
  return {values_of(in.begin() + 1, split), values_of(split, in.end())};
}

// SAMPLES -> U P2_CORRECTED P2 P_GREATER
Numbers mann_whitney_of(const Numbers& in) {
  const auto [baseline, candidate] = samples_of(in);
  const stats::RankStatistic found = stats::mann_whitney(baseline, candidate).value();
  return {found.value, found.p_two_sided(stats::Continuity::corrected),
          found.p_two_sided(stats::Continuity::none), found.p_greater(stats::Continuity::corrected)};
}

// DIFFERENCES -> W P2_CORRECTED (0 1: all are zero)
Numbers signed_rank_of(const Numbers& in) {
  const auto found = stats::signed_rank(values_of(in.begin(), in.end()));
  if (!found) return {0, 1};
  return {found->value, found->p_two_sided(stats::Continuity::corrected)};
}

// SAMPLES -> STATISTIC P2
Numbers brunner_munzel_of(const Numbers& in) {
  const auto [baseline, candidate] = samples_of(in);
  const stats::BrunnerMunzel found = stats::brunner_munzel(baseline, candidate).value();
  return {found.statistic, found.p_two_sided};
}

// SAMPLES -> D P W1
Numbers distance(const Numbers& in) {
  const auto [baseline, candidate] = samples_of(in);
  const stats::DistributionDistance found = stats::distribution_distance(baseline, candidate);
  return {found.kolmogorov,
          stats::kolmogorov_p(found.kolmogorov, stats::total(baseline), stats::total(candidate)),
          found.wasserstein};
}

Numbers with_bounds(const stats::Shift& found) {
  const Interval none{std::nan(""), std::nan("")}, bounds = found.interval.value_or(none);
  return {found.estimate, bounds.low, bounds.high};
}

// SAMPLES -> SHIFT LOW HIGH at 0.95 (nan: too few)
Numbers shift_of(const Numbers& in) {
  const auto [baseline, candidate] = samples_of(in);
  return with_bounds(stats::shift(baseline, candidate, 0.95).value());
}

// N M TAIL -> RANK RANK of two samples and of N pairs (0: there is none)
Numbers rank_bounds(const Numbers& in) {
  return {
      static_cast<double>(stats::mann_whitney_rank(count(in.at(0)), count(in.at(1)), in.at(2)).value_or(0)),
      static_cast<double>(stats::signed_rank_rank(count(in.at(0)), in.at(2)).value_or(0))};
}

// SAMPLES -> DIFFERENCE T P DEGREES LOW HIGH at 0.95
Numbers welch_of(const Numbers& in) {
  const auto split = in.begin() + 1 + static_cast<std::ptrdiff_t>(in.at(0));
  const stats::Welch found = stats::welch(Numbers(in.begin() + 1, split), Numbers(split, in.end())).value();
  const Interval bounds = found.bounds(0.95);
  return {found.difference, found.t(), found.p_two_sided(), found.degrees, bounds.low, bounds.high};
}

// VALUE VARIANCE VALUE VARIANCE ... -> MEAN SE of Hartung and Knapp, Q I2 TAU
Numbers boards(const Numbers& in) {
  std::vector<stats::BoardDifference> differences;
  for (std::size_t i = 0; i + 1 < in.size(); i += 2) differences.push_back({in[i], in[i + 1]});
  const stats::BoardEffect found = stats::hartung_knapp(differences).value();
  const stats::BoardSpread spread = stats::board_spread(differences);
  return {found.estimate, found.se, spread.q, spread.i2, spread.tau};
}

// BOTH_RIGHT LOST GAINED, for each group -> DESIGN_EFFECT
Numbers design_effect_of(const Numbers& in) {
  std::vector<PairCounts> groups;
  for (std::size_t i = 0; i + 2 < in.size(); i += 3) {
    groups.push_back({count(in[i]), count(in[i + 1]), count(in[i + 2]), 0});
  }
  return {stats::design_effect(groups)};
}

// SERIES -> EFFECTIVE_SIZE
Numbers effective_size_of(const Numbers& in) { return {stats::effective_size(in)}; }

// CONFIDENCE ESTIMATE N, N values of the jackknife, replicates -> LOW HIGH
Numbers bca_of(const Numbers& in) {
  const auto split = in.begin() + 3 + static_cast<std::ptrdiff_t>(in.at(2));
  const Interval interval =
      stats::bca({in.at(1), {split, in.end()}, {in.begin() + 3, split}}, in.at(0)).value();
  return {interval.low, interval.high};
}

// SUCCESSES N SUCCESSES N -> P
Numbers fisher_of(const Numbers& in) {
  return {stats::fisher_exact_p({count(in.at(0)), count(in.at(1))}, {count(in.at(2)), count(in.at(3))})};
}

// GROUPS, for each N and its values -> BETWEEN WITHIN F P ICC
Numbers one_way_of(const Numbers& in) {
  std::vector<stats::GroupMoments> groups;
  for (auto at = in.begin() + 1; at != in.end();) {
    const auto n = static_cast<std::ptrdiff_t>(*at++);
    groups.push_back(stats::moments_of({at, at + n}));
    at += n;
  }
  const stats::VarianceComponents found = stats::one_way(groups).value();
  return {found.between, found.within, found.f, found.p, found.icc};
}

// VALUES -> SCORES
Numbers modified_z_of(const Numbers& in) { return stats::modified_z(in); }

struct Formula {
  std::string_view name;
  Numbers (*of)(const Numbers&);
};

constexpr Formula kFormulas[] = {{"paired", paired},
                                 {"holm", holm_adjusted},
                                 {"ranks", ranks},
                                 {"wilson", wilson_interval},
                                 {"clopper_pearson", exact_interval},
                                 {"gap", gap},
                                 {"delong", delong_of},
                                 {"mann_whitney", mann_whitney_of},
                                 {"signed_rank", signed_rank_of},
                                 {"brunner_munzel", brunner_munzel_of},
                                 {"distance", distance},
                                 {"shift", shift_of},
                                 {"rank_bounds", rank_bounds},
                                 {"bh", stats::benjamini_hochberg},
                                 {"by", stats::benjamini_yekutieli},
                                 {"hommel", stats::hommel},
                                 {"welch", welch_of},
                                 {"boards", boards},
                                 {"design_effect", design_effect_of},
                                 {"effective_size", effective_size_of},
                                 {"bca", bca_of},
                                 {"fisher", fisher_of},
                                 {"one_way", one_way_of},
                                 {"modified_z", modified_z_of}};

bool answer(const std::string& line) {
  std::istringstream words(line);
  std::string name;
  words >> name;
  Numbers numbers;
  for (double value = 0; words >> value;) numbers.push_back(value);
  for (const Formula& formula : kFormulas) {
    if (formula.name != name) continue;
    for (const double value : formula.of(numbers)) std::printf("%.17g ", value);
    std::printf("\n");
    return true;
  }
  std::fprintf(stderr, "stats_probe: no formula `%s`\n", name.c_str());
  return false;
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    if (!answer(line)) return 2;
  }
}
