// SPDX-License-Identifier: Apache-2.0
// The candidates' numbers beside the baseline's, without a verdict.
#include <fmt/format.h>

#include "base/clock.hpp"
#include "model/task.hpp"
#include "publish.hpp"

namespace tinyhil::app {

namespace {

std::string latency_text(const Measured& latency, double quantile) {
  if (latency.sorted.empty()) return "not measured";
  return fmt::format("{:.1f} us", latency.to_millionths(latency.steps_at(quantile)));
}

struct Discordance {
  std::uint64_t worse = 0;   // vectors that the candidate scored less than the baseline
  std::uint64_t better = 0;  // the other way round
};

Discordance discordance(const Scorecard& candidate, const Scorecard& baseline) {
  Discordance counts;
  for (std::size_t i = 0; i < candidate.scores.size(); ++i) {
    if (!was_scored(candidate, i) || !was_scored(baseline, i)) continue;
    counts.worse += candidate.scores[i] < baseline.scores[i] ? 1U : 0U;
    counts.better += candidate.scores[i] > baseline.scores[i] ? 1U : 0U;
  }
  return counts;
}

void print_row(const Scorecard& card, const Scorecard& baseline) {
  const Discordance counts = discordance(card, baseline);
  fmt::print("{:<16} {:>7.2f} % {:>6} {:>6} {:>14} {:>14} {:>9} B {:>9} B\n", card.info.model,
             100 * card.accuracy.value(), counts.worse, counts.better, latency_text(card.latency, 0.5),
             latency_text(card.latency, 0.99), card.info.model_size, card.info.arena_used);
}

}  // namespace

ExitCode compare_command(const JudgeOptions& options) {
  const campaign::Inputs inputs = load_inputs(options);
  const std::unique_ptr<store::RunStore> store =
      store::open_store(options.store, store::StoreAccess::read_only);
  const campaign::Judgement judgement = campaign::judge_run(*store, options.run, inputs, system_now());
  if (options.json) {
    fmt::print("{}\n", report::render_json(judgement.report(inputs.vectors)));
    return ExitCode::pass;
  }
  const TaskTraits task = inputs.campaign.task->traits();
  fmt::print("{:<16} {:>9} {:>6} {:>6} {:>14} {:>14} {:>11} {:>11}\n", "model",
             task.has_classes ? task.measure : "score", "worse", "better", "latency p50", "p99", "size",
             "arena");
  for (const Scorecard& card : judgement.scorecards) print_row(card, judgement.scorecards.front());
  return ExitCode::pass;
}

}  // namespace tinyhil::app
