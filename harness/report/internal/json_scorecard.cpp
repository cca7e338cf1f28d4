// SPDX-License-Identifier: Apache-2.0
#include "json_of.hpp"

#include <cmath>

namespace tinyhil::report {
namespace {

// A count of right answers stays an integer.
Json count_or_sum(double successes) {
  if (successes == std::floor(successes)) return static_cast<std::uint64_t>(successes);
  return successes;
}

Json json_of(const BoardIdentity& board) {
  return {{"name", board.name},
          {"kind", board.kind},
          {"serial", board.serial},
          {"engine", board.engine},
          {"build", board.build},
          {"provenance", board.kind.empty() ? Json(nullptr) : Json(to_string(board.provenance))},
          {"image_digest", report::json_of(board.image)},
          {"clock", board.clock},
          {"clock_hz", board.clock_hz},
          {"timer_hz", board.timer_hz},
          {"flash_bytes", board.flash_size},
          {"ram_bytes", board.ram_size}};
}

Json json_of(const Tensor& tensor) {
  return {{"dtype", to_string(tensor.dtype)},
          {"dims", Json(std::vector<std::uint32_t>(tensor.dims.begin(), tensor.dims.begin() + tensor.rank))},
          {"scale", tensor.scale},
          {"zero_point", tensor.zero_point}};
}

// Of one tensor itself; of several a list.
Json json_of(const TensorList& list) {
  if (list.is_single()) return json_of(list.only());
  Json tensors = Json::array();
  for (const Tensor& tensor : list) tensors.push_back(json_of(tensor));
  return tensors;
}

Json json_of(const TrialInfo& info) {
  return {{"model", info.model},
          {"model_digest", report::json_of(info.model_digest)},
          {"model_bytes", info.model_size},
          {"vectors_digest", report::json_of(info.vectors_digest)},
          {"vector_count", info.vector_count},
          {"repeats", info.repeats},
          {"mode", to_string(info.mode)},
          {"top_k", info.top_k},
          {"polled", info.polled},
          {"board", json_of(info.board)},
          {"arena_bytes", info.arena_used},
          {"input", json_of(info.input)},
          {"output", json_of(info.output)}};
}

Json json_of(const Fault& fault) {
  return {{"kind", to_string(fault.kind)},
          {"what", fault.what},
          {"evidence", fault.evidence},
          {"remedy", fault.remedy}};
}

Json json_of(const SurvivedFault& survived) {
  return {{"fault", json_of(survived.fault)},
          {"vector", survived.vector ? Json(survived.vector->value) : Json(nullptr)},
          {"of_the_device", survived.of_the_device}};
}

Json survived_faults_of(const Scorecard& card) {
  Json list = Json::array();
  for (const SurvivedFault& survived : card.survived)
    if (survived.fault.kind != FaultKind::read_back) list.push_back(json_of(survived));
  return list;
}

// Of the firmware, by a debug probe: each time, and the digest of what it read.
Json proofs_of(const Scorecard& card) {
  Json list = Json::array();
  for (const SurvivedFault& survived : card.survived) {
    if (survived.fault.kind == FaultKind::read_back)
      list.push_back({{"what", survived.fault.what}, {"image", survived.fault.evidence}});
  }
  return list;
}

// [ticks, occurrences] in ascending order: the whole distribution, and short where the clock is
// deterministic.
Json distribution_of(const std::vector<std::uint32_t>& sorted) {
  Json pairs = Json::array();
  for (std::size_t begin = 0; begin < sorted.size();) {
    std::size_t end = begin;
    while (end < sorted.size() && sorted[end] == sorted[begin]) ++end;
    pairs.push_back(Json::array({sorted[begin], end - begin}));
    begin = end;
  }
  return pairs;
}

Json quantiles_of(const Measured& latency) {
  if (latency.sorted.empty()) return nullptr;
  return {{"p50", latency.steps_at(0.5)},
          {"p90", latency.steps_at(0.9)},
          {"p99", latency.steps_at(0.99)},
          {"max", latency.sorted.back()}};
}

Json json_of(const Measured& latency) {
  return {{"clock_hz", latency.steps_per_base},
          {"n", latency.sorted.size()},
          {"suspect", latency.suspect},
          {"disturbed", latency.disturbed},
          {"repeatable", latency.repeatable},
          {"ticks", quantiles_of(latency)},
          {"distribution", distribution_of(latency.sorted)}};
}

// Of a quantity beside latency.
Json described(const Measured& measured) {
  return {{"name", measured.quantity.name},
          {"unit", to_string(measured.quantity.unit)},
          {"source", measured.quantity.source},
          {"steps_per_base", measured.steps_per_base},
          {"base", base_of(measured.quantity.unit).name},
          {"n", measured.sorted.size()},
          {"repeatable", measured.repeatable},
          {"steps", quantiles_of(measured)},
          {"distribution", distribution_of(measured.sorted)}};
}

Json json_of(const std::optional<GoldenScore>& golden) {
  if (!golden) return nullptr;
  Json first = nullptr;
  if (golden->first)
    first = {{"vector", golden->first->vector},
             {"element", golden->first->element},
             {"expected", golden->first->expected},
             {"got", golden->first->got}};
  return {{"compared", golden->compared},
          {"differing", golden->differing},
          {"max_lsb", golden->max_lsb},
          {"first", first}};
}

}  // namespace

Json json_of(const Proportion& proportion) {
  return {{"successes", count_or_sum(proportion.successes)},
          {"n", proportion.n},
          {"value", proportion.n == 0 ? Json(nullptr) : Json(proportion.value())},
          {"interval", report::json_of(proportion.interval)}};
}

Json json_of(const SliceScore& score) {
  return {{"slice", score.slice}, {"value", score.value}, {"accuracy", json_of(score.accuracy)}};
}

Json json_of(const Scorecard& card) {
  Json json = {{"trial", json_of(card.info)},
               {"state", to_string(card.state)},
               {"fault", card.fault ? json_of(*card.fault) : Json(nullptr)},
               {"survived_faults", survived_faults_of(card)},
               {"drawn", card.drawn},
               {"inferences", card.inferences},
               {"failed_inferences", card.failed_inferences},
               {"quarantined_inferences", card.quarantined_inferences},
               {"quarantined_vectors", card.quarantined},
               {"nondeterministic", card.nondeterministic},
               {"classes", card.classes},
               {"confusion", card.confusion},
               {"accuracy", json_of(card.accuracy)},
               {"slices", json_list_of(card.slices)},
               {"latency", json_of(card.latency)},
               {"golden", json_of(card.golden)}};
  if (Json read_back = proofs_of(card); !read_back.empty()) json["read_back"] = std::move(read_back);
  for (const Measured& each : card.further) json["quantities"].push_back(described(each));
  return json;
}

}  // namespace tinyhil::report
