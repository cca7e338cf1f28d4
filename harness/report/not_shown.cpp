// SPDX-License-Identifier: Apache-2.0
#include "not_shown.hpp"

#include <algorithm>
#include <set>

#include "report/internal/numbers.hpp"
#include "report/internal/words.hpp"

namespace tinyhil::report {
namespace {

constexpr std::size_t kNamesShown = 8;

using List = std::vector<NotShown>;
using Kinds = std::vector<std::string>;

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kNamesShown); ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kNamesShown) text += " and " + format_count(names.size() - kNamesShown) + " more";
  return text;
}

template <class Visit>
void for_each_finding(const Report& report, Visit visit) {
  for (const Verdict& verdict : report.verdicts) {
    for (const Finding& finding : verdict.findings) visit(finding);
  }
}

bool has_rule(const Report& report, const Kinds& kinds) {
  bool found = false;
  for_each_finding(report, [&](const Finding& finding) {
    found = found || std::ranges::find(kinds, finding.kind) != kinds.end();
  });
  return found;
}

void add_silicon(const Report& report, List& list) {
  std::set<std::string> seen;
  for (const Scorecard& card : report.scorecards) {
    const BoardIdentity& board = card.info.board;
    if (!is_identified(board) || board.provenance == Provenance::real) continue;
    const bool emulated = board.provenance == Provenance::emulated;
    const std::string why =
        "board " + board.name + (emulated ? " is emulated" : " is a process on a computer");
    if (seen.insert(why).second) list.push_back({"silicon", why});
  }
}

void add_boards(const Report& report, List& list) {
  const std::size_t count = std::max<std::size_t>(report.run.boards.size(), 1);
  list.push_back({"other boards",
                  count == 1 ? "one board was measured" : format_count(count) + " boards were measured"});
}

void add_vectors(const Report& report, List& list) {
  const std::uint64_t count = report.vectors.count;
  const bool of_this_set = report.run.sampling && report.run.sampling->claim == Claim::this_set;
  list.push_back({"other inputs", of_this_set
                                      ? "the claim is about the vectors of this set"
                                      : "the claim is about inputs such as these " + format_count(count) +
                                            " vectors: the same kinds of sources and surroundings"});
  for (const Scorecard& card : report.scorecards) {
    if (card.drawn >= count) continue;
    list.push_back({"all vectors", card.info.model + " was run on " + format_count(card.drawn) + " of " +
                                       format_count(count)});
  }
}

void add_quantities(const Report& report, List& list) {
  const auto unless = [&](const std::string& topic, const Kinds& kinds, const char* why) {
    if (!has_rule(report, kinds)) list.push_back({topic, why});
  };
  constexpr const char* kNoRule = "no rule of the policy looks at it";
  unless(report.vectors.task->traits().measure,
         {"noninferiority", "worst_slice", "accuracy", "auc", "stress"}, kNoRule);
  unless("groups of vectors", {"worst_slice", "disparity", "stress"}, kNoRule);
  unless("outputs as computed beforehand", {"golden"}, kNoRule);
  unless("latency", {"latency_quantile", "latency_shift"}, kNoRule);
  unless("memory", {"memory"}, kNoRule);
  unless("crashes that the run outlived", {"no_faults"}, kNoRule);
  unless("energy", {"energy", "battery_life"}, report.energies.empty() ? "it was not measured" : kNoRule);
  if (std::ranges::any_of(report.energies,
                          [](const BoardEnergyFigures& board) { return board.meter.simulated; }))
    list.push_back({"energy of silicon", "a simulated meter measured it"});
  list.push_back({"temperature, supply and age", "they were not varied"});
}

void add_latency(const Report& report, List& list) {
  if (!has_rule(report, {"latency_quantile", "latency_shift"})) return;
  for (const Scorecard& card : report.scorecards) {
    const bool throughput = card.info.mode == RunMode::throughput;
    const std::string caveat =
        throughput ? "in throughput mode it is not of release grade" : latency_caveat(card.info.board);
    if (!caveat.empty()) return list.push_back({"latency of the product", caveat});
  }
}

// What a rule passed without a measurement, because the policy says so.
void add_left_out(const Report& report, List& list) {
  std::vector<std::string> subjects;
  for_each_finding(report, [&](const Finding& finding) {
    for (const Check& check : finding.checks) {
      if (check.outcome != Outcome::pass || check.estimate) continue;
      if (std::ranges::find(subjects, check.subject) == subjects.end()) subjects.push_back(check.subject);
    }
  });
  if (!subjects.empty())
    list.push_back({"small groups", "too few vectors, left out by the policy: " + listed(subjects)});
}

void add_slices(const Report& report, List& list) {
  std::vector<std::string> names;
  for (const Slice& slice : report.vectors.slices) {
    bool judged = false;
    for_each_finding(report, [&](const Finding& finding) {
      for (const Check& check : finding.checks)
        judged = judged || std::ranges::find(check.slices, slice.name) != check.slices.end();
    });
    if (!judged) names.push_back(slice.name);
  }
  if (!names.empty()) list.push_back({"slices", "no rule looks at " + listed(names)});
}

}  // namespace

std::vector<NotShown> not_shown(const Report& report) {
  List list;
  if (report.verdicts.empty()) return list;
  add_silicon(report, list);
  add_latency(report, list);
  add_boards(report, list);
  add_vectors(report, list);
  add_left_out(report, list);
  add_slices(report, list);
  add_quantities(report, list);
  return list;
}

std::vector<std::string> earlier_runs_of(const Report& report) {
  std::vector<std::string> lines;
  for (const ModelOfRun& model : report.run.models) {
    if (!model.is_candidate) continue;
    std::string line = model.name + ": run " + format_count(model.earlier + 1) + " of it on these vectors";
    if (model.earlier == 1) line += "; the earlier one ended: ";
    if (model.earlier > 1) line += "; the earlier ones ended: ";
    if (model.earlier > model.earlier_ended.size()) line += "..., ";
    for (std::size_t i = 0; i < model.earlier_ended.size(); ++i)
      line += (i == 0 ? "" : ", ") + model.earlier_ended[i];
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> retries_of(const Report& report) {
  std::vector<std::string> lines;
  for (const FailedAttempt& each : report.run.failed_attempts) {
    std::string boards;
    for (const std::string& board : each.boards) boards += (boards.empty() ? "" : ", ") + board;
    lines.push_back("tried again: an attempt on " + boards + " failed, of the " + each.failure_class + ": " +
                    each.what);
  }
  return lines;
}

std::string order_of(const RunRecord& run) {
  if (!run.sampling) return "";
  std::string seed = "seed " + std::to_string(run.order_seed);
  switch (run.seed_origin) {
    case SeedOrigin::unstated:
      return seed;
    case SeedOrigin::drawn:
      return seed + ", drawn after the models were stored";
    case SeedOrigin::chosen:
      return seed + ", chosen by the policy";
  }
  return seed;
}

}  // namespace tinyhil::report
