// SPDX-License-Identifier: Apache-2.0
#include "early_stop.hpp"

#include "base/clock.hpp"
#include "campaign/judgement.hpp"

namespace tinyhil::campaign {

void check_same_sampling(const RunRecord& run, const Inputs& inputs) {
  if (!run.sampling || *run.sampling == run_sampling(inputs)) return;
  throw Error(ErrorKind::usage,
              "run " + std::to_string(run.id) + " was looked at by other rules: " + to_text(*run.sampling),
              inputs.policy.file.string(), "give it the `sampling` that it had, or run the campaign again");
}

EarlyStop::EarlyStop(const Inputs& inputs, const RunRecord& run) : inputs_(inputs), run_(run) {
  check_same_sampling(run_, inputs_);
}

std::vector<std::uint32_t> EarlyStop::order() const {
  if (!run_.sampling) return {};
  return sampling::draw_order(inputs_.policy.sampling.order, run_.order_seed, inputs_.vectors,
                              inputs_.disagreements);
}

std::vector<std::uint64_t> EarlyStop::looks() const {
  if (!run_.sampling) return {};
  return sampling::looks(inputs_.policy.sampling, inputs_.vectors.count, inputs_.disagreements.size());
}

// One that is settled stays so: it drew no more vectors, and is judged by those it drew.
LookOutcome EarlyStop::settled(const RunRecord& run, std::vector<Trial> trials, std::uint64_t drawn) {
  const sampling::Sampling& sampling = inputs_.policy.sampling;
  const std::vector<std::string>& all = inputs_.campaign.candidates;
  const InterimLook look(std::move(trials), run, inputs_, drawn);
  LookOutcome now;
  for (const std::string& candidate : all) {
    if (settled_.contains(candidate)) continue;
    const Outcome outcome = look.outcome_of(candidate, system_now());
    if (outcome == Outcome::inconclusive || outcome == Outcome::error) continue;
    settled_.insert(candidate);
    now.decided[candidate] = outcome;
  }
  if (sampling.max_device_time && std::chrono::steady_clock::now() - began_ >= *sampling.max_device_time &&
      settled_.size() < all.size()) {
    is_out_of_time_ = true;
    settled_.insert(all.begin(), all.end());
  }
  now.settled = settled_;
  return now;
}

}  // namespace tinyhil::campaign
