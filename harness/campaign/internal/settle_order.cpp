// SPDX-License-Identifier: Apache-2.0
#include "settle_order.hpp"

#include <algorithm>

#include "sampling/vector_marks.hpp"

namespace tinyhil::campaign {
namespace {

// By what they compute: a model that is exported again is the same.
std::vector<Digest> models_of(const Campaign& campaign) {
  std::vector<Digest> digests;
  for (const ModelFile& model : campaign.models) digests.push_back(model.graph);
  std::ranges::sort(digests, {}, &Digest::bytes);
  return digests;
}

bool holds_all(const store::SeenRun& run, std::vector<Digest> models) {
  models.erase(std::unique(models.begin(), models.end()), models.end());
  return std::ranges::includes(run.models, models, {}, &Digest::bytes, &Digest::bytes);
}

bool holds(const store::SeenRun& run, const Digest& model) {
  return std::ranges::find(run.models, model) != run.models.end();
}

// A candidate that the run has shown beside the baseline. A model against itself has no chance to improve.
const std::string* candidate_shown(const store::SeenRun& run, const Campaign& campaign) {
  const Digest& baseline = campaign.model(campaign.baseline).graph;
  const auto found = std::ranges::find_if(campaign.candidates, [&](const std::string& candidate) {
    const Digest& digest = campaign.model(candidate).graph;
    return digest != baseline && holds(run, digest) && holds(run, baseline);
  });
  return found == campaign.candidates.end() ? nullptr : &*found;
}

// All other rules have spent their error level on the looks up to the maximum that the policy had. Where the
// host's disagreements come first, they wait for the whole set and look once.
bool holds_at_any_time(const Inputs& inputs) {
  if (!inputs.disagreements.empty()) return true;
  return std::ranges::none_of(inputs.policy.rules, [](const gate::PolicyRule& rule) {
    const auto has_rate = [](const auto& key) { return key.first == "rate_upper_bound"; };
    return rule.rule->needs_random_sample() || std::ranges::any_of(rule.keys, has_rate);
  });
}

// The same but for a maximum that is not below the run's?
bool only_more_vectors(const store::SeenRun& run, const Inputs& inputs) {
  if (!run.sampling) return false;
  const sampling::Sampling& now = inputs.policy.sampling;
  sampling::Sampling then = now;
  then.max_vectors = run.sampling->max_vectors;
  const std::uint64_t count = inputs.vectors.count;
  return *run.sampling == run_sampling(inputs, then) &&
         sampling::most_vectors(then, count) <= sampling::most_vectors(now, count);
}

// An e-process may be looked at at any time: that it ever exceeds 1/alpha, however long it goes on, has a
// chance of alpha at most (Ville's inequality), and its bets know nothing of a maximum. To go on with the
// same one in the same order is no second chance. Nothing of the kind is claimed for the SPRT's limits, and
// the group sequential levels are shares of the maximum.
bool may_go_on(const store::SeenRun& run, const Inputs& inputs, const std::optional<KnownSeed>& known) {
  return inputs.policy.sampling.stop == StopRule::e_process && known && run.seed == known->seed &&
         only_more_vectors(run, inputs) && holds_at_any_time(inputs);
}

std::string words_of(const std::optional<RunSampling>& sampling) {
  return sampling ? to_text(*sampling) : "the whole set at once";
}

void refuse_other_sampling(const Inputs& inputs, const store::SeenRun& run, const RunRecord& begins,
                           const std::optional<KnownSeed>& known) {
  const std::string* candidate = candidate_shown(run, inputs.campaign);
  if (candidate == nullptr || run.sampling == begins.sampling) return;
  if (begins.sampling && may_go_on(run, inputs, known)) return;
  throw Error(
      ErrorKind::usage,
      "run " + std::to_string(run.id) + " has shown `" + *candidate + "` on these vectors by other rules (" +
          words_of(run.sampling) + "): to look again by these would be a second chance",
      inputs.policy.file.string(),
      "give it the `sampling` that it had, or take new vectors; no other order, stop or claim is left "
      "for these. More `max_vectors` are for an e-process alone, in a policy of which all rules hold "
      "at any time");
}

// How far the vectors are those of a run. Corrected labels make no new vectors, another order does not, and
// a few others among them do not either.
struct Overlap {
  bool same_vectors = false;   // fewer than one in ten is new
  bool same_values = false;    // inputs and labels in the same order
  std::uint64_t left_out = 0;  // of the run's, missing here
};

Overlap overlap_of(const store::VectorContent& now, const store::VectorContent& then) {
  const std::size_t common = sampling::count_common(now.marks, then.marks);
  return {10 * (now.marks.size() - common) < now.marks.size(), now.values == then.values,
          then.marks.size() - common};
}

// Of runs that were stored before contents were, the file alone is known.
Overlap overlap_with(const store::SeenRun& run, const Inputs& inputs, const store::VectorContent& now,
                     const store::RunStore& store) {
  if (run.vectors == inputs.vectors.digest) return {true, true, 0};
  const std::optional<store::VectorContent> then = store.vectors_of(run.vectors);
  return then ? overlap_of(now, *then) : Overlap{};
}

// Whoever has seen the results could leave out what does not suit.
void refuse_left_out(const Inputs& inputs, const store::SeenRun& run, const Overlap& overlap) {
  const std::string* candidate = candidate_shown(run, inputs.campaign);
  if (candidate == nullptr || overlap.left_out == 0) return;
  throw Error(ErrorKind::usage,
              "run " + std::to_string(run.id) + " has shown `" + *candidate + "` on these vectors and " +
                  std::to_string(overlap.left_out) + " more, which are left out here: a second chance",
              inputs.vectors.file.string(),
              "take all vectors of that run, or new ones; more than those are welcome");
}

void refuse_seen_order(const Inputs& inputs, const store::SeenRun& run, const Overlap& overlap,
                       const std::optional<KnownSeed>& known) {
  const bool holds_these = holds_all(run, models_of(inputs.campaign));
  const bool same_order = known && run.seed == known->seed && overlap.same_values;
  if (same_order && inputs.policy.sampling.seed && !holds_these) {
    throw Error(ErrorKind::usage,
                "run " + std::to_string(run.id) + " has shown the order of seed " + std::to_string(run.seed) +
                    ", and these models are other ones: they may have been made for its beginning",
                inputs.policy.file.string(), "remove `seed`, and these models get an order of their own");
  }
  if (!same_order && holds_these && candidate_shown(run, inputs.campaign) != nullptr) {
    throw Error(ErrorKind::usage,
                "run " + std::to_string(run.id) + " of the same models and vectors drew by seed " +
                    std::to_string(run.seed) + ": a second order would be a second chance",
                inputs.policy.file.string(),
                overlap.same_values ? "remove `seed`, and they get that order again; or take new vectors"
                                    : "take the vectors as they were in that run, or new ones");
  }
}

// The policy's; else that of the last run that has shown one of these candidates, with all of these models:
// to draw again would be a second chance.
std::optional<KnownSeed> seed_of(const Inputs& inputs, const store::VectorContent& now,
                                 const store::RunStore& store, const std::vector<store::SeenRun>& seen_runs) {
  const sampling::Sampling& sampling = inputs.policy.sampling;
  if (sampling.is_all_at_once()) return std::nullopt;
  if (sampling.seed) return KnownSeed{*sampling.seed, SeedOrigin::chosen};
  for (auto seen = seen_runs.rbegin(); seen != seen_runs.rend(); ++seen) {
    const bool shown =
        holds_all(*seen, models_of(inputs.campaign)) && candidate_shown(*seen, inputs.campaign);
    if (!seen->sampling || !shown || !overlap_with(*seen, inputs, now, store).same_values) continue;
    const SeedOrigin origin = store.run(seen->id)->seed_origin;
    return KnownSeed{seen->seed, origin == SeedOrigin::unstated ? SeedOrigin::chosen : origin};
  }
  return std::nullopt;
}

}  // namespace

std::optional<KnownSeed> settle_order(const Inputs& inputs, store::RunStore& store, RunRecord& run) {
  const sampling::Sampling& sampling = inputs.policy.sampling;
  if (!sampling.is_all_at_once()) run.sampling = run_sampling(inputs);
  const store::VectorContent now{inputs.vectors.values, sampling::vector_marks(inputs.vectors)};
  store.know_vectors(inputs.vectors.digest, now);
  for (const ModelFile& model : inputs.campaign.models) store.know_model(model.digest, model.graph);
  const std::vector<store::SeenRun> seen_runs = store.seen_runs();
  const std::optional<KnownSeed> known = seed_of(inputs, now, store, seen_runs);
  for (const store::SeenRun& seen : seen_runs) {
    const Overlap overlap = overlap_with(seen, inputs, now, store);
    if (!overlap.same_vectors) continue;
    refuse_other_sampling(inputs, seen, run, known);
    refuse_left_out(inputs, seen, overlap);
    if (seen.sampling && sampling.order != DrawOrder::recorded)
      refuse_seen_order(inputs, seen, overlap, known);
  }
  return known;
}

}  // namespace tinyhil::campaign
