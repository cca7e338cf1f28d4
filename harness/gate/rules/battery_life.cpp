// SPDX-License-Identifier: Apache-2.0
// {test: battery_life, at_least: 10 y, quantile: 0.05, capacity: 2040 mAh, self_discharge: 1 %,
//  sleep_current: 4 uA, period: 1 min}: a device that sleeps, wakes once a period and runs one inference
//  lives at
// least so long on one battery, in all but `quantile` of the cases that the uncertainties allow. The charge
// of an inference comes from a current meter; without one nothing was measured, and the rule does not pass.
#include "gate/finding.hpp"
#include "gate/gate.hpp"
#include "gate/rules/keys.hpp"

namespace tinyhil {
namespace {

class BatteryLife final : public Rule {
 public:
  explicit BatteryLife(const Section& section) {
    refuse_nothing(section, "at_least", section.years("at_least"), "10 y");
    refuse_nothing(section, "capacity", section.charge_mah("capacity"), "2040 mAh");
    refuse_nothing(section, "period", static_cast<double>(section.duration("period").count()), "1 min");
    section.current_ua("sleep_current");
    read_share(section, "self_discharge");
    if (section.has("quantile")) section.number("quantile", 0.0001, 0.5);
  }

  Finding judge(const Evidence&) const override {
    return conclude("not applied", {error_check("battery life",
                                                "battery life is not known, because the charge of an "
                                                "inference was not measured: no current meter took part in "
                                                "the trials")});
  }

  std::vector<Mistake> mistakes(const Known&) const override {
    return {{"no board of a bench has a current meter yet, so the charge of an inference is not measured",
             "leave the rule out"}};
  }

  bool needs_random_sample() const override { return false; }

 private:
  static void refuse_nothing(const Section& section, const std::string& key, double value,
                             const std::string& example) {
    if (value <= 0)
      section.fail_at(key, "`" + key + "` is nothing", "write for example `" + key + ": " + example + "`");
  }
};

}  // namespace

std::unique_ptr<Rule> make_battery_life(const Section& section) {
  return std::make_unique<BatteryLife>(section);
}

}  // namespace tinyhil
