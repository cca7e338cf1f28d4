// SPDX-License-Identifier: Apache-2.0
// Which vectors each candidate has wrong, those first that the baseline has right.
#include <fmt/format.h>

#include <algorithm>

#include "model/failed_vectors.hpp"
#include "numbers.hpp"
#include "page.hpp"
#include "plots.hpp"

namespace tinyhil::report::page {
namespace {

constexpr std::size_t kFailuresShown = 20;  // of each candidate
constexpr const char* kExplanation =
    "Vectors that a candidate does not answer right, counted from 0 as in the vector file. Lost: the "
    "baseline "
    "does better. `tinyhil failures` lists all, with the outputs.";

// A trial that never began has no answers.
bool is_of_vectors(const Scorecard& card, const VectorSet& vectors) {
  return card.answers.size() == vectors.count && card.scores.size() == vectors.count && vectors.count > 0;
}

std::string target_words(const VectorSet& vectors, std::uint32_t vector) {
  if (vectors.labels.size() == vectors.count) return vectors.classes.at(vectors.labels[vector]);
  const std::size_t each = vectors.targets.size() / vectors.count;
  if (each == 0) return "–";
  const std::string first = fmt::format("{:.4g}", vectors.targets[vector * each]);
  return each == 1 ? first : first + " and " + format_count(each - 1) + " more";
}

std::string answer_words(const Scorecard& card, std::uint32_t vector) {
  const Answer answer = card.answers[vector];
  if (answer == Answer::not_run) return "not run";
  if (answer == Answer::missing) return "no answer";
  if (answer == Answer::quarantined) return "crash or hang";
  const bool has_class = vector < card.predicted.size() && card.predicted[vector] < card.classes.size();
  return has_class ? card.classes[card.predicted[vector]] : fmt::format("score {:.3g}", card.scores[vector]);
}

std::string slice_words(const VectorSet& vectors, std::uint32_t vector) {
  std::string words;
  for (const Slice& slice : vectors.slices)
    if (slice.code.size() == vectors.count)
      words += (words.empty() ? "" : ", ") + slice.name + " " + slice.values.at(slice.code[vector]);
  return words;
}

html::Markup cell(const std::string& words) { return html::labelled("td", "", words); }

html::Markup head_row(const Report& report, const Series& baseline, const Series& candidate) {
  html::Markup head;
  std::vector<std::string> titles = {"vector", "lost", "expected", baseline.name, candidate.name};
  if (!report.vectors.slices.empty()) titles.push_back("slices");
  if (report.has_thumbnails) titles.push_back("input");
  for (const std::string& title : titles) head += html::element("th", {{"scope", "col"}}, html::text(title));
  return html::element("thead", {}, html::element("tr", {}, head));
}

html::Markup row_of(const Report& report, const FailedVector& failed, const Scorecard& baseline,
                    const Scorecard& candidate) {
  const VectorSet& vectors = report.vectors;
  html::Markup row = html::element("th", {{"scope", "row"}}, html::text(std::to_string(failed.vector)));
  row += cell(failed.is_lost ? "yes" : "no");
  row += cell(target_words(vectors, failed.vector));
  row += cell(answer_words(baseline, failed.vector));
  row += cell(answer_words(candidate, failed.vector));
  if (!vectors.slices.empty()) row += cell(slice_words(vectors, failed.vector));
  if (report.has_thumbnails) row += html::element("td", {}, draw_thumbnail(vectors, failed.vector));
  return html::element("tr", {}, row);
}

std::string count_words(const std::vector<FailedVector>& failed, const Scorecard& candidate) {
  const auto run = std::ranges::count_if(candidate.answers, [](Answer a) { return a != Answer::not_run; });
  std::string words = format_count(failed.size()) + " of " + format_count(static_cast<std::uint64_t>(run)) +
                      " vectors, " + format_count(count_lost(failed)) + " of them lost";
  if (failed.size() > kFailuresShown) words += "; the first " + format_count(kFailuresShown);
  return words;
}

html::Markup failures_of(const Page& page, const Series& baseline, const Series& candidate) {
  std::vector<FailedVector> failed = failed_vectors(*candidate.card, *baseline.card);
  html::Markup body = html::element(
      "figcaption", {},
      name_of(candidate) + html::labelled("span", "figure", count_words(failed, *candidate.card)));
  failed.resize(std::min(failed.size(), kFailuresShown));
  html::Markup rows;
  for (const FailedVector& each : failed) rows += row_of(page.report, each, *baseline.card, *candidate.card);
  if (rows.empty()) return html::element("figure", "failures", body);
  const html::Markup table =
      html::element("table", "figures-table",
                    head_row(page.report, baseline, candidate) + html::element("tbody", {}, rows));
  body += html::element("div",
                        {{"class", "scroll"},
                         {"tabindex", "0"},
                         {"role", "region"},
                         {"aria-label", "Failed vectors of " + candidate.name}},
                        table);
  return html::element("figure", "failures", body);
}

}  // namespace

html::Markup failures(const Page& page) {
  const auto baseline = std::ranges::find(page.series, true, &Series::baseline);
  if (baseline == page.series.end() || !is_of_vectors(*baseline->card, page.report.vectors)) return {};
  html::Markup figures;
  for (const Series& series : page.series)
    if (!series.baseline && is_of_vectors(*series.card, page.report.vectors))
      figures += failures_of(page, *baseline, series);
  if (figures.empty()) return {};
  return note(kExplanation) + figures;
}

}  // namespace tinyhil::report::page
