// SPDX-License-Identifier: Apache-2.0
// {test: score_drift, max_lsb: 2, allow_fraction: 1 %, max_flips: 0.5 %}: how far the candidate's outputs lie
// from the baseline's. At most `allow_fraction` of the vectors have an element that moved by more than
// `max_lsb` steps, and the top class of at most `max_flips` changed. A share of 0 % is about these vectors;
// another one needs its bound. Steps mean something only where both outputs have one scale.
#include <fmt/format.h>

#include "gate/gate.hpp"
#include "gate/internal/finding.hpp"
#include "gate/internal/share_check.hpp"
#include "gate/rules/keys.hpp"

namespace tinyhil::gate {
namespace {

std::uint64_t beyond(const Histogram& steps, std::int64_t most) {
  std::uint64_t count = 0;
  for (const ValueCount& step : steps) count += step.value > most ? step.count : 0;
  return count;
}

class ScoreDriftRule final : public Rule {
 public:
  explicit ScoreDriftRule(const Section& section)
      : allow_fraction_(read_share(section, "allow_fraction")), max_flips_(read_share(section, "max_flips")) {
    if (section.has("max_lsb")) max_lsb_ = section.integer("max_lsb", 0, kMostSteps);
    if (!max_lsb_ && !max_flips_)
      section.fail("nothing is limited", "add `max_lsb: 2` or `max_flips: 0.5 %`");
    if (allow_fraction_ && !max_lsb_)
      section.fail_at("allow_fraction", "`allow_fraction` goes with `max_lsb`", "add `max_lsb: 2`");
  }

  Finding judge(const Evidence& evidence) const override {
    const std::string method = fmt::format(
        "steps between the outputs of the two; shares by {}, each bound one-sided at {}; a vector without an "
        "answer counts as moved",
        way_of_shares(evidence.vectors), percent(1 - evidence.alpha));
    if (evidence.comparison.drift.n == 0)
      return conclude(method, {error_check("outputs", "no output of the two was compared")});
    std::vector<Check> checks;
    if (max_lsb_) checks.push_back(moved_check(evidence));
    if (max_flips_) checks.push_back(flip_check(evidence));
    return conclude(method, std::move(checks));
  }

  std::vector<Mistake> mistakes(const Known& known) const override {
    std::vector<Mistake> found;
    if (max_lsb_ && known.top_k > 0)
      found.push_back({"LSB are counted over whole outputs, and the results are top-k",
                       "write `results: full` in the campaign, or leave `max_lsb` out"});
    const Tensor* shipped = known.models.front().output();
    for (std::size_t i = 1; max_lsb_ && shipped != nullptr && i < known.models.size(); ++i) {
      const Tensor* ours = known.models[i].output();
      if (ours != nullptr) need_one_step(*ours, *shipped, known.models[i].name, found);
    }
    if (max_flips_) need_classes(known, found);
    if (max_flips_) need_margin(known, "max_flips", *max_flips_, found);
    return found;
  }

  std::vector<Term> terms() const override {
    return {looser_if_higher("max_lsb", max_lsb_ ? static_cast<double>(*max_lsb_) : kNoLimit),
            looser_if_higher("max_flips", max_flips_.value_or(kNoLimit)),
            looser_if_higher("allow_fraction", allow_fraction_.value_or(0))};
  }

  bool needs_random_sample() const override {
    return allow_fraction_.value_or(0) > 0 || max_flips_.value_or(0) > 0;
  }

 private:
  static constexpr std::int64_t kMostSteps = 1'000'000;

  void need_one_step(const Tensor& ours, const Tensor& shipped, const std::string& candidate,
                     std::vector<Mistake>& found) const {
    constexpr std::int64_t kMostOfAByte = 255;
    if (ours.dtype != shipped.dtype || ours.scale != shipped.scale || ours.zero_point != shipped.zero_point) {
      found.push_back({"the outputs of candidate `" + candidate +
                           "` and of the baseline have unlike scales, so a "
                           "step of the one is none of the other",
                       "leave `max_lsb` out, and use `max_flips`"});
    }
    if (size_of(ours.dtype) > 1 || *max_lsb_ < kMostOfAByte) return;
    found.push_back({fmt::format("`max_lsb: {}` cannot fail: no two {} values are further apart", *max_lsb_,
                                 to_string(ours.dtype)),
                     "write a smaller one", kLimitsCheck});
  }

  // The baseline answered all vectors (judge() has seen to it), so what is missing is the candidate's.
  static std::uint64_t unanswered(const Evidence& evidence) {
    return evidence.sample.drawn - evidence.comparison.drift.n;
  }

  Groups moved_by_group(const Evidence& evidence) const {
    if (evidence.vectors.group.empty()) return {};
    const std::vector<std::int32_t> steps = evidence.comparison.largest_steps();
    return groups_of(evidence.vectors, [&](std::size_t i) -> std::optional<double> {
      if (!was_run(evidence.baseline, i)) return std::nullopt;
      return steps[i] == Comparison::kNoStep || steps[i] > *max_lsb_ ? 1 : 0;
    });
  }

  static Groups flipped_by_group(const Evidence& evidence) {
    const Scorecard &candidate = evidence.candidate, &baseline = evidence.baseline;
    return groups_of(evidence.vectors, [&](std::size_t i) -> std::optional<double> {
      if (!was_run(baseline, i)) return std::nullopt;
      return candidate.answers[i] != Answer::given || candidate.predicted[i] != baseline.predicted[i] ? 1 : 0;
    });
  }

  Check moved_check(const Evidence& evidence) const {
    const ScoreDrift& drift = evidence.comparison.drift;
    if (!drift.unlike.empty())
      return error_check("outputs", "the outputs cannot be compared in LSB: " + drift.unlike);
    const std::uint64_t moved = beyond(drift.largest_step, *max_lsb_) + unanswered(evidence);
    const double allowed = allow_fraction_.value_or(0);
    const Groups groups = allowed > 0 ? moved_by_group(evidence) : Groups{};
    Check check = share_check("outputs", {moved, evidence.sample.drawn, allowed, evidence.alpha, groups});
    const std::int64_t largest = drift.largest_step.empty() ? 0 : drift.largest_step.back().value;
    check.reason =
        fmt::format("{} of {} outputs moved by more than {} LSB from the baseline's (largest {}), {}{}",
                    moved, check.n, *max_lsb_, largest, told_share(check, groups), left_out(evidence));
    if (drift.within_gap > 0) {
      check.reason += fmt::format("; on {} vectors as much drift could change the class", drift.within_gap);
    }
    return check;
  }

  Check flip_check(const Evidence& evidence) const {
    const std::uint64_t flipped = evidence.comparison.drift.flipped + unanswered(evidence);
    const Groups groups = *max_flips_ > 0 ? flipped_by_group(evidence) : Groups{};
    Check check =
        share_check("top classes", {flipped, evidence.sample.drawn, *max_flips_, evidence.alpha, groups});
    check.reason = fmt::format("the top class of {} of {} vectors changed, {}{}", flipped, check.n,
                               told_share(check, groups), left_out(evidence));
    return check;
  }

  static std::string left_out(const Evidence& evidence) {
    const std::uint64_t missing = unanswered(evidence);
    return missing == 0 ? "" : fmt::format("; {} of them gave no output that means something", missing);
  }

  std::optional<std::int64_t> max_lsb_;
  std::optional<double> allow_fraction_;
  std::optional<double> max_flips_;
};

}  // namespace

std::unique_ptr<Rule> make_score_drift(const Section& section) {
  return std::make_unique<ScoreDriftRule>(section);
}

}  // namespace tinyhil::gate
