// SPDX-License-Identifier: Apache-2.0
#include "words.hpp"

#include <algorithm>
#include <cctype>

#include "numbers.hpp"
#include "ordered.hpp"

namespace tinyhil::report {
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

std::uint64_t count_survived(const Scorecard& card, Whose wanted) {
  return static_cast<std::uint64_t>(
      std::count_if(card.survived.begin(), card.survived.end(),
                    [&](const SurvivedFault& fault) { return whose(fault) == wanted; }));
}

}  // namespace

Whose whose(const SurvivedFault& survived) {
  if (survived.fault.kind == FaultKind::remark) return Whose::remark;
  if (survived.fault.kind == FaultKind::read_back) return Whose::read_back;
  return survived.of_the_device ? Whose::of_the_device : Whose::from_outside;
}

std::uint64_t count_faults(const Scorecard& card) {
  return count_survived(card, Whose::of_the_device) + count_survived(card, Whose::from_outside);
}

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

std::string heading_of_scores(const VectorSet& vectors) {
  std::string measure = vectors.task->traits().measure;
  measure.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(measure.front())));
  return measure;
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
  const std::uint64_t count = count_survived(card, Whose::of_the_device);
  if (count == 0) return "";
  return "The device crashed or hung " + times(count) + ", and the run went on.";
}

std::string outside_troubles_of(const Scorecard& card) {
  const std::uint64_t count = count_survived(card, Whose::from_outside);
  if (count == 0) return "";
  return format_count(count) + (count == 1 ? " trouble that was" : " troubles that were") +
         " not shown to be the device's, such as a reset from outside, noise on the line or a silence that "
         "did not "
         "come again.";
}

std::string remarks_of(const Scorecard& card) {
  return count_survived(card, Whose::remark) == 0 ? "" : "What the board said on the line of its agent:";
}

std::string read_back_of(const Scorecard& card) {
  const auto first = std::ranges::find(card.survived, Whose::read_back, whose);
  if (first == card.survived.end()) return "";
  const std::uint64_t count = count_survived(card, Whose::read_back);
  return first->fault.what + (count == 1 ? "" : ", " + times(count) + " in all");
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

const Digest& policy_of(const Report& report) {
  return report.policy == Digest{} ? report.run.policy_digest : report.policy;
}

std::string other_policy_of(const Report& report) {
  const Digest& policy = policy_of(report);
  if (policy == report.run.policy_digest) return "";
  return "Judged by policy " + policy.short_hex() + ", not by the run's own, " +
         report.run.policy_digest.short_hex() + ".";
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
  const auto rules = std::count_if(verdict.findings.begin(), verdict.findings.end(),
                                   [](const Finding& finding) { return finding.kind != kSenseKind; });
  return format_count(static_cast<std::uint64_t>(passed)) + " of " +
         format_count(static_cast<std::uint64_t>(rules)) + (rules == 1 ? " rule passes" : " rules pass");
}

double family_error(const std::vector<Verdict>& verdicts) {
  double sum = 0;
  for (const Verdict& verdict : verdicts) sum += verdict.alpha;
  return std::min(sum, 1.0);
}

std::string family_note(const std::vector<Verdict>& verdicts) {
  if (verdicts.size() < 2) return "";
  return format_count(verdicts.size()) + " candidates, each judged at alpha " +
         format_percent(verdicts[0].alpha) + ": at least one that breaks a rule passes with a chance of " +
         format_percent(family_error(verdicts)) +
         " at most. `candidates: together` in a policy makes its alpha the chance for all of them";
}

}  // namespace tinyhil::report
