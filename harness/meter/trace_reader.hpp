// SPDX-License-Identifier: Apache-2.0
// A recording as it lies in its file. Sample k covers the time from k to k + 1 sample periods after the
// start, lost samples counted; times here are in samples and may be fractions. The file is mapped: it may
// grow meanwhile, but must not be shortened. Example:
//
//   const TraceReader trace("run-7.trace");
//   const double charge = trace.charge_c(window.first, window.last);   // of what was recorded
//   const double share = trace.covered(window.first, window.last) / (window.last - window.first);
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "meter/internal/trace_start.hpp"
#include "meter/meter.hpp"

namespace tinyhil::meter {

// A stretch of the trace as a viewer draws it. covered 0: a gap, low and high mean nothing.
struct TraceColumn {
  float low_a = 0;
  float high_a = 0;
  double mean_a = 0;
  double covered = 0;  // samples
};

class TraceReader {
 public:
  // Throws Error(usage): no such file, none of ours, of a later version. A file that was cut off opens up to
  // its last whole chunk.
  explicit TraceReader(const std::filesystem::path& file);
  // The same of bytes in memory, which it keeps.
  TraceReader(std::vector<std::uint8_t> bytes, std::string name);
  TraceReader(TraceReader&&) noexcept;
  TraceReader& operator=(TraceReader&&) noexcept;
  ~TraceReader();

  const TraceStart& start() const;
  double sample_s() const;        // nominal period
  std::uint64_t end() const;      // number of the sample after the last
  std::uint64_t samples() const;  // that are there
  std::span<const Gap> gaps() const;
  bool has_lines() const;              // digital lines, in every chunk
  std::uint64_t unread_bytes() const;  // behind the last whole record

  // Of what is there from `first` to `last`; outside of the recording there is nothing.
  // O(log chunks) and at most two chunks decoded.
  double charge_c(double first, double last) const;
  double covered(double first, double last) const;  // samples

  // `columns` stretches of equal length, at least one sample long altogether; where a stretch is longer than
  // some 30 samples its ends may be off by up to a quarter of it. 0 < columns <= 100,000.
  std::vector<TraceColumn> columns(double first, double last, std::size_t columns) const;

  // Single samples from `first` on; NaN, and 0, where there is none.
  void current(std::uint64_t first, std::span<float> current_a) const;
  void lines(std::uint64_t first, std::span<std::uint8_t> lines) const;

  // All samples of [first, last) that are there, in order, in blocks of at most 4,096. The lines are those of
  // the meter.
  void visit(std::uint64_t first, std::uint64_t last,
             const std::function<void(const SampleBlock&)>& visitor) const;

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace tinyhil::meter
