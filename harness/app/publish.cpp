// SPDX-License-Identifier: Apache-2.0
#include "publish.hpp"

#include <fmt/format.h>

#include "base/visible.hpp"
#include "campaign/trace_views.hpp"
#include "report/not_shown.hpp"
#include "report/outliers.hpp"

namespace tinyhil::app {

campaign::Inputs load_inputs(const JudgeOptions& options) {
  return campaign::load_inputs(load_campaign(options.campaign), options.candidates);
}

std::filesystem::path report_folder(const JudgeOptions& options, const Campaign& campaign) {
  return options.report.value_or(std::filesystem::path("results/reports") / campaign.name);
}

namespace {

// First of all, so that nobody takes a waived release for a passed one.
void print_waived(const Verdict& verdict) {
  for (const Finding& finding : verdict.findings) {
    if (!has_waiver(finding)) continue;
    fmt::print("{:<13} {}: {}\n              {}\n", to_string(Outcome::waived), verdict.candidate,
               finding.rule, finding.reason);
  }
}

void print_drawn(const campaign::Judgement& judgement, std::size_t count) {
  if (!judgement.run.sampling) return;
  for (const Scorecard& card : judgement.scorecards) {
    fmt::print("{:<13} {}: {} of {} vectors\n", "drawn", card.info.model, card.drawn, count);
  }
}

// One line: the report has the reasons.
void print_not_shown(const report::Report& report) {
  std::string topics;
  for (const report::NotShown& one : report::not_shown(report)) {
    if (topics.find(one.topic) == std::string::npos) topics += (topics.empty() ? "" : ", ") + one.topic;
  }
  if (!topics.empty()) fmt::print("{:<13} {}\n", "not shown", topics);
}

ExitCode exit_code_of(const campaign::Judgement& judgement, const JudgeOptions& options) {
  const ExitCode code = exit_code(judgement.verdicts);
  return options.waived_ok && code == ExitCode::waived ? ExitCode::pass : code;
}

}  // namespace

ExitCode publish(const campaign::Judgement& judgement, const campaign::Inputs& inputs,
                 const JudgeOptions& options) {
  const std::filesystem::path folder = report_folder(options, inputs.campaign);
  report::Report report = judgement.report(inputs.vectors);
  report.traces =
      campaign::trace_views(judgement.recordings, options.store.parent_path(), inputs.campaign.baseline);
  report.has_thumbnails = options.thumbnails;
  report::write_reports(report, folder);
  if (options.json) {
    fmt::print("{}\n", report::render_json(report));
    return exit_code_of(judgement, options);
  }
  for (const Verdict& verdict : judgement.verdicts) print_waived(verdict);
  for (const Verdict& verdict : judgement.verdicts) {
    fmt::print("{:<13} {} against {}\n              {}\n", to_string(verdict.outcome), verdict.candidate,
               verdict.baseline, verdict.reason);
  }
  if (judgement.policy != judgement.run.policy_digest)
    fmt::print("{:<13} {}\n", "policy", judgement.policy_words());
  print_drawn(judgement, inputs.vectors.count);
  for (const std::string& runs : report::earlier_runs_of(report)) fmt::print("{:<13} {}\n", "counted", runs);
  for (const std::string& retry : report::retries_of(report))
    fmt::print("{:<13} {}\n", "retried", visible_line(retry));
  for (const std::string& outlier : report::outliers_of(report))
    fmt::print("{:<13} {}\n", "outlier", visible_line(outlier));
  print_not_shown(report);
  fmt::print("{:<13} {}\n", "report", (folder / "report.html").string());
  return exit_code_of(judgement, options);
}

}  // namespace tinyhil::app
