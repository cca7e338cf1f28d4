// SPDX-License-Identifier: Apache-2.0
#include "codes.hpp"

#include <cassert>
#include <cstddef>

namespace tinyhil::store {
namespace {

template <class Enum>
struct Code {
  Enum value;
  std::string_view word;
};

template <class Enum>
constexpr std::nullptr_t kCodes = nullptr;  // of each enumeration: a list of Code<Enum>

template <>
constexpr Code<TrialState> kCodes<TrialState>[] = {{TrialState::running, "running"},
                                                   {TrialState::complete, "complete"},
                                                   {TrialState::faulted, "faulted"},
                                                   {TrialState::interrupted, "interrupted"}};
template <>
constexpr Code<RunMode> kCodes<RunMode>[] = {{RunMode::measure, "measure"},
                                             {RunMode::throughput, "throughput"}};
template <>
constexpr Code<TrialRole> kCodes<TrialRole>[] = {{TrialRole::subject, "subject"},
                                                 {TrialRole::control, "control"}};
template <>
constexpr Code<FaultKind> kCodes<FaultKind>[] = {
    {FaultKind::timeout, "timeout"}, {FaultKind::corrupt, "corrupt"},
    {FaultKind::reset, "reset"},     {FaultKind::refused, "refused"},
    {FaultKind::gone, "gone"},       {FaultKind::wrong_image, "wrong_image"},
    {FaultKind::remark, "remark"},   {FaultKind::read_back, "read_back"}};
template <>
constexpr Code<Provenance> kCodes<Provenance>[] = {
    {Provenance::real, "real"}, {Provenance::emulated, "emulated"}, {Provenance::process, "process"}};
template <>
constexpr Code<DType> kCodes<DType>[] = {{DType::int8, "int8"},
                                         {DType::uint8, "uint8"},
                                         {DType::int16, "int16"},
                                         {DType::int32, "int32"},
                                         {DType::float32, "float32"}};
template <>
constexpr Code<DrawOrder> kCodes<DrawOrder>[] = {{DrawOrder::random, "random"},
                                                 {DrawOrder::stratified, "stratified"},
                                                 {DrawOrder::recorded, "recorded"},
                                                 {DrawOrder::disagreement_first, "disagreement-first"}};
template <>
constexpr Code<StopRule> kCodes<StopRule>[] = {{StopRule::e_process, "e-process"},
                                               {StopRule::sprt, "sprt"},
                                               {StopRule::group_sequential, "group-sequential"},
                                               {StopRule::never, "never"}};
template <>
constexpr Code<Claim> kCodes<Claim>[] = {{Claim::unseen, "unseen"}, {Claim::this_set, "this-set"}};
template <>
constexpr Code<WindowKind> kCodes<WindowKind>[] = {
    {WindowKind::inference, "inference"}, {WindowKind::idle, "idle"}, {WindowKind::sleep, "sleep"}};
template <>
constexpr Code<WindowState> kCodes<WindowState>[] = {{WindowState::complete, "complete"},
                                                     {WindowState::incomplete, "incomplete"}};
template <>
constexpr Code<RecordingState> kCodes<RecordingState>[] = {{RecordingState::running, "running"},
                                                           {RecordingState::complete, "complete"},
                                                           {RecordingState::lost, "lost"},
                                                           {RecordingState::interrupted, "interrupted"}};
template <>
constexpr Code<VoltageSource> kCodes<VoltageSource>[] = {{VoltageSource::set_point, "set-point"},
                                                         {VoltageSource::measured, "measured"},
                                                         {VoltageSource::stated, "stated"}};

}  // namespace

template <class Enum>
std::string_view code_of(Enum value) {
  for (const auto& code : kCodes<Enum>) {
    if (code.value == value) return code.word;
  }
  assert(false && "an enumerator without a code");
  return {};
}

template <class Enum>
std::optional<Enum> from_code(std::string_view word) {
  for (const auto& code : kCodes<Enum>) {
    if (code.word == word) return code.value;
  }
  return std::nullopt;
}

template std::string_view code_of(TrialState);
template std::optional<TrialState> from_code(std::string_view);
template std::string_view code_of(RunMode);
template std::optional<RunMode> from_code(std::string_view);
template std::string_view code_of(TrialRole);
template std::optional<TrialRole> from_code(std::string_view);
template std::string_view code_of(FaultKind);
template std::optional<FaultKind> from_code(std::string_view);
template std::string_view code_of(Provenance);
template std::optional<Provenance> from_code(std::string_view);
template std::string_view code_of(DType);
template std::optional<DType> from_code(std::string_view);
template std::string_view code_of(DrawOrder);
template std::optional<DrawOrder> from_code(std::string_view);
template std::string_view code_of(StopRule);
template std::optional<StopRule> from_code(std::string_view);
template std::string_view code_of(Claim);
template std::optional<Claim> from_code(std::string_view);
template std::string_view code_of(WindowKind);
template std::optional<WindowKind> from_code(std::string_view);
template std::string_view code_of(WindowState);
template std::optional<WindowState> from_code(std::string_view);
template std::string_view code_of(RecordingState);
template std::optional<RecordingState> from_code(std::string_view);
template std::string_view code_of(VoltageSource);
template std::optional<VoltageSource> from_code(std::string_view);

}  // namespace tinyhil::store
