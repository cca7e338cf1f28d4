// SPDX-License-Identifier: Apache-2.0
#include "numbers.hpp"
#include "page.hpp"
#include "words.hpp"

namespace tinyhil::report::page {
namespace {

std::string words_of(const GoldenScore& golden, const TrialInfo& info) {
  if (golden.compared == 0) return "no inference was compared";
  const std::string what = info.top_k == 0 ? "" : results_of(info) + ": ";
  if (golden.differing == 0)
    return what + "bit-exact in all " + format_count(golden.compared) + " inferences";
  return what + format_count(golden.differing) + " of " + format_count(golden.compared) +
         " inferences differ, by at most " + std::to_string(golden.max_lsb) + " LSB";
}

std::string words_of(const GoldenMismatch& first) {
  return "first at vector " + format_count(first.vector) + ", element " + format_count(first.element) +
         ": expected " + std::to_string(first.expected) + ", got " + std::to_string(first.got);
}

std::string without_output(const Scorecard& card) {
  const std::uint64_t count = card.failed_inferences + card.quarantined_inferences;
  return count == 0 ? "" : "; " + format_count(count) + " gave no output";
}

html::Markup item(const Series& series) {
  const auto& golden = series.card->golden;
  html::Markup body = name_of(series);
  body += html::labelled("span", "figure",
                         golden ? words_of(*golden, series.card->info) + without_output(*series.card)
                                : "no golden outputs named");
  if (golden && golden->first) body += html::labelled("small", "", words_of(*golden->first));
  return html::element("li", {}, body);
}

}  // namespace

html::Markup golden(const Page& page) {
  if (page.series.empty()) return {};
  html::Markup items;
  for (const Series& series : page.series) items += item(series);
  return note("The device's outputs against those the model's author expects.") +
         html::element("ul", "overall", items);
}

}  // namespace tinyhil::report::page
