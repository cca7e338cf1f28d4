// SPDX-License-Identifier: Apache-2.0
// {test: disparity, metric: recall, class: yes, over: sex, limit: 5 %, change: 1.5 %, min_n: 30}. `limit`
// bounds the largest difference of the candidate's accuracy, or recall of one class, between two values of
// the slice; `change` bounds how much larger it is than the baseline's. At least one is given. A value with
// fewer than min_n vectors (for recall: of the class) is undecided, never left out nor taken for 0.
#include <fmt/format.h>

#include <map>

#include "gate/gate.hpp"
#include "gate/internal/bound_check.hpp"
#include "gate/internal/finding.hpp"
#include "gate/internal/named.hpp"
#include "gate/rules/keys.hpp"
#include "stats/disparity.hpp"

namespace tinyhil::gate {
namespace {

// Values of the slice with enough vectors to be judged.
struct JudgedValues {
  std::vector<std::string> names;
  std::vector<PairCounts> counts;
  std::vector<stats::ValueTotals> totals;  // by the groups of the vector set, where it has them
  bool grouped = false;

  std::uint64_t n() const {
    std::uint64_t sum = 0;
    for (const PairCounts& count : counts) sum += count.n();
    return sum;
  }
};

std::vector<stats::GroupRate> rates_of_candidate(const JudgedValues& groups) {
  std::vector<stats::GroupRate> rates;
  for (const PairCounts& count : groups.counts) rates.push_back({count.both_right + count.gained, count.n()});
  return rates;
}

// Of the vectors of one slice value, and of one class where there is one.
stats::ValueTotals totals_by_group(const Evidence& evidence, const Slice& slice, std::size_t value,
                                   std::optional<std::size_t> label) {
  std::map<std::uint32_t, PairCounts> groups;
  for (std::size_t i = 0; i < evidence.vectors.count; ++i) {
    if (slice.code[i] != value || (label && evidence.vectors.labels[i] != *label)) continue;
    if (!was_run(evidence.candidate, i) || !was_run(evidence.baseline, i)) continue;
    const bool before = is_right(evidence.baseline, i), now = is_right(evidence.candidate, i);
    PairCounts& group = groups[evidence.vectors.group[i]];
    ++(before ? (now ? group.both_right : group.lost) : (now ? group.gained : group.both_wrong));
  }
  std::vector<PairCounts> counts;
  for (const auto& [id, count] : groups) counts.push_back(count);
  return stats::totals_of(counts);
}

class Disparity final : public Rule {
 public:
  explicit Disparity(const Section& section)
      : metric_(section.choice("metric", {"accuracy", "recall"})),
        over_(section.text("over")),
        limit_(read_share(section, "limit")),
        change_(read_share(section, "change")),
        min_n_(read_min_n(section)) {
    if (section.has("class")) class_ = section.text("class");
    if (class_.empty() == (metric_ == "recall"))
      section.fail("`class` goes with recall, and only with it", "write `metric: recall, class: yes`");
    if (!limit_ && !change_) section.fail("nothing is limited", "add `limit: 5 %` or `change: 1.5 %`");
  }

  Finding judge(const Evidence& evidence) const override {
    const auto slice = slice_named(over_, evidence.vectors);
    if (!slice) return conclude(method(evidence), {no_such_slice(over_, evidence.vectors)});
    const auto label = class_named(class_, evidence.vectors);
    if (!class_.empty() && !label)
      return conclude(method(evidence), {no_such_class(class_, evidence.vectors)});
    std::vector<Check> checks;
    const JudgedValues groups = groups_of(evidence, *slice, label, checks);
    if (groups.names.size() > 1) {
      if (limit_) checks.push_back(gap_check(groups, evidence.alpha));
      if (change_) checks.push_back(change_check(groups, evidence.alpha));
    } else if (checks.empty()) {
      checks.push_back(error_check(over_, fmt::format("the slice `{}` has only one value", over_)));
    }
    return conclude(method(evidence), std::move(checks));
  }

  std::vector<Mistake> mistakes(const Known& known) const override {
    std::vector<Mistake> found;
    if (class_.empty()) need_right_or_wrong(known, found);
    if (!class_.empty()) need_class(known, class_, found);
    const Slice* slice = need_slice(known, over_, found);
    if (slice != nullptr && slice->values.size() < 2)
      found.push_back(
          {"the slice `" + over_ + "` has only one value", "name a slice with two values or more"});
    if (limit_) need_margin(known, "limit", *limit_, found);
    if (change_) need_margin(known, "change", *change_, found);
    return found;
  }

  FindingTraits traits() const override { return {true, false}; }

  bool needs_labels() const override { return true; }

  std::vector<Term> terms() const override {
    return {looser_if_higher("limit", limit_.value_or(kNoLimit)),
            looser_if_higher("change", change_.value_or(kNoLimit)),
            looser_if_lower("min_n", static_cast<double>(min_n_))};
  }

 private:
  std::string method(const Evidence& evidence) const {
    std::string words = fmt::format("each bound one-sided at {}", percent(1 - evidence.alpha));
    const bool grouped = !evidence.vectors.group.empty();
    if (limit_)
      words += fmt::format("; gap: {} of every pair of values, corrected for their number",
                           grouped ? "limits by group" : "Newcombe's limits");
    if (change_)
      words += fmt::format(
          "; change: for every pair of values the paired change of one less that of the other, or "
          "the candidate's difference less the baseline's gap{}",
          grouped ? ", by group" : "");
    return words;
  }

  std::string what() const { return class_.empty() ? "accuracy" : "recall of `" + class_ + "`"; }

  JudgedValues groups_of(const Evidence& evidence, std::size_t slice, std::optional<std::size_t> label,
                         std::vector<Check>& checks) const {
    const std::vector<std::string>& values = evidence.vectors.slices[slice].values;
    const std::size_t classes = evidence.vectors.classes.size();
    JudgedValues groups;
    groups.grouped = !evidence.vectors.group.empty();
    for (std::size_t value = 0; value < values.size(); ++value) {
      const PairCounts& count = label ? evidence.comparison.by_label[slice][value * classes + *label]
                                      : evidence.comparison.slices[slice][value];
      const std::string name = over_ + " = " + values[value];
      if (count.n() < min_n_) {
        checks.push_back(too_few(name, count.n()));
      } else {
        groups.names.push_back(name);
        groups.counts.push_back(count);
        groups.totals.push_back(groups.grouped
                                    ? totals_by_group(evidence, evidence.vectors.slices[slice], value, label)
                                    : stats::totals_of(count));
      }
    }
    return groups;
  }

  Check too_few(const std::string& name, std::uint64_t n) const {
    const std::string of_class = class_.empty() ? "" : fmt::format(" of class `{}`", class_);
    Check check = too_few_check(name, n, min_n_, of_class);
    if (n == 0) {
      check.reason = fmt::format("{} has no vectors{}, so its {} is undefined; at least {} are needed", name,
                                 of_class, metric_, min_n_);
    }
    check.slices = {over_};
    check.is_of_one_value = true;
    return check;
  }

  Check gap_check(const JudgedValues& groups, double alpha) const {
    const std::vector<stats::GroupRate> rates = rates_of_candidate(groups);
    stats::Gap gap = stats::largest_gap(rates, 1 - alpha);
    if (groups.grouped) gap.interval = stats::largest_gap_bounds(groups.totals, 1 - alpha);
    Check check = check_below(what() + " gap", groups.n(), {gap.estimate, gap.interval, *limit_, alpha});
    check.slices = {over_};
    const stats::GroupRate &best = rates[gap.highest], &worst = rates[gap.lowest];
    check.reason =
        fmt::format(
            "{} is {} for {} and {} for {}, a gap of {} points ({} interval {} .. {}, n = {}); at most "
            "{:.4g} "
            "allowed",
            what(), percent_of(static_cast<double>(best.successes), static_cast<double>(best.n)),
            groups.names[gap.highest],
            percent_of(static_cast<double>(worst.successes), static_cast<double>(worst.n)),
            groups.names[gap.lowest], points(gap.estimate, *limit_), percent(check.confidence),
            points(gap.interval.low, *limit_), points(gap.interval.high, *limit_), check.n, 100 * *limit_) +
        what_would_help(check);
    return check;
  }

  Check change_check(const JudgedValues& groups, double alpha) const {
    const stats::GapChange change = stats::gap_change(groups.totals, 1 - alpha);
    Check check =
        check_below(what() + " gap change", groups.n(), {change.estimate, change.interval, *change_, alpha});
    check.slices = {over_};
    check.reason = fmt::format(
                       "the gap of {} over {} changed by {} points from the baseline's ({} interval {} .. "
                       "{}, n = {}); at most "
                       "{:+.4g} allowed",
                       what(), over_, points(change.estimate, *change_), percent(check.confidence),
                       points(change.interval.low, *change_), points(change.interval.high, *change_), check.n,
                       100 * *change_) +
                   what_would_help(check);
    return check;
  }

  std::string metric_;
  std::string over_;
  std::string class_;  // empty: of all
  std::optional<double> limit_;
  std::optional<double> change_;
  std::uint64_t min_n_;
};

}  // namespace

std::unique_ptr<Rule> make_disparity(const Section& section) { return std::make_unique<Disparity>(section); }

}  // namespace tinyhil::gate
