// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"
#include "report/internal/page.hpp"
#include "report/internal/words.hpp"

namespace tinyhil::report {
namespace {

constexpr const char* kStyle =
#include "style.inc"
    ;

html::Markup head_of(const Report& report) {
  html::Markup head = html::element("meta", {{"charset", "utf-8"}});
  head += html::element("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  head += html::element("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  head += html::element("title", {}, html::text(headline(report)));
  head += html::element("style", {}, html::Markup::trusted(kStyle));
  return html::element("head", {}, head);
}

struct PageSection {
  const char* id;
  const char* title;
  html::Markup (*body)(const page::Page&);
};

constexpr PageSection kSections[] = {
    {"faults", "What went wrong", page::faults},
    {"rules", "Rules", page::rules},
    {"accuracy", "", page::slices},
    {"failures", "Failed vectors", page::failures},
    {"confusion", "Confusion", page::confusion},
    {"latency", "Latency", page::latency},
    {"boards", "Boards", page::boards},
    {"memory", "Memory", page::memory},
    {"energy", "Energy", page::energy},
    {"golden", "Golden parity", page::golden},
    {"not-shown", "What this does not show", page::not_shown},
    {"provenance", "What was run on what", page::provenance},
};

// The section about scores is called as the task calls their mean.
std::string title_of(const PageSection& section, const page::Page& page) {
  return section.body == page::slices ? heading_of_scores(page.report.vectors) : section.title;
}

html::Markup section_of(const PageSection& section, const std::string& title, const html::Markup& body) {
  const std::string title_id = std::string(section.id) + "-title";
  return html::element("section", {{"id", section.id}, {"aria-labelledby", title_id}},
                       html::element("h2", {{"id", title_id}}, html::text(title)) + body);
}

html::Markup body_of(const page::Page& page) {
  html::Markup links;
  html::Markup sections;
  for (const PageSection& section : kSections) {
    const html::Markup body = section.body(page);
    if (body.empty()) continue;
    const std::string title = title_of(section, page);
    sections += section_of(section, title, body);
    links += html::element("a", {{"href", std::string("#") + section.id}}, html::text(title));
  }
  const html::Markup contents = html::element("nav", {{"aria-label", "Contents"}}, links);
  return html::element("body", {},
                       draw_sprite() + html::element("main", {},
                                                     page::masthead(page) + page::waived(page) +
                                                         page::verdicts(page) + contents + sections));
}

}  // namespace

std::string render_html(const Report& report) {
  const std::vector<Series> series = series_of(report);
  const page::Page page{report, series};
  return "<!DOCTYPE html>\n" +
         html::element("html", {{"lang", "en"}}, head_of(report) + body_of(page)).str() + "\n";
}

}  // namespace tinyhil::report
