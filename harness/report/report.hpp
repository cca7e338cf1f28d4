// SPDX-License-Identifier: Apache-2.0
// A verdict and its evidence for people and machines. Renders; computes nothing that metric/ and gate/ did
// not. Pure but for write_reports(). Example:
//
//   write_reports(Report{run, vectors, scorecards, verdicts}, "results/reports/wake-word");
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/board_figures.hpp"
#include "model/energy_figures.hpp"
#include "model/run_record.hpp"
#include "model/scorecard.hpp"
#include "model/trace_view.hpp"
#include "model/vector_set.hpp"
#include "model/verdict.hpp"

namespace tinyhil::report {

struct Report {
  const RunRecord& run;
  const VectorSet& vectors;
  const std::vector<Scorecard>& scorecards;  // baseline first
  const std::vector<Verdict>& verdicts;      // one per candidate
  std::string evidence = {};  // who vouches for it, shown with the provenance; empty: no bundle
  Digest policy = {};         // by which it was judged; zero: the run's own
  std::vector<BoardEnergyFigures> energies = {};  // where current was measured
  std::vector<TraceView> traces = {};             // drawn beside them, where the traces are at hand
  std::vector<BoardComparison> boards = {};       // of several boards: each beside the others, by model
  bool has_thumbnails = false;  // draws inputs of failed vectors, which are what a sensor has recorded
};

std::string render_html(const Report& report);      // one self-contained page, no script needed, no network
std::string render_markdown(const Report& report);  // below 64 KiB: fits a pull-request comment
std::string render_junit(const Report& report);  // one test case per rule; inconclusive and error are <error>
std::string render_json(const Report& report);   // one document, docs/schema/report.schema.json
std::string render_sarif(const Report& report);  // for code scanning; inconclusive also as a warning
std::string render_openmetrics(const Report& report);  // for dashboards

// Writes report.html, summary.md, junit.xml, results.sarif, metrics.prom and report.json into `folder`, each
// atomically.
// Throws Error(output) when it cannot.
void write_reports(const Report& report, const std::filesystem::path& folder);

}  // namespace tinyhil::report
