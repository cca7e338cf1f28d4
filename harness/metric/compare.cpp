// SPDX-License-Identifier: Apache-2.0
#include "compare.hpp"

#include <array>
#include <cassert>

#include "metric/internal/alike.hpp"
#include "metric/internal/answers.hpp"
#include "metric/internal/counting.hpp"
#include "metric/internal/output_reader.hpp"
#include "metric/internal/pair_blocks.hpp"
#include "model/task.hpp"

namespace tinyhil::metric {
namespace {

// Pairs by slice value, label and who was right, as one table: [(value * classes + label) * 4 + outcome].
class PairTable {
 public:
  PairTable(std::size_t values, std::size_t classes) : classes_(classes), counts_(4 * values * classes) {}

  void count(const std::uint16_t* codes, const std::uint16_t* labels, const std::uint8_t* outcomes,
             std::size_t size) {
    std::uint64_t* const counts = counts_.data();
    const auto classes = static_cast<std::uint32_t>(classes_);
    for (std::size_t i = 0; i < size; ++i) ++counts[(codes[i] * classes + labels[i]) * 4 + outcomes[i]];
  }

  std::vector<PairCounts> by_label() const {
    std::vector<PairCounts> result(counts_.size() / 4);
    for (std::size_t i = 0; i < result.size(); ++i) {
      const std::uint64_t* const of = counts_.data() + 4 * i;
      result[i] = {of[3], of[2], of[1], of[0]};
    }
    return result;
  }

 private:
  std::size_t classes_;
  std::vector<std::uint64_t> counts_;
};

PairCounts sum(std::span<const PairCounts> counts) {
  PairCounts all;
  for (const PairCounts& each : counts) {
    all.both_right += each.both_right;
    all.lost += each.lost;
    all.gained += each.gained;
    all.both_wrong += each.both_wrong;
  }
  return all;
}

// What one block after the other adds up to.
class Tally {
 public:
  explicit Tally(const VectorSet& vectors)
      : vectors_(vectors), task_(vectors.task->traits()), no_codes_(kBlockVectors), all_(1, classes()) {
    if (!task_.has_classes) right_codes_.assign(vectors.count, kRightCode);
    for (const Slice& slice : vectors.slices) slices_.emplace_back(slice.values.size(), classes());
  }

  OutputReader::Classes classes_of(const PairBlock& block) {
    return {std::span(candidate_).first(block.size), std::span(baseline_).first(block.size)};
  }

  // After the reader has filled in classes_of(block).
  void count(const PairBlock& block) {
    const std::uint16_t* const labels =
        column(task_.has_classes ? vectors_.labels : right_codes_, block, labels_);
    for (std::size_t i = 0; i < block.size; ++i) {
      outcomes_[i] =
          static_cast<std::uint8_t>((baseline_[i] == labels[i]) << 1 | (candidate_[i] == labels[i]));
    }
    if (!block.candidate.empty()) {
      both_answered_ += block.size;
      flipped_ += flipped(block.size);
    }
    if (slices_.empty()) all_.count(no_codes_.data(), labels, outcomes_.data(), block.size);
    for (std::size_t s = 0; s < slices_.size(); ++s) {
      const std::uint16_t* const codes = column(vectors_.slices[s].code, block, codes_);
      slices_[s].count(codes, labels, outcomes_.data(), block.size);
    }
  }

  void write_into(Comparison& result) const {
    for (const PairTable& table : slices_) {
      result.by_label.push_back(table.by_label());
      const std::span<const PairCounts> counts = result.by_label.back();
      std::vector<PairCounts>& values = result.slices.emplace_back();
      for (std::size_t at = 0; at < counts.size(); at += classes()) {
        values.push_back(sum(counts.subspan(at, classes())));
      }
    }
    result.all = sum(slices_.empty() ? all_.by_label() : result.slices.front());
    result.drift.n = both_answered_;
    result.drift.flipped = flipped_;
    leave_out_what_means_nothing(result);
  }

 private:
  using BlockColumn = std::array<std::uint16_t, kBlockVectors>;

  void leave_out_what_means_nothing(Comparison& result) const {
    if (!task_.has_classes) {
      result.by_label.clear();
      result.drift.flipped = 0;
    }
    if (task_.is_right_or_wrong) return;
    result.all = {};
    for (std::vector<PairCounts>& values : result.slices) values.assign(values.size(), {});
  }

  std::uint64_t flipped(std::size_t size) const {
    std::uint16_t count = 0;  // of a block, so that it fits
    for (std::size_t i = 0; i < size; ++i) count += static_cast<std::uint16_t>(baseline_[i] != candidate_[i]);
    return count;
  }

  std::size_t classes() const { return task_.has_classes ? vectors_.classes.size() : kCodes; }

  // The block's part of a column of the vector set, gathered into `space` where it is not one piece.
  static const std::uint16_t* column(const std::vector<std::uint16_t>& whole, const PairBlock& block,
                                     BlockColumn& space) {
    if (block.vectors.empty()) return whole.data() + block.first;
    for (std::size_t i = 0; i < block.size; ++i) space[i] = whole[block.vectors[i]];
    return space.data();
  }

  const VectorSet& vectors_;
  const TaskTraits task_;
  std::vector<std::uint16_t> right_codes_;  // [vectors], in place of labels where the task has no classes
  BlockColumn candidate_{}, baseline_{}, labels_{}, codes_{};
  std::array<std::uint8_t, kBlockVectors> outcomes_{};
  std::vector<std::uint16_t> no_codes_;
  PairTable all_;                  // without slices; with them their sums say it
  std::vector<PairTable> slices_;  // one a slice
  std::uint64_t both_answered_ = 0, flipped_ = 0;
};

struct Ticks {
  explicit Ticks(std::size_t vectors) : change(vectors), candidate(vectors), baseline(vectors) {}

  void count(const PairBlock& block) {
    const Values ours(block.candidate_ticks), theirs(block.baseline_ticks);
    change.add_differences(ours, theirs);
    candidate.add(ours);
    baseline.add(theirs);
  }

  CountingHistogram change, candidate, baseline;
};

bool gives_bytes(const Trial& trial) {
  const Tensor& output = trial.info.output.front();
  const bool is_byte = output.dtype == DType::int8 || output.dtype == DType::uint8;
  return trial.rows.size() > 0 && trial.info.top_k == 0 && is_byte && output.elements() <= kMostBytes;
}

std::unique_ptr<OutputReader> reader_of(const Trial& candidate, const Trial& baseline,
                                        const VectorSet& vectors, bool steps) {
  if (!vectors.task->traits().class_is_largest) return scored_reader(candidate, baseline, vectors, steps);
  const bool alike = candidate.info.output.front().dtype == baseline.info.output.front().dtype;
  if (alike && gives_bytes(candidate) && gives_bytes(baseline)) return byte_reader(baseline.info);
  return plain_reader(candidate.info, baseline.info, steps);
}

// One side's steps, by the row that answers a vector.
class SideSteps {
 public:
  SideSteps(const Trial& trial, std::size_t vectors) : rows_(trial), answers_(answer_rows(rows_, vectors)) {}

  std::optional<std::uint32_t> steps(std::size_t vector, const RowQuantity& of) const {
    const std::uint32_t row = answers_[vector];
    if (row == kNoAnswer || !rows_.timed(row)) return std::nullopt;
    return of.steps(rows_.stored(), row);
  }

 private:
  Rows rows_;
  std::vector<std::uint32_t> answers_;
};

PairedSteps pair_steps(const SideSteps& candidate, const SideSteps& baseline, std::size_t vectors,
                       const RowQuantity& of) {
  std::vector<std::uint32_t> ours, theirs;
  for (std::size_t vector = 0; vector < vectors; ++vector) {
    const auto our = candidate.steps(vector, of), their = baseline.steps(vector, of);
    if (!our || !their) continue;
    ours.push_back(*our);
    theirs.push_back(*their);
  }
  CountingHistogram change(vectors), first(vectors), second(vectors);
  change.add_differences(Values(ours), Values(theirs));
  first.add(Values(ours));
  second.add(Values(theirs));
  return {of.quantity, "", change.histogram(), first.histogram(), second.histogram()};
}

std::vector<PairedSteps> pair_further(const Trial& candidate, const Trial& baseline, std::size_t vectors,
                                      const RowQuantities& quantities) {
  std::vector<PairedSteps> found;
  if (quantities.empty()) return found;
  const SideSteps ours(candidate, vectors), theirs(baseline, vectors);
  for (const RowQuantity& of : quantities) {
    const std::string unlike = of.unlike(candidate.info, baseline.info);
    found.push_back(unlike.empty() ? pair_steps(ours, theirs, vectors, of)
                                   : PairedSteps{of.quantity, unlike, {}, {}, {}});
  }
  return found;
}

}  // namespace

Comparison compare(const Trial& candidate, const Trial& baseline, const VectorSet& vectors) {
  return compare_with(candidate, baseline, vectors, further_quantities());
}

Comparison compare_with(const Trial& candidate, const Trial& baseline, const VectorSet& vectors,
                        const RowQuantities& further) {
  for (const Trial* trial : {&candidate, &baseline}) {
    assert(trial->info.vectors_digest == vectors.digest && trial->info.vector_count == vectors.count);
    check_output(*trial, vectors);
  }
  Comparison result;
  result.drift.unlike = unlike_outputs(candidate, baseline);
  result.latency.unlike = unlike_ticks(candidate.info, baseline.info);
  const bool steps = result.drift.unlike.empty();
  const auto reader = reader_of(candidate, baseline, vectors, steps);
  Tally tally(vectors);
  Ticks ticks(vectors.count);
  for_each_block(candidate, baseline, vectors.count, [&](const PairBlock& block) {
    reader->read(block, tally.classes_of(block));
    tally.count(block);
    if (result.latency.unlike.empty()) ticks.count(block);
  });
  tally.write_into(result);
  if (steps) reader->drift_into(result.drift);
  result.latency.change = ticks.change.histogram();
  result.latency.candidate = ticks.candidate.histogram();
  result.latency.baseline = ticks.baseline.histogram();
  result.further = pair_further(candidate, baseline, vectors.count, further);
  result.scores = [&](std::size_t of) { return class_scores(candidate, baseline, vectors, of); };
  result.largest_steps = [&] { return largest_steps(candidate, baseline, vectors.count); };
  return result;
}

}  // namespace tinyhil::metric
