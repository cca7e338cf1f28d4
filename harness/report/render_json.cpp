// SPDX-License-Identifier: Apache-2.0
// docs/schema/report.schema.json. Doubles are written so that they read back bit for bit.
#include "base/visible.hpp"
#include "model/task.hpp"
#include "not_shown.hpp"
#include "report.hpp"
#include "report/internal/json_of.hpp"
#include "report/internal/words.hpp"
#include "run_json.hpp"

namespace tinyhil::report {
namespace {

constexpr int kSchemaVersion = 1;

Json slices_of(const VectorSet& vectors) {
  Json list = Json::array();
  for (const Slice& slice : vectors.slices) list.push_back({{"name", slice.name}, {"values", slice.values}});
  return list;
}

Json json_of(const TaskTraits& task) {
  return {{"kind", task.kind}, {"measure", task.measure}, {"right_or_wrong", task.is_right_or_wrong}};
}

Json json_of(const VectorSet& vectors) {
  return {{"file", vectors.file.string()}, {"digest", report::json_of(vectors.digest)},
          {"count", vectors.count},        {"task", json_of(vectors.task->traits())},
          {"classes", vectors.classes},    {"slices", slices_of(vectors)}};
}

Json json_of(const ModelOfRun& model) {
  return {{"name", model.name},
          {"digest", report::json_of(model.digest)},
          {"candidate", model.is_candidate},
          {"earlier", model.earlier},
          {"earlier_ended", model.earlier_ended}};
}

Json models_of(const RunRecord& run) {
  Json list = Json::array();
  for (const ModelOfRun& model : run.models) list.push_back(json_of(model));
  return list;
}

Json not_shown_of(const Report& report) {
  Json list = Json::array();
  for (const NotShown& one : not_shown(report)) list.push_back({{"topic", one.topic}, {"why", one.why}});
  return list;
}

}  // namespace

Json failed_attempts_of(const RunRecord& run) {
  Json list = Json::array();
  for (const FailedAttempt& each : run.failed_attempts)
    list.push_back({{"boards", each.boards}, {"class", each.failure_class}, {"what", each.what}});
  return list;
}

Json json_of(const Digest& digest) { return digest == Digest{} ? Json(nullptr) : Json(digest.hex()); }

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json json_of(const RunRecord& run) {
  return {{"id", run.id},
          {"campaign", run.campaign},
          {"campaign_file", run.campaign_file},
          {"campaign_digest", json_of(run.campaign_digest)},
          {"bench", run.bench},
          {"policy_digest", json_of(run.policy_digest)},
          {"started_at", run.started_at},
          {"host", run.host},
          {"version", run.version},
          {"sampling", run.sampling ? Json(to_text(*run.sampling)) : Json(nullptr)},
          {"order_seed", run.sampling ? Json(std::to_string(run.order_seed)) : Json(nullptr)},
          {"seed_origin", run.sampling ? Json(to_string(run.seed_origin)) : Json(nullptr)},
          {"boards", run.boards},
          {"machine", text_or_null(run.machine)},
          {"user", text_or_null(run.user)},
          {"commit", text_or_null(run.commit)},
          {"models", models_of(run)}};
}

// The policy of the verdicts, which may be another one than the run began with.
Json judged_by(const Report& report) {
  return {{"policy_digest", json_of(policy_of(report))},
          {"is_policy_of_run", policy_of(report) == report.run.policy_digest}};
}

std::string render_json(const Report& report) {
  Json document = {{"schema_version", kSchemaVersion},
                   {"run", json_of(report.run)},
                   {"judged_by", judged_by(report)},
                   {"vectors", json_of(report.vectors)},
                   {"family_error", family_error(report.verdicts)},
                   {"verdicts", json_list_of(report.verdicts)},
                   {"not_shown", not_shown_of(report)},
                   {"energies", json_list_of(report.energies)},
                   {"scorecards", json_list_of(report.scorecards)}};
  if (!report.boards.empty()) document["boards"] = json_list_of(report.boards);
  if (!report.run.failed_attempts.empty()) document["failed_attempts"] = failed_attempts_of(report.run);
  return visible(document.dump(-1, ' ', false, Json::error_handler_t::replace)) + "\n";
}

}  // namespace tinyhil::report
