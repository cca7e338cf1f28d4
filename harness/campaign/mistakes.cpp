// SPDX-License-Identifier: Apache-2.0
#include "mistakes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/nearest.hpp"
#include "campaign/internal/model_mistakes.hpp"
#include "gate/groups.hpp"
#include "gate/waiver.hpp"
#include "model/task.hpp"

namespace tinyhil::campaign {
namespace {

constexpr double kManyNearCopies = 0.01;  // of the vectors: some are alike in any recording

gate::Known known_of(const Inputs& inputs, const Place& place) {
  const Campaign& campaign = inputs.campaign;
  gate::Known known{inputs.vectors, inputs.models,  campaign.repeats,
                    campaign.mode,  campaign.top_k, campaign.inference_timeout};
  known.measures_current = campaign.energy.has_value();
  for (const Board* board : place.boards)
    if (!board->meter) known.without_meter.push_back(board->name);
  for (const Board* board : place.boards)
    if (!board->image && !campaign.compares_images()) known.without_image.push_back(board->name);
  return known;
}

// Their models are never on a board together, so that they cannot take turns.
void check_energy(const Inputs& inputs, const Place& place, std::vector<gate::Mistake>& found) {
  const bool is_metered =
      std::ranges::any_of(place.boards, [](const Board* board) { return board->meter.has_value(); });
  if (!inputs.campaign.energy || !is_metered || !inputs.campaign.compares_images()) return;
  found.push_back({"`energy` compares models that take turns on a board, and firmware images do not",
                   "leave `energy` out of the campaign", "", inputs.campaign.file.string()});
}

void check_rules(const Inputs& inputs, const Place& place, std::vector<gate::Mistake>& found) {
  const gate::Known known = known_of(inputs, place);
  for (const gate::PolicyRule& rule : inputs.policy.rules) {
    for (gate::Mistake& mistake : rule.rule->mistakes(known)) {
      mistake.what = "rule `" + rule.id + "`: " + mistake.what;
      found.push_back(std::move(mistake));
    }
  }
}

// What a waiver of this rule is for does not exist.
std::optional<gate::Mistake> no_such_scope(const std::string& rule, const char* noun,
                                           const std::optional<std::string>& name,
                                           const std::vector<std::string>& known) {
  if (!name || std::ranges::find(known, *name) != known.end()) return std::nullopt;
  return gate::Mistake{
      fmt::format("a waiver of rule `{}` is for the {} `{}`, which does not exist", rule, noun, *name),
      suggestion(*name, known)};
}

// Also of candidates that are not asked for this time.
void check_waivers(const Inputs& inputs, const Place& place, std::vector<gate::Mistake>& found) {
  std::vector<std::string> candidates, boards;
  for (const HostOutputs& model : inputs.campaign.host_outputs) candidates.push_back(model.model);
  if (place.bench != nullptr)
    for (const Board& board : place.bench->boards) boards.push_back(board.name);
  const auto note = [&](std::optional<gate::Mistake> mistake) {
    if (mistake) found.push_back(std::move(*mistake));
  };
  for (const gate::Waiver& waiver : inputs.policy.waivers) {
    note(no_such_scope(waiver.rule, "candidate", waiver.candidate, candidates));
    if (place.bench != nullptr) note(no_such_scope(waiver.rule, "board", waiver.board, boards));
  }
}

// Scores between 0 and 1 are no counts of right answers, which the SPRT is about, and by which evidence that
// may be looked at at any time learns what groups are worth.
void check_sampling(const Inputs& inputs, std::vector<gate::Mistake>& found) {
  const sampling::Sampling& sampling = inputs.policy.sampling;
  const TaskTraits task = inputs.campaign.task->traits();
  const bool is_of_groups = gate::shares_groups(inputs.vectors) && sampling.claim != Claim::this_set;
  if (task.is_right_or_wrong || sampling.order == DrawOrder::disagreement_first) return;
  if (sampling.stop == StopRule::sprt)
    found.push_back(
        {fmt::format("the SPRT counts right answers, and the scores of this {} lie in between", task.kind),
         "write `stop: e-process` or `stop: group-sequential`"});
  if (sampling.stop == StopRule::e_process && is_of_groups)
    found.push_back(
        {fmt::format("the e-process has no bounds for scores between 0 and 1 of vectors that come in "
                     "groups (`{}`)",
                     inputs.vectors.group_unit),
         "write `stop: group-sequential`, or leave `sampling` out"});
}

void check_near_copies(const Inputs& inputs, std::vector<gate::Mistake>& found) {
  const VectorSet& vectors = inputs.vectors;
  if (static_cast<double>(vectors.near_copies) <= kManyNearCopies * static_cast<double>(vectors.count))
    return;
  found.push_back(
      {fmt::format("{} of {} vectors equal an earlier one in all but a few bytes, and count as if they "
                   "were independent of it",
                   vectors.near_copies, vectors.count),
       "give vectors that come from one recording the same `group`", gate::kNearCopiesCheck,
       vectors.file.string()});
}

gate::SenseLevel level_of(const gate::Mistake& mistake, const gate::Policy& policy) {
  return mistake.check.empty() ? gate::SenseLevel::error : policy.checks.of(mistake.check);
}

// The way to say "I mean it".
std::string remedy_of(const gate::Mistake& mistake) {
  if (mistake.check.empty()) return mistake.remedy;
  return mistake.remedy + "; if it is meant, write `checks: {" + mistake.check + ": warn}` in the gate";
}

std::string listed(const std::vector<gate::Mistake>& mistakes) {
  std::string text = fmt::format("{} mistakes, found before any board was touched", mistakes.size());
  for (std::size_t i = 0; i < mistakes.size(); ++i)
    text += fmt::format("\n  {}. {} ({}): {}", i + 1, mistakes[i].what, mistakes[i].where,
                        remedy_of(mistakes[i]));
  return text;
}

}  // namespace

std::vector<gate::Mistake> mistakes_in(const Inputs& inputs, const Place& place) {
  std::vector<gate::Mistake> found = inputs.file_mistakes;
  for (gate::Mistake& mistake : model_mistakes(inputs.campaign, inputs.vectors, inputs.models))
    found.push_back(std::move(mistake));
  check_rules(inputs, place, found);
  check_energy(inputs, place, found);
  check_waivers(inputs, place, found);
  check_sampling(inputs, found);
  check_near_copies(inputs, found);
  std::erase_if(found, [&](const gate::Mistake& each) {
    return level_of(each, inputs.policy) == gate::SenseLevel::off;
  });
  for (gate::Mistake& mistake : found)
    if (mistake.where.empty()) mistake.where = inputs.campaign.policy.string();
  return found;
}

std::vector<gate::Mistake> mistakes_that_stop(const Inputs& inputs, const Place& place) {
  std::vector<gate::Mistake> found = mistakes_in(inputs, place);
  std::erase_if(found, [&](const gate::Mistake& each) {
    return level_of(each, inputs.policy) != gate::SenseLevel::error;
  });
  return found;
}

void refuse_mistakes(const Inputs& inputs, const Place& place) {
  const std::vector<gate::Mistake> found = mistakes_that_stop(inputs, place);
  if (found.empty()) return;
  const gate::Mistake& first = found.front();
  if (found.size() == 1) throw Error(ErrorKind::usage, first.what, first.where, remedy_of(first));
  throw Error(ErrorKind::usage, listed(found), inputs.campaign.file.string(),
              "mend them; no board was touched and nothing was stored");
}

std::vector<gate::Mistake> warnings_among(const std::vector<gate::Mistake>& mistakes,
                                          const gate::Policy& policy) {
  std::vector<gate::Mistake> warnings;
  for (const gate::Mistake& mistake : mistakes)
    if (level_of(mistake, policy) == gate::SenseLevel::warn) warnings.push_back(mistake);
  return warnings;
}

}  // namespace tinyhil::campaign
