// SPDX-License-Identifier: Apache-2.0
#include "trials.hpp"

#include <cassert>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>

#include "base/error.hpp"
#include "checked_row.hpp"
#include "codes.hpp"
#include "model/limits.hpp"
#include "survived.hpp"

namespace tinyhil {
namespace {

using Value = std::variant<std::int64_t, double, std::string_view, Bytes>;
using Columns = std::vector<std::pair<const char*, Value>>;

std::int64_t number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

void bind(Statement& statement, const Columns& columns) {
  for (const auto& column : columns) {
    std::visit([&](const auto& value) { statement.bind(value); }, column.second);
  }
}

std::int64_t insert_row(Connection& connection, const std::string& table, const Columns& columns) {
  std::string names, marks;
  for (const auto& [name, value] : columns) {
    names += std::string(names.empty() ? "" : ", ") + name;
    marks += marks.empty() ? "?" : ", ?";
  }
  Statement insert(connection, "INSERT INTO " + table + " (" + names + ") VALUES (" + marks + ")");
  bind(insert, columns);
  insert.run();
  return connection.last_row_id();
}

// The row of `table` with exactly these columns, added when there is none.
std::int64_t identity(Connection& connection, const std::string& table, const Columns& columns) {
  std::string condition;
  for (const auto& [name, value] : columns) {
    condition += std::string(condition.empty() ? "" : " AND ") + name + " = ?";
  }
  Statement find(connection, "SELECT id FROM " + table + " WHERE " + condition);
  bind(find, columns);
  if (find.step()) return find.integer(0);
  return insert_row(connection, table, columns);
}

std::int64_t identity(Connection& connection, const Tensor& tensor) {
  return identity(connection, "tensor",
                  {{"dtype", code_of(tensor.dtype)},
                   {"rank", number(tensor.rank)},
                   {"dim0", number(tensor.dims[0])},
                   {"dim1", number(tensor.dims[1])},
                   {"dim2", number(tensor.dims[2])},
                   {"dim3", number(tensor.dims[3])},
                   {"scale", static_cast<double>(tensor.scale)},
                   {"zero_point", std::int64_t{tensor.zero_point}}});
}

std::int64_t board_identity(Connection& connection, const BoardIdentity& board) {
  return identity(connection, "board",
                  {{"name", board.name},
                   {"kind", board.kind},
                   {"serial", board.serial},
                   {"provenance", code_of(board.provenance)},
                   {"clock", board.clock},
                   {"clock_hz", number(board.clock_hz)},
                   {"timer_hz", number(board.timer_hz)}});
}

std::int64_t image_identity(Connection& connection, const BoardIdentity& board) {
  return identity(connection, "image",
                  {{"digest", Bytes(board.image.bytes)},
                   {"engine", board.engine},
                   {"build", board.build},
                   {"flash_size", number(board.flash_size)},
                   {"ram_size", number(board.ram_size)}});
}

constexpr std::uint64_t kFileMax = std::uint64_t{1} << 40;  // bytes of a model or an image
constexpr std::size_t kTensorMax = std::size_t{1} << 30;    // bytes of an input or output
constexpr std::size_t kRankMax = std::tuple_size_v<decltype(Tensor::dims)>;

Tensor tensor_at(const Connection& connection, const Statement& stored, const CheckedRow& row, int column) {
  Tensor tensor;
  tensor.dtype = decoded<DType>(connection, stored.text(column));
  tensor.rank = static_cast<std::uint8_t>(row.count(column + 1, 0, kRankMax));
  for (int i = 0; i < 4; ++i) {
    tensor.dims[static_cast<std::size_t>(i)] =
        static_cast<std::uint32_t>(row.integer(column + 2 + i, 1, UINT32_MAX));
  }
  tensor.scale = row.scale(column + 6);
  tensor.zero_point = row.number<std::int32_t>(column + 7);
  if (tensor.bytes() > kTensorMax) row.refuse("a tensor of " + std::to_string(tensor.bytes()) + " bytes");
  return tensor;
}

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
  o.dtype, o.rank, o.dim0, o.dim1, o.dim2, o.dim3, o.scale, o.zero_point, mode, top_k, role, drawn
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

std::int64_t insert_trial(Connection& connection, std::int64_t run, const TrialInfo& info) {
  Columns columns = {
      {"run", run},
      {"model", identity(connection, "model",
                         {{"digest", Bytes(info.model_digest.bytes)}, {"size", number(info.model_size)}})},
      {"model_name", info.model},
      {"vector_set",
       identity(connection, "vector_set",
                {{"digest", Bytes(info.vectors_digest.bytes)}, {"count", number(info.vector_count)}})},
      {"board", board_identity(connection, info.board)},
      {"image", image_identity(connection, info.board)},
      {"input", identity(connection, info.input)},
      {"output", identity(connection, info.output)},
      {"repeats", std::int64_t{info.repeats}},
      {"arena_used", number(info.arena_used)},
      {"mode", code_of(info.mode)},
      {"top_k", number(info.top_k)}};
  if (info.role == TrialRole::control) columns.emplace_back("role", code_of(info.role));
  return insert_row(connection, "trial", columns);
}

std::int64_t insert_end(Connection& connection, std::int64_t trial, const TrialEnd& end) {
  assert(end.state != TrialState::running);
  Columns columns = {{"trial", trial}, {"state", code_of(end.state)}};
  if (end.drawn) columns.emplace_back("drawn", number(*end.drawn));
  if (end.fault) {
    columns.insert(columns.end(), {{"fault_kind", code_of(end.fault->kind)},
                                   {"fault_what", end.fault->what},
                                   {"fault_evidence", end.fault->evidence},
                                   {"fault_remedy", end.fault->remedy}});
  }
  return insert_row(connection, "trial_end", columns);
}

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

}  // namespace tinyhil
