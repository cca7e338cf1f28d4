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

constexpr std::size_t kVectorsShown = 10;

std::uint64_t count_survived(const Scorecard& card, bool of_the_device) {
  return static_cast<std::uint64_t>(
      std::count_if(card.survived.begin(), card.survived.end(),
                    [&](const SurvivedFault& fault) { return fault.of_the_device == of_the_device; }));
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

std::string times(std::uint64_t count) {
  if (count == 1) return "once";
  return count == 2 ? "twice" : format_count(count) + " times";
}

std::string quarantine_of(const Scorecard& card) {
  if (card.quarantined.empty()) return "";
  const std::size_t count = card.quarantined.size();
  std::string words = format_count(count) +
                      (count == 1 ? " vector is quarantined, the device crashed or hung twice on it: "
                                  : " vectors are quarantined, the device crashed or hung twice on each: ");
  for (std::size_t i = 0; i < std::min(count, kVectorsShown); ++i)
    words += (i == 0 ? "" : ", ") + std::to_string(card.quarantined[i]);
  if (count > kVectorsShown) words += " and " + format_count(count - kVectorsShown) + " more";
  return words;
}

std::string survived_of(const Scorecard& card) {
  const std::uint64_t count = count_survived(card, true);
  if (count == 0) return "";
  return "The device crashed or hung " + times(count) + ", and the run went on.";
}

std::string outside_troubles_of(const Scorecard& card) {
  const std::uint64_t count = count_survived(card, false);
  if (count == 0) return "";
  return format_count(count) + (count == 1 ? " trouble that was" : " troubles that were") +
         " not the device's, such as a reset from outside or noise on the line.";
}

std::string results_of(const TrialInfo& info) {
  if (info.top_k == 0) return "whole outputs";
  if (info.top_k == 1) return "the largest element";
  return "the " + std::to_string(info.top_k) + " largest elements";
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

std::vector<std::string> controls_of(const Report& report) {
  std::vector<std::string> controls;
  for (const Verdict& verdict : report.verdicts) {
    const bool said = std::find(controls.begin(), controls.end(), verdict.control) != controls.end();
    if (!said && !verdict.control.empty()) controls.push_back(verdict.control);
  }
  return controls;
}

std::string tally(const Verdict& verdict) {
  const auto passed = std::count_if(verdict.findings.begin(), verdict.findings.end(),
                                    [](const Finding& finding) { return finding.outcome == Outcome::pass; });
  return format_count(static_cast<std::uint64_t>(passed)) + " of " + format_count(verdict.findings.size()) +
         (verdict.findings.size() == 1 ? " rule passes" : " rules pass");
}

}  // namespace tinyhil
