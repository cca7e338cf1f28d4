// SPDX-License-Identifier: Apache-2.0
#include "assumptions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <numeric>

#include "base/clock.hpp"
#include "base/quantity.hpp"
#include "campaign/judgement.hpp"
#include "stats/paired_mean.hpp"

namespace tinyhil::app {

namespace {

constexpr double kNoSeconds = 0;

stats::Pairs pairs_of(const Scorecard& candidate, const Scorecard& baseline) {
  stats::Pairs pairs;
  for (std::size_t i = 0; i < candidate.scores.size(); ++i) {
    if (!was_scored(candidate, i) || !was_scored(baseline, i)) continue;
    const double gained = double{candidate.scores[i]} - double{baseline.scores[i]};
    pairs.n += 1;
    pairs.lost += std::max(-gained, 0.0);
    pairs.gained += std::max(gained, 0.0);
  }
  return pairs;
}

// The smallest margin of the policy: the rule that takes longest.
std::pair<double, std::string> default_discordance(const campaign::Inputs& inputs) {
  const gate::PolicyRule* finest = nullptr;
  for (const gate::PolicyRule& rule : inputs.policy.rules) {
    const auto margin = rule.rule->demand().margin;
    if (margin && (finest == nullptr || *margin < *finest->rule->demand().margin)) finest = &rule;
  }
  if (finest == nullptr) return {0, "no rule of accuracy"};
  return {std::min(3 * *finest->rule->demand().margin, 1.0),
          "assumed: three times the margin of `" + finest->id + "`"};
}

void take_from_run(CandidateAssumptions& made, const campaign::Judgement& run, std::size_t index) {
  const Scorecard &baseline = run.scorecards.front(), &candidate = run.scorecards[index];
  const std::string source = fmt::format("run {}", run.run.id);
  const stats::Pairs pairs = pairs_of(candidate, baseline);
  if (pairs.n > 0) {
    made.effect = pairs.difference();
    made.effect_from = source;
    // Models that never disagreed may yet: less than one in all that was seen.
    made.discordance = std::max(pairs.discordance(), 1 / pairs.n);
    made.discordance_from = source;
  }
  const double once = mean_seconds(candidate) + mean_seconds(baseline);
  if (mean_seconds(candidate) == kNoSeconds || mean_seconds(baseline) == kNoSeconds) return;
  made.seconds_per_vector = once * candidate.info.repeats;
  made.seconds_from = source + ", inference only; transfer comes on top";
}

void take_stated(CandidateAssumptions& made, const AssumptionOptions& stated, int repeats) {
  if (stated.discordance) {
    made.discordance = *stated.discordance;
    made.discordance_from = "--discordance";
  }
  if (stated.effect) {
    made.effect = stated.effect;
    made.effect_from = "--effect";
  }
  if (made.seconds_from.empty() || stated.per_vector_given) {
    made.seconds_per_vector = 2 * repeats * std::chrono::duration<double>(stated.per_vector).count();
    made.seconds_from = fmt::format("{} --per-vector, {:g} ms an inference, for both models",
                                    stated.per_vector_given ? "stated by" : "assumed, see",
                                    std::chrono::duration<double, std::milli>(stated.per_vector).count());
  }
}

}  // namespace

double parse_signed_ratio(const std::string& text, const std::string& option) {
  const bool sign = text.starts_with('-') || text.starts_with('+');
  const auto ratio = parse_ratio(std::string_view(text).substr(sign ? 1 : 0));
  if (!ratio || *ratio >= 1) {
    throw Error(ErrorKind::usage, "`" + text + "` is no difference of accuracy", option,
                "write it in percent, such as " + option + "=-0.5%");
  }
  return text.starts_with('-') ? -*ratio : *ratio;
}

std::chrono::nanoseconds parse_time(const std::string& text, const std::string& option) {
  const auto time = parse_duration(text);
  if (!time || time->count() == 0)
    throw Error(ErrorKind::usage, "`" + text + "` is no duration", option,
                "write for example " + option + " 20ms");
  return *time;
}

double mean_seconds(const Scorecard& card) {
  const Measured& latency = card.latency;
  if (!latency.is_known()) return kNoSeconds;
  const double sum = std::accumulate(latency.sorted.begin(), latency.sorted.end(), 0.0);
  return sum / static_cast<double>(latency.sorted.size()) / latency.steps_per_base;
}

std::optional<campaign::Judgement> earlier_run(const campaign::Inputs& inputs,
                                               const AssumptionOptions& stated) {
  if (!stated.run && !std::filesystem::exists(stated.store)) return std::nullopt;
  const std::unique_ptr<store::RunStore> store =
      store::open_store(stated.store, store::StoreAccess::read_only);
  if (!stated.run && !store->latest_run(inputs.campaign.name)) return std::nullopt;
  return campaign::judge_run(*store, stated.run, inputs, system_now());
}

std::vector<CandidateAssumptions> assume(const campaign::Inputs& inputs, const AssumptionOptions& stated,
                                         const std::optional<campaign::Judgement>& run) {
  const auto [discordance, source] = default_discordance(inputs);
  std::vector<CandidateAssumptions> all;
  for (std::size_t i = 0; i < inputs.campaign.candidates.size(); ++i) {
    CandidateAssumptions made{.candidate = inputs.campaign.candidates[i],
                              .discordance = discordance,
                              .discordance_from = source,
                              .effect = std::nullopt,
                              .effect_from = "",
                              .seconds_per_vector = kNoSeconds,
                              .seconds_from = ""};
    if (run) take_from_run(made, *run, i + 1);
    take_stated(made, stated, inputs.campaign.repeats);
    all.push_back(std::move(made));
  }
  return all;
}

std::vector<std::string> rules_beyond_accuracy(const gate::Policy& policy) {
  std::vector<std::string> rules;
  for (const gate::PolicyRule& rule : policy.rules) {
    if (!rule.rule->demand().margin) rules.push_back(rule.id);
  }
  return rules;
}

std::string listed(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

}  // namespace tinyhil::app
