// SPDX-License-Identifier: Apache-2.0
#include "pair_blocks.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <vector>

#include "answers.hpp"
#include "metric/rows.hpp"
#include "model/inference_rows.hpp"

namespace tinyhil::metric {
namespace {

struct VectorRange {
  std::uint32_t first;
  std::size_t size;

  std::uint32_t end() const { return first + static_cast<std::uint32_t>(size); }
};

template <class T>
void fetch(const T* column, std::size_t count) {
  constexpr std::size_t kLine = 64;
  const char* const begin = reinterpret_cast<const char*>(column);
  for (std::size_t at = 0; at < count * sizeof(T); at += kLine) __builtin_prefetch(begin + at, 0, 2);
}

// One trial, read from its first row to its last.
class Side {
 public:
  explicit Side(const Trial& trial) : info_(trial.info), rows_(trial.rows) { check_output_size(trial); }

  // Whether the next rows are one good answer to each vector of the range.
  bool is_dense(const VectorRange& range) const {
    if (info_.top_k > 0 || rows_.size() - at_ < range.size) return false;
    const std::uint32_t* const vector = rows_.vector.data() + at_;
    const std::uint8_t* const status = rows_.status.data() + at_;
    std::uint32_t astray = 0;
    for (std::size_t i = 0; i < range.size; ++i) {
      astray |= vector[i] ^ (range.first + static_cast<std::uint32_t>(i));
    }
    std::uint8_t bad = 0;
    for (std::size_t i = 0; i < range.size; ++i) {
      bad |= static_cast<std::uint8_t>(!gave_output(RowStatus{status[i]}));
    }
    const std::size_t next = at_ + range.size;
    const bool repeated = next < rows_.size() && rows_.vector[next] < range.end();
    return astray == 0 && bad == 0 && !repeated && !has_nan(info_.output.front().dtype, outputs(range.size));
  }

  // So that the columns of the rows behind the next `rows` are there when they are wanted.
  void fetch_ahead(std::size_t rows) const {
    const std::size_t next = std::min(at_ + rows, rows_.size()), count = std::min(rows, rows_.size() - next);
    fetch(rows_.vector.data() + next, count);
    fetch(rows_.status.data() + next, count);
    fetch(rows_.clock.data() + next, count);
    fetch(rows_.outputs.data() + next * rows_.output_size, count * rows_.output_size);
  }
  void skip(std::size_t rows) { at_ += rows; }
  bool at_end() const { return at_ == rows_.size(); }

  Output outputs(std::size_t rows) const {
    return Output(rows_.outputs).subspan(at_ * rows_.output_size, rows * rows_.output_size);
  }
  std::span<const std::uint32_t> ticks(std::size_t rows) const {
    return std::span(rows_.clock).subspan(at_, rows);
  }
  std::span<const std::uint8_t> status(std::size_t rows) const {
    return std::span(rows_.status).subspan(at_, rows);
  }

  // The row that answers `vector`, or kNoAnswer; goes on behind its rows.
  std::uint32_t take(std::uint32_t vector) {
    std::uint32_t answer = kNoAnswer;
    bool quarantined = false;
    assert(at_end() || rows_.vector[at_] >= vector);
    for (; !at_end() && rows_.vector[at_] == vector; ++at_) {
      const RowStatus status{rows_.status[at_]};
      quarantined = quarantined || status == RowStatus::quarantined;
      if (answer == kNoAnswer && gave_output(status) && is_meaningful(info_, outputs(1))) {
        answer = static_cast<std::uint32_t>(at_);
      }
    }
    return quarantined ? kNoAnswer : answer;
  }

  Output output(std::uint32_t row) const {
    return Output(rows_.outputs).subspan(row * rows_.output_size, rows_.output_size);
  }
  std::uint32_t ticks_at(std::uint32_t row) const { return rows_.clock[row]; }
  bool timed(std::uint32_t row) const { return RowStatus{rows_.status[row]} == RowStatus::ok; }

 private:
  const TrialInfo& info_;
  const InferenceRows& rows_;
  std::size_t at_ = 0;
};

bool all_ok(std::span<const std::uint8_t> status) {
  std::uint8_t any = 0;
  for (const std::uint8_t value : status) any |= value;
  return any == static_cast<std::uint8_t>(RowStatus::ok);
}

struct Columns {
  std::vector<std::uint32_t> vectors, candidate_ticks, baseline_ticks;
  std::vector<std::uint8_t> candidate, baseline;

  void add_ticks(std::uint32_t ours, std::uint32_t theirs) {
    candidate_ticks.push_back(ours);
    baseline_ticks.push_back(theirs);
  }
  PairBlock block() const {
    PairBlock block{vectors.size(), 0, vectors, candidate, baseline, candidate_ticks, baseline_ticks};
    if (!vectors.empty()) block.first = vectors.front();
    return block;
  }
};

void append(std::vector<std::uint8_t>& column, Output output) {
  column.insert(column.end(), output.begin(), output.end());
}

// The answers of one range of vectors, copied together: of those that both answered, of the baseline alone.
struct Gathered {
  Columns both, alone;

  Gathered(Side& candidate, Side& baseline, const VectorRange& range) {
    for (std::uint32_t vector = range.first; vector < range.end(); ++vector) {
      const std::uint32_t ours = candidate.take(vector), theirs = baseline.take(vector);
      if (theirs == kNoAnswer) continue;
      Columns& columns = ours == kNoAnswer ? alone : both;
      columns.vectors.push_back(vector);
      append(columns.baseline, baseline.output(theirs));
      if (ours == kNoAnswer) continue;
      append(columns.candidate, candidate.output(ours));
      if (candidate.timed(ours) && baseline.timed(theirs)) {
        columns.add_ticks(candidate.ticks_at(ours), baseline.ticks_at(theirs));
      }
    }
  }
};

using Visit = std::function<void(const PairBlock&)>;

void visit_dense(Side& candidate, Side& baseline, const VectorRange& range, const Visit& visit) {
  const std::size_t size = range.size;
  PairBlock block{size, range.first, {}, candidate.outputs(size), baseline.outputs(size), {}, {}};
  Columns timed;
  if (all_ok(candidate.status(size)) && all_ok(baseline.status(size))) {
    block.candidate_ticks = candidate.ticks(size);
    block.baseline_ticks = baseline.ticks(size);
  } else {
    const auto ours = candidate.status(size), theirs = baseline.status(size);
    for (std::size_t i = 0; i < size; ++i) {
      if (ours[i] == 0 && theirs[i] == 0) timed.add_ticks(candidate.ticks(size)[i], baseline.ticks(size)[i]);
    }
    block.candidate_ticks = timed.candidate_ticks;
    block.baseline_ticks = timed.baseline_ticks;
  }
  visit(block);
  candidate.skip(size);
  baseline.skip(size);
}

}  // namespace

void for_each_block(const Trial& candidate, const Trial& baseline, std::size_t vectors, const Visit& visit) {
  Side ours(candidate), theirs(baseline);
  for (std::size_t first = 0; first < vectors; first += kBlockVectors) {
    const VectorRange range{static_cast<std::uint32_t>(first), std::min(kBlockVectors, vectors - first)};
    ours.fetch_ahead(range.size);
    theirs.fetch_ahead(range.size);
    if (ours.is_dense(range) && theirs.is_dense(range)) {
      visit_dense(ours, theirs, range, visit);
      continue;
    }
    const Gathered gathered(ours, theirs, range);
    for (const Columns* columns : {&gathered.both, &gathered.alone}) {
      if (!columns->vectors.empty()) visit(columns->block());
    }
  }
  assert(ours.at_end() && theirs.at_end());
}

}  // namespace tinyhil::metric
