// SPDX-License-Identifier: Apache-2.0
#include "page.hpp"
#include "report.hpp"
#include "words.hpp"

namespace tinyhil {
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

html::Markup body_of(const page::Page& page) {
  html::Markup main = page::masthead(page);
  for (const auto section : {page::verdicts, page::faults, page::rules, page::slices, page::confusion,
                             page::latency, page::memory, page::golden, page::provenance})
    main += section(page);
  return html::element("body", {}, draw_sprite() + html::element("main", {}, main));
}

}  // namespace

std::string render_html(const Report& report) {
  const std::vector<Series> series = series_of(report);
  const page::Page page{report, series};
  return "<!DOCTYPE html>\n" +
         html::element("html", {{"lang", "en"}}, head_of(report) + body_of(page)).str() + "\n";
}

}  // namespace tinyhil
