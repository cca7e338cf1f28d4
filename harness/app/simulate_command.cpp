// SPDX-License-Identifier: Apache-2.0
// What a policy does to candidates of known quality: thousands of seeded campaigns, no board.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "assumptions.hpp"
#include "campaign/mistakes.hpp"
#include "gate/demand.hpp"
#include "gate/operating_characteristic.hpp"
#include "gate/plan.hpp"
#include "publish.hpp"
#include "stats/intervals.hpp"

namespace tinyhil::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr double kMultiples[] = {-2, -1.5, -1, -0.5, 0, 0.5};  // of the margin

struct Row {
  std::string truth;
  gate::Characteristic sequential;  // as the policy's `sampling` looks at it
  gate::Characteristic fixed;       // one look at all vectors
};

struct Curve {
  std::string rule;
  gate::Subject subject;
  double margin;
  double alpha;
  StopRule stop;
  std::vector<Row> rows;
  std::size_t edge = 0;         // the row exactly at the margin
  std::size_t losses_only = 0;  // the same difference with no more disagreements than it needs
};

// Simulates what the policy would say of one candidate.
class Simulation {
 public:
  Simulation(const campaign::Inputs& inputs, const CandidateAssumptions& by, const SimulateOptions& options)
      : inputs_(inputs), by_(by), options_(options) {}

  std::vector<Curve> curves() const {
    std::vector<Curve> curves;
    for (const gate::PolicyRule& rule : inputs_.policy.rules) {
      const gate::Demand demand = rule.rule->demand();
      if (!demand.margin) continue;
      const std::vector<gate::Subject> subjects = gate::subjects_of(demand, inputs_.vectors);
      const auto fewest = std::ranges::min_element(subjects, {}, &gate::Subject::vectors);
      if (fewest != subjects.end()) curves.push_back(curve_of(rule, *fewest));
    }
    return curves;
  }

 private:
  using Designs = std::pair<gate::Design, gate::Design>;  // sequential, fixed

  Row row_of(std::string name, const Designs& designs, const gate::Truth& truth) const {
    return {std::move(name), gate::characteristic(designs.first, truth, options_.runs, options_.seed),
            gate::characteristic(designs.second, truth, options_.runs, options_.seed + 1)};
  }

  Curve curve_of(const gate::PolicyRule& rule, const gate::Subject& subject) const {
    const gate::Policy& policy = inputs_.policy;
    const gate::Demand demand = rule.rule->demand();
    Curve curve{rule.id, subject, *demand.margin, policy.alpha, policy.sampling.stop, {}};
    const Designs designs{gate::design_of(policy, demand, subject, inputs_.vectors),
                          gate::fixed_design(curve.margin, curve.alpha, subject.vectors)};
    const auto add = [&](std::string name, double difference) {
      curve.rows.push_back(row_of(std::move(name), designs, gate::truth_at(difference, by_.discordance)));
    };
    for (const double multiple : kMultiples) {
      if (multiple == -1) curve.edge = curve.rows.size();
      add(fmt::format("{:+g} margin", multiple), multiple * curve.margin);
    }
    curve.losses_only = curve.rows.size();
    curve.rows.push_back(row_of("-1, losses only", designs, {-curve.margin, curve.margin}));
    if (by_.effect) add(by_.effect_from, *by_.effect);
    return curve;
  }

  const campaign::Inputs& inputs_;
  const CandidateAssumptions& by_;
  const SimulateOptions& options_;
};

// At the margin the policy passes at most alpha of the campaigns; less is not said of so many runs.
bool keeps_alpha(const gate::Characteristic& at_margin, double alpha) {
  return stats::proportion(at_margin.passed, at_margin.runs).interval.low <= alpha;
}

bool keeps_alpha(const Curve& curve) {
  return std::ranges::all_of(std::array{curve.edge, curve.losses_only}, [&](std::size_t at) {
    return keeps_alpha(curve.rows[at].sequential, curve.alpha) &&
           keeps_alpha(curve.rows[at].fixed, curve.alpha);
  });
}

double percent_of_runs(std::uint64_t count, const gate::Characteristic& of) {
  return 100.0 * static_cast<double>(count) / static_cast<double>(of.runs);
}

void print_false_pass(const std::string& name, const gate::Characteristic& at_margin, double alpha) {
  const Proportion share = stats::proportion(at_margin.passed, at_margin.runs);
  fmt::print("    false pass at the margin, {}: {:.2f} % ({:.2f} .. {:.2f} %), alpha {:g} %: {}\n", name,
             100 * share.value(), 100 * share.interval.low, 100 * share.interval.high, 100 * alpha,
             keeps_alpha(at_margin, alpha) ? "kept" : "EXCEEDED");
}

void print_curve(const Curve& curve, const std::string& stop) {
  fmt::print("  {}: margin {:g} %, {} ({} vectors)\n", curve.rule, 100 * curve.margin, curve.subject.name,
             curve.subject.vectors);
  fmt::print("    {:<14} {:>9}  | {:^41} | {:^25}\n", "", "", stop, "one look at all");
  fmt::print("    {:<14} {:>9}  | {:>7} {:>7} {:>10} {:>13}  | {:>7} {:>7} {:>9}\n", "truth", "difference",
             "pass", "fail", "undecided", "mean vectors", "pass", "fail", "undecided");
  for (const Row& row : curve.rows) {
    const gate::Characteristic &one = row.sequential, &fixed = row.fixed;
    fmt::print(
        "    {:<14} {:>+8.2f} %  | {:>6.1f}% {:>6.1f}% {:>9.1f}% {:>13.0f}  | {:>6.1f}% {:>6.1f}% "
        "{:>8.1f}%\n",
        row.truth, 100 * one.truth.difference, percent_of_runs(one.passed, one),
        percent_of_runs(one.failed, one), percent_of_runs(one.undecided(), one), one.mean_vectors,
        percent_of_runs(fixed.passed, fixed), percent_of_runs(fixed.failed, fixed),
        percent_of_runs(fixed.undecided(), fixed));
  }
  for (const std::size_t at : {curve.edge, curve.losses_only}) {
    const Row& row = curve.rows[at];
    const std::string where = at == curve.edge ? "" : ", losses only";
    print_false_pass(stop + where, row.sequential, curve.alpha);
    print_false_pass("one look" + where, row.fixed, curve.alpha);
  }
  if (!keeps_alpha(curve))
    fmt::print(
        "    EXCEEDED: a candidate exactly at the margin passes more often than alpha allows; {}\n",
        curve.stop == StopRule::sprt
            ? "the SPRT is told too few disagreements: raise `discordance` in `sampling`, or use `e-process`"
            : "use `stop: e-process`, or a smaller alpha");
}

Json json_of(const gate::Characteristic& one) {
  const auto share = [&](std::uint64_t count) {
    return static_cast<double>(count) / static_cast<double>(one.runs);
  };
  return {{"pass", share(one.passed)},
          {"fail", share(one.failed)},
          {"inconclusive", share(one.undecided())},
          {"mean_vectors", one.mean_vectors},
          {"upper_decile_vectors", one.upper_decile}};
}

Json false_pass_of(const gate::Characteristic& at_margin, double alpha) {
  const Proportion share = stats::proportion(at_margin.passed, at_margin.runs);
  return {{"share", share.value()},
          {"low", share.interval.low},
          {"high", share.interval.high},
          {"alpha", alpha},
          {"kept", keeps_alpha(at_margin, alpha)}};
}

Json json_of(const Curve& curve) {
  Json rows = Json::array();
  for (const Row& row : curve.rows) {
    rows.push_back({{"truth", row.truth},
                    {"difference", row.sequential.truth.difference},
                    {"discordance", row.sequential.truth.discordance},
                    {"sequential", json_of(row.sequential)},
                    {"fixed", json_of(row.fixed)}});
  }
  const Row &edge = curve.rows[curve.edge], &losses = curve.rows[curve.losses_only];
  return {{"rule", curve.rule},
          {"margin", curve.margin},
          {"subject", curve.subject.name},
          {"vectors", curve.subject.vectors},
          {"rows", rows},
          {"false_pass",
           {{"sequential", false_pass_of(edge.sequential, curve.alpha)},
            {"fixed", false_pass_of(edge.fixed, curve.alpha)}}},
          {"false_pass_losses_only",
           {{"sequential", false_pass_of(losses.sequential, curve.alpha)},
            {"fixed", false_pass_of(losses.fixed, curve.alpha)}}}};
}

Json json_of(const std::vector<Curve>& curves, const CandidateAssumptions& by) {
  Json list = Json::array();
  for (const Curve& curve : curves) list.push_back(json_of(curve));
  return {{"candidate", by.candidate},
          {"discordance", by.discordance},
          {"discordance_from", by.discordance_from},
          {"rules", list}};
}

void print_text(const std::vector<Curve>& curves, const CandidateAssumptions& by,
                const campaign::Inputs& inputs) {
  fmt::print("{}: the models disagree on {:.3g} % of the vectors ({})\n", by.candidate, 100 * by.discordance,
             by.discordance_from);
  for (const Curve& curve : curves) print_curve(curve, to_string(inputs.policy.sampling.stop));
  if (curves.empty()) fmt::print("  the policy has no rule of paired accuracy\n");
  if (const std::string names = listed(rules_beyond_accuracy(inputs.policy)); !names.empty())
    fmt::print("  not simulated, so nothing is said of their errors: {}\n", names);
}

}  // namespace

ExitCode simulate_command(const SimulateOptions& options) {
  const campaign::Inputs inputs = load_inputs(options.campaign);
  campaign::refuse_mistakes(inputs, {});
  Json list = Json::array();
  bool kept = true;
  for (const CandidateAssumptions& by :
       assume(inputs, options.assumptions, earlier_run(inputs, options.assumptions))) {
    const std::vector<Curve> curves = Simulation(inputs, by, options).curves();
    kept = kept && std::ranges::all_of(curves, [](const Curve& curve) { return keeps_alpha(curve); });
    if (options.campaign.json) {
      list.push_back(json_of(curves, by));
    } else {
      print_text(curves, by, inputs);
    }
  }
  if (options.campaign.json) {
    const Json document = {{"campaign", inputs.campaign.name},
                           {"policy", inputs.policy.digest.hex()},
                           {"stop", to_string(inputs.policy.sampling.stop)},
                           {"runs", options.runs},
                           {"seed", options.seed},
                           {"left_out", rules_beyond_accuracy(inputs.policy)},
                           {"candidates", list}};
    fmt::print("{}\n", document.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  return kept ? ExitCode::pass : ExitCode::fail;
}

}  // namespace tinyhil::app
