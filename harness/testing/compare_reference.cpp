// SPDX-License-Identifier: Apache-2.0
#include "compare_reference.hpp"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <limits>
#include <map>

#include "metric/internal/alike.hpp"
#include "metric/internal/answers.hpp"

namespace tinyhil::test {
namespace {

class Counter {
 public:
  void add(std::int64_t value) { ++counts_[value]; }
  std::int64_t largest() const { return counts_.empty() ? 0 : counts_.rbegin()->first; }
  std::uint64_t up_to(std::int64_t value) const {
    std::uint64_t sum = 0;
    for (auto entry = counts_.begin(); entry != counts_.upper_bound(value); ++entry) sum += entry->second;
    return sum;
  }
  Histogram histogram() const {
    Histogram result;
    for (const auto& [value, count] : counts_) result.push_back({value, count});
    return result;
  }

 private:
  std::map<std::int64_t, std::uint64_t> counts_;
};

struct Side {
  Side(const Trial& trial, std::size_t vectors) : rows(trial), answers(metric::answer_rows(rows, vectors)) {}

  bool answered(std::size_t vector) const { return answers[vector] != metric::kNoAnswer; }
  bool timed(std::size_t vector) const { return answered(vector) && rows.timed(answers[vector]); }
  std::int64_t ticks(std::size_t vector) const { return rows.ticks(answers[vector]); }
  std::uint32_t top_class(std::size_t vector) const { return rows.top_class(answers[vector]); }
  std::vector<std::int64_t> steps(std::size_t vector) const {
    const metric::Output output = rows.output(answers[vector]);
    std::vector<std::int64_t> steps(output.size() / size_of(rows.dtype()));
    for (std::size_t i = 0; i < steps.size(); ++i) steps[i] = metric::step_at(rows.dtype(), output, i);
    return steps;
  }

  metric::Rows rows;
  std::vector<std::uint32_t> answers;
};

void count(PairCounts& counts, bool baseline_right, bool candidate_right) {
  if (baseline_right) {
    ++(candidate_right ? counts.both_right : counts.lost);
  } else {
    ++(candidate_right ? counts.gained : counts.both_wrong);
  }
}

void count_pairs(const Side& candidate, const Side& baseline, const VectorSet& vectors, Comparison& result) {
  for (const Slice& slice : vectors.slices) {
    result.slices.emplace_back(slice.values.size());
    result.by_label.emplace_back(slice.values.size() * vectors.classes.size());
  }
  for (std::size_t i = 0; i < vectors.count; ++i) {
    if (!baseline.answered(i)) continue;
    const std::uint16_t label = vectors.labels[i];
    const bool baseline_right = baseline.top_class(i) == label;
    const bool candidate_right = candidate.answered(i) && candidate.top_class(i) == label;
    count(result.all, baseline_right, candidate_right);
    for (std::size_t s = 0; s < vectors.slices.size(); ++s) {
      const std::size_t code = vectors.slices[s].code[i];
      count(result.slices[s].at(code), baseline_right, candidate_right);
      count(result.by_label[s].at(code * vectors.classes.size() + label), baseline_right, candidate_right);
    }
  }
}

std::int64_t largest_step(const std::vector<std::int64_t>& candidate,
                          const std::vector<std::int64_t>& baseline) {
  std::int64_t largest = 0;
  for (std::size_t i = 0; i < baseline.size(); ++i)
    largest = std::max(largest, std::abs(candidate[i] - baseline[i]));
  return largest;
}

// Between the largest and the next; nothing is near a class that is alone.
std::int64_t gap(std::vector<std::int64_t> steps) {
  if (steps.size() < 2) return std::numeric_limits<std::int64_t>::max();
  std::sort(steps.rbegin(), steps.rend());
  return steps[0] - steps[1];
}

void measure_drift(const Side& candidate, const Side& baseline, std::size_t vectors, ScoreDrift& drift) {
  Counter largest_steps, gaps;
  for (std::size_t i = 0; i < vectors; ++i) {
    if (!candidate.answered(i) || !baseline.answered(i)) continue;
    ++drift.n;
    drift.flipped += candidate.top_class(i) != baseline.top_class(i);
    if (!drift.unlike.empty()) continue;
    const std::vector<std::int64_t> before = baseline.steps(i);
    largest_steps.add(largest_step(candidate.steps(i), before));
    gaps.add(gap(before));
  }
  drift.largest_step = largest_steps.histogram();
  drift.within_gap = gaps.up_to(2 * largest_steps.largest());
}

void count_ticks(const Side& candidate, const Side& baseline, std::size_t vectors, Comparison& result) {
  Counter change, ours, theirs;
  for (std::size_t i = 0; i < vectors; ++i) {
    if (!candidate.timed(i) || !baseline.timed(i)) continue;
    change.add(candidate.ticks(i) - baseline.ticks(i));
    ours.add(candidate.ticks(i));
    theirs.add(baseline.ticks(i));
  }
  result.latency.change = change.histogram();
  result.latency.candidate = ours.histogram();
  result.latency.baseline = theirs.histogram();
}

}  // namespace

Comparison compare_reference(const Trial& candidate, const Trial& baseline, const VectorSet& vectors) {
  for (const Trial* trial : {&candidate, &baseline}) {
    assert(trial->info.vectors_digest == vectors.digest && trial->info.vector_count == vectors.count);
    metric::check_output(*trial, vectors);
  }
  const Side ours(candidate, vectors.count), theirs(baseline, vectors.count);
  Comparison result;
  count_pairs(ours, theirs, vectors, result);
  result.drift.unlike = metric::unlike_outputs(candidate, baseline);
  measure_drift(ours, theirs, vectors.count, result.drift);
  result.latency.unlike = metric::unlike_ticks(candidate.info, baseline.info);
  if (result.latency.unlike.empty()) count_ticks(ours, theirs, vectors.count, result);
  result.scores = [&](std::size_t of) { return metric::class_scores(candidate, baseline, vectors, of); };
  result.largest_steps = [&] { return metric::largest_steps(candidate, baseline, vectors.count); };
  return result;
}

}  // namespace tinyhil::test
