// SPDX-License-Identifier: Apache-2.0
#include "health_check.hpp"

#include <cstdlib>

namespace tinyhil::daemon {

const char* to_string(CheckCause cause) {
  switch (cause) {
    case CheckCause::start:
      return "start";
    case CheckCause::due:
      return "due";
    case CheckCause::lease_lost:
      return "lease-lost";
    case CheckCause::lease_ended:
      return "lease-ended";
    case CheckCause::readmission:
      return "readmission";
    case CheckCause::plugged_in:
      return "plugged-in";
  }
  std::abort();
}

bool is_flaky(const HealthCheck& check) {
  return !check.steps.empty() && check.steps.back().step == Step::repeat && check.steps.back().has_helped();
}

void count(HealthFigures& figures, const HealthCheck& check) {
  ++figures.checks;
  if (!check.first_problem.empty()) ++figures.failed;
  if (is_flaky(check)) ++figures.flaky;
  for (const StepTaken& each : check.steps) {
    StepFigures& of_step = figures.steps[each.step];
    ++of_step.used;
    if (each.has_helped()) ++of_step.helped;
  }
}

}  // namespace tinyhil::daemon
