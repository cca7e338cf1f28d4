// SPDX-License-Identifier: Apache-2.0
// {test: noninferiority, margin: 2 %}: over all vectors, the candidate's accuracy is at most `margin` below
// the baseline's. Pass and fail each need their one-sided bound on the right side of the margin.
#include "gate/internal/accuracy_check.hpp"
#include "gate/internal/finding.hpp"
#include "gate/rules/keys.hpp"

namespace tinyhil::gate {
namespace {

class Noninferiority final : public Rule {
 public:
  explicit Noninferiority(const Section& section) : margin_(read_margin(section)) {}

  Finding judge(const Evidence& evidence) const override {
    const PairedSubject all{evidence.candidate.task.measure + " over all vectors", pair_all(evidence)};
    const AccuracyEvidence shown = accuracy_evidence(evidence, all.score, margin_);
    Check check = accuracy_check(all, shown, margin_, shown.p_worse < shown.alpha);
    check.subject = "all vectors";
    return conclude(accuracy_method(evidence), {std::move(check)});
  }

  std::vector<Term> terms() const override { return {looser_if_higher("margin", margin_)}; }

  std::vector<Mistake> mistakes(const Known& known) const override {
    std::vector<Mistake> found;
    need_scores(known, found);
    need_margin(known, "margin", margin_, found);
    return found;
  }

  FindingTraits traits() const override { return {true, true}; }

  bool needs_labels() const override { return true; }

  Demand demand() const override { return {.margin = margin_}; }

  bool needs_random_sample() const override { return false; }

 private:
  double margin_;
};

}  // namespace

std::unique_ptr<Rule> make_noninferiority(const Section& section) {
  return std::make_unique<Noninferiority>(section);
}

}  // namespace tinyhil::gate
