// SPDX-License-Identifier: Apache-2.0
#include "judgement.hpp"

#include <algorithm>
#include <deque>

#include "early_stop.hpp"
#include "metric/compare.hpp"
#include "metric/control.hpp"
#include "metric/drawn_part.hpp"
#include "metric/metric.hpp"
#include "run_trials.hpp"
#include "sampling/share.hpp"

namespace tinyhil {

namespace {

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

std::optional<ControlScore> control_of(const RunTrials& trials, const std::string& baseline,
                                       const std::string& board, const VectorSet& vectors,
                                       const Sample& sample) {
  const Trial* control = trials.control(board);
  const Trial& first = trials.of(baseline, board);
  if (control == nullptr || first.info.model_digest != control->info.model_digest) return std::nullopt;
  return control_score(*control, first, vectors, sample.order);
}

// The vectors that one of the boards drew.
Sample share_of(const Sample& all, const Share& share) {
  return {all.sampling, share.of(all.order), share.before(all.drawn), share.before(all.chosen)};
}

// Trials over a sample of their vectors. Those that ran no others are lent as they are.
class Parts {
 public:
  explicit Parts(std::size_t vectors) : vectors_(vectors) {}

  const Trial& of(const Trial& trial, const Sample& sample) {
    if (sample.drawn >= vectors_ && !trial.drawn) return trial;
    kept_.push_back(drawn_part(trial, std::span(sample.order).first(sample.drawn)));
    return kept_.back();
  }

 private:
  std::size_t vectors_;
  std::deque<Trial> kept_;
};

BoardFacts facts_of(const Trial& candidate, const Trial& baseline, const std::string& model,
                    const Inputs& inputs, const Sample& sample) {
  const Campaign& campaign = inputs.campaign;
  return {score(candidate, inputs.vectors, campaign.model(model).golden),
          score(baseline, inputs.vectors, campaign.model(campaign.baseline).golden),
          compare(candidate, baseline, inputs.vectors), sample, std::nullopt};
}

// Each board's share, and its outputs beside the first board's.
std::vector<BoardFacts> facts_by_board(const RunTrials& trials, const std::string& model,
                                       const Inputs& inputs, const Sample& sample, Parts& parts) {
  const std::vector<std::string>& boards = trials.boards();
  const std::string& shipped = inputs.campaign.baseline;
  std::vector<BoardFacts> each;
  for (std::size_t i = 0; i < boards.size() && boards.size() > 1; ++i) {
    const Sample share = share_of(sample, {i, boards.size()});
    const Trial& candidate = parts.of(trials.of(model, boards[i]), share);
    const Trial& baseline = parts.of(trials.of(shipped, boards[i]), share);
    BoardFacts& facts = each.emplace_back(facts_of(candidate, baseline, model, inputs, share));
    facts.control = control_of(trials, shipped, boards[i], inputs.vectors, share);
    if (i == 0) continue;
    facts.candidate_again =
        control_score(candidate, trials.of(model, boards[0]), inputs.vectors, share.order);
    facts.baseline_again =
        control_score(baseline, trials.of(shipped, boards[0]), inputs.vectors, share.order);
  }
  return each;
}

struct Judged {
  Scorecard candidate;
  Verdict verdict;
};

// Both sides over the vectors that the candidate was run on.
Judged judge_candidate(const RunTrials& trials, const std::string& model, const Inputs& inputs, Sample sample,
                       Moment now) {
  const std::string& shipped = inputs.campaign.baseline;
  sample.drawn = trials.of(model).drawn.value_or(inputs.vectors.count);
  Parts parts(inputs.vectors.count);
  const Trial& candidate = parts.of(trials.of(model), sample);
  const Trial& baseline = parts.of(trials.of(shipped), sample);
  BoardFacts together = facts_of(candidate, baseline, model, inputs, sample);
  const std::vector<BoardFacts> boards = facts_by_board(trials, model, inputs, sample, parts);
  if (boards.empty()) together.control = control_of(trials, shipped, "", inputs.vectors, sample);
  const Facts facts{together.candidate, together.baseline, inputs.vectors, together.comparison,
                    together.sample,    together.control,  boards,         inputs.warnings};
  Verdict verdict = judge(inputs.policy, facts, now);
  return {std::move(together.candidate), std::move(verdict)};
}

}  // namespace

RunRecord find_run(const Store& store, std::optional<std::int64_t> id, const Campaign& campaign) {
  const std::optional<RunRecord> run = id ? store.run(*id) : store.latest_run(campaign.name);
  if (run) return *run;
  throw Error(ErrorKind::usage,
              id ? "the database has no run " + std::to_string(*id)
                 : "the database has no run of campaign `" + campaign.name + "`",
              campaign.file.string(), "run the campaign first: tinyhil run " + campaign.file.string());
}

Judgement judge_run(const Store& store, std::optional<std::int64_t> id, const Inputs& inputs, Moment now) {
  const RunRecord run = find_run(store, id, inputs.campaign);
  store.require_intact(run.id);
  return judge_intact_run(store, run, inputs, now);
}

Judgement judge_intact_run(const Store& store, const RunRecord& run, const Inputs& inputs, Moment now) {
  return judge_trials(run, store.trials(run.id), inputs, now);
}

Judgement judge_trials(const RunRecord& run, std::vector<Trial> stored, const Inputs& inputs, Moment now) {
  const Campaign& campaign = inputs.campaign;
  Judgement judgement;
  judgement.run = run;
  judgement.policy = inputs.policy.digest;
  const Sample sample = sample_of(judgement.run, inputs);
  const RunTrials trials(std::move(stored), judgement.run, inputs);
  judgement.boards = trials.identities();
  judgement.scorecards.push_back(
      score(trials.of(campaign.baseline), inputs.vectors, campaign.model(campaign.baseline).golden));
  for (const std::string& model : campaign.candidates) {
    Judged judged = judge_candidate(trials, model, inputs, sample, now);
    judgement.scorecards.push_back(std::move(judged.candidate));
    judgement.verdicts.push_back(std::move(judged.verdict));
  }
  return judgement;
}

void record_verdicts(const Judgement& judgement, const Inputs& inputs, Store& store) {
  for (const Verdict& verdict : judgement.verdicts) {
    store.add_verdict(judgement.run.id, {verdict.candidate, inputs.policy.digest, to_string(verdict.outcome),
                                         verdict.judged_at});
  }
}

Outcome judge_so_far(const Store& store, const RunRecord& run, const Inputs& inputs,
                     const std::string& candidate, std::uint64_t drawn, Moment now) {
  const RunTrials trials(store.trials(run.id), run, inputs, drawn);
  return judge_candidate(trials, candidate, inputs, sample_of(run, inputs), now).verdict.outcome;
}

std::string Judgement::policy_words() const {
  return policy.hex() +
         (policy == run.policy_digest ? "" : ", not the run's own, " + run.policy_digest.hex());
}

}  // namespace tinyhil
