// SPDX-License-Identifier: Apache-2.0
#include "trials.hpp"

#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "base/error.hpp"
#include "checked_row.hpp"
#include "decoded.hpp"
#include "model/limits.hpp"
#include "survived.hpp"
#include "trial_tensors.hpp"

namespace tinyhil::store {
namespace {

constexpr std::uint64_t kFileMax = std::uint64_t{1} << 40;  // bytes of a model or an image

BoardIdentity board_at(const Connection& connection, const Statement& stored, const CheckedRow& row,
                       int column) {
  BoardIdentity board;
  board.name = row.name(column);
  board.kind = row.text(column + 1);
  board.serial = row.text(column + 2);
  board.provenance = decoded<Provenance>(connection, stored.text(column + 3));
  board.clock = row.text(column + 4);
  board.clock_hz = row.number<std::uint32_t>(column + 5);
  board.timer_hz = row.number<std::uint32_t>(column + 6);
  board.image = stored.digest(column + 7);
  board.engine = row.text(column + 8);
  board.build = row.text(column + 9);
  board.flash_size = row.count(column + 10, 0, kFileMax);
  board.ram_size = row.count(column + 11, 0, kFileMax);
  return board;
}

// A damaged index would hide rows that the chain finds by their ids (chain.cpp).
constexpr const char* kTrialsOfRun = R"sql(
SELECT trial.id, model_name, model.digest, model.size, vector_set.digest, vector_set.count, repeats, arena_used,
  state, fault_kind, fault_what, fault_evidence, fault_remedy,
  name, kind, serial, provenance, clock, clock_hz, timer_hz, image.digest, engine, build, flash_size, ram_size,
  i.dtype, i.rank, i.dim0, i.dim1, i.dim2, i.dim3, i.scale, i.zero_point,
  o.dtype, o.rank, o.dim0, o.dim1, o.dim2, o.dim3, o.scale, o.zero_point, mode, top_k, role, drawn, polled
FROM trial NOT INDEXED
JOIN model ON model.id = trial.model
JOIN vector_set ON vector_set.id = trial.vector_set
JOIN board ON board.id = trial.board
JOIN image ON image.id = trial.image
JOIN tensor AS i ON i.id = trial.input
JOIN tensor AS o ON o.id = trial.output
LEFT JOIN trial_end AS ended
  ON ended.id = (SELECT MAX(id) FROM trial_end NOT INDEXED WHERE trial_end.trial = trial.id)
WHERE run = ? ORDER BY trial.id
)sql";

TrialInfo info_at(const Connection& connection, const Statement& stored, const CheckedRow& row) {
  TrialInfo info;
  info.model = row.name(1);
  info.model_digest = stored.digest(2);
  info.model_size = row.count(3, 0, kFileMax);
  info.vectors_digest = stored.digest(4);
  info.vector_count = row.count(5, 0, kVectorsMax);
  info.repeats = static_cast<int>(row.integer(6, 1, kRepeatsMax));
  info.arena_used = row.number<std::uint32_t>(7);
  info.board = board_at(connection, stored, row, 13);
  info.input = tensor_at(connection, stored, row, 25);
  info.output = tensor_at(connection, stored, row, 33);
  info.mode = decoded<RunMode>(connection, stored.text(41));
  info.top_k = static_cast<std::uint16_t>(row.integer(42, 0, kTopKMax));
  info.polled = !stored.is_null(45);
  if (!stored.is_null(43)) info.role = decoded<TrialRole>(connection, stored.text(43));
  return info;
}

void read_end(const Connection& connection, const Statement& stored, const CheckedRow& row, Trial& trial) {
  if (!stored.is_null(8)) trial.state = decoded<TrialState>(connection, stored.text(8));
  if (!stored.is_null(9)) {
    trial.fault = Fault{decoded<FaultKind>(connection, stored.text(9)), row.text(10, kTextMax),
                        row.text(11, kTextMax), row.text(12, kTextMax)};
  }
  if (!stored.is_null(44)) trial.drawn = row.count(44, 1, trial.info.vector_count);
  if (trial.state == TrialState::faulted && !trial.fault) row.refuse("it is faulted without a fault");
}

Trial trial_at(Connection& connection, const Statement& stored) {
  const CheckedRow row(connection, stored, "trial " + std::to_string(stored.integer(0)));
  Trial trial;
  trial.id = stored.integer(0);
  trial.info = info_at(connection, stored, row);
  load_further_tensors(connection, trial.id, trial.info);
  if (trial.info.top_k > 0 && !trial.info.output.is_single())
    row.refuse("it has the largest of several outputs");
  read_end(connection, stored, row, trial);
  trial.survived = load_survived(connection, trial.id, trial.info.vector_count);
  return trial;
}

// A run has one trial of a model on a board in each role, which goes on when the run does.
void refuse_twice(const Connection& connection, const std::vector<Trial>& trials) {
  std::set<std::tuple<std::string, TrialRole, std::string>> seen;
  for (const Trial& trial : trials) {
    if (seen.emplace(trial.info.model, trial.info.role, trial.info.board.name).second) continue;
    connection.fail_damaged("trial " + std::to_string(trial.id) + ": model `" + trial.info.model +
                            "` is there twice on board `" + trial.info.board.name + "`");
  }
}

}  // namespace

RowBounds bounds_of_open_trial(Connection& connection, std::int64_t trial) {
  Statement find(
      connection,
      "SELECT vector_set.count, repeats, (SELECT iif(drawn IS NULL, state, 'in part') FROM trial_end"
      " WHERE trial = trial.id ORDER BY id DESC LIMIT 1) FROM trial"
      " JOIN vector_set ON vector_set.id = trial.vector_set WHERE trial.id = ?");
  find.bind(trial);
  const bool found = find.step();
  const std::string state = found ? find.text(2) : "";
  if (!found || state == "complete" || state == "faulted") {
    throw Error(ErrorKind::bench_fault,
                "trial " + std::to_string(trial) + (found ? " has ended as " + state : " does not exist"),
                connection.file().string(), "start a new run");
  }
  return {static_cast<std::uint64_t>(find.integer(0)), static_cast<std::uint64_t>(find.integer(1))};
}

std::vector<Trial> load_trials(Connection& connection, std::int64_t run) {
  Statement rows(connection, kTrialsOfRun);
  rows.bind(run);
  std::vector<Trial> trials;
  while (rows.step()) trials.push_back(trial_at(connection, rows));
  refuse_twice(connection, trials);
  return trials;
}

}  // namespace tinyhil::store
