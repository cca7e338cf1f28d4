// SPDX-License-Identifier: Apache-2.0
#include "words.hpp"

#include <algorithm>

#include "numbers.hpp"
#include "ordered.hpp"

namespace tinyhil {
namespace {

const char* words_of(Provenance provenance) {
  switch (provenance) {
    case Provenance::real:
      return "real board";
    case Provenance::emulated:
      return "emulated board, not silicon";
    case Provenance::process:
      return "process on the host, not silicon";
  }
  return "unknown";
}

}  // namespace

const char* verb_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "passes";
    case Outcome::fail:
      return "fails";
    case Outcome::inconclusive:
      return "is inconclusive";
    case Outcome::error:
      return "could not be judged";
    case Outcome::waived:
      return "is waived";
  }
  return "has an unknown outcome";
}

std::string spelled(std::string kind) {
  std::replace(kind.begin(), kind.end(), '_', ' ');
  return kind;
}

bool is_difference(const Finding& finding) {
  const auto negative = [](const Check& check) { return check.unit == "ratio" && check.limit < 0.0; };
  return finding.kind.find("noninferiority") != std::string::npos ||
         finding.kind.find("slice") != std::string::npos ||
         finding.kind.find("disparity") != std::string::npos ||
         std::any_of(finding.checks.begin(), finding.checks.end(), negative);
}

bool is_identified(const BoardIdentity& board) { return !board.kind.empty(); }

std::string describe(const BoardIdentity& board) {
  if (!is_identified(board)) return "did not identify itself";
  return board.kind + ", " + words_of(board.provenance);
}

const char* latency_caveat(const BoardIdentity& board) {
  if (!is_identified(board)) return "";
  switch (board.provenance) {
    case Provenance::real:
      return "";
    case Provenance::emulated:
      return "Emulated board: latency is instruction-count time, not silicon.";
    case Provenance::process:
      return "Process on the host: latency is this computer's time, not silicon.";
  }
  return "Unknown kind of board: latency may not be silicon's.";
}

std::string digest_or_unknown(const Digest& digest) {
  return digest == Digest{} ? "not known" : digest.hex();
}

std::string headline(const Report& report) {
  if (report.verdicts.empty()) return report.run.campaign + ": no candidate was judged";
  std::string line;
  for (const Verdict* verdict : most_urgent_first(report.verdicts)) {
    line += (line.empty() ? report.run.campaign + ": " : ", ") + verdict->candidate + " " +
            verb_of(verdict->outcome);
  }
  return line;
}

std::string tally(const Verdict& verdict) {
  const auto passed = std::count_if(verdict.findings.begin(), verdict.findings.end(),
                                    [](const Finding& finding) { return finding.outcome == Outcome::pass; });
  return format_count(static_cast<std::uint64_t>(passed)) + " of " + format_count(verdict.findings.size()) +
         (verdict.findings.size() == 1 ? " rule passes" : " rules pass");
}

}  // namespace tinyhil
