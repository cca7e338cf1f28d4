// SPDX-License-Identifier: Apache-2.0
#include "fact_kinds.hpp"

#include <algorithm>
#include <cassert>

namespace tinyhil::store {
namespace {
namespace declared {

using enum FieldType;

// `sampling` and `order_seed` are in runs of older versions only.
constexpr FactField kRun[] = {{"campaign", text},      {"campaign_file", text},  {"campaign_digest", bytes},
                              {"bench", text},         {"policy_digest", bytes}, {"started_at", text},
                              {"host", text},          {"version", text},        {"sampling", text},
                              {"order_seed", integer}, {"boards", text},         {"machine", text},
                              {"user_name", text},     {"git_commit", text}};
constexpr FactField kModel[] = {{"digest", bytes}, {"size", integer}};
constexpr FactField kVectorSet[] = {{"digest", bytes}, {"count", integer}};
constexpr FactField kImage[] = {
    {"digest", bytes}, {"engine", text}, {"build", text}, {"flash_size", integer}, {"ram_size", integer}};
constexpr FactField kBoard[] = {{"name", text},       {"kind", text},  {"serial", text},
                                {"provenance", text}, {"clock", text}, {"clock_hz", integer},
                                {"timer_hz", integer}};
constexpr FactField kTensor[] = {{"dtype", text},   {"rank", integer},      {"dim0", integer},
                                 {"dim1", integer}, {"dim2", integer},      {"dim3", integer},
                                 {"scale", real},   {"zero_point", integer}};
constexpr FactField kTrial[] = {{"run", integer, "run"},      {"model", integer, "model"},
                                {"model_name", text},         {"vector_set", integer, "vector_set"},
                                {"board", integer, "board"},  {"image", integer, "image"},
                                {"input", integer, "tensor"}, {"output", integer, "tensor"},
                                {"repeats", integer},         {"arena_used", integer},
                                {"started_at", text},         {"mode", text},
                                {"top_k", integer},           {"role", text},
                                {"polled", integer}};
constexpr FactField kTrialTensor[] = {
    {"trial", integer, "trial"}, {"role", text},    {"position", integer},  {"dtype", text},
    {"rank", integer},           {"dim0", integer}, {"dim1", integer},      {"dim2", integer},
    {"dim3", integer},           {"scale", real},   {"zero_point", integer}};
constexpr FactField kBlock[] = {{"trial", integer, "trial"},
                                {"first_vector", integer},
                                {"last_vector", integer},
                                {"n", integer},
                                {"output_size", integer},
                                {"vector", bytes},
                                {"repeat", bytes},
                                {"status", bytes},
                                {"clock", bytes},
                                {"timer", bytes},
                                {"outputs", bytes},
                                {"device_run", bytes},
                                {"run_index", bytes},
                                {"received_us", bytes}};
constexpr FactField kSurvivedFault[] = {{"trial", integer, "trial"},
                                        {"vector", integer},
                                        {"of_the_device", integer},
                                        {"kind", text},
                                        {"what", text},
                                        {"evidence", text},
                                        {"remedy", text},
                                        {"at", text}};
constexpr FactField kTrialEnd[] = {
    {"trial", integer, "trial"}, {"state", text},        {"fault_kind", text}, {"fault_what", text},
    {"fault_evidence", text},    {"fault_remedy", text}, {"ended_at", text},   {"drawn", integer}};
constexpr FactField kRunEnd[] = {{"run", integer, "run"}, {"ended_at", text}};
constexpr FactField kRunModel[] = {{"run", integer, "run"}, {"name", text},     {"candidate", integer},
                                   {"digest", bytes},       {"vectors", bytes}, {"earlier", integer},
                                   {"earlier_ended", text}};
constexpr FactField kRunOrder[] = {{"run", integer, "run"}, {"seed", integer}, {"origin", text}};
constexpr FactField kRunSampling[] = {
    {"run", integer, "run"}, {"draw_order", text},     {"stop", text},
    {"claim", text},         {"min_vectors", integer}, {"max_vectors", integer},
    {"discordance", real},   {"chosen", integer},      {"host_outputs", text}};
constexpr FactField kRunVerdict[] = {{"run", integer, "run"},
                                     {"model_name", text},
                                     {"policy_digest", bytes},
                                     {"outcome", text},
                                     {"judged_at", text}};

constexpr FactField kRecording[] = {
    {"run", integer, "run"},   {"board_name", text},      {"driver", text},     {"serial", text},
    {"firmware", text},        {"calibration", text},     {"calibrated", text}, {"expires", text},
    {"simulated", integer},    {"virtual_time", integer}, {"rate_hz", real},    {"ranges", bytes},
    {"range_mode", text},      {"supply_v", real},        {"voltage", text},    {"voltage_limit", real},
    {"trigger_line", integer}, {"started_at", text}};
constexpr FactField kEnergyWindow[] = {{"run", integer, "run"},  {"recording", integer, "recording"},
                                       {"kind", text},           {"model_name", text},
                                       {"vector", integer},      {"block", integer},
                                       {"asked", integer},       {"proven", integer},
                                       {"timer_ticks", integer}, {"output", bytes},
                                       {"state", text},          {"why", text},
                                       {"begin_s", real},        {"length_s", real},
                                       {"edge_s", real},         {"charge_c", real},
                                       {"missing_s", real},      {"missing_low_a", real},
                                       {"missing_high_a", real}, {"switching_c", real},
                                       {"noise_a", real},        {"noise_degrees", real},
                                       {"range_shares", bytes},  {"layer_ends", bytes},
                                       {"layer_shares", bytes}};
constexpr FactField kRecordingEnd[] = {{"run", integer, "run"}, {"recording", integer, "recording"},
                                       {"state", text},         {"fault_kind", text},
                                       {"fault_what", text},    {"fault_evidence", text},
                                       {"fault_remedy", text},  {"trace", text},
                                       {"trace_digest", bytes}, {"samples", integer},
                                       {"ended_at", text}};

constexpr FactField kFailedAttempt[] = {
    {"run", integer, "run"}, {"boards", text}, {"failure_class", text}, {"what", text}};

constexpr FactKind kKinds[] = {{"run", kRun},
                               {"model", kModel},
                               {"vector_set", kVectorSet},
                               {"image", kImage},
                               {"board", kBoard},
                               {"tensor", kTensor},
                               {"trial", kTrial},
                               {"trial_tensor", kTrialTensor},
                               {"block", kBlock},
                               {"survived_fault", kSurvivedFault},
                               {"trial_end", kTrialEnd},
                               {"run_end", kRunEnd},
                               {"run_model", kRunModel},
                               {"run_order", kRunOrder},
                               {"run_sampling", kRunSampling},
                               {"run_verdict", kRunVerdict},
                               {"recording", kRecording},
                               {"energy_window", kEnergyWindow},
                               {"recording_end", kRecordingEnd},
                               {"failed_attempt", kFailedAttempt}};

}  // namespace declared
}  // namespace

std::span<const FactKind> fact_kinds() { return declared::kKinds; }

const FactKind* find_fact_kind(std::string_view name) {
  const auto* const found = std::ranges::find(declared::kKinds, name, &FactKind::name);
  return found == std::end(declared::kKinds) ? nullptr : found;
}

const FactKind& fact_kind(std::string_view name) {
  const FactKind* kind = find_fact_kind(name);
  assert(kind != nullptr);
  return *kind;
}

}  // namespace tinyhil::store
