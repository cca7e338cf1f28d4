// SPDX-License-Identifier: Apache-2.0
// Does the gate bite? Each planted fault is judged by the real gate, and what it says is held against what it
// says of the results as they are.
#pragma once

#include <map>

#include "campaign/internal/plant.hpp"
#include "judgement.hpp"

namespace tinyhil::campaign {

enum class Notice { caught, missed, not_applicable };

const char* to_string(Notice notice);

struct Proof {
  std::string fault, what;        // id and words
  std::vector<std::string> made;  // ids of the policy's rules that are made to catch it
  Notice notice = Notice::not_applicable;
  std::vector<std::string> by;  // rules that say something else now; kGateItself when it is no rule
  std::string why;              // of not_applicable
};

inline constexpr const char* kGateItself = "(gate)";

struct Proofs {
  std::string candidate;
  std::vector<std::string> rules;        // of the policy, by id
  std::vector<std::string> undecidable;  // of these: do not pass as it is, so that they show nothing here
  std::vector<Proof> proofs;
  std::vector<std::string> idle;  // rules that caught nothing and could have

  bool is_sound() const;  // nothing was missed
};

// Takes the candidate asked for, or the first that passes, or the first. The labels of the inputs are changed
// and put back. Throws as judge_facts() does.
Proofs prove(const RunRecord& run, const RunFacts& stored, Inputs& inputs, Moment now);

}  // namespace tinyhil::campaign
