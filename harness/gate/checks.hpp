// SPDX-License-Identifier: Apache-2.0
// `checks:` of a policy: which signs of senseless data and settings stop a campaign, and which only warn.
//
//   checks: {chance: warn, same_model: off}
//
// Each is `error`, `warn` or `off`; what is not named stays as kSenseChecks has it.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "formats/section.hpp"

namespace tinyhil::gate {

enum class SenseLevel { off, warn, error };  // ascending: lower is looser

const char* to_string(SenseLevel level);

struct SenseCheck {
  const char* name;
  SenseLevel by_default;
};

// Before any board is touched.
inline constexpr const char* kSameModelCheck = "same_model";    // candidate and baseline compute the same
inline constexpr const char* kInputScaleCheck = "input_scale";  // models that read the same bytes differently
inline constexpr const char* kLimitsCheck = "limits";           // a limit that nothing could break
inline constexpr const char* kNearCopiesCheck = "near_copies";  // vectors that differ in a few bytes only
// By the results.
inline constexpr const char* kChanceCheck = "chance";           // a baseline that is no better than a guess
inline constexpr const char* kLabelOrderCheck = "label_order";  // answers that fit other labels much better
inline constexpr const char* kOneAnswerCheck = "one_answer";    // a model that answers the same to everything
inline constexpr const char* kLostClassCheck = "lost_class";    // a class that only the baseline finds
inline constexpr const char* kSwappedCheck = "swapped";         // a candidate that is far better

inline constexpr SenseCheck kSenseChecks[] = {
    {kSameModelCheck, SenseLevel::error}, {kInputScaleCheck, SenseLevel::error},
    {kLimitsCheck, SenseLevel::error},    {kNearCopiesCheck, SenseLevel::warn},
    {kChanceCheck, SenseLevel::error},    {kLabelOrderCheck, SenseLevel::error},
    {kOneAnswerCheck, SenseLevel::error}, {kLostClassCheck, SenseLevel::error},
    {kSwappedCheck, SenseLevel::warn},
};

class SenseLevels {
 public:
  SenseLevels();
  explicit SenseLevels(const Section& section);  // throws Error(usage): unknown check or level

  SenseLevel of(const std::string& check) const { return levels_.at(check); }

 private:
  std::map<std::string, SenseLevel> levels_;
};

}  // namespace tinyhil::gate
