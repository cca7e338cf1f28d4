// SPDX-License-Identifier: Apache-2.0
// How well the mean of a long series is known whose neighbours depend on each other: by the scatter of the
// means of its batches (L. W. Schruben, "Confidence interval estimation using standardized time series",
// Operations Research 31 (1983); G. S. Fishman, "Grouping observations in digital simulation", Management
// Science 24 (1978) 510-521), never by sigma / sqrt(n), which is several times too small for a current.
// Batches that are whole periods of what repeats (inferences) leave the repetition itself out of the noise.
//
//   BatchMeans batches(window_samples, batches_for(invokes));
//   batches.add(current);   // as it comes, in pieces
//   const MeanOfBatches mean = batches.result();
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tinyhil::stats {

// In how many batches to cut a window of so many equal periods: a divisor of it of 10 to 64 where there is
// one, so that each holds whole periods; else 20.
std::size_t batches_for(std::uint64_t periods);

struct MeanOfBatches {
  double mean = 0;      // of all samples that are there
  double standard = 0;  // standard uncertainty of that
  double degrees = 0;   // of freedom; 0: too few batches to tell, standard means nothing
};

class BatchMeans {
 public:
  // Of a series of `length` samples, known beforehand. length > 0, batches > 1.
  BatchMeans(std::uint64_t length, std::size_t batches);

  // The next ones; NaN where a sample is missing. What comes after `length` is left out.
  void add(std::span<const float> samples);

  void skip(std::uint64_t missing);  // so many that are missing

  // Batches of which less than half is there do not count. Where neighbouring batches still go together
  // (correlation r > 0 at lag 1) the variance grows by (1 + r) / (1 - r).
  MeanOfBatches result() const;

 private:
  struct Batch {
    double sum = 0;
    std::uint64_t count = 0;
  };

  std::uint64_t begin_of(std::size_t batch) const;

  std::uint64_t length_;
  std::uint64_t seen_ = 0;
  std::size_t current_ = 0;
  std::vector<Batch> batches_;
};

}  // namespace tinyhil::stats
