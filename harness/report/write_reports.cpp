// SPDX-License-Identifier: Apache-2.0
#include "base/write_file.hpp"
#include "report.hpp"

namespace tinyhil::report {

void write_reports(const Report& report, const std::filesystem::path& folder) {
  write_file(folder / "report.json", render_json(report));
  write_file(folder / "junit.xml", render_junit(report));
  write_file(folder / "results.sarif", render_sarif(report));
  write_file(folder / "metrics.prom", render_openmetrics(report));
  write_file(folder / "summary.md", render_markdown(report));
  write_file(folder / "report.html", render_html(report));
}

}  // namespace tinyhil::report
