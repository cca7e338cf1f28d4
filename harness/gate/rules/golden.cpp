// SPDX-License-Identifier: Apache-2.0
// {test: golden, max_lsb: 1, allow_fraction: 2 %}: the outputs are those that were expected. At most
// `allow_fraction` of them have an element that differs by more than `max_lsb` steps; both are 0 unless
// given. No statistics: it is about these vectors.
#include <fmt/format.h>

#include <cmath>

#include "gate/gate.hpp"
#include "gate/internal/amounts.hpp"
#include "gate/internal/finding.hpp"
#include "gate/rules/keys.hpp"

namespace tinyhil::gate {
namespace {

std::uint64_t without_output(const Scorecard& card) {
  return card.failed_inferences + card.quarantined_inferences;
}

Check missing_outputs(const Scorecard& card) {
  Check check;
  check.subject = "outputs";
  check.outcome = Outcome::fail;
  check.n = card.rows();
  check.unit = Unit::inferences;
  check.counted = check.subject;
  check.estimate = static_cast<double>(without_output(card));
  check.limit = 0;
  check.reason =
      fmt::format("{} of {} inferences failed and gave no output to compare", without_output(card), check.n);
  if (card.quarantined_inferences > 0)
    check.reason += fmt::format("; {} of them are quarantined", card.quarantined_inferences);
  return check;
}

class GoldenParity final : public Rule {
 public:
  explicit GoldenParity(const Section& section)
      : max_lsb_(static_cast<std::int32_t>(section.integer("max_lsb", 0, GoldenScore::kLsbMax, 0))),
        allow_fraction_(read_share(section, "allow_fraction").value_or(0.0)) {}

  Finding judge(const Evidence& evidence) const override {
    const std::string method = method_of(evidence.candidate.info);
    const std::optional<GoldenScore>& golden = evidence.candidate.golden;
    if (!golden) return conclude(method, {error_check("outputs", "the campaign names no golden outputs")});
    if (without_output(evidence.candidate) > 0)
      return conclude(method, {missing_outputs(evidence.candidate)});
    if (golden->compared == 0) return conclude(method, {error_check("outputs", "no output was compared")});
    return conclude(method, {beyond_check(*golden, evidence)});
  }

  bool waivable() const override { return false; }

  std::vector<Mistake> mistakes(const Known& known) const override {
    std::vector<Mistake> found;
    for (std::size_t i = 1; i < known.models.size(); ++i) {
      const KnownModel& model = known.models[i];
      if (!model.has_golden) {
        found.push_back(
            {"candidate `" + model.name + "` names no golden outputs to compare with",
             "add `golden: golden_" + model.name + "` to it in the campaign, and the array to the vectors"});
      }
      const Tensor* output = model.output();
      if (output == nullptr || size_of(output->dtype) > 1 || max_lsb_ < GoldenScore::kLsbMax) continue;
      found.push_back({fmt::format("`max_lsb: {}` cannot fail: no two {} values are further apart", max_lsb_,
                                   to_string(output->dtype)),
                       "write a smaller one", kLimitsCheck});
      break;
    }
    return found;
  }

  std::vector<Term> terms() const override {
    return {looser_if_higher("max_lsb", max_lsb_), looser_if_higher("allow_fraction", allow_fraction_)};
  }

  bool needs_random_sample() const override { return allow_fraction_ > 0; }

 private:
  static std::string method_of(const TrialInfo& info) {
    if (info.top_k == 0) return "exact comparison of every output";
    return fmt::format("comparison of the {} largest elements of every output, by the least they differ",
                       info.top_k);
  }

  Check beyond_check(const GoldenScore& golden, const Evidence& evidence) const {
    const std::uint64_t beyond = golden.beyond(max_lsb_);
    Check check;
    check.subject = "outputs";
    check.n = golden.compared;
    check.unit = Unit::ratio;
    check.estimate = static_cast<double>(beyond) / static_cast<double>(golden.compared);
    check.outcome = *check.estimate <= allow_fraction_ ? Outcome::pass : Outcome::fail;
    check.limit = allow_fraction_;
    if (check.outcome == Outcome::pass) check.would_change = room_of(golden, beyond);
    check.reason =
        fmt::format("{} of {} outputs differ by more than {} LSB (largest {}); at most {} allowed{}", beyond,
                    golden.compared, max_lsb_, golden.max_lsb, percent(allow_fraction_),
                    beyond == 0 ? "" : first_mismatch(golden, evidence));
    return check;
  }

  std::string room_of(const GoldenScore& golden, std::uint64_t beyond) const {
    const double allowed = std::floor(allow_fraction_ * static_cast<double>(golden.compared) + 1e-9);
    return fmt::format("{} more of {} outputs off by more than {} LSB would make it fail",
                       grouped(allowed - static_cast<double>(beyond) + 1),
                       grouped(static_cast<double>(golden.compared)), max_lsb_);
  }

  // One that the rule allows would send the reader to the wrong vector.
  std::string first_mismatch(const GoldenScore& golden, const Evidence& evidence) const {
    const std::optional<GoldenMismatch> first = golden.first_beyond(max_lsb_);
    if (!first) return "";
    const bool is_float = evidence.candidate.info.output.front().dtype == DType::float32;
    return fmt::format("; first of them at vector {}, element {}: {} instead of {}{}", first->vector,
                       first->element, first->got, first->expected,
                       is_float ? " (counted in floats from 0)" : "");
  }

  std::int32_t max_lsb_;
  double allow_fraction_;
};

}  // namespace

std::unique_ptr<Rule> make_golden(const Section& section) { return std::make_unique<GoldenParity>(section); }

}  // namespace tinyhil::gate
