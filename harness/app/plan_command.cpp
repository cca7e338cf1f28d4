// SPDX-License-Identifier: Apache-2.0
// How long a campaign will take, before a board is taken.
#include "gate/plan.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "assumptions.hpp"
#include "campaign/choose_run.hpp"
#include "campaign/mistakes.hpp"
#include "plan_energy.hpp"
#include "plan_line.hpp"
#include "publish.hpp"

namespace tinyhil::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kRuns = 1000;

std::string minutes(std::uint64_t vectors, const CandidateAssumptions& by) {
  return fmt::format("{:.1f} min", static_cast<double>(vectors) * by.seconds_per_vector / 60);
}

void print_case(const char* name, const gate::PlannedCase& one, const CandidateAssumptions& by) {
  const auto percent = [&](std::uint64_t count) {
    return 100.0 * static_cast<double>(count) / static_cast<double>(one.outcome.runs);
  };
  fmt::print(
      "    {:<16} {:>+7.2f} %  {:>8} vectors {:>10}   pass {:5.1f} %  fail {:5.1f} %  undecided {:5.1f} %\n",
      name, 100 * one.truth.difference, one.expected, minutes(one.expected, by), percent(one.outcome.passed),
      percent(one.outcome.failed), percent(one.outcome.undecided()));
}

void print_rule(const gate::AccuracyPlan& rule, const CandidateAssumptions& by) {
  const std::string others =
      rule.subjects > 1 ? fmt::format(", the slowest of {} slice values", rule.subjects) : "";
  fmt::print("  {}: margin {:g} %, {}{}\n", rule.rule, 100 * rule.margin, rule.subject.name, others);
  print_case("no difference", rule.equal, by);
  print_case("at the margin", rule.at_margin, by);
  if (rule.at_effect) print_case("expected effect", *rule.at_effect, by);
  fmt::print(
      "    at most {} vectors, {}; one look at a fixed number would need {} (90 % power, no difference)\n",
      rule.most, minutes(rule.most, by), rule.fixed);
}

void print_latency(const gate::LatencyPlan& rule, std::uint64_t available) {
  fmt::print("  {}: p{:g} needs at least {} vectors{}\n", rule.rule, 100 * rule.quantile, rule.fewest,
             rule.fewest > available ? fmt::format("; the set has {}", available) : "");
}

void print_text(const gate::Plan& made, const CandidateAssumptions& by, const campaign::Inputs& inputs) {
  const StopRule stop = inputs.policy.sampling.stop;
  fmt::print("{} against {}, {} vectors, {}\n", by.candidate, inputs.campaign.baseline, inputs.vectors.count,
             stop == StopRule::never ? "one look at all" : std::string("looks by ") + to_string(stop));
  fmt::print("  the models disagree on {:.3g} % of the vectors ({})\n", 100 * by.discordance,
             by.discordance_from);
  if (by.effect) fmt::print("  expected effect {:+.2f} % ({})\n", 100 * *by.effect, by.effect_from);
  fmt::print("  {:.4g} ms of board time a vector ({})\n", 1000 * by.seconds_per_vector, by.seconds_from);
  for (const gate::AccuracyPlan& rule : made.accuracy) print_rule(rule, by);
  for (const gate::LatencyPlan& rule : made.latency) print_latency(rule, inputs.vectors.count);
  if (!made.left_out.empty())
    fmt::print("  not planned, for what they need is known only from results: {}\n", listed(made.left_out));
}

Json json_of(const gate::PlannedCase& one, const CandidateAssumptions& by) {
  const auto share = [&](std::uint64_t count) {
    return static_cast<double>(count) / static_cast<double>(one.outcome.runs);
  };
  return {{"difference", one.truth.difference},
          {"discordance", one.truth.discordance},
          {"expected_vectors", one.expected},
          {"expected_seconds", static_cast<double>(one.expected) * by.seconds_per_vector},
          {"pass", share(one.outcome.passed)},
          {"fail", share(one.outcome.failed)},
          {"inconclusive", share(one.outcome.undecided())}};
}

Json json_of(const gate::AccuracyPlan& rule, const CandidateAssumptions& by) {
  return {{"rule", rule.rule},
          {"margin", rule.margin},
          {"subject", rule.subject.name},
          {"subjects", rule.subjects},
          {"most_vectors", rule.most},
          {"most_seconds", static_cast<double>(rule.most) * by.seconds_per_vector},
          {"fixed_vectors", rule.fixed},
          {"no_difference", json_of(rule.equal, by)},
          {"at_margin", json_of(rule.at_margin, by)},
          {"at_effect", rule.at_effect ? json_of(*rule.at_effect, by) : Json(nullptr)}};
}

Json json_of(const gate::Plan& made, const CandidateAssumptions& by) {
  Json accuracy = Json::array(), latency = Json::array();
  for (const gate::AccuracyPlan& rule : made.accuracy) accuracy.push_back(json_of(rule, by));
  for (const gate::LatencyPlan& rule : made.latency)
    latency.push_back({{"rule", rule.rule}, {"quantile", rule.quantile}, {"fewest_vectors", rule.fewest}});
  return {{"candidate", by.candidate},
          {"discordance", by.discordance},
          {"discordance_from", by.discordance_from},
          {"effect", by.effect ? Json(*by.effect) : Json(nullptr)},
          {"effect_from", by.effect_from},
          {"seconds_per_vector", by.seconds_per_vector},
          {"seconds_from", by.seconds_from},
          {"accuracy", accuracy},
          {"latency", latency},
          {"left_out", made.left_out}};
}

// As a run on the campaign's own bench would, which any other may replace.
void check(const campaign::Inputs& inputs, const std::optional<Bench>& bench) {
  campaign::refuse_mistakes(
      inputs, bench ? campaign::Place{&*bench, campaign::choose_boards(*bench, {})} : campaign::Place{});
  for (const std::string& words : campaign::unsupported_by("reference", inputs))
    fmt::print(stderr, "note: {}: boards with the reference engine will refuse it\n", words);
}

}  // namespace

ExitCode plan_command(const PlanOptions& options) {
  const campaign::Inputs inputs = load_inputs(options.campaign);
  std::optional<Bench> bench;
  if (inputs.campaign.bench) bench = load_bench(*inputs.campaign.bench);
  check(inputs, bench);
  const PlannedLine line =
      plan_line(inputs, options.line, bench ? campaign::choose_boards(*bench, {}).front() : nullptr);
  Json list = Json::array();
  const std::optional<campaign::Judgement> run = earlier_run(inputs, options.assumptions);
  const std::optional<PlannedEnergy> energy = plan_energy(inputs, run);
  for (const CandidateAssumptions& by : assume(inputs, options.assumptions, run)) {
    const gate::Plan made =
        gate::plan(inputs.policy, inputs.vectors, {by.discordance, by.effect, kRuns, options.seed});
    if (options.campaign.json) {
      list.push_back(json_of(made, by));
    } else {
      print_text(made, by, inputs);
    }
  }
  if (!options.campaign.json) print_line(line, inputs);
  if (!options.campaign.json && energy) print_energy(*energy);
  if (options.campaign.json) {
    const Json document = {{"campaign", inputs.campaign.name},
                           {"vectors", inputs.vectors.count},
                           {"stop", to_string(inputs.policy.sampling.stop)},
                           {"seed", options.seed},
                           {"line", json_of(line)},
                           {"energy", energy ? json_of(*energy) : Json(nullptr)},
                           {"candidates", list}};
    fmt::print("{}\n", document.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  return ExitCode::pass;
}

}  // namespace tinyhil::app
