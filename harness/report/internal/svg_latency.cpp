// SPDX-License-Identifier: Apache-2.0
// How often each latency occurred. A deterministic clock gives a few spikes, a noisy one a histogram: few
// distinct values are drawn where they are, many in bins.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "numbers.hpp"
#include "plots.hpp"

namespace tinyhil::report {
namespace {

constexpr std::size_t kBins = 72;
constexpr double kTop = 20;
constexpr double kGround = 66;

// Occurrences by position on the axis: exact where values are few, else by bin.
std::map<double, std::size_t> occurrences(const Measured& latency, const Axis& axis) {
  std::map<double, std::size_t> exact;
  std::map<double, std::size_t> binned;
  for (const std::uint32_t ticks : latency.sorted) {
    const double at = axis.fraction(latency.to_millionths(ticks));
    if (exact.size() <= kBins) ++exact[at];
    ++binned[(std::min(static_cast<double>(kBins - 1), std::floor(at * kBins)) + 0.5) / kBins];
  }
  return exact.size() <= kBins ? exact : binned;
}

html::Markup draw_spike(double at, double share) {
  // The rarest value must still be seen: it is the tail that misses a deadline.
  const double height = std::max(2.5, share * (kGround - kTop));
  const std::string x = fmt::format("{:.2f}%", 100 * at);
  return html::element("line", {{"class", "spike"},
                                {"x1", x},
                                {"x2", x},
                                {"y1", fmt::format("{:.1f}", kGround - height)},
                                {"y2", fmt::format("{:.0f}", kGround)}});
}

struct Mark {
  std::string label;
  double at;
};

// Quantiles that coincide share a mark, those too close to be told apart a label.
std::vector<Mark> quantile_marks(const Measured& latency, const Axis& axis) {
  const std::vector<std::pair<std::string, std::uint32_t>> quantiles{
      {"p50", latency.steps_at(0.5)}, {"p99", latency.steps_at(0.99)}, {"max", latency.sorted.back()}};
  constexpr double kTooClose = 0.13;
  std::vector<Mark> marks;
  std::uint32_t last = 0;
  for (const auto& [name, ticks] : quantiles) {
    const double at = axis.fraction(latency.to_millionths(ticks));
    if (!marks.empty() && at - marks.back().at < kTooClose)
      marks.back().label += (ticks == last ? " = " : ", ") + name;
    else
      marks.push_back({name, at});
    last = ticks;
  }
  return marks;
}

html::Markup draw_label(const Mark& mark) {
  const char* anchor = mark.at < 0.12 ? "start" : (mark.at > 0.82 ? "end" : "middle");
  return html::element("text",
                       {{"x", fmt::format("{:.2f}%", 100 * mark.at)}, {"y", "12"}, {"text-anchor", anchor}},
                       html::text(mark.label));
}

std::string describe_latency(const Series& series, const Quantity& quantity) {
  const Measured& latency = measured(*series.card, quantity);
  const auto us_at = [&](double quantile) {
    return format_millionths(latency.to_millionths(latency.steps_at(quantile)), quantity);
  };
  return report::title_of(quantity) + " of " + series.name + ": p50 " + us_at(0.5) + ", p99 " + us_at(0.99) +
         ", max " + format_millionths(latency.to_millionths(latency.sorted.back()), quantity) +
         ", n = " + format_count(latency.sorted.size());
}

}  // namespace

Axis quantity_axis(const std::vector<Series>& series, const Quantity& quantity) {
  std::vector<double> ends;
  for (const Series& one : series) {
    const Measured& latency = measured(*one.card, quantity);
    if (!latency.is_known()) continue;
    ends.push_back(latency.to_millionths(latency.sorted.front()));
    ends.push_back(latency.to_millionths(latency.sorted.back()));
  }
  return Axis::around(ends);
}

html::Markup draw_quantity(const Series& series, const Quantity& quantity, const Axis& axis) {
  const Measured& values = measured(*series.card, quantity);
  const auto shares = occurrences(values, axis);
  std::size_t highest = 1;
  for (const auto& [at, count] : shares) highest = std::max(highest, count);
  html::Markup marks = html::element("title", {}, html::text(describe_latency(series, quantity)));
  marks += html::element("line", {{"class", "ground"}, {"x2", "100%"}, {"y1", "66"}, {"y2", "66"}});
  for (const auto& [at, count] : shares)
    marks += draw_spike(at, static_cast<double>(count) / static_cast<double>(highest));
  for (const Mark& mark : quantile_marks(values, axis)) marks += draw_label(mark);
  return html::element(
      "svg", {{"class", "latency-plot " + series.css_class}, {"height", "68"}, {"role", "img"}}, marks);
}

}  // namespace tinyhil::report
