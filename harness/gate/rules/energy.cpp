// SPDX-License-Identifier: Apache-2.0
// {test: energy, margin: 3 %, block: board}: energy of an inference is at most `margin` above the baseline's,
// compared within each board. Energy comes from current meters; a bench without one has not measured it, and
// a policy that asks for it does not pass there.
#include "gate/finding.hpp"
#include "gate/gate.hpp"
#include "gate/rules/keys.hpp"

namespace tinyhil {
namespace {

class Energy final : public Rule {
 public:
  explicit Energy(const Section& section) {
    read_margin(section);
    section.choice("block", {"board", "none"}, "board");
  }

  Finding judge(const Evidence&) const override {
    return conclude("not applied", {error_check("energy of an inference",
                                                "energy of an inference was not measured: no current meter "
                                                "took part in the trials")});
  }

  std::vector<Mistake> mistakes(const Known&) const override {
    return {{"no board of a bench has a current meter yet, so the energy of an inference is not measured",
             "leave the rule out"}};
  }

  bool needs_random_sample() const override { return false; }
};

}  // namespace

std::unique_ptr<Rule> make_energy(const Section& section) { return std::make_unique<Energy>(section); }

}  // namespace tinyhil
