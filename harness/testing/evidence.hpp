// SPDX-License-Identifier: Apache-2.0
// For tests: a candidate and a baseline that are comparable and whole, to be spoiled in one respect.
#pragma once

#include <string>
#include <string_view>

#include "gate/gate.hpp"
#include "gate/internal/registry.hpp"

namespace tinyhil::test {

struct TestCase {
  VectorSet vectors;
  Scorecard candidate;
  Scorecard baseline;
  Comparison comparison;
  gate::Sample sample = {sampling::Sampling::all_at_once(), {}, 0};

  std::vector<Recording> recordings = {};

  gate::Facts facts() const {
    gate::Facts facts{candidate, baseline, vectors, comparison, sample};
    facts.recordings = recordings;
    return facts;
  }
  gate::Evidence evidence(double alpha = 0.05) const { return {facts(), alpha, alpha}; }

  // Adds vectors of the class `label` and the slice value `code`: what is wrong is the other class.
  void add(std::size_t count, bool baseline_right, bool candidate_right, std::uint16_t code = 0,
           std::uint16_t label = 0) {
    const std::uint16_t other = label == 0 ? 1 : 0;
    vectors.labels.insert(vectors.labels.end(), count, label);
    add_answers(baseline, count, baseline_right ? label : other, baseline_right);
    add_answers(candidate, count, candidate_right ? label : other, candidate_right);
    for (Slice& slice : vectors.slices) slice.code.insert(slice.code.end(), count, code);
    count_pairs(count, baseline_right, candidate_right, code, label);
    vectors.count = vectors.labels.size();
    sample.drawn = vectors.count;
    for (Scorecard* card : {&candidate, &baseline}) {
      card->info.vector_count = vectors.count;
      card->drawn = vectors.count;
      card->inferences = vectors.count;
    }
  }

  // `lost`, `gained` and, up to n, vectors that both answer right; all of the slice value `code`.
  void add_pairs(std::size_t lost, std::size_t gained, std::size_t n, std::uint16_t code = 0) {
    add(lost, true, false, code);
    add(gained, false, true, code);
    add(n - lost - gained, true, true, code);
  }

  // Instead of its answer.
  static void give(Scorecard& card, std::size_t vector, Answer instead) {
    card.answers.at(vector) = instead;
    card.predicted.at(vector) = Scorecard::kNoClass;
    card.scores.at(vector) = 0;
  }

 private:
  static void add_answers(Scorecard& card, std::size_t count, std::uint16_t predicted, bool right) {
    card.answers.insert(card.answers.end(), count, Answer::given);
    card.predicted.insert(card.predicted.end(), count, predicted);
    card.scores.insert(card.scores.end(), count, right ? 1.0F : 0.0F);
  }

  // What metric/ would make of the vectors of one add().
  void count_pairs(std::size_t count, bool baseline_right, bool candidate_right, std::uint16_t code,
                   std::uint16_t label) {
    const auto into = [&](PairCounts& pairs) {
      (baseline_right ? (candidate_right ? pairs.both_right : pairs.lost)
                      : (candidate_right ? pairs.gained : pairs.both_wrong)) += count;
    };
    into(comparison.all);
    comparison.slices.resize(vectors.slices.size());
    comparison.by_label.resize(vectors.slices.size());
    for (std::size_t i = 0; i < vectors.slices.size(); ++i) {
      comparison.slices[i].resize(vectors.slices[i].values.size());
      comparison.by_label[i].resize(vectors.slices[i].values.size() * vectors.classes.size());
      into(comparison.slices[i].at(code));
      into(comparison.by_label[i].at(code * vectors.classes.size() + label));
    }
  }
};

inline TestCase comparable_case() {
  TestCase made;
  made.vectors.digest = sha256("vectors");
  made.vectors.classes = {"right", "wrong"};
  for (Scorecard* card : {&made.candidate, &made.baseline}) {
    card->info.vectors_digest = made.vectors.digest;
    card->info.board = {.name = "m4",
                        .kind = "nucleo-l4r5zi",
                        .serial = "0671FF",
                        .engine = "reference",
                        .build = "0.1.0",
                        .provenance = Provenance::real,
                        .image = sha256("image"),
                        .clock = "dwt-cyccnt",
                        .clock_hz = 1'000'000,
                        .timer_hz = 1'000'000,
                        .flash_size = 0,
                        .ram_size = 0};
    card->latency.steps_per_base = 1'000'000;
  }
  made.candidate.info.model = "slim";
  made.baseline.info.model = "shipped";
  return made;
}

// One rule from the text of its own keys, as a policy would make it.
inline std::unique_ptr<gate::Rule> rule_of(const std::string& test, std::string_view yaml) {
  const Section section = Section::parse(yaml, "gate.yaml");
  std::unique_ptr<gate::Rule> rule = gate::make_rule(test, section);
  section.finish();
  return rule;
}

}  // namespace tinyhil::test
