// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "gate/term.hpp"
#include "metric/metric.hpp"
#include "metric/output_scorer.hpp"
#include "metric/rows.hpp"
#include "plant_faults.hpp"
#include "spoil.hpp"

namespace tinyhil::campaign {
namespace {

// First row that has an output, if any.
std::optional<std::size_t> first_usable(const Trial& trial) {
  const metric::Rows rows(trial);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (rows.usable(row)) return row;
  }
  return std::nullopt;
}

// Answers of both sides over some of the vectors.
struct Answers {
  std::int64_t n = 0;
  double candidate = 0, baseline = 0;  // sums of scores
};

using Chosen = std::vector<bool>;  // by vector

Answers answers_of(Specimen& specimen, const Chosen& chosen) {
  Answers answers;
  const std::vector<Trial*> candidates = specimen.of_candidate(),
                            baselines = specimen.of(specimen.inputs.campaign.baseline);
  for (std::size_t i = 0; i < candidates.size() && i < baselines.size(); ++i) {
    const Scorecard ours = metric::score(*candidates[i], specimen.inputs.vectors, {});
    const Scorecard theirs = metric::score(*baselines[i], specimen.inputs.vectors, {});
    for (std::size_t v = 0; v < chosen.size(); ++v) {
      if (!chosen[v] || !was_scored(ours, v) || !was_scored(theirs, v)) continue;
      ++answers.n;
      answers.candidate += double{ours.scores[v]};
      answers.baseline += double{theirs.scores[v]};
    }
  }
  return answers;
}

void spoil_all_repeats(Trial& trial, const metric::Rows& rows, std::size_t first, bool class_is_largest) {
  for (std::size_t row = first; row < rows.end_of_vector(first); ++row) {
    if (!rows.usable(row)) continue;
    if (class_is_largest) {
      turn_top_class(trial, row);
    } else {
      turn_far_away(trial, row);
    }
  }
}

// Makes answers of the candidate as wrong as can be, until they lost so much of their scores. False when
// there are too few.
bool lose(Specimen& specimen, const Chosen& chosen, double scores) {
  const VectorSet& vectors = specimen.inputs.vectors;
  for (Trial* trial : specimen.of_candidate()) {
    const metric::Rows rows(*trial);
    metric::OutputScorer scorer(trial->info, vectors);
    for (std::size_t row = 0; row < rows.size() && scores > 0; row = rows.end_of_vector(row)) {
      const std::uint32_t vector = rows.vector(row);
      if (!chosen[vector] || !rows.usable(row)) continue;
      const float score = scorer.score(rows.output(row), vector).score;
      if (score == 0) continue;
      spoil_all_repeats(*trial, rows, row, vectors.task->traits().class_is_largest);
      scores -= double{score} - double{scorer.score(rows.output(row), vector).score};
    }
  }
  return scores <= 0;
}

// The candidate answers one vector more wrong than the margin lets it.
std::string lose_beyond(Specimen& specimen, const Chosen& chosen, double margin) {
  const Answers answers = answers_of(specimen, chosen);
  if (answers.n == 0) return kNoRows;
  const double allowed = std::floor(margin * static_cast<double>(answers.n));
  const double count = allowed + 1 + answers.candidate - answers.baseline;
  if (count <= 0) return "the candidate is worse by more already";
  return lose(specimen, chosen, count) ? "" : "it has too few right answers to lose";
}

// The margin of the strictest rule of these kinds, and the rule.
std::pair<const gate::PolicyRule*, double> strictest(const Specimen& specimen, const char* kind) {
  std::pair<const gate::PolicyRule*, double> found{nullptr, 1};
  for (const gate::PolicyRule& rule : specimen.inputs.policy.rules) {
    const std::optional<double> margin = number_of(rule, "margin");
    if (rule.test == kind && margin && (found.first == nullptr || *margin < found.second))
      found = {&rule, *margin};
  }
  return found;
}

std::vector<std::string> names_of(const gate::PolicyRule& rule, const std::string& key) {
  for (gate::Term& term : rule.rule->terms()) {
    if (term.key == key) return std::move(term.names);
  }
  return {};
}

// The vectors of the smallest slice value that the rule judges by itself.
Chosen smallest_value(Specimen& specimen, const gate::PolicyRule& rule) {
  const VectorSet& vectors = specimen.inputs.vectors;
  const auto least = static_cast<std::int64_t>(number_of(rule, "min_n").value_or(1));
  Chosen smallest;
  std::int64_t fewest = 0;
  for (const std::string& name : names_of(rule, "over")) {
    const Slice* slice = vectors.slice(name);
    for (std::size_t value = 0; slice != nullptr && value < slice->values.size(); ++value) {
      Chosen chosen(vectors.count);
      for (std::size_t v = 0; v < vectors.count; ++v) chosen[v] = slice->code[v] == value;
      const std::int64_t n = answers_of(specimen, chosen).n;
      if (n < least || (!smallest.empty() && n >= fewest)) continue;
      smallest = std::move(chosen);
      fewest = n;
    }
  }
  return smallest;
}

}  // namespace

std::string permuted_labels(Specimen& specimen) {
  const auto classes = static_cast<std::uint16_t>(specimen.inputs.vectors.classes.size());
  if (classes < 2) return classes == 0 ? "the task has no classes" : "the vectors have one class";
  for (std::uint16_t& label : specimen.labels) label = static_cast<std::uint16_t>((label + 1) % classes);
  return "";
}

std::string lost_accuracy(Specimen& specimen) {
  const auto [rule, margin] = strictest(specimen, "noninferiority");
  if (rule == nullptr) return "the policy has no rule `noninferiority`";
  return lose_beyond(specimen, Chosen(specimen.inputs.vectors.count, true), margin);
}

std::string worse_slice(Specimen& specimen) {
  const auto [rule, margin] = strictest(specimen, "worst_slice");
  if (rule == nullptr) return "the policy has no rule `worst_slice`";
  const Chosen value = smallest_value(specimen, *rule);
  return value.empty() ? "no slice value has enough vectors" : lose_beyond(specimen, value, margin);
}

std::string frozen_outputs(Specimen& specimen) {
  for (Trial* trial : specimen.of_candidate()) {
    const auto first = first_usable(*trial);
    if (!first) return kNoRows;
    const std::span<std::uint8_t> output = output_of(*trial, *first);
    const std::vector<std::uint8_t> same(output.begin(), output.end());
    for (std::size_t row = 0; row < trial->rows.size(); ++row)
      std::ranges::copy(same, output_of(*trial, row).begin());
  }
  return "";
}

std::string one_lsb(Specimen& specimen) {
  for (const gate::PolicyRule& rule : specimen.inputs.policy.rules) {
    const bool allows =
        number_of(rule, "max_lsb").value_or(0) > 0 || number_of(rule, "allow_fraction").value_or(0) > 0;
    if (rule.test == "golden" && allows) return "rule `" + rule.id + "` allows it";
  }
  Trial& trial = *specimen.of_candidate().front();
  const auto first = first_usable(trial);
  if (!first) return kNoRows;
  add_one_step(trial, *first);
  return "";
}

namespace {

// `to` answers as `from` did, where `from` was run.
bool answer_as(Trial& to, const Trial& from) {
  std::map<std::pair<std::uint32_t, std::uint16_t>, std::size_t> rows;
  for (std::size_t row = 0; row < from.rows.size(); ++row)
    rows[{from.rows.vector[row], from.rows.repeat[row]}] = row;
  bool changed = false;
  const std::size_t size = from.rows.output_size;
  for (std::size_t row = 0; row < to.rows.size(); ++row) {
    const auto found = rows.find({to.rows.vector[row], to.rows.repeat[row]});
    if (found == rows.end()) continue;
    const std::span<const std::uint8_t> theirs =
        std::span(from.rows.outputs).subspan(found->second * size, size);
    changed = changed || !std::ranges::equal(theirs, output_of(to, row));
    std::ranges::copy(theirs, output_of(to, row).begin());
  }
  return changed;
}

std::string answer_as(Specimen& specimen, const std::string& to, const std::string& from) {
  const std::vector<Trial*> ours = specimen.of(to), theirs = specimen.of(from);
  bool changed = false;
  for (std::size_t i = 0; i < ours.size() && i < theirs.size(); ++i) {
    if (ours[i]->rows.output_size != theirs[i]->rows.output_size)
      return "the models' outputs are of other sizes";
    changed = answer_as(*ours[i], *theirs[i]) || changed;
  }
  return changed ? "" : "both models' outputs are equal";
}

}  // namespace

std::string baseline_as_candidate(Specimen& specimen) {
  return answer_as(specimen, specimen.candidate, specimen.inputs.campaign.baseline);
}

std::string candidate_as_baseline(Specimen& specimen) {
  return answer_as(specimen, specimen.inputs.campaign.baseline, specimen.candidate);
}

}  // namespace tinyhil::campaign
