// SPDX-License-Identifier: Apache-2.0
#include "page.hpp"

#include <set>

#include "words.hpp"

namespace tinyhil::report::page {

html::Markup note(const std::string& words) { return html::labelled("p", "note", words); }

html::Markup caveats(const Page& page) {
  std::set<std::string> said;
  html::Markup notes;
  for (const Series& series : page.series) {
    const std::string caveat = latency_caveat(series.card->info.board);
    if (!caveat.empty() && said.insert(caveat).second) notes += html::labelled("p", "caveat", caveat);
  }
  return notes;
}

}  // namespace tinyhil::report::page
