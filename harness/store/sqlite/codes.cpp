// SPDX-License-Identifier: Apache-2.0
#include "codes.hpp"

#include <cassert>
#include <span>

namespace tinyhil {
namespace {

template <class Enum>
struct Code {
  Enum value;
  std::string_view word;
};

constexpr Code<TrialState> kStates[] = {{TrialState::running, "running"},
                                        {TrialState::complete, "complete"},
                                        {TrialState::faulted, "faulted"},
                                        {TrialState::interrupted, "interrupted"}};
constexpr Code<RunMode> kModes[] = {{RunMode::measure, "measure"}, {RunMode::throughput, "throughput"}};
constexpr Code<TrialRole> kRoles[] = {{TrialRole::subject, "subject"}, {TrialRole::control, "control"}};
constexpr Code<FaultKind> kFaults[] = {
    {FaultKind::timeout, "timeout"}, {FaultKind::corrupt, "corrupt"}, {FaultKind::reset, "reset"},
    {FaultKind::refused, "refused"}, {FaultKind::gone, "gone"},       {FaultKind::wrong_image, "wrong_image"},
    {FaultKind::remark, "remark"}};
constexpr Code<Provenance> kProvenances[] = {
    {Provenance::real, "real"}, {Provenance::emulated, "emulated"}, {Provenance::process, "process"}};
constexpr Code<DType> kDTypes[] = {{DType::int8, "int8"},
                                   {DType::uint8, "uint8"},
                                   {DType::int16, "int16"},
                                   {DType::int32, "int32"},
                                   {DType::float32, "float32"}};
constexpr Code<DrawOrder> kOrders[] = {{DrawOrder::random, "random"},
                                       {DrawOrder::stratified, "stratified"},
                                       {DrawOrder::recorded, "recorded"},
                                       {DrawOrder::disagreement_first, "disagreement-first"}};
constexpr Code<StopRule> kStops[] = {{StopRule::e_process, "e-process"},
                                     {StopRule::sprt, "sprt"},
                                     {StopRule::group_sequential, "group-sequential"},
                                     {StopRule::never, "never"}};
constexpr Code<Claim> kClaims[] = {{Claim::unseen, "unseen"}, {Claim::this_set, "this-set"}};

template <class Enum>
std::string_view word_of(std::span<const Code<Enum>> codes, Enum value) {
  for (const auto& code : codes) {
    if (code.value == value) return code.word;
  }
  assert(false && "an enumerator without a code");
  return {};
}

template <class Enum>
std::optional<Enum> value_of(std::span<const Code<Enum>> codes, std::string_view word) {
  for (const auto& code : codes) {
    if (code.word == word) return code.value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view code_of(TrialState state) { return word_of<TrialState>(kStates, state); }
std::string_view code_of(RunMode mode) { return word_of<RunMode>(kModes, mode); }
std::string_view code_of(TrialRole role) { return word_of<TrialRole>(kRoles, role); }
std::string_view code_of(FaultKind kind) { return word_of<FaultKind>(kFaults, kind); }
std::string_view code_of(Provenance provenance) { return word_of<Provenance>(kProvenances, provenance); }
std::string_view code_of(DType dtype) { return word_of<DType>(kDTypes, dtype); }
std::string_view code_of(DrawOrder order) { return word_of<DrawOrder>(kOrders, order); }
std::string_view code_of(StopRule stop) { return word_of<StopRule>(kStops, stop); }
std::string_view code_of(Claim claim) { return word_of<Claim>(kClaims, claim); }

template <>
std::optional<TrialState> from_code(std::string_view code) {
  return value_of<TrialState>(kStates, code);
}
template <>
std::optional<RunMode> from_code(std::string_view code) {
  return value_of<RunMode>(kModes, code);
}
template <>
std::optional<TrialRole> from_code(std::string_view code) {
  return value_of<TrialRole>(kRoles, code);
}
template <>
std::optional<FaultKind> from_code(std::string_view code) {
  return value_of<FaultKind>(kFaults, code);
}
template <>
std::optional<Provenance> from_code(std::string_view code) {
  return value_of<Provenance>(kProvenances, code);
}
template <>
std::optional<DType> from_code(std::string_view code) {
  return value_of<DType>(kDTypes, code);
}

template <>
std::optional<DrawOrder> from_code(std::string_view code) {
  return value_of<DrawOrder>(kOrders, code);
}

template <>
std::optional<StopRule> from_code(std::string_view code) {
  return value_of<StopRule>(kStops, code);
}

template <>
std::optional<Claim> from_code(std::string_view code) {
  return value_of<Claim>(kClaims, code);
}

}  // namespace tinyhil
