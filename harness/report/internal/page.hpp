// SPDX-License-Identifier: Apache-2.0
// The page's sections, top to bottom. Each is one page_<name>.cpp and may be empty when it has nothing to
// say.
#pragma once

#include <string>
#include <vector>

#include "html.hpp"
#include "series.hpp"

namespace tinyhil::report::page {

struct Page {
  const Report& report;
  const std::vector<Series>& series;
};

html::Markup note(const std::string& words);      // a quiet paragraph
html::Markup caveats(const Page& page);           // what latencies mean on boards that are not silicon
html::Markup waivers_of(const Finding& finding);  // whose waivers were tried, and why one did not apply

html::Markup masthead(const Page& page);    // campaign, board, when; what emulation means
html::Markup waived(const Page& page);      // failures that a waiver lets through
html::Markup verdicts(const Page& page);    // one card per candidate
html::Markup faults(const Page& page);      // what went wrong, and what the run outlived
html::Markup rules(const Page& page);       // every check of every finding
html::Markup slices(const Page& page);      // accuracy by slice
html::Markup failures(const Page& page);    // which vectors the candidates have wrong
html::Markup confusion(const Page& page);   // what was taken for what
html::Markup latency(const Page& page);     // distribution, quantiles
html::Markup boards(const Page& page);      // of several: each beside the others, and which stands apart
html::Markup memory(const Page& page);      // bytes against limits
html::Markup energy(const Page& page);      // of an inference, with its uncertainty; traces
html::Markup golden(const Page& page);      // bit exactness
html::Markup not_shown(const Page& page);   // what the verdict says nothing about
html::Markup provenance(const Page& page);  // what was run on what

}  // namespace tinyhil::report::page
