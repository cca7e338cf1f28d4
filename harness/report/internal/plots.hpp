// SPDX-License-Identifier: Apache-2.0
// The drawings of the page, each an SVG as wide as its box with a <title> that says the same in words.
// A plot is one svg_<name>.cpp; how its rows are labelled is the page section's business.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "axis.hpp"
#include "html.hpp"
#include "series.hpp"

namespace tinyhil::report {

std::vector<Tick> labelled_ticks(const Axis& axis, Unit unit, bool difference);

// The scale that checks of one unit share.
struct CheckScale {
  Axis axis;
  Unit unit = Unit::none;
  bool difference;
  std::vector<Tick> ticks;
};

CheckScale scale_of(const std::vector<const Check*>& checks, bool difference);
// One row of a rule's picture, as high as its box: the forbidden side hatched, the limit a line, the interval
// a bar, the estimate a dot. Rows on one scale stand on one another and their limits join to one line.
html::Markup draw_check(const Check& check, const CheckScale& scale);
// Above the rows: the limit by its value, at its place. For rows that have one limit.
html::Markup draw_limit_label(const Check& check, const CheckScale& scale);
std::string describe(const Check& check, bool difference);  // estimate, interval, limit, n in words
// "at least −2 pts", "at most 20 ms", "none allowed"; needs a limit
std::string limit_in_words(const Check& check, bool difference);

// One slice: a dot and whisker a series, from top to bottom; absent scores leave their line empty.
struct SliceRow {
  std::string slice;
  std::string value;
  std::vector<const SliceScore*> scores;  // [series], nullptr where it has none
};

Axis slice_axis(const std::vector<SliceRow>& rows);
html::Markup draw_slice(const SliceRow& row, const std::vector<Series>& series, const Axis& axis);

// Share of inferences over time, in µs; needs a clock and at least one value.
// Of latency or another quantity, in millionths of its base unit.
Axis quantity_axis(const std::vector<Series>& series, const Quantity& quantity);
html::Markup draw_quantity(const Series& series, const Quantity& quantity, const Axis& axis);

struct MemoryBar {
  std::string label;
  std::string css_class;
  std::uint64_t bytes = 0;
  std::optional<double> limit;
};

html::Markup draw_memory(const MemoryBar& bar, const Axis& axis);

// Current over time: from the lowest to the highest of each column, windows or layers shaded.
html::Markup draw_trace(const TraceView& view);

// The input of a vector: one dimension as a line, two as shades of grey, three with a short last one as their
// mean over it. Empty for any other, and where the set holds no inputs.
html::Markup draw_thumbnail(const VectorSet& vectors, std::uint32_t vector);

}  // namespace tinyhil::report
