// SPDX-License-Identifier: Apache-2.0
// {test: golden, max_lsb: 1, allow_fraction: 2 %}: the outputs are those that were expected. At most
// `allow_fraction` of them differ, none by more than `max_lsb`. No statistics: it is about these vectors.
#include <fmt/format.h>

#include "gate/finding.hpp"
#include "gate/gate.hpp"

namespace tinyhil {
namespace {

constexpr std::int64_t kLsbMax = 0x7FFFFFFE;  // saturated differences never pass

Check failed_inferences(const Scorecard& card) {
  Check check;
  check.subject = "outputs";
  check.outcome = Outcome::fail;
  check.n = card.inferences + card.failed_inferences;
  check.unit = "inferences";
  check.estimate = static_cast<double>(card.failed_inferences);
  check.limit = 0;
  check.reason = fmt::format("{} of {} inferences failed and gave no output to compare",
                             card.failed_inferences, check.n);
  return check;
}

class GoldenParity final : public Rule {
 public:
  explicit GoldenParity(const Section& section)
      : max_lsb_(section.integer("max_lsb", 0, kLsbMax, 0)),
        allow_fraction_(section.optional_ratio("allow_fraction").value_or(max_lsb_ == 0 ? 0.0 : 1.0)) {
    if (!(allow_fraction_ >= 0 && allow_fraction_ <= 1)) {
      section.fail_at("allow_fraction", "a fraction lies between 0 % and 100 %", "write for example 2 %");
    }
    if (max_lsb_ == 0 && allow_fraction_ > 0) {
      section.fail_at("allow_fraction", "outputs are allowed to differ, but not by a single step",
                      "add `max_lsb: 1`, or write `allow_fraction: 0 %`");
    }
  }

  Finding judge(const Evidence& evidence) const override {
    const std::string method = "exact comparison of every output";
    const std::optional<GoldenScore>& golden = evidence.candidate.golden;
    if (!golden) return conclude(method, {error_check("outputs", "the campaign names no golden outputs")});
    if (evidence.candidate.failed_inferences > 0) {
      return conclude(method, {failed_inferences(evidence.candidate)});
    }
    if (golden->compared == 0) return conclude(method, {error_check("outputs", "no output was compared")});
    return conclude(method, {largest_difference(*golden, evidence), fraction(*golden, evidence)});
  }

 private:
  Check largest_difference(const GoldenScore& golden, const Evidence& evidence) const {
    Check check;
    check.subject = "largest difference";
    check.outcome = golden.max_lsb <= max_lsb_ ? Outcome::pass : Outcome::fail;
    check.n = golden.compared;
    check.unit = "LSB";
    check.estimate = golden.max_lsb;
    check.limit = static_cast<double>(max_lsb_);
    check.reason = fmt::format("outputs differ by up to {} LSB; at most {} allowed (n = {}){}",
                               golden.max_lsb, max_lsb_, golden.compared, first_mismatch(golden, evidence));
    return check;
  }

  Check fraction(const GoldenScore& golden, const Evidence& evidence) const {
    Check check;
    check.subject = "differing outputs";
    check.n = golden.compared;
    check.unit = "ratio";
    check.estimate = static_cast<double>(golden.differing) / static_cast<double>(golden.compared);
    check.outcome = *check.estimate <= allow_fraction_ ? Outcome::pass : Outcome::fail;
    check.limit = allow_fraction_;
    check.reason =
        fmt::format("{} of {} outputs differ ({}); at most {} allowed{}", golden.differing, golden.compared,
                    percent(*check.estimate), percent(allow_fraction_), first_mismatch(golden, evidence));
    return check;
  }

  static std::string first_mismatch(const GoldenScore& golden, const Evidence& evidence) {
    if (!golden.first) return "";
    const GoldenMismatch& first = *golden.first;
    const bool is_float = evidence.candidate.info.output.dtype == DType::float32;
    return fmt::format("; first at vector {}, element {}: {} instead of {}{}", first.vector, first.element,
                       first.got, first.expected, is_float ? " (counted in floats from 0)" : "");
  }

  std::int64_t max_lsb_;
  double allow_fraction_;
};

}  // namespace

std::unique_ptr<Rule> make_golden(const Section& section) { return std::make_unique<GoldenParity>(section); }

}  // namespace tinyhil
