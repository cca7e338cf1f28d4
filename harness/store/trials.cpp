// SPDX-License-Identifier: Apache-2.0
#include "trials.hpp"

#include <cassert>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "codes.hpp"
#include "model/error.hpp"
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

Tensor tensor_at(const Connection& connection, const Statement& row, int column) {
  Tensor tensor;
  tensor.dtype = decoded<DType>(connection, row.text(column));
  tensor.rank = static_cast<std::uint8_t>(row.integer(column + 1));
  for (int i = 0; i < 4; ++i) {
    tensor.dims[static_cast<std::size_t>(i)] = static_cast<std::uint32_t>(row.integer(column + 2 + i));
  }
  tensor.scale = static_cast<float>(row.real(column + 6));
  tensor.zero_point = static_cast<std::int32_t>(row.integer(column + 7));
  return tensor;
}

BoardIdentity board_at(const Connection& connection, const Statement& row, int column) {
  BoardIdentity board;
  board.name = row.text(column);
  board.kind = row.text(column + 1);
  board.serial = row.text(column + 2);
  board.provenance = decoded<Provenance>(connection, row.text(column + 3));
  board.clock = row.text(column + 4);
  board.clock_hz = static_cast<std::uint32_t>(row.integer(column + 5));
  board.timer_hz = static_cast<std::uint32_t>(row.integer(column + 6));
  board.image = row.digest(column + 7);
  board.engine = row.text(column + 8);
  board.build = row.text(column + 9);
  board.flash_size = static_cast<std::uint64_t>(row.integer(column + 10));
  board.ram_size = static_cast<std::uint64_t>(row.integer(column + 11));
  return board;
}

constexpr const char* kTrialsOfRun = R"sql(
SELECT trial.id, model_name, model.digest, model.size, vector_set.digest, vector_set.count, repeats, arena_used,
  state, fault_kind, fault_what, fault_evidence, fault_remedy,
  name, kind, serial, provenance, clock, clock_hz, timer_hz, image.digest, engine, build, flash_size, ram_size,
  i.dtype, i.rank, i.dim0, i.dim1, i.dim2, i.dim3, i.scale, i.zero_point,
  o.dtype, o.rank, o.dim0, o.dim1, o.dim2, o.dim3, o.scale, o.zero_point, mode, top_k, role, drawn
FROM trial
JOIN model ON model.id = trial.model
JOIN vector_set ON vector_set.id = trial.vector_set
JOIN board ON board.id = trial.board
JOIN image ON image.id = trial.image
JOIN tensor AS i ON i.id = trial.input
JOIN tensor AS o ON o.id = trial.output
LEFT JOIN trial_end AS ended
  ON ended.id = (SELECT MAX(id) FROM trial_end WHERE trial_end.trial = trial.id)
WHERE run = ? ORDER BY trial.id
)sql";

TrialInfo info_at(const Connection& connection, const Statement& row) {
  TrialInfo info;
  info.model = row.text(1);
  info.model_digest = row.digest(2);
  info.model_size = static_cast<std::uint64_t>(row.integer(3));
  info.vectors_digest = row.digest(4);
  info.vector_count = static_cast<std::uint64_t>(row.integer(5));
  info.repeats = static_cast<int>(row.integer(6));
  info.arena_used = static_cast<std::uint32_t>(row.integer(7));
  info.board = board_at(connection, row, 13);
  info.input = tensor_at(connection, row, 25);
  info.output = tensor_at(connection, row, 33);
  info.mode = decoded<RunMode>(connection, row.text(41));
  info.top_k = static_cast<std::uint16_t>(row.integer(42));
  if (!row.is_null(43)) info.role = decoded<TrialRole>(connection, row.text(43));
  return info;
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
    throw Error(ExitCode::bench_fault,
                "trial " + std::to_string(trial) + (found ? " has ended as " + state : " does not exist"),
                connection.file().string(), "start a new run");
  }
  return {static_cast<std::uint64_t>(find.integer(0)), static_cast<std::uint64_t>(find.integer(1))};
}

std::vector<Trial> load_trials(Connection& connection, std::int64_t run) {
  Statement rows(connection, kTrialsOfRun);
  rows.bind(run);
  std::vector<Trial> trials;
  while (rows.step()) {
    Trial trial;
    trial.id = rows.integer(0);
    trial.info = info_at(connection, rows);
    if (!rows.is_null(8)) trial.state = decoded<TrialState>(connection, rows.text(8));
    if (!rows.is_null(9)) {
      trial.fault =
          Fault{decoded<FaultKind>(connection, rows.text(9)), rows.text(10), rows.text(11), rows.text(12)};
    }
    if (!rows.is_null(44)) trial.drawn = static_cast<std::uint64_t>(rows.integer(44));
    trial.survived = load_survived(connection, trial.id);
    trials.push_back(std::move(trial));
  }
  return trials;
}

}  // namespace tinyhil
