// SPDX-License-Identifier: Apache-2.0
#include "health_ladder.hpp"

#include <algorithm>
#include <cstdlib>

namespace tinyhil::daemon {

namespace {

constexpr Step kLadder[] = {Step::repeat, Step::reset, Step::probe, Step::power};

bool are_there(const Means& means, Step step) {
  switch (step) {
    case Step::repeat:
      return true;
    case Step::reset:
      return means.reset;
    case Step::probe:
      return means.probe;
    case Step::power:
      return means.power;
    case Step::flash:
      return means.flash;
  }
  std::abort();
}

// The last of this kind; nullptr: none was taken.
const StepTaken* last_of(const std::vector<StepTaken>& taken, Step step) {
  const auto found =
      std::find_if(taken.rbegin(), taken.rend(), [step](const StepTaken& each) { return each.step == step; });
  return found == taken.rend() ? nullptr : &*found;
}

bool is_done(const std::vector<StepTaken>& taken, Step step) {
  const StepTaken* last = last_of(taken, step);
  return last != nullptr && last->problem.empty();
}

}  // namespace

const char* to_string(Step step) {
  switch (step) {
    case Step::repeat:
      return "repeat";
    case Step::reset:
      return "reset";
    case Step::probe:
      return "probe";
    case Step::power:
      return "power";
    case Step::flash:
      return "flash";
  }
  std::abort();
}

std::string outcome_of(const StepTaken& taken) {
  if (!taken.problem.empty()) return "not carried out: " + taken.problem;
  if (taken.is_cleaning) return "done";
  return taken.seen.empty() ? "then it passed" : "then it failed: " + taken.seen;
}

std::optional<Step> next_step(const std::vector<StepTaken>& taken, const Means& means) {
  for (const Step step : kLadder) {
    const bool is_above =
        std::all_of(taken.begin(), taken.end(), [step](const StepTaken& each) { return each.step < step; });
    if (is_above && are_there(means, step)) return step;
  }
  return std::nullopt;
}

std::optional<Step> next_cleaning_step(const std::vector<StepTaken>& taken, const Means& means) {
  if (taken.empty() && means.flash) return Step::flash;
  if (taken.empty()) return means.power ? std::optional(Step::power) : std::nullopt;
  if (taken.back().step == Step::flash) {
    const bool may_switch = taken.back().problem.empty() || taken.size() == 1;
    return means.power && may_switch ? std::optional(Step::power) : std::nullopt;
  }
  const bool is_second_chance = means.flash && !is_done(taken, Step::flash) && taken.back().problem.empty();
  return is_second_chance ? std::optional(Step::flash) : std::nullopt;
}

bool is_clean(const std::vector<StepTaken>& taken, const Means& means) {
  return (!means.flash || is_done(taken, Step::flash)) && (!means.power || is_done(taken, Step::power));
}

}  // namespace tinyhil::daemon
