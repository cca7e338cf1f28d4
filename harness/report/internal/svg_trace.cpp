// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "numbers.hpp"
#include "plots.hpp"

namespace tinyhil::report {
namespace {

constexpr double kWidth = 1000;
constexpr double kHeight = 160;

// Where things of a view lie in its box.
class TraceFrame {
 public:
  explicit TraceFrame(const TraceView& view) : view_(view) {
    for (const TraceView::Column& column : view.columns)
      if (!column.is_gap) highest_ = std::max(highest_, column.high_a);
  }

  double highest_a() const { return highest_; }
  double x(double at_s) const {
    const double share = (at_s - view_.begin_s) / (view_.end_s - view_.begin_s);
    return kWidth * std::clamp(share, 0.0, 1.0);
  }
  double x_of(std::size_t column) const {
    return kWidth * static_cast<double>(column) / static_cast<double>(view_.columns.size());
  }
  double y(double current_a) const {
    return highest_ <= 0 ? kHeight : kHeight * (1 - std::clamp(current_a / highest_, 0.0, 1.0));
  }

 private:
  const TraceView& view_;
  double highest_ = 0;
};

html::Markup title_of_view(const TraceView& view, const TraceFrame& frame) {
  return html::element("title", {},
                       html::text(fmt::format("{}: {:.6g} s to {:.6g} s, up to {}", view.title, view.begin_s,
                                              view.end_s, format_current(frame.highest_a()))));
}

html::Markup draw_spans(const TraceView& view, const TraceFrame& frame) {
  html::Markup spans;
  for (std::size_t i = 0; i < view.spans.size(); ++i) {
    const TraceView::Span& span = view.spans[i];
    const double x = frame.x(span.begin_s);
    const html::Markup title = html::element("title", {}, html::text(span.label));
    spans += html::element("rect",
                           {{"class", span.is_of_baseline ? "span s0"
                                      : i % 2 == 0        ? "span s1"
                                                          : "span s2"},
                            {"x", fmt::format("{:.2f}", x)},
                            {"y", "0"},
                            {"width", fmt::format("{:.2f}", std::max(0.5, frame.x(span.end_s) - x))},
                            {"height", fmt::format("{:g}", kHeight)}},
                           title);
  }
  return spans;
}

// From the lowest to the highest current of each column; a line has to be seen, too.
html::Markup draw_band(const TraceView& view, const TraceFrame& frame) {
  std::string path;
  const double width = kWidth / static_cast<double>(view.columns.size());
  for (std::size_t i = 0; i < view.columns.size(); ++i) {
    const TraceView::Column& column = view.columns[i];
    if (column.is_gap) continue;
    const double top = frame.y(column.high_a), bottom = std::max(top + 0.8, frame.y(column.low_a));
    path += fmt::format("M{:.2f} {:.2f}h{:.2f}V{:.2f}h-{:.2f}z", frame.x_of(i), top, width, bottom, width);
  }
  return html::element("path", {{"class", "current"}, {"d", path}});
}

}  // namespace

html::Markup draw_trace(const TraceView& view) {
  const TraceFrame frame(view);
  return html::element("svg",
                       {{"class", "trace-plot"},
                        {"role", "img"},
                        {"viewBox", fmt::format("0 0 {:g} {:g}", kWidth, kHeight)},
                        {"preserveAspectRatio", "none"}},
                       title_of_view(view, frame) + draw_spans(view, frame) + draw_band(view, frame));
}

}  // namespace tinyhil::report
