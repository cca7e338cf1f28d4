// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "attested.hpp"
#include "report/internal/json_of.hpp"
#include "report/internal/words.hpp"
#include "run_json.hpp"

namespace tinyhil::report {
namespace {

constexpr const char* kStatement = "https://in-toto.io/Statement/v1";
constexpr const char* kTestResult = "https://in-toto.io/attestation/test-result/v0.1";
constexpr const char* kDetail = "urn:x-tinyhil:hil-gate:v1";

Json descriptor(const std::string& name, const Digest& digest) {
  return {{"name", name}, {"digest", {{"sha256", digest.hex()}}}};
}

// What the verdicts are about. A model compiled into the image has no digest of its own; the image stands for
// it.
Json subjects_of(const Report& report) {
  Json subjects = Json::array();
  std::set<Digest> seen = {Digest{}};
  for (const Scorecard& card : report.scorecards) {
    const BoardIdentity& board = card.info.board;
    if (seen.insert(board.image).second)
      subjects.push_back(descriptor("firmware:" + board.kind, board.image));
  }
  for (std::size_t i = 1; i < report.scorecards.size(); ++i) {
    const TrialInfo& info = report.scorecards[i].info;
    if (seen.insert(info.model_digest).second)
      subjects.push_back(descriptor("model:" + info.model, info.model_digest));
  }
  // No device ever said what it is: the statement is about the attempt.
  if (subjects.empty())
    subjects.push_back(descriptor("campaign:" + report.run.campaign, report.run.campaign_digest));
  return subjects;
}

Outcome outcome_of(const Report& report) {
  std::vector<Finding> as_findings;
  for (const Verdict& verdict : report.verdicts) as_findings.emplace_back().outcome = verdict.outcome;
  return worst(as_findings);
}

// Only what passed is PASSED; what somebody waived, or what a minor rule warns of, is WARNED.
enum class RuleResult { passed, warned, failed };

RuleResult result_of(const Finding& finding) {
  if (finding.outcome == Outcome::pass) return RuleResult::passed;
  const bool warns = finding.severity == Severity::minor || finding.outcome == Outcome::waived;
  return warns ? RuleResult::warned : RuleResult::failed;
}

struct Tests {
  Json passed = Json::array();
  Json warned = Json::array();
  Json failed = Json::array();

  void add(RuleResult result, const std::string& name) {
    (result == RuleResult::passed ? passed : result == RuleResult::warned ? warned : failed).push_back(name);
  }
};

Tests tests_of(const Report& report) {
  Tests tests;
  for (const Verdict& verdict : report.verdicts) {
    for (const Finding& finding : verdict.findings)
      tests.add(result_of(finding), verdict.candidate + "/" + finding.rule);
  }
  return tests;
}

const char* result_word(const Report& report, const Tests& tests) {
  switch (outcome_of(report)) {
    case Outcome::pass:
      if (!tests.failed.empty()) return "FAILED";
      return tests.warned.empty() ? "PASSED" : "WARNED";
    case Outcome::waived:
      return tests.failed.empty() ? "WARNED" : "FAILED";
    case Outcome::fail:
    case Outcome::inconclusive:
    case Outcome::error:
      break;
  }
  return "FAILED";
}

Json configuration_of(const Attested& attested) {
  Json list = Json::array();
  for (const Material& material : attested.configuration)
    list.push_back(descriptor(material.name, material.digest));
  return list;
}

std::string statement(const Report& report, const char* predicate_type, const Json& predicate) {
  const Json document = {{"_type", kStatement},
                         {"subject", subjects_of(report)},
                         {"predicateType", predicate_type},
                         {"predicate", predicate}};
  return document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json read_back_of(const Scorecard& card) {
  const BoardIdentity& board = card.info.board;
  return {{"model", card.info.model},
          {"board", board.name},
          {"provenance", is_identified(board) ? Json(to_string(board.provenance)) : Json(nullptr)},
          {"image_read_back", report::json_of(board.image)},
          {"model_digest_computed_on_device", report::json_of(card.info.model_digest)},
          {"agent", board.build},
          {"engine", board.engine}};
}

Json provenance_of(const Report& report) {
  Json list = Json::array();
  for (const Scorecard& card : report.scorecards) list.push_back(read_back_of(card));
  return list;
}

}  // namespace

std::string render_statement(const Attested& attested) {
  const Tests tests = tests_of(attested.report);
  return statement(attested.report, kTestResult,
                   {{"result", result_word(attested.report, tests)},
                    {"configuration", configuration_of(attested)},
                    {"passedTests", tests.passed},
                    {"warnedTests", tests.warned},
                    {"failedTests", tests.failed}});
}

std::string render_detail(const Attested& attested) {
  const Report& report = attested.report;
  Json candidates = Json::array();
  for (const Verdict& verdict : report.verdicts) candidates.push_back(verdict.candidate);
  Json detail = {{"tinyhil", attested.version},
                 {"judged_at", attested.judged_at},
                 {"signed_by", attested.key_id ? Json(*attested.key_id) : Json(nullptr)},
                 {"outcome", to_string(outcome_of(report))},
                 {"candidates", candidates},
                 {"configuration", configuration_of(attested)},
                 {"chain_head", json_of(attested.chain_head)},
                 {"run", json_of(report.run)},
                 {"judged_by", judged_by(report)},
                 {"read_back", provenance_of(report)},
                 {"verdicts", json_list_of(report.verdicts)},
                 {"scorecards", json_list_of(report.scorecards)}};
  if (!report.boards.empty()) detail["boards"] = json_list_of(report.boards);
  if (!report.run.failed_attempts.empty()) detail["failed_attempts"] = failed_attempts_of(report.run);
  return statement(report, kDetail, detail);
}

}  // namespace tinyhil::report
