// SPDX-License-Identifier: Apache-2.0
#include "run_models.hpp"

#include <limits>

#include "checked_row.hpp"
#include "model/limits.hpp"
#include "store/internal/name_list.hpp"

namespace tinyhil::store {
namespace {

// By what files hold (contents.hpp), where that is known. In a run of an older version, what has a trial
// there may have been the baseline: it counts.
constexpr const char* kEarlierRuns = R"sql(
WITH
same_model AS (
  SELECT ?1 AS digest UNION
  SELECT digest FROM model_content WHERE graph = (SELECT graph FROM model_content WHERE digest = ?1)),
same_vectors AS (
  SELECT ?2 AS digest UNION
  SELECT digest FROM vector_content WHERE content = (SELECT content FROM vector_content WHERE digest = ?2))
SELECT run, name FROM run_model
WHERE candidate = 1 AND digest IN same_model AND vectors IN same_vectors AND run != ?3
UNION
SELECT trial.run, trial.model_name FROM trial
JOIN model ON model.id = trial.model JOIN vector_set ON vector_set.id = trial.vector_set
WHERE model.digest IN same_model AND vector_set.digest IN same_vectors AND trial.role IS NULL
AND NOT EXISTS (SELECT 1 FROM run_model WHERE run_model.run = trial.run)
ORDER BY 1)sql";

std::string ending_of(Connection& connection, std::int64_t run, const std::string& model) {
  Statement verdict(
      connection,
      "SELECT outcome FROM run_verdict WHERE run = ? AND model_name = ? ORDER BY id DESC LIMIT 1");
  if (verdict.bind(run).bind(model).step()) return verdict.text(0);
  Statement ended(connection, "SELECT 1 FROM run_end WHERE run = ?");
  return ended.bind(run).step() ? "no verdict stored" : "not finished";
}

}  // namespace

void count_earlier_runs(Connection& connection, const RunRecord& run, ModelOfRun& model) {
  Statement rows(connection, kEarlierRuns);
  rows.bind(Bytes(model.digest.bytes)).bind(Bytes(run.vectors_digest.bytes)).bind(run.id);
  std::int64_t last = 0;
  while (rows.step()) {
    if (rows.integer(0) == last) continue;  // under two names
    last = rows.integer(0);
    add_earlier_run(model, ending_of(connection, last, rows.text(1)));
  }
}

void load_models(Connection& connection, RunRecord& run) {
  Statement rows(
      connection,
      "SELECT id, name, candidate, digest, vectors, earlier, earlier_ended FROM run_model NOT INDEXED"
      " WHERE run = ? ORDER BY id");
  rows.bind(run.id);
  while (rows.step()) {
    const CheckedRow row(connection, rows, "row " + std::to_string(rows.integer(0)) + " of run_model");
    if (run.models.size() == kModelsMax)
      row.refuse("the run has more than " + std::to_string(kModelsMax) + " models");
    run.vectors_digest = rows.digest(4);
    run.models.push_back({row.name(1), rows.digest(3), row.integer(2, 0, 1) != 0,
                          row.count(5, 0, std::numeric_limits<std::int64_t>::max()),
                          split(row.text(6), '\n')});
    if (run.models.back().earlier_ended.size() > kEndingsKept) row.refuse("it has too many endings");
  }
}

std::vector<FailedAttempt> load_failed_attempts(Connection& connection, std::int64_t run) {
  Statement rows(connection,
                 "SELECT id, boards, failure_class, what FROM failed_attempt NOT INDEXED"
                 " WHERE run = ? ORDER BY id");
  rows.bind(run);
  std::vector<FailedAttempt> attempts;
  while (rows.step()) {
    const CheckedRow row(connection, rows, "row " + std::to_string(rows.integer(0)) + " of failed_attempt");
    if (attempts.size() == kFailedAttemptsMax)
      row.refuse("the run has more than " + std::to_string(kFailedAttemptsMax) + " of them");
    // A comma ends each name, and a name has at most 64 characters.
    attempts.push_back({split(row.text(1, kBoardsMax * 65), ','), row.name(2), row.text(3, kTextMax)});
  }
  return attempts;
}

std::vector<RunVerdict> load_verdicts(Connection& connection, std::int64_t run) {
  Statement rows(connection,
                 "SELECT id, model_name, policy_digest, outcome, judged_at FROM run_verdict NOT INDEXED"
                 " WHERE run = ? ORDER BY id");
  rows.bind(run);
  std::vector<RunVerdict> verdicts;
  while (rows.step()) {
    const CheckedRow row(connection, rows, "row " + std::to_string(rows.integer(0)) + " of run_verdict");
    verdicts.push_back({row.name(1), rows.digest(2), row.text(3), row.text(4)});
  }
  return verdicts;
}

}  // namespace tinyhil::store
