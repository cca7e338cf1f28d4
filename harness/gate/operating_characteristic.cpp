// SPDX-License-Identifier: Apache-2.0
#include "operating_characteristic.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <optional>

#include "gate/internal/decision_table.hpp"
#include "gate/internal/sample.hpp"
#include "stats/disagreement_first.hpp"
#include "stats/e_process.hpp"
#include "stats/paired_mean.hpp"
#include "stats/seeded_random.hpp"
#include "stats/sprt.hpp"

namespace tinyhil::gate {
namespace {

constexpr double kSpare = 0.005;  // discordance beyond the least that a difference needs

enum class Decision { none, pass, fail };

struct Ended {
  Decision decision = Decision::none;
  std::uint64_t vectors = 0;
};

// Holds the counts of one look against one way of deciding.
class Referee {
 public:
  explicit Referee(const Design& design)
      : design_(design),
        betting_(design.margin),
        // does not exist for no more disagreements than the margin: nobody asks this one then
        sprt_(stats::sprt(design.margin, std::max(design.expected_discordance, 1.01 * design.margin),
                          design.alpha, stats::kSprtBeta)) {
    std::vector<double> levels;
    if (design.stop == StopRule::never) levels.assign(design.looks.size(), design.alpha);
    if (design.stop == StopRule::group_sequential)
      levels = levels_of_looks(design.looks, design.looks.back(), design.alpha);
    for (std::size_t look = 0; look < levels.size(); ++look)
      tables_.emplace_back(design.looks[look], design.margin, levels[look]);
  }

  Decision at(std::size_t look, const stats::Pairs& pairs) {
    switch (design_.stop) {
      case StopRule::e_process:
        return by_bets(pairs);
      case StopRule::sprt:
        return by_ratio(pairs);
      case StopRule::group_sequential:
      case StopRule::never:
        return by_bounds(pairs, tables_[look]);
    }
    return Decision::none;
  }

 private:
  Decision by_bets(const stats::Pairs& pairs) const {
    const stats::EValues values = betting_.of(pairs);
    if (stats::is_evidence(values.log_pass, design_.alpha)) return Decision::pass;
    return stats::is_evidence(values.log_fail, design_.alpha) ? Decision::fail : Decision::none;
  }

  // As the gate: with more disagreements than stated nothing passes, and bets alone can fail.
  Decision by_ratio(const stats::Pairs& pairs) const {
    if (design_.expected_discordance <= design_.margin) return by_bets(pairs);
    if (!sprt_.holds_for(pairs)) return by_bets(pairs) == Decision::fail ? Decision::fail : Decision::none;
    const double ratio = sprt_.ratio(pairs);
    if (ratio >= sprt_.accept) return Decision::pass;
    return ratio <= sprt_.reject ? Decision::fail : Decision::none;
  }

  static Decision by_bounds(const stats::Pairs& pairs, DecisionTable& table) {
    if (table.passes(pairs)) return Decision::pass;
    return table.fails(pairs) ? Decision::fail : Decision::none;
  }

  const Design& design_;
  stats::Betting betting_;
  stats::Sprt sprt_;
  std::vector<DecisionTable> tables_;  // of bounds at known looks, by look
};

// Vectors until the next one on which the models disagree, that one included.
std::uint64_t gap(stats::SeededRandom& random, double discordance, std::uint64_t most) {
  if (discordance <= 0) return most;
  if (discordance >= 1) return 1;
  const double vectors = 1 + std::floor(std::log(random.uniform()) / std::log1p(-discordance));
  return vectors >= static_cast<double>(most) ? most : static_cast<std::uint64_t>(vectors);
}

// A campaign as the few vectors on which the models disagree and the stretches between them. Along a stretch
// evidence for a pass only grows and evidence for a fail only shrinks, so its first and last look, and a
// search between them, see what every look would; but where looks differ in their level or in their test.
class SimulatedCampaign {
 public:
  SimulatedCampaign(const Design& design, Referee& referee) : design_(design), referee_(referee) {}

  Ended run(const Truth& truth, stats::SeededRandom& random) const {
    const std::uint64_t last = design_.looks.back();
    const double share_lost = truth.discordance > 0 ? truth.lost() / truth.discordance : 0;
    stats::Pairs seen;
    std::uint64_t drawn = 0;
    for (std::size_t look = 0;;) {
      const std::uint64_t next = drawn + gap(random, truth.discordance, last + 1 - drawn);
      const auto end = std::lower_bound(design_.looks.begin(), design_.looks.end(), next);
      const auto past = static_cast<std::size_t>(end - design_.looks.begin());
      if (look < past) {
        if (const auto ended = along_stretch(look, past, seen)) return *ended;
        look = past;
      }
      if (next > last) return {Decision::none, last};
      drawn = next;
      (random.uniform() < share_lost ? seen.lost : seen.gained) += 1;
    }
  }

 private:
  Decision at(std::size_t look, stats::Pairs seen) const {
    seen.n = static_cast<double>(design_.looks[look]);
    return referee_.at(look, seen);
  }

  // Looks `first` .. `past` - 1, at all of which the models have disagreed equally often.
  std::optional<Ended> along_stretch(std::size_t first, std::size_t past, const stats::Pairs& seen) const {
    const bool is_alike = design_.stop != StopRule::group_sequential && design_.stop != StopRule::sprt;
    if (!is_alike) return one_by_one(first, past, seen);
    const Decision begin = at(first, seen);
    if (begin != Decision::none) return Ended{begin, design_.looks[first]};
    if (at(past - 1, seen) != Decision::pass) return std::nullopt;
    std::size_t undecided = first, passed = past - 1;
    while (passed - undecided > 1) {
      const std::size_t middle = (undecided + passed) / 2;
      (at(middle, seen) == Decision::pass ? passed : undecided) = middle;
    }
    return Ended{Decision::pass, design_.looks[passed]};
  }

  std::optional<Ended> one_by_one(std::size_t first, std::size_t past, const stats::Pairs& seen) const {
    for (std::size_t look = first; look < past; ++look) {
      const Decision decision = at(look, seen);
      if (decision != Decision::none) return Ended{decision, design_.looks[look]};
    }
    return std::nullopt;
  }

  const Design& design_;
  Referee& referee_;
};

// Draws without replacement from a set that has the truth's proportions.
Ended run_on_set(const Design& design, const Truth& truth, stats::SeededRandom& random) {
  const std::uint64_t size = design.looks.back();
  double left = static_cast<double>(size);
  double lost = std::round(truth.lost() * left), gained = std::round(truth.gained() * left);
  stats::FiniteBetting bets(stats::Betting(design.margin), size);
  auto look = design.looks.begin();
  for (std::uint64_t drawn = 1; drawn <= size; ++drawn, left -= 1) {
    const double u = random.uniform() * left;
    const int difference = u < lost ? -1 : u < lost + gained ? 1 : 0;
    lost -= difference == -1;
    gained -= difference == 1;
    bets.add(difference);
    if (drawn != *look) continue;
    ++look;
    const stats::EValues values = bets.values();
    if (stats::is_evidence(values.log_pass, design.alpha)) return {Decision::pass, drawn};
    if (stats::is_evidence(values.log_fail, design.alpha)) return {Decision::fail, drawn};
  }
  return {Decision::none, size};
}

// With no surprise among the others nothing is left to chance.
Ended run_as_foreseen(const Design& design, const Truth& truth) {
  const std::uint64_t size = design.looks.back();
  const auto count = [&](double share) {
    return static_cast<std::uint64_t>(std::llround(share * static_cast<double>(size)));
  };
  stats::DisagreementFirst seen{.all = size, .lost = count(truth.lost()), .gained = count(truth.gained())};
  seen.predicted = std::min(size, seen.lost + seen.gained);
  seen.gained = seen.predicted - seen.lost;
  sampling::Sampling sampling;
  sampling.order = DrawOrder::disagreement_first;
  for (const std::uint64_t look : sampling::looks(sampling, size, seen.predicted)) {
    seen.sampled = look - seen.predicted;
    if (stats::p_not_worse(seen, design.margin) < design.alpha) return {Decision::pass, look};
    if (stats::p_worse(seen, design.margin) < design.alpha) return {Decision::fail, look};
  }
  return {Decision::none, size};
}

void add(Characteristic& sum, const Ended& ended) {
  sum.passed += ended.decision == Decision::pass;
  sum.failed += ended.decision == Decision::fail;
}

}  // namespace

Truth truth_at(double difference, double usual_discordance) {
  const double least = std::min(std::abs(difference) + kSpare, 1.0);
  return {difference, std::max(usual_discordance, least)};
}

Design design_of(const sampling::Sampling& sampling, double margin, double alpha, std::uint64_t count) {
  Design design{margin, alpha, sampling.stop, sampling.claim, sampling::looks(sampling, count)};
  design.expected_discordance = sampling.discordance.value_or(3 * margin);
  design.disagreement_first = sampling.order == DrawOrder::disagreement_first;
  return design;
}

Design fixed_design(double margin, double alpha, std::uint64_t count) {
  return {margin, alpha, StopRule::never, Claim::unseen, {count}, 3 * margin};
}

Characteristic characteristic(const Design& design, const Truth& truth, std::uint64_t runs,
                              std::uint64_t seed) {
  assert(runs > 0 && !design.looks.empty());
  Referee referee(design);
  const SimulatedCampaign campaign(design, referee);
  const bool on_set = design.stop == StopRule::e_process && design.claim == Claim::this_set;
  stats::SeededRandom random(seed);
  Characteristic sum{.truth = truth, .runs = runs};
  std::vector<std::uint64_t> lengths;
  for (std::uint64_t run = 0; run < runs; ++run) {
    const Ended ended = design.disagreement_first ? run_as_foreseen(design, truth)
                        : on_set                  ? run_on_set(design, truth, random)
                                                  : campaign.run(truth, random);
    add(sum, ended);
    lengths.push_back(ended.vectors);
  }
  sum.mean_vectors = static_cast<double>(std::accumulate(lengths.begin(), lengths.end(), std::uint64_t{0})) /
                     static_cast<double>(runs);
  std::sort(lengths.begin(), lengths.end());
  sum.upper_decile = lengths[(lengths.size() * 9 + 9) / 10 - 1];
  return sum;
}

}  // namespace tinyhil::gate
