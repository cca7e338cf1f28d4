// SPDX-License-Identifier: Apache-2.0
#include "facts_of_trial.hpp"

#include <algorithm>
#include <cassert>
#include <string>

#include "bytes.hpp"
#include "codes.hpp"
#include "model/inference_rows.hpp"
#include "store/fact_kinds.hpp"

namespace tinyhil::store {
namespace {

template <class Enum>
FactValue fact_code(Enum value) {
  return std::string(code_of(value));
}

Fact fact_of_image(const BoardIdentity& board) {
  return Fact(fact_kind("image"))
      .set("digest", fact_bytes(board.image))
      .set("engine", board.engine)
      .set("build", board.build)
      .set("flash_size", fact_number(board.flash_size))
      .set("ram_size", fact_number(board.ram_size));
}

Fact fact_of_board(const BoardIdentity& board) {
  return Fact(fact_kind("board"))
      .set("name", board.name)
      .set("kind", board.kind)
      .set("serial", board.serial)
      .set("provenance", fact_code(board.provenance))
      .set("clock", board.clock)
      .set("clock_hz", fact_number(board.clock_hz))
      .set("timer_hz", fact_number(board.timer_hz));
}

Fact with_tensor(Fact fact, const Tensor& tensor) {
  return fact.set("dtype", fact_code(tensor.dtype))
      .set("rank", fact_number(tensor.rank))
      .set("dim0", fact_number(tensor.dims[0]))
      .set("dim1", fact_number(tensor.dims[1]))
      .set("dim2", fact_number(tensor.dims[2]))
      .set("dim3", fact_number(tensor.dims[3]))
      .set("scale", static_cast<double>(tensor.scale))
      .set("zero_point", std::int64_t{tensor.zero_point});
}

void add_further_tensors(std::int64_t trial, const char* role, const TensorList& list,
                         std::vector<Fact>& facts) {
  for (std::size_t i = 1; i < list.size(); ++i) {
    Fact fact(fact_kind("trial_tensor"));
    fact.set("trial", trial).set("role", std::string(role)).set("position", fact_number(i));
    facts.push_back(with_tensor(fact, list[i]));
  }
}

template <class T>
void set_column(Fact& block, const RowColumn<T>& column, const InferenceRows& rows) {
  const std::vector<T>& values = rows.*column.values;
  const bool is_known =
      !column.missing || std::ranges::any_of(values, [&](T value) { return value != *column.missing; });
  if (is_known) block.set(column.name, bytes_of(values));
}

}  // namespace

std::vector<TrialIdentity> identities_of(const TrialInfo& info) {
  const Fact model = Fact(fact_kind("model"))
                         .set("digest", fact_bytes(info.model_digest))
                         .set("size", fact_number(info.model_size));
  const Fact vector_set = Fact(fact_kind("vector_set"))
                              .set("digest", fact_bytes(info.vectors_digest))
                              .set("count", fact_number(info.vector_count));
  return {{"model", model},
          {"vector_set", vector_set},
          {"image", fact_of_image(info.board)},
          {"board", fact_of_board(info.board)},
          {"input", with_tensor(Fact(fact_kind("tensor")), info.input.front())},
          {"output", with_tensor(Fact(fact_kind("tensor")), info.output.front())}};
}

std::vector<Fact> facts_of_further_tensors(std::int64_t trial, const TrialInfo& info) {
  std::vector<Fact> facts;
  add_further_tensors(trial, "input", info.input, facts);
  add_further_tensors(trial, "output", info.output, facts);
  return facts;
}

Fact fact_of_trial(std::int64_t run, const TrialInfo& info, FactTime started_at) {
  Fact fact(fact_kind("trial"));
  fact.set("run", run)
      .set("model_name", info.model)
      .set("repeats", std::int64_t{info.repeats})
      .set("arena_used", fact_number(info.arena_used))
      .set("started_at", to_text(started_at))
      .set("mode", fact_code(info.mode))
      .set("top_k", fact_number(info.top_k));
  if (info.role == TrialRole::control) fact.set("role", fact_code(info.role));
  if (info.polled) fact.set("polled", std::int64_t{1});
  return fact;
}

Fact fact_of_block(std::int64_t trial, const InferenceRows& rows) {
  assert(rows.is_rectangular() && rows.size() > 0);
  const auto [first, last] = std::ranges::minmax(rows.vector);
  Fact fact(fact_kind("block"));
  fact.set("trial", trial)
      .set("first_vector", fact_number(first))
      .set("last_vector", fact_number(last))
      .set("n", fact_number(rows.size()))
      .set("output_size", fact_number(rows.output_size));
  for_each_row_column([&](const auto& column) { set_column(fact, column, rows); });
  return fact;
}

Fact fact_of_survived(std::int64_t trial, const SurvivedFault& survived, FactTime at) {
  Fact fact(fact_kind("survived_fault"));
  fact.set("trial", trial)
      .set("of_the_device", fact_number(survived.of_the_device ? 1 : 0))
      .set("kind", fact_code(survived.fault.kind))
      .set("what", survived.fault.what)
      .set("evidence", survived.fault.evidence)
      .set("remedy", survived.fault.remedy)
      .set("at", to_text(at));
  if (survived.vector) fact.set("vector", fact_number(survived.vector->value));
  return fact;
}

Fact fact_of_trial_end(std::int64_t trial, const TrialEnd& end, FactTime ended_at) {
  assert(end.state != TrialState::running);
  Fact fact(fact_kind("trial_end"));
  fact.set("trial", trial).set("state", fact_code(end.state)).set("ended_at", to_text(ended_at));
  if (end.drawn) fact.set("drawn", fact_number(*end.drawn));
  if (!end.fault) return fact;
  return fact.set("fault_kind", fact_code(end.fault->kind))
      .set("fault_what", end.fault->what)
      .set("fault_evidence", end.fault->evidence)
      .set("fault_remedy", end.fault->remedy);
}

}  // namespace tinyhil::store
