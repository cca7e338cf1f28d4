// SPDX-License-Identifier: Apache-2.0
#include "judgement.hpp"

#include <algorithm>
#include <deque>

#include "campaign/internal/board_comparisons.hpp"
#include "campaign/internal/early_stop.hpp"
#include "metric/compare.hpp"
#include "metric/control.hpp"
#include "metric/drawn_part.hpp"
#include "metric/energy.hpp"
#include "metric/metric.hpp"

namespace tinyhil::campaign {

namespace {

// By what the run drew its vectors, its trials being held against it.
gate::Sample sample_of(const RunRecord& run, const Inputs& inputs) {
  check_same_sampling(run, inputs);
  gate::Sample sample = gate::whole_set(inputs.vectors);
  if (!run.sampling) return sample;
  sample.sampling = inputs.policy.sampling;
  sample.order =
      sampling::draw_order(sample.sampling.order, run.order_seed, inputs.vectors, inputs.disagreements);
  sample.chosen = inputs.disagreements.size();
  return sample;
}

// The vectors that one of the boards ran.
gate::Sample share_of(const gate::Sample& all, const VectorOwners& owners, std::size_t board) {
  gate::Sample share{all.sampling, {}, 0, 0};
  for (std::size_t position = 0; position < all.order.size(); ++position) {
    if (!owners.ran(board, all.order[position])) continue;
    share.order.push_back(all.order[position]);
    share.drawn += position < all.drawn ? 1 : 0;
    share.chosen += position < all.chosen ? 1 : 0;
  }
  return share;
}

// Those of them that are counted as another board's.
std::vector<std::uint32_t> run_elsewhere(const gate::Sample& share, const VectorOwners& owners,
                                         std::size_t board) {
  std::vector<std::uint32_t> order;
  std::ranges::copy_if(share.order, std::back_inserter(order),
                       [&](std::uint32_t vector) { return owners.owner(vector) != board; });
  return order;
}

// Trials over a sample of their vectors. Those that ran no others are lent as they are.
class Parts {
 public:
  explicit Parts(std::size_t vectors) : vectors_(vectors) {}

  const Trial& of(const Trial& trial, const gate::Sample& sample) {
    if (sample.drawn >= vectors_ && !trial.drawn) return trial;
    kept_.push_back(metric::drawn_part(trial, std::span(sample.order).first(sample.drawn)));
    return kept_.back();
  }

 private:
  std::size_t vectors_;
  std::deque<Trial> kept_;
};

struct Judged {
  Scorecard candidate;
  Verdict verdict;
  std::vector<gate::BoardFacts> boards;
};

// One candidate beside the baseline, by a run's trials of both. All are lent.
class Pairing {
 public:
  Pairing(const RunTrials& trials, const Inputs& inputs, const std::string& candidate)
      : trials_(trials), inputs_(inputs), candidate_(candidate), parts_(inputs.vectors.count) {}

  // Both over the vectors that the candidate was run on.
  Judged judge(gate::Sample sample, Moment now, std::optional<std::span<const Recording>> recordings) {
    sample.drawn = trials_.of(candidate_).drawn.value_or(inputs_.vectors.count);
    gate::BoardFacts together =
        facts_of(parts_.of(trials_.of(candidate_), sample), parts_.of(trials_.of(baseline_), sample), sample);
    std::vector<gate::BoardFacts> boards = facts_by_board(sample);
    if (boards.empty()) together.control = control_of("", sample);
    gate::Facts facts{together.candidate, together.baseline, inputs_.vectors, together.comparison,
                      together.sample,    together.control,  boards,          inputs_.warnings};
    facts.recordings = recordings;
    Verdict verdict = gate::judge(inputs_.policy, facts, now);
    return {std::move(together.candidate), std::move(verdict), std::move(boards)};
  }

 private:
  gate::BoardFacts facts_of(const Trial& candidate, const Trial& baseline, const gate::Sample& sample) const {
    const Campaign& campaign = inputs_.campaign;
    return {metric::score(candidate, inputs_.vectors, campaign.model(candidate_).golden),
            metric::score(baseline, inputs_.vectors, campaign.model(baseline_).golden),
            metric::compare(candidate, baseline, inputs_.vectors), sample, std::nullopt};
  }

  // Each board's share, and its outputs beside those of others on the vectors that they ran, too.
  std::vector<gate::BoardFacts> facts_by_board(const gate::Sample& sample) {
    const std::vector<std::string>& boards = trials_.boards();
    std::vector<gate::BoardFacts> each;
    for (std::size_t i = 0; i < boards.size() && trials_.owners(); ++i) {
      const gate::Sample share = share_of(sample, *trials_.owners(), i);
      if (share.drawn == 0 && trials_.has_left(boards[i])) continue;
      const Trial& candidate = parts_.of(trials_.of(candidate_, boards[i]), share);
      const Trial& baseline = parts_.of(trials_.of(baseline_, boards[i]), share);
      gate::BoardFacts& facts = each.emplace_back(facts_of(candidate, baseline, share));
      facts.control = control_of(boards[i], share);
      facts.has_left = trials_.has_left(boards[i]);
      hold_beside_others(facts, candidate, baseline, i);
    }
    return each;
  }

  void hold_beside_others(gate::BoardFacts& facts, const Trial& candidate, const Trial& baseline,
                          std::size_t board) const {
    const VectorOwners& owners = *trials_.owners();
    const std::vector<std::uint32_t> order = run_elsewhere(facts.sample, owners, board);
    facts.candidate_again = metric::control_score(candidate, trials_.of(candidate_), inputs_.vectors, order);
    facts.baseline_again = metric::control_score(baseline, trials_.of(baseline_), inputs_.vectors, order);
    const auto& unequal = facts.baseline_again.first_unequal ? facts.baseline_again.first_unequal
                                                             : facts.candidate_again.first_unequal;
    if (unequal) facts.unlike_board = trials_.boards()[owners.owner(*unequal)];
  }

  std::optional<ControlScore> control_of(const std::string& board, const gate::Sample& sample) const {
    const Trial* control = trials_.control(board);
    const Trial& first = trials_.of(baseline_, board);
    if (control == nullptr || first.info.model_digest != control->info.model_digest) return std::nullopt;
    return metric::control_score(*control, first, inputs_.vectors, sample.order);
  }

  const RunTrials& trials_;
  const Inputs& inputs_;
  const std::string& candidate_;
  const std::string& baseline_ = inputs_.campaign.baseline;
  Parts parts_;
};

}  // namespace

RunRecord find_run(const store::RunStore& store, std::optional<std::int64_t> id, const Campaign& campaign) {
  const std::optional<RunRecord> run = id ? store.run(*id) : store.latest_run(campaign.name);
  if (run) return *run;
  throw Error(ErrorKind::usage,
              id ? "the database has no run " + std::to_string(*id)
                 : "the database has no run of campaign `" + campaign.name + "`",
              campaign.file.string(), "run the campaign first: tinyhil run " + campaign.file.string());
}

Judgement judge_run(const store::RunStore& store, std::optional<std::int64_t> id, const Inputs& inputs,
                    Moment now) {
  const RunRecord run = find_run(store, id, inputs.campaign);
  store.require_intact(run.id);
  return judge_intact_run(store, run, inputs, now);
}

Judgement judge_intact_run(const store::RunStore& store, const RunRecord& run, const Inputs& inputs,
                           Moment now) {
  return judge_facts(run, load_facts(store, run.id), inputs, now);
}

RunFacts load_facts(const store::RunStore& store, std::int64_t run) {
  return {store.trials(run), store.recordings(run)};
}

Judgement judge_facts(const RunRecord& run, RunFacts facts, const Inputs& inputs, Moment now) {
  const Campaign& campaign = inputs.campaign;
  Judgement judgement;
  judgement.run = run;
  judgement.policy = inputs.policy.digest;
  const gate::Sample sample = sample_of(judgement.run, inputs);
  const RunTrials trials(std::move(facts.trials), judgement.run, inputs);
  judgement.recordings = std::move(facts.recordings);
  judgement.boards = trials.identities();
  judgement.scorecards.push_back(
      metric::score(trials.of(campaign.baseline), inputs.vectors, campaign.model(campaign.baseline).golden));
  std::vector<std::vector<BoardFigures>> by_board;  // baseline first
  for (const std::string& model : campaign.candidates) {
    Judged judged = Pairing(trials, inputs, model).judge(sample, now, judgement.recordings);
    if (by_board.empty())
      by_board.push_back(figures_by_board(trials, judged.boards, &gate::BoardFacts::baseline));
    by_board.push_back(figures_by_board(trials, judged.boards, &gate::BoardFacts::candidate));
    judgement.scorecards.push_back(std::move(judged.candidate));
    judgement.verdicts.push_back(std::move(judged.verdict));
  }
  std::vector<std::string> models = {campaign.baseline};
  models.insert(models.end(), campaign.candidates.begin(), campaign.candidates.end());
  judgement.energies = metric::energy_figures(judgement.recordings, models);
  for (std::size_t i = 0; i < by_board.size(); ++i) {
    if (by_board[i].size() < 2) continue;
    judgement.comparisons.push_back(
        compared_boards(std::move(by_board[i]), models[i], judgement.energies, judgement.run));
  }
  return judgement;
}

void record_verdicts(const Judgement& judgement, const Inputs& inputs, store::RunStore& store) {
  for (const Verdict& verdict : judgement.verdicts) {
    store.add_verdict(judgement.run.id, {verdict.candidate, inputs.policy.digest, to_string(verdict.outcome),
                                         verdict.judged_at});
  }
}

InterimLook::InterimLook(std::vector<Trial> trials, const RunRecord& run, const Inputs& inputs,
                         std::uint64_t drawn)
    : inputs_(inputs), trials_(std::move(trials), run, inputs, drawn), sample_(sample_of(run, inputs)) {}

Outcome InterimLook::outcome_of(const std::string& candidate, Moment now) const {
  return Pairing(trials_, inputs_, candidate).judge(sample_, now, std::nullopt).verdict.outcome;
}

std::string Judgement::policy_words() const {
  return policy.hex() +
         (policy == run.policy_digest ? "" : ", not the run's own, " + run.policy_digest.hex());
}

}  // namespace tinyhil::campaign
