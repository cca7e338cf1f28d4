// SPDX-License-Identifier: Apache-2.0
// For tests: a candidate and a baseline that are comparable and whole, to be spoiled in one respect.
#pragma once

#include <string>
#include <string_view>

#include "gate/gate.hpp"
#include "gate/registry.hpp"

namespace tinyhil {

struct TestCase {
  VectorSet vectors;
  Scorecard candidate;
  Scorecard baseline;

  Evidence evidence(double alpha = 0.05) const { return {candidate, baseline, vectors, alpha}; }

  // Adds vectors labelled 0 of the slice value `code`: right is class 0, wrong is class 1.
  void add(std::size_t count, bool baseline_right, bool candidate_right, std::uint16_t code = 0) {
    vectors.labels.insert(vectors.labels.end(), count, 0);
    baseline.predicted.insert(baseline.predicted.end(), count, baseline_right ? 0 : 1);
    candidate.predicted.insert(candidate.predicted.end(), count, candidate_right ? 0 : 1);
    for (Slice& slice : vectors.slices) slice.code.insert(slice.code.end(), count, code);
    vectors.count = vectors.labels.size();
    for (Scorecard* card : {&candidate, &baseline}) {
      card->info.vector_count = vectors.count;
      card->inferences = vectors.count;
    }
  }

  // `lost`, `gained` and, up to n, vectors that both answer right; all of the slice value `code`.
  void add_pairs(std::size_t lost, std::size_t gained, std::size_t n, std::uint16_t code = 0) {
    add(lost, true, false, code);
    add(gained, false, true, code);
    add(n - lost - gained, true, true, code);
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
    card->latency.clock_hz = 1'000'000;
  }
  made.candidate.info.model = "slim";
  made.baseline.info.model = "shipped";
  return made;
}

// One rule from the text of its own keys, as a policy would make it.
inline std::unique_ptr<Rule> rule_of(const std::string& test, std::string_view yaml) {
  const Section section = Section::parse(yaml, "gate.yaml");
  std::unique_ptr<Rule> rule = make_rule(test, section);
  section.finish();
  return rule;
}

}  // namespace tinyhil
