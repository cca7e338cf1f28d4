// SPDX-License-Identifier: Apache-2.0
#include "settle_order.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace tinyhil {
namespace {

std::vector<Digest> models_of(const Campaign& campaign) {
  std::vector<Digest> digests;
  for (const ModelFile& model : campaign.models) digests.push_back(model.digest);
  std::ranges::sort(digests, {}, &Digest::bytes);
  return digests;
}

bool holds_all(const DrawnRun& run, std::vector<Digest> models) {
  models.erase(std::unique(models.begin(), models.end()), models.end());
  return std::ranges::includes(run.models, models, {}, &Digest::bytes, &Digest::bytes);
}

bool holds(const DrawnRun& run, const Digest& model) {
  return std::ranges::find(run.models, model) != run.models.end();
}

// A candidate that the run has shown beside the baseline. A model against itself has no chance to improve.
const std::string* candidate_shown(const DrawnRun& run, const Campaign& campaign) {
  const Digest& baseline = campaign.model(campaign.baseline).digest;
  const auto found = std::ranges::find_if(campaign.candidates, [&](const std::string& candidate) {
    const Digest& digest = campaign.model(candidate).digest;
    return digest != baseline && holds(run, digest) && holds(run, baseline);
  });
  return found == campaign.candidates.end() ? nullptr : &*found;
}

// All other rules have spent their error level on the looks up to the maximum that the policy had. Where the
// host's disagreements come first, they wait for the whole set and look once.
bool holds_at_any_time(const Inputs& inputs) {
  if (!inputs.disagreements.empty()) return true;
  return std::ranges::none_of(inputs.policy.rules, [](const PolicyRule& rule) {
    const auto has_rate = [](const auto& key) { return key.first == "rate_upper_bound"; };
    return rule.rule->needs_random_sample() || std::ranges::any_of(rule.keys, has_rate);
  });
}

std::optional<std::uint64_t> max_vectors_in(const std::string& sampling) {
  constexpr std::string_view kKey = ", max_vectors ";
  const std::size_t at = sampling.find(kKey);
  if (at == std::string::npos) return std::nullopt;
  std::uint64_t most = 0;
  std::from_chars(sampling.data() + at + kKey.size(), sampling.data() + sampling.size(), most);
  return most;
}

// The same but for a maximum that is not below the run's?
bool only_more_vectors(const DrawnRun& run, const Inputs& inputs) {
  const Sampling& now = inputs.policy.sampling;
  Sampling then = now;
  then.max_vectors = max_vectors_in(run.sampling);
  const std::uint64_t count = inputs.vectors.count;
  return run.sampling == sampling_text(inputs, then) && most_vectors(then, count) <= most_vectors(now, count);
}

// An e-process may be looked at at any time: that it ever exceeds 1/alpha, however long it goes on, has a
// chance of alpha at most (Ville's inequality), and its bets know nothing of a maximum. To go on with the
// same one in the same order is no second chance. Nothing of the kind is claimed for the SPRT's limits, and
// the group sequential levels are shares of the maximum.
bool may_go_on(const DrawnRun& run, const Inputs& inputs, std::uint64_t seed) {
  return inputs.policy.sampling.stop == StopRule::e_process && run.seed == seed &&
         only_more_vectors(run, inputs) && holds_at_any_time(inputs);
}

void refuse_other_sampling(const Inputs& inputs, const DrawnRun& run, const RunRecord& begins) {
  const std::string* candidate = candidate_shown(run, inputs.campaign);
  if (candidate == nullptr || run.sampling == begins.sampling) return;
  if (!begins.sampling.empty() && may_go_on(run, inputs, begins.order_seed)) return;
  throw Error(
      ExitCode::usage,
      "run " + std::to_string(run.id) + " has shown `" + *candidate + "` on these vectors by other rules (" +
          run.sampling + "): to look again by these would be a second chance",
      inputs.policy.file.string(),
      "give it the `sampling` that it had, or take new vectors; no other order, stop or claim is left "
      "for these. More `max_vectors` are for an e-process alone, in a policy of which all rules hold "
      "at any time");
}

std::string way_to_the_order(const DrawnRun& run, const Inputs& inputs, bool same_models) {
  if (run.seed != order_seed(inputs.vectors.digest, run.models)) return "use that seed, or new vectors";
  return same_models ? "remove `seed`, or take new vectors"
                     : "run all candidates of that run again, judge it, or take new vectors";
}

void refuse_seen_order(const Inputs& inputs, const DrawnRun& run, std::uint64_t seed) {
  const bool holds_these = holds_all(run, models_of(inputs.campaign));
  if (run.seed == seed && inputs.policy.sampling.seed && !holds_these) {
    throw Error(ExitCode::usage,
                "run " + std::to_string(run.id) + " has shown the order of seed " + std::to_string(seed) +
                    ", and these models are other ones: they may have been made for its beginning",
                inputs.policy.file.string(), "remove `seed`, and these models get an order of their own");
  }
  if (run.seed != seed && holds_these && candidate_shown(run, inputs.campaign) != nullptr) {
    const bool same_models = run.models == models_of(inputs.campaign);
    throw Error(ExitCode::usage,
                "run " + std::to_string(run.id) + " of the same models and vectors drew by seed " +
                    std::to_string(run.seed) + ": a second order would be a second chance",
                inputs.policy.file.string(), way_to_the_order(run, inputs, same_models));
  }
}

}  // namespace

void settle_order(const Inputs& inputs, const Store& store, RunRecord& run) {
  const Sampling& sampling = inputs.policy.sampling;
  if (!sampling.is_all_at_once()) {
    run.sampling = sampling_text(inputs);
    run.order_seed = sampling.seed.value_or(order_seed(inputs.vectors.digest, models_of(inputs.campaign)));
  }
  for (const DrawnRun& drawn : store.drawn_runs(inputs.vectors.digest)) {
    refuse_other_sampling(inputs, drawn, run);
    if (sampling.order != DrawOrder::recorded) refuse_seen_order(inputs, drawn, run.order_seed);
  }
}

}  // namespace tinyhil
