// SPDX-License-Identifier: Apache-2.0
#include "mistakes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/nearest.hpp"
#include "model_mistakes.hpp"

namespace tinyhil {
namespace {

constexpr double kManyNearCopies = 0.01;  // of the vectors: some are alike in any recording

Known known_of(const Inputs& inputs, const Place& place) {
  const Campaign& campaign = inputs.campaign;
  Known known{inputs.vectors, inputs.models,  campaign.repeats,
              campaign.mode,  campaign.top_k, campaign.inference_timeout};
  for (const Board* board : place.boards)
    if (!board->image && !campaign.compares_images()) known.without_image.push_back(board->name);
  return known;
}

void check_rules(const Inputs& inputs, const Place& place, std::vector<Mistake>& found) {
  const Known known = known_of(inputs, place);
  for (const PolicyRule& rule : inputs.policy.rules) {
    for (Mistake& mistake : rule.rule->mistakes(known)) {
      mistake.what = "rule `" + rule.id + "`: " + mistake.what;
      found.push_back(std::move(mistake));
    }
  }
}

// What a waiver of this rule is for does not exist.
std::optional<Mistake> no_such_scope(const std::string& rule, const char* noun,
                                     const std::optional<std::string>& name,
                                     const std::vector<std::string>& known) {
  if (!name || std::ranges::find(known, *name) != known.end()) return std::nullopt;
  return Mistake{
      fmt::format("a waiver of rule `{}` is for the {} `{}`, which does not exist", rule, noun, *name),
      suggestion(*name, known)};
}

// Also of candidates that are not asked for this time.
void check_waivers(const Inputs& inputs, const Place& place, std::vector<Mistake>& found) {
  std::vector<std::string> candidates, boards;
  for (const HostOutputs& model : inputs.campaign.host_outputs) candidates.push_back(model.model);
  if (place.bench != nullptr)
    for (const Board& board : place.bench->boards) boards.push_back(board.name);
  const auto note = [&](std::optional<Mistake> mistake) {
    if (mistake) found.push_back(std::move(*mistake));
  };
  for (const Waiver& waiver : inputs.policy.waivers) {
    note(no_such_scope(waiver.rule, "candidate", waiver.candidate, candidates));
    if (place.bench != nullptr) note(no_such_scope(waiver.rule, "board", waiver.board, boards));
  }
}

void check_near_copies(const Inputs& inputs, std::vector<Mistake>& found) {
  const VectorSet& vectors = inputs.vectors;
  if (static_cast<double>(vectors.near_copies) <= kManyNearCopies * static_cast<double>(vectors.count))
    return;
  found.push_back(
      {fmt::format("{} of {} vectors equal an earlier one in all but a few bytes, and count as if they "
                   "were independent of it",
                   vectors.near_copies, vectors.count),
       "give vectors that come from one recording the same `group`", kNearCopiesCheck,
       vectors.file.string()});
}

SenseLevel level_of(const Mistake& mistake, const Policy& policy) {
  return mistake.check.empty() ? SenseLevel::error : policy.checks.of(mistake.check);
}

// The way to say "I mean it".
std::string remedy_of(const Mistake& mistake) {
  if (mistake.check.empty()) return mistake.remedy;
  return mistake.remedy + "; if it is meant, write `checks: {" + mistake.check + ": warn}` in the gate";
}

std::string listed(const std::vector<Mistake>& mistakes) {
  std::string text = fmt::format("{} mistakes, found before any board was touched", mistakes.size());
  for (std::size_t i = 0; i < mistakes.size(); ++i)
    text += fmt::format("\n  {}. {} ({}): {}", i + 1, mistakes[i].what, mistakes[i].where,
                        remedy_of(mistakes[i]));
  return text;
}

}  // namespace

std::vector<Mistake> mistakes_in(const Inputs& inputs, const Place& place) {
  std::vector<Mistake> found = inputs.file_mistakes;
  for (Mistake& mistake : model_mistakes(inputs.campaign, inputs.vectors, inputs.models))
    found.push_back(std::move(mistake));
  check_rules(inputs, place, found);
  check_waivers(inputs, place, found);
  check_near_copies(inputs, found);
  std::erase_if(found, [&](const Mistake& each) { return level_of(each, inputs.policy) == SenseLevel::off; });
  for (Mistake& mistake : found)
    if (mistake.where.empty()) mistake.where = inputs.campaign.policy.string();
  return found;
}

std::vector<Mistake> mistakes_that_stop(const Inputs& inputs, const Place& place) {
  std::vector<Mistake> found = mistakes_in(inputs, place);
  std::erase_if(found,
                [&](const Mistake& each) { return level_of(each, inputs.policy) != SenseLevel::error; });
  return found;
}

void refuse_mistakes(const Inputs& inputs, const Place& place) {
  const std::vector<Mistake> found = mistakes_that_stop(inputs, place);
  if (found.empty()) return;
  const Mistake& first = found.front();
  if (found.size() == 1) throw Error(ErrorKind::usage, first.what, first.where, remedy_of(first));
  throw Error(ErrorKind::usage, listed(found), inputs.campaign.file.string(),
              "mend them; no board was touched and nothing was stored");
}

std::vector<Mistake> warnings_among(const std::vector<Mistake>& mistakes, const Policy& policy) {
  std::vector<Mistake> warnings;
  for (const Mistake& mistake : mistakes)
    if (level_of(mistake, policy) == SenseLevel::warn) warnings.push_back(mistake);
  return warnings;
}

}  // namespace tinyhil
