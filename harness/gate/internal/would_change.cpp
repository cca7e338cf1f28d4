// SPDX-License-Identifier: Apache-2.0
#include "would_change.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "amounts.hpp"
#include "model/reading.hpp"

namespace tinyhil::gate {
namespace {

constexpr const char* kMend = "nothing was judged: mend what the reason names, then run or judge again";

bool is_number(const std::optional<double>& value) { return value && std::isfinite(*value); }

const char* forbidden_word(const Check& check) {
  return allowed_side(check) == Allowed::at_least ? "below" : "above";
}

// An interval without width says no more than its estimate: the same vectors would take the same again.
bool has_spread(const Check& check) { return check.interval && check.interval->low < check.interval->high; }

std::string of_exact_pass(const Check& check, const Amounts& amounts) {
  const double left = room(check, *check.estimate);
  if (amounts.counts()) {
    const double enough = left + 1;
    const bool at_most = allowed_side(check) == Allowed::at_most;
    const bool is_first = at_most && *check.estimate == 0 && enough == 1;
    const std::string change = is_first  ? amounts.first()
                               : at_most ? amounts.more(enough)
                                         : amounts.fewer(enough);
    return change + " would make it fail";
  }
  if (left == 0) return "it is exactly at its limit: the least change for the worse would make it fail";
  return fmt::format("would stop passing if the value seen were {} {}, {} from here", forbidden_word(check),
                     amounts.of(*check.limit), amounts.distance(left));
}

std::string of_pass(const Check& check, const Amounts& amounts) {
  if (!is_number(check.limit)) return "nothing: it is told, and not judged";
  if (!is_number(check.estimate)) return "";
  const std::optional<double> bound = deciding_bound(check);
  // Another method than the interval may have decided; then only the estimate can be spoken of.
  if (!bound || !has_spread(check) || room(check, *bound) < 0) return of_exact_pass(check, amounts);
  const bool lower = allowed_side(check) == Allowed::at_least;
  const double left = room(check, *bound);
  const double turns = *check.estimate + (lower ? -left : left);
  return fmt::format(
      "would stop passing if the value seen were {} {}, at the same spread; the {} bound is {} inside the "
      "limit",
      forbidden_word(check), amounts.of(turns), lower ? "lower" : "upper", amounts.distance(left));
}

std::string of_exact_fail(const Check& check, const Amounts& amounts) {
  const double off = -room(check, *check.estimate);
  const bool at_most = allowed_side(check) == Allowed::at_most;
  if (amounts.counts() && *check.limit == 0 && at_most) return "would pass only with none";
  if (amounts.counts())
    return fmt::format("would pass with {}, or with a limit of {}",
                       at_most ? amounts.fewer(off) : amounts.more(off), amounts.of(*check.estimate));
  return fmt::format("would pass with a limit of {}; it is {} off",
                     amounts.of(amounts.rounded_beyond(*check.estimate, allowed_side(check))),
                     amounts.distance(off));
}

// What limit the evidence at hand would keep; empty where it would keep none.
std::string limit_that_passes(const Check& check, const Amounts& amounts) {
  const std::optional<double> bound = deciding_bound(check);
  if (!bound || !is_number(check.limit) || room(check, *bound) >= 0) return "";
  return fmt::format("would pass with a limit of {}; its {} bound is {} off",
                     amounts.of(amounts.rounded_beyond(*bound, allowed_side(check))),
                     allowed_side(check) == Allowed::at_least ? "lower" : "upper",
                     amounts.distance(-room(check, *bound)));
}

std::string of_fail(const Check& check, const Amounts& amounts) {
  if (!is_number(check.estimate) || !is_number(check.limit))
    return "would pass only without what the reason names: mend it, then run again";
  if (has_spread(check)) {
    if (std::string limit = limit_that_passes(check, amounts); !limit.empty()) return limit;
  }
  if (room(check, *check.estimate) >= 0) return "";
  return of_exact_fail(check, amounts);
}

std::string of_more_vectors(const Check& check) {
  std::string words =
      fmt::format("about {} more vector{}{} would be expected to decide",
                  grouped(static_cast<double>(*check.more_vectors)), *check.more_vectors == 1 ? "" : "s",
                  check.is_of_one_value ? " of " + check.subject : "");
  if (check.more_seconds)
    words += fmt::format(", {} of board time for both models; transfer comes on top",
                         time_of(*check.more_seconds));
  return words;
}

// Board time is not what groups cost.
std::string of_more_groups(const Check& check) {
  return fmt::format("about {} more {}{}{} would be expected to decide",
                     grouped(static_cast<double>(*check.more_groups)), check.group_unit,
                     *check.more_groups == 1 ? "" : "s", check.is_of_one_value ? " of " + check.subject : "");
}

std::string of_undecided(const Check& check, const Amounts& amounts) {
  if (check.more_groups) return of_more_groups(check);
  if (check.more_vectors) return of_more_vectors(check);
  if (!is_number(check.estimate) || !is_number(check.limit))
    return "what the reason names would decide; then run or judge again";
  const double left = room(check, *check.estimate);
  std::string words =
      left > 0 ? "how many more vectors would decide cannot be told from these"
               : fmt::format("more vectors are not expected to make it pass: the estimate is {}",
                             left < 0 ? amounts.distance(-left) + " beyond the limit" : "at the limit");
  const std::string limit = limit_that_passes(check, amounts);
  return limit.empty() ? words : words + "; " + limit;
}

double mean_seconds(const Measured& latency) {
  const double sum = std::accumulate(latency.sorted.begin(), latency.sorted.end(), 0.0);
  return sum / static_cast<double>(latency.sorted.size()) / latency.steps_per_base;
}

bool is_timed(const Scorecard& card) { return card.latency.is_known(); }

}  // namespace

std::string would_change(const Check& check, bool difference) {
  const Amounts amounts(check, difference);
  switch (check.outcome) {
    case Outcome::pass:
      return of_pass(check, amounts);
    case Outcome::fail:
    case Outcome::waived:
      return of_fail(check, amounts);
    case Outcome::inconclusive:
      return of_undecided(check, amounts);
    case Outcome::error:
      return kMend;
  }
  return kMend;
}

void say_what_would_change(Finding& finding) {
  const bool difference = is_difference(finding);
  for (Check& check : finding.checks)
    if (check.would_change.empty()) check.would_change = would_change(check, difference);
}

void price_more_vectors(Finding& finding, const Scorecard& candidate, const Scorecard& baseline) {
  if (!is_timed(candidate) || !is_timed(baseline)) return;
  const double each = candidate.info.repeats * mean_seconds(candidate.latency) +
                      baseline.info.repeats * mean_seconds(baseline.latency);
  for (Check& check : finding.checks)
    if (check.more_vectors && !check.more_seconds)
      check.more_seconds = static_cast<double>(*check.more_vectors) * each;
}

}  // namespace tinyhil::gate
