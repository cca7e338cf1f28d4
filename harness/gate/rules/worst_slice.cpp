// SPDX-License-Identifier: Apache-2.0
// {test: worst_slice, over: [sex, accent], margin: 6 %, min_n: 30}: no value of any of these slices loses
// more than `margin`. To pass, every value has to pass at level alpha (an intersection-union test, which
// needs no correction). To fail, a value has to be worse after Holm's correction, because with many values
// one of them looks bad by chance. A value with fewer than min_n vectors is undecided, never left out.
#include <fmt/format.h>

#include <algorithm>

#include "gate/accuracy_check.hpp"
#include "gate/finding.hpp"
#include "gate/named.hpp"
#include "gate/rules/keys.hpp"
#include "stats/holm.hpp"

namespace tinyhil {
namespace {

std::vector<PairedSubject> values_of(const Evidence& evidence, const Slice& slice) {
  std::vector<PairedSubject> values;
  const std::vector<PairedScore> scores = pair_by_value(evidence, slice);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    values.push_back({slice.name + " = " + slice.values[i], scores[i]});
  }
  return values;
}

class WorstSlice final : public Rule {
 public:
  explicit WorstSlice(const Section& section)
      : over_(section.texts("over")), margin_(read_margin(section)), min_n_(read_min_n(section)) {
    if (over_.empty()) section.fail("`over` names no slice", "write for example `over: [accent, noise]`");
  }

  Finding judge(const Evidence& evidence) const override {
    std::vector<PairedSubject> enough;
    std::vector<Check> checks;
    for (const std::string& name : over_) {
      const Slice* slice = evidence.vectors.slice(name);
      if (slice == nullptr) {
        checks.push_back(no_such_slice(name, evidence.vectors));
        continue;
      }
      for (const PairedSubject& value : values_of(evidence, *slice)) {
        if (value.score.pairs.n < static_cast<double>(min_n_)) {
          checks.push_back(too_few(value));
        } else {
          enough.push_back(value);
        }
      }
    }
    std::ranges::move(judged(enough, evidence), std::back_inserter(checks));
    sort_worst_first(checks);
    return conclude(accuracy_method(evidence) + "; a failing slice is significant after Holm's correction",
                    std::move(checks));
  }

  std::vector<Term> terms() const override {
    return {looser_without("over", over_), looser_if_higher("margin", margin_),
            looser_if_lower("min_n", static_cast<double>(min_n_))};
  }

  Demand demand() const override { return {.margin = margin_, .over = over_, .min_n = min_n_}; }

 private:
  std::vector<Check> judged(const std::vector<PairedSubject>& values, const Evidence& evidence) const {
    std::vector<AccuracyEvidence> shown;
    std::vector<double> p;
    for (const PairedSubject& value : values) {
      shown.push_back(accuracy_evidence(evidence, value.score, margin_));
      p.push_back(shown.back().p_worse);
    }
    const std::vector<double> adjusted = holm(p);
    std::vector<Check> checks;
    for (std::size_t i = 0; i < values.size(); ++i) {
      checks.push_back(accuracy_check(values[i], shown[i], margin_, adjusted[i] < shown[i].alpha));
    }
    return checks;
  }

  Check too_few(const PairedSubject& value) const {
    Check check;
    check.subject = value.name;
    check.outcome = Outcome::inconclusive;
    check.n = static_cast<std::uint64_t>(value.score.pairs.n);
    check.unit = "ratio";
    check.limit = -margin_;
    check.more_vectors = min_n_ - check.n;
    check.reason = fmt::format("{} has {} vectors, {} more are needed for at least {}", value.name, check.n,
                               *check.more_vectors, min_n_);
    return check;
  }

  // conclude() takes the reason from the first of the worst, which should be the largest loss.
  static void sort_worst_first(std::vector<Check>& checks) {
    std::ranges::stable_sort(checks, {}, [](const Check& check) { return check.estimate.value_or(-2.0); });
  }

  std::vector<std::string> over_;
  double margin_;
  std::uint64_t min_n_;
};

}  // namespace

std::unique_ptr<Rule> make_worst_slice(const Section& section) {
  return std::make_unique<WorstSlice>(section);
}

}  // namespace tinyhil
