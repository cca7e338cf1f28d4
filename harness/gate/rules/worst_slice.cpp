// SPDX-License-Identifier: Apache-2.0
// {test: worst_slice, over: [sex, accent], margin: 6 %, min_n: 30}: no value of any of these slices loses
// more than `margin`. To pass, every value has to pass at level alpha (an intersection-union test, which
// needs no correction). To fail, a value has to be worse after Holm's correction, because with many values
// one of them looks bad by chance. A value with fewer than min_n vectors is undecided, never left out, unless
// the policy says so: `on_small: merge, parent: region` judges it with all of the parent's value that it lies
// in, `on_small: ignore` leaves it out; the finding tells which these were.
#include <fmt/format.h>

#include <algorithm>

#include "gate/internal/accuracy_check.hpp"
#include "gate/internal/finding.hpp"
#include "gate/internal/named.hpp"
#include "gate/internal/slice_value.hpp"
#include "gate/rules/keys.hpp"
#include "stats/holm.hpp"

namespace tinyhil::gate {
namespace {

class WorstSlice final : public Rule {
 public:
  explicit WorstSlice(const Section& section)
      : over_(section.texts("over")),
        margin_(read_margin(section)),
        min_n_(read_min_n(section)),
        on_small_(section.choice("on_small", {"inconclusive", "merge", "ignore"}, "inconclusive")) {
    if (section.has("parent")) parent_ = section.text("parent");
    if (parent_.empty() == (on_small_ == "merge"))
      section.fail("`parent` goes with `on_small: merge`, and only with it",
                   "write `on_small: merge, parent: region`");
    if (over_.empty()) section.fail("`over` names no slice", "write for example `over: [accent, noise]`");
  }

  Finding judge(const Evidence& evidence) const override {
    std::vector<SliceValue> enough, ignored;
    std::vector<Check> checks;
    for (const std::string& name : over_) {
      const Slice* slice = evidence.vectors.slice(name);
      if (slice == nullptr) {
        checks.push_back(no_such_slice(name, evidence.vectors));
        continue;
      }
      for (const SliceValue& value : values_of(evidence, *slice)) {
        if (!is_small(value)) {
          enough.push_back(value);
        } else if (on_small_ == "merge") {
          merge(evidence, value, enough, checks);
        } else if (on_small_ == "ignore") {
          ignored.push_back(value);
        } else {
          checks.push_back(too_few(value));
        }
      }
    }
    // Where that leaves nothing to judge, nothing was shown.
    for (const SliceValue& value : ignored)
      checks.push_back(enough.empty() ? too_few(value) : left_out(value));
    std::ranges::move(judged(enough, evidence), std::back_inserter(checks));
    sort_worst_first(checks);
    return told(
        conclude(accuracy_method(evidence) + "; a failing slice is significant after Holm's correction",
                 std::move(checks)));
  }

  std::vector<Term> terms() const override {
    return {looser_without("over", over_), looser_if_higher("margin", margin_),
            looser_if_lower("min_n", static_cast<double>(min_n_))};
  }

  std::vector<Mistake> mistakes(const Known& known) const override {
    std::vector<Mistake> found;
    need_scores(known, found);
    for (const std::string& name : over_) need_slice(known, name, found);
    if (!parent_.empty()) need_slice(known, parent_, found);
    need_margin(known, "margin", margin_, found);
    return found;
  }

  FindingTraits traits() const override { return {true, true}; }

  bool needs_labels() const override { return true; }

  Demand demand() const override { return {.margin = margin_, .over = over_, .min_n = min_n_}; }

  bool needs_random_sample() const override { return false; }

 private:
  bool is_small(const SliceValue& value) const { return value.score.pairs.n < static_cast<double>(min_n_); }

  void merge(const Evidence& evidence, const SliceValue& value, std::vector<SliceValue>& enough,
             std::vector<Check>& checks) const {
    const Slice* parent = evidence.vectors.slice(parent_);
    if (parent == nullptr) {
      checks.push_back(no_such_slice(parent_, evidence.vectors));
    } else if (value.score.pairs.n == 0) {
      checks.push_back(too_few(value));  // it lies nowhere
    } else if (const auto merged = merged_with(evidence, value, *parent); !merged) {
      const std::string reason =
          fmt::format("{} has too few vectors and does not lie within one value of its parent `{}`",
                      value.subject, parent_);
      checks.push_back(about(error_check(value.subject, reason), value));
    } else if (is_small(*merged)) {
      checks.push_back(too_few(*merged));
    } else {
      enough.push_back(*merged);
    }
  }

  // A value that was not judged by itself is never passed over in silence.
  static Finding told(Finding finding) {
    for (const Check& check : finding.checks) {
      const bool ignored = check.outcome == Outcome::pass && !check.estimate;
      if (ignored && finding.reason != check.reason) finding.reason += "; " + check.reason;
    }
    return finding;
  }

  Check left_out(const SliceValue& value) const {
    Check check = too_few(value);
    check.outcome = Outcome::pass;
    check.more_vectors.reset();
    check.reason = fmt::format("{} has {} vectors, fewer than {}, and is left out as the policy says",
                               value.subject, check.n, min_n_);
    return check;
  }

  std::vector<Check> judged(const std::vector<SliceValue>& values, const Evidence& evidence) const {
    std::vector<AccuracyEvidence> shown;
    std::vector<double> p;
    for (const SliceValue& value : values) {
      shown.push_back(accuracy_evidence(evidence, value.score, margin_));
      p.push_back(shown.back().p_worse);
    }
    const std::vector<double> adjusted = stats::holm(p);
    std::vector<Check> checks;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool is_worse = adjusted[i] < shown[i].alpha_of_many;
      checks.push_back(about(
          accuracy_check({values[i].subject, values[i].score}, shown[i], margin_, is_worse), values[i]));
    }
    return checks;
  }

  Check too_few(const SliceValue& value) const {
    Check check = too_few_check(value.subject, static_cast<std::uint64_t>(value.score.pairs.n), min_n_);
    check.limit = -margin_;
    return about(std::move(check), value);
  }

  // conclude() takes the reason from the first of the worst, which should be the largest loss.
  static void sort_worst_first(std::vector<Check>& checks) {
    std::ranges::stable_sort(checks, {}, [](const Check& check) {
      const double unknown = check.outcome == Outcome::pass ? 2.0 : -2.0;
      return check.estimate.value_or(unknown);
    });
  }

  std::vector<std::string> over_;
  double margin_;
  std::uint64_t min_n_;
  std::string on_small_;
  std::string parent_;
};

}  // namespace

std::unique_ptr<Rule> make_worst_slice(const Section& section) {
  return std::make_unique<WorstSlice>(section);
}

}  // namespace tinyhil::gate
