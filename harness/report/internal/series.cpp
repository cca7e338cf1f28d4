// SPDX-License-Identifier: Apache-2.0
#include "series.hpp"

#include <algorithm>

namespace tinyhil::report {
namespace {

constexpr std::size_t kCandidateStyles = 4;

bool is_baseline(const Report& report, const Scorecard& card) {
  if (report.verdicts.empty()) return &card == report.scorecards.data();
  return std::any_of(report.verdicts.begin(), report.verdicts.end(),
                     [&](const Verdict& verdict) { return verdict.baseline == card.info.model; });
}

bool on_several_boards(const std::vector<Scorecard>& cards) {
  return std::any_of(cards.begin(), cards.end(), [&](const Scorecard& card) {
    return card.info.board.name != cards.front().info.board.name;
  });
}

constexpr const char* kSprite =
    R"(<svg width="0" height="0" class="sprite" aria-hidden="true"><defs>)"
    R"(<circle id="m0" r="4" class="hollow"/>)"
    R"(<circle id="m1" r="4.6"/>)"
    R"(<path id="m2" d="M-4.2-4.2h8.4v8.4h-8.4z"/>)"
    R"(<path id="m3" d="M0-5.8 5.8 0 0 5.8-5.8 0z"/>)"
    R"(<path id="m4" d="M0-5.4 5.4 4.4h-10.8z"/>)"
    R"(<g id="o-pass"><circle r="9" class="plate"/><path class="sign" d="M-4.2.4-1.4 3.3 4.3-3.2"/></g>)"
    R"(<g id="o-fail"><circle r="9" class="plate"/><path class="sign" d="M-3.4-3.4 3.4 3.4M3.4-3.4-3.4 3.4"/></g>)"
    R"(<g id="o-inconclusive"><circle r="9" class="plate"/><path class="sign" d="M-2.8-2.2a2.8 2.8 0 1 1 4 2.5q-1.2.6-1.2 1.9M0 4.7v.1"/></g>)"
    R"(<g id="o-error"><path class="plate" d="M0-9.4 10 8.2h-20z"/><path class="sign" d="M0-3.4V2.4M0 5.2v.1"/></g>)"
    R"(<g id="o-waived"><circle r="9" class="plate"/><path class="sign" d="M-2.4 5.2v-10h6l-1.6 2.7 1.6 2.7h-6"/></g>)"
    R"(<path id="cap" d="M0-7V7"/>)"
    R"(<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse">)"
    R"(<path class="hatch" d="M-1 1 1-1M0 7 7 0M6 8 8 6"/></pattern>)"
    R"(</defs></svg>)";

html::Markup use(const std::string& id) { return html::element("use", {{"href", "#" + id}}); }

}  // namespace

std::vector<Series> series_of(const Report& report) {
  std::vector<Series> all;
  std::size_t candidates = 0;
  const bool name_boards = on_several_boards(report.scorecards);
  for (const Scorecard& card : report.scorecards) {
    Series series{&card, card.info.model, is_baseline(report, card), "", ""};
    if (name_boards) series.name += " on " + card.info.board.name;
    const std::size_t style = series.baseline ? 0 : 1 + candidates++ % kCandidateStyles;
    series.css_class = "s" + std::to_string(style);
    series.marker = "m" + std::to_string(style);
    all.push_back(std::move(series));
  }
  return all;
}

html::Markup draw_sprite() { return html::Markup::trusted(kSprite); }

html::Markup draw_marker(const Series& series) {
  return html::element(
      "svg", {{"class", "marker " + series.css_class}, {"viewBox", "-7 -7 14 14"}, {"aria-hidden", "true"}},
      use(series.marker));
}

html::Markup draw_symbol(Outcome outcome) {
  const std::string name = to_string(outcome);
  return html::element(
      "svg", {{"class", "symbol " + name}, {"viewBox", "-10.5 -10.5 21 21"}, {"aria-hidden", "true"}},
      use("o-" + name));
}

html::Markup name_of(const Series& series) {
  html::Markup name = draw_marker(series) + html::labelled("span", "name", series.name);
  if (series.baseline) name += html::text(" ") + html::labelled("small", "role", "baseline");
  return html::element("span", "series", name);
}

}  // namespace tinyhil::report
