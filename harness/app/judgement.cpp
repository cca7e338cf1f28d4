// SPDX-License-Identifier: Apache-2.0
#include "judgement.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "early_stop.hpp"
#include "metric/compare.hpp"
#include "metric/control.hpp"
#include "metric/drawn_part.hpp"
#include "metric/metric.hpp"

namespace tinyhil {

namespace {

RunRecord find_run(const Store& store, std::optional<std::int64_t> id, const Campaign& campaign) {
  const std::optional<RunRecord> run = id ? store.run(*id) : store.latest_run(campaign.name);
  if (run) return *run;
  throw Error(ExitCode::usage,
              id ? "the database has no run " + std::to_string(*id)
                 : "the database has no run of campaign `" + campaign.name + "`",
              campaign.file.string(), "run the campaign first: tinyhil run " + campaign.file.string());
}

// Where among the trials the model's is; a trial without rows is added when the run ended before its turn.
std::size_t find_trial(std::vector<Trial>& trials, const ModelFile& model, const VectorSet& vectors) {
  const auto found = std::ranges::find_if(trials, [&](const Trial& trial) {
    return trial.info.model == model.name && trial.info.role == TrialRole::subject;
  });
  const auto index = static_cast<std::size_t>(found - trials.begin());
  if (found == trials.end()) {
    Trial& missing = trials.emplace_back();
    missing.info.model = model.name;
    missing.info.vectors_digest = vectors.digest;
    missing.info.vector_count = vectors.count;
    missing.state = TrialState::interrupted;
    return index;
  }
  if (found->info.vectors_digest != vectors.digest) {
    throw Error(ExitCode::usage,
                "the stored results are of other vectors (" + found->info.vectors_digest.short_hex() + ")",
                vectors.file.string(), "judge with the vectors of that run, or run the campaign again");
  }
  if (found->info.model_digest != Digest{} && found->info.model_digest != model.digest) {
    throw Error(ExitCode::usage,
                "the stored results are of another `" + model.name + "` (" +
                    found->info.model_digest.short_hex() + ")",
                model.file.string(), "judge with the model of that run, or run the campaign again");
  }
  return index;
}

// By what the run drew its vectors, its trials being held against it.
Sample sample_of(const RunRecord& run, const Inputs& inputs) {
  check_same_sampling(run, inputs);
  Sample sample = whole_set(inputs.vectors);
  if (run.sampling.empty()) return sample;
  sample.sampling = inputs.policy.sampling;
  sample.order = draw_order(sample.sampling.order, run.order_seed, inputs.vectors, inputs.disagreements);
  sample.chosen = inputs.disagreements.size();
  return sample;
}

// Nothing when the run has none, as runs of older versions.
std::optional<ControlScore> control_of(const std::vector<Trial>& trials, const Trial& baseline,
                                       const VectorSet& vectors) {
  const auto control =
      std::ranges::find(trials, TrialRole::control, [](const Trial& trial) { return trial.info.role; });
  if (control == trials.end() || baseline.info.model_digest != control->info.model_digest)
    return std::nullopt;
  return control_score(*control, baseline, vectors);
}

struct Judged {
  Scorecard candidate;
  Verdict verdict;
};

// Both sides over the vectors that the candidate was run on.
Judged judge_pair(const Trial& candidate, const Trial& baseline, const ModelFile& model, const Inputs& inputs,
                  Sample& sample, const std::optional<ControlScore>& control, Moment now) {
  const ModelFile& shipped = inputs.campaign.model(inputs.campaign.baseline);
  sample.drawn = candidate.drawn.value_or(inputs.vectors.count);
  const auto judge_these = [&](const Trial& ours, const Trial& theirs) {
    Judged judged{score(ours, inputs.vectors, model.golden), {}};
    const Scorecard reference = score(theirs, inputs.vectors, shipped.golden);
    const Comparison comparison = compare(ours, theirs, inputs.vectors);
    const Facts facts{judged.candidate, reference, inputs.vectors, comparison, sample, control};
    judged.verdict = judge(inputs.policy, facts, now);
    return judged;
  };
  if (sample.drawn >= inputs.vectors.count && !baseline.drawn) return judge_these(candidate, baseline);
  const auto drawn = std::span(sample.order).first(sample.drawn);
  return judge_these(drawn_part(candidate, drawn), drawn_part(baseline, drawn));
}

}  // namespace

Judgement judge_run(const Store& store, std::optional<std::int64_t> id, const Inputs& inputs, Moment now) {
  const Campaign& campaign = inputs.campaign;
  Judgement judgement;
  judgement.run = find_run(store, id, campaign);
  Sample sample = sample_of(judgement.run, inputs);
  std::vector<Trial> trials = store.trials(judgement.run.id);
  const ModelFile& shipped = campaign.model(campaign.baseline);
  const std::size_t baseline = find_trial(trials, shipped, inputs.vectors);
  const auto control = control_of(trials, trials[baseline], inputs.vectors);
  judgement.scorecards.push_back(score(trials[baseline], inputs.vectors, shipped.golden));
  for (const std::string& name : campaign.candidates) {
    const ModelFile& model = campaign.model(name);
    const std::size_t candidate = find_trial(trials, model, inputs.vectors);
    Judged judged = judge_pair(trials[candidate], trials[baseline], model, inputs, sample, control, now);
    judgement.scorecards.push_back(std::move(judged.candidate));
    judgement.verdicts.push_back(std::move(judged.verdict));
  }
  return judgement;
}

Outcome judge_so_far(const Store& store, const RunRecord& run, const Inputs& inputs,
                     const std::string& candidate, std::uint64_t drawn, Moment now) {
  const ModelFile& model = inputs.campaign.model(candidate);
  Sample sample = sample_of(run, inputs);
  std::vector<Trial> trials = store.trials(run.id);
  const std::size_t ours = find_trial(trials, model, inputs.vectors);
  const std::size_t theirs =
      find_trial(trials, inputs.campaign.model(inputs.campaign.baseline), inputs.vectors);
  for (const std::size_t trial : {ours, theirs}) {
    trials[trial].state = TrialState::complete;
    trials[trial].drawn = drawn;
  }
  const auto control = control_of(trials, trials[theirs], inputs.vectors);
  return judge_pair(trials[ours], trials[theirs], model, inputs, sample, control, now).verdict.outcome;
}

ExitCode Judgement::exit_code() const {
  std::vector<Finding> as_findings;
  for (const Verdict& verdict : verdicts) as_findings.emplace_back().outcome = verdict.outcome;
  return tinyhil::exit_code(worst(as_findings));
}

namespace {

// First of all, so that nobody takes a waived release for a passed one.
void print_waived(const Verdict& verdict) {
  for (const Finding& finding : verdict.findings) {
    if (!has_waiver(finding)) continue;
    fmt::print("{:<13} {}: {}\n              {}\n", to_string(Outcome::waived), verdict.candidate,
               finding.rule, finding.reason);
  }
}

void print_drawn(const Judgement& judgement, std::size_t count) {
  if (judgement.run.sampling.empty()) return;
  for (const Scorecard& card : judgement.scorecards) {
    fmt::print("{:<13} {}: {} of {} vectors\n", "drawn", card.info.model, card.drawn, count);
  }
}

ExitCode exit_code_of(const Judgement& judgement, const JudgeOptions& options) {
  const ExitCode code = judgement.exit_code();
  return options.waived_ok && code == ExitCode::waived ? ExitCode::pass : code;
}

}  // namespace

ExitCode publish(const Judgement& judgement, const Inputs& inputs, const JudgeOptions& options) {
  const std::filesystem::path folder = report_folder(options, inputs.campaign);
  const Report report = judgement.report(inputs.vectors);
  write_reports(report, folder);
  if (options.json) {
    fmt::print("{}\n", render_json(report));
    return exit_code_of(judgement, options);
  }
  for (const Verdict& verdict : judgement.verdicts) print_waived(verdict);
  for (const Verdict& verdict : judgement.verdicts) {
    fmt::print("{:<13} {} against {}\n              {}\n", to_string(verdict.outcome), verdict.candidate,
               verdict.baseline, verdict.reason);
  }
  print_drawn(judgement, inputs.vectors.count);
  fmt::print("{:<13} {}\n", "report", (folder / "report.html").string());
  return exit_code_of(judgement, options);
}

}  // namespace tinyhil
