// SPDX-License-Identifier: Apache-2.0
#include "picture.hpp"

#include <algorithm>
#include <cmath>

#include "deciding.hpp"
#include "numbers.hpp"
#include "page.hpp"
#include "plots.hpp"

namespace tinyhil::report::page {
namespace {

constexpr std::size_t kRowsUnfolded = 12;  // more than these, and passing ones are folded
constexpr std::size_t kRowsBeforeFold = 8;
constexpr std::size_t kChecksShown = 60;  // report.json has all
constexpr std::size_t kChangesShown = 6;
constexpr double kSharedRange = 8;  // limits further apart than that would squeeze each other's rows

using Checks = std::vector<const Check*>;

struct Group {
  Checks checks;
  CheckScale scale;

  // A limit that all have is written once, above.
  bool has_one_limit() const {
    const std::optional<double>& limit = checks.front()->limit;
    return limit && std::isfinite(*limit) &&
           std::all_of(checks.begin(), checks.end(),
                       [&](const Check* check) { return check->limit == limit; });
  }
};

html::Markup figures(const Check& check, const Group& group) {
  const bool difference = group.scale.difference;
  html::Markup words = html::labelled("b", "", format_quantity(*check.estimate, check.unit, difference)) +
                       html::labelled("span", "", format_interval(check.interval, check.unit, difference));
  if (check.limit && !group.has_one_limit())
    words += html::labelled("span", "own-limit", limit_in_words(check, difference));
  return html::element("p", "figures", words);
}

html::Markup subject(const Check& check) {
  return html::element(
      "p", "subject",
      draw_symbol(check.outcome) + html::labelled("span", "unseen", to_string(check.outcome)) +
          html::element(
              "span", "name",
              html::text(check.subject + " ") + html::labelled("small", "", "n " + format_count(check.n))));
}

html::Markup row(const Check& check, const Group& group) {
  html::Markup body = subject(check);
  if (check.estimate)
    body += html::element("div", "plot", draw_check(check, group.scale)) + figures(check, group);
  else
    body += html::labelled("p", "note unmeasured", check.reason.empty() ? "no value" : check.reason);
  return html::element("li", to_string(check.outcome), body);
}

html::Markup beside_the_rows(const html::Markup& drawing) {
  return html::element("li", {{"class", "scale-row"}, {"aria-hidden", "true"}},
                       html::element("div", "plot", drawing));
}

html::Markup rows(const Group& group) {
  html::Markup list;
  const bool drawn = std::any_of(group.checks.begin(), group.checks.end(),
                                 [](const Check* check) { return check->estimate.has_value(); });
  if (drawn && group.has_one_limit())
    list += beside_the_rows(draw_limit_label(*group.checks.front(), group.scale));
  for (const Check* check : group.checks) list += row(*check, group);
  if (drawn) list += beside_the_rows(draw_scale(group.scale.axis, group.scale.ticks));
  return list;
}

bool share_a_scale(const Check& one, const Check& other) {
  if (one.unit != other.unit) return false;
  if (!one.limit || !other.limit || *one.limit == *other.limit) return true;
  const double low = std::min(std::abs(*one.limit), std::abs(*other.limit));
  return low > 0 && std::max(std::abs(*one.limit), std::abs(*other.limit)) <= kSharedRange * low;
}

// Groups in the order of their most urgent check.
std::vector<Checks> by_scale(const Checks& checks) {
  std::vector<Checks> groups;
  for (const Check* check : checks) {
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const Checks& group) {
      return share_a_scale(*group.front(), *check);
    });
    if (same == groups.end())
      groups.push_back({check});
    else
      same->push_back(check);
  }
  return groups;
}

html::Markup list_of(const Checks& checks, bool difference) {
  html::Markup list;
  for (const Checks& group : by_scale(checks)) list += rows({group, scale_of(group, difference)});
  return html::element("ul", "checks", list);
}

std::string passing(std::size_t count) {
  return format_count(count) + " more that pass" + (count == 1 ? "es" : "");
}

html::Markup folded(const Checks& checks, bool difference) {
  const html::Markup summary = html::element(
      "summary", {}, draw_symbol(Outcome::pass) + html::labelled("span", "", passing(checks.size())));
  return html::element("details", {}, summary + list_of(checks, difference));
}

// How many rows stand open: every one that did not pass, and of many not all the others.
std::size_t unfolded(const Checks& checks) {
  if (checks.size() <= kRowsUnfolded) return checks.size();
  const auto passes = std::count_if(checks.begin(), checks.end(),
                                    [](const Check* check) { return check->outcome == Outcome::pass; });
  return std::max(checks.size() - static_cast<std::size_t>(passes), kRowsBeforeFold);
}

html::Markup line_of(const std::string& subject, const std::string& words) {
  html::Markup line;
  if (!subject.empty()) line += html::labelled("span", "name", subject + ":") + html::text(" ");
  return html::element("li", {}, line + html::text(words));
}

}  // namespace

html::Markup picture(const Finding& finding) {
  if (finding.checks.empty()) return {};
  const bool difference = is_difference(finding);
  Checks checks = worst_first(finding);
  const std::size_t hidden = checks.size() > kChecksShown ? checks.size() - kChecksShown : 0;
  checks.resize(checks.size() - hidden);
  const auto fold = checks.begin() + static_cast<std::ptrdiff_t>(unfolded(checks));
  html::Markup body = list_of({checks.begin(), fold}, difference);
  if (fold != checks.end()) body += folded({fold, checks.end()}, difference);
  if (hidden > 0) body += note("and " + format_count(hidden) + " more in report.json");
  return html::element("figure", "picture", body);
}

html::Markup picture(const Finding& finding, const Check& check) {
  return html::element("figure", "picture narrow", list_of({&check}, is_difference(finding)));
}

html::Markup change(const Check& check) {
  if (check.would_change.empty()) return {};
  return html::element(
      "p", "change",
      html::labelled("b", "", "What would change it:") + html::text(" ") + html::text(check.would_change));
}

html::Markup changes(const Finding& finding) {
  const Check* leading = leading_check(finding);
  if (leading == nullptr) return {};
  Checks told;
  for (const Check* check : worst_first(finding)) {
    const bool tell = check == leading || check->outcome != Outcome::pass;
    if (tell && !check->would_change.empty() && told.size() < kChangesShown) told.push_back(check);
  }
  if (told.empty()) return {};
  if (finding.checks.size() == 1) return change(*told.front());
  html::Markup lines;
  for (const Check* check : told) lines += line_of(check->subject, check->would_change);
  return html::element("div", "change",
                       html::labelled("b", "", "What would change it") + html::element("ul", {}, lines));
}

}  // namespace tinyhil::report::page
