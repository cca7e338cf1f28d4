// SPDX-License-Identifier: Apache-2.0
// A stretch of a current trace as a report draws it.
#pragma once

#include <string>
#include <vector>

namespace tinyhil {

struct TraceView {
  struct Column {
    double low_a = 0;
    double high_a = 0;
    double mean_a = 0;
    bool is_gap = false;  // no sample at all
  };
  struct Span {
    double begin_s = 0;
    double end_s = 0;
    std::string label;  // "shipped, vector 17", "layer 2"
    bool is_of_baseline = false;
  };

  std::string board;
  std::string title;  // "one inference of shipped"
  double begin_s = 0;
  double end_s = 0;
  std::vector<Column> columns;  // of equal length
  std::vector<Span> spans;      // windows, or layers
};

}  // namespace tinyhil
