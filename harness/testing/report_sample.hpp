// SPDX-License-Identifier: Apache-2.0
// Invented campaigns for looking at the report and for its tests. Shipped nowhere.
#pragma once

#include <string>
#include <vector>

#include "report/report.hpp"

namespace tinyhil::test {

// Owns what a Report only refers to.
struct ReportSample {
  RunRecord run;
  VectorSet vectors;
  std::vector<Scorecard> scorecards;
  std::vector<Verdict> verdicts;
  std::vector<BoardComparison> boards{};

  report::Report report() const {
    report::Report report{run, vectors, scorecards, verdicts};
    report.boards = boards;
    return report;
  }
};

// What was found, and what it is held against.
struct Found {
  Unit unit;
  double estimate;
  double limit;
};

inline Check check_of(const char* subject, Outcome outcome, std::uint64_t n, const Found& found) {
  Check check;
  check.subject = subject;
  check.outcome = outcome;
  check.n = n;
  check.unit = found.unit;
  check.estimate = found.estimate;
  check.limit = found.limit;
  return check;
}

// How often a part is in a page.
inline std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// A wake word on an emulated board: 1,200 vectors, a baseline, one candidate that passes and one that fails.
ReportSample wake_word_sample();
// One candidate that crashed and hung; the run went on, without one of the vectors.
ReportSample crash_sample();
// The same as the first with hostile names, every outcome, a faulted trial, a noisy clock and missing
// numbers.
ReportSample hostile_sample();
// The first one on four boards, of which one, `b<4>`, stands apart in everything.
ReportSample boards_sample();
// A baseline that never ran and no verdict.
ReportSample empty_sample();

}  // namespace tinyhil::test
