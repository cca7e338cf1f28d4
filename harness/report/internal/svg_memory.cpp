// SPDX-License-Identifier: Apache-2.0
// Bytes as a bar from zero, with the limit that a rule sets.
#include "numbers.hpp"
#include "plots.hpp"

namespace tinyhil::report {

html::Markup draw_memory(const MemoryBar& bar, const Axis& axis) {
  std::string title = bar.label + ": " + format_bytes(bar.bytes);
  html::Markup marks =
      html::element("rect", {{"class", "track"}, {"width", "100%"}, {"y", "4"}, {"height", "12"}});
  marks += html::element("rect", {{"class", "bar"},
                                  {"width", axis.position(static_cast<double>(bar.bytes))},
                                  {"y", "4"},
                                  {"height", "12"}});
  if (bar.limit) {
    const std::string x = axis.position(*bar.limit);
    title += ", limit " + format_limit(*bar.limit, Unit::bytes, false);
    marks += html::element("line", {{"class", "limit"}, {"x1", x}, {"x2", x}, {"y1", "0"}, {"y2", "20"}});
  }
  return html::element("svg", {{"class", "memory-plot " + bar.css_class}, {"height", "20"}, {"role", "img"}},
                       html::element("title", {}, html::text(title)) + marks);
}

}  // namespace tinyhil::report
