// SPDX-License-Identifier: Apache-2.0
// One trial as it appears in every drawing: its name, its marker, its colour.
#pragma once

#include <string>
#include <vector>

#include "html.hpp"
#include "report/report.hpp"

namespace tinyhil::report {

struct Series {
  const Scorecard* card;
  std::string name;  // of the model; with its board where there are several
  bool baseline = false;
  std::string css_class;  // "s0" ... "s4"; s0 is the baseline
  std::string marker;     // id of its shape, "m0" ... "m4": a colour alone says nothing in print
};

std::vector<Series> series_of(const Report& report);

// Shapes and outcome symbols, once a page, for <use>.
html::Markup draw_sprite();

html::Markup draw_marker(const Series& series);  // beside a name in text
html::Markup draw_symbol(Outcome outcome);       // beside the outcome's word
// Marker, name, and "baseline" where it is one.
html::Markup name_of(const Series& series);

}  // namespace tinyhil::report
