// SPDX-License-Identifier: Apache-2.0
#include "recorded_windows.hpp"

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "store/run_store.hpp"

namespace tinyhil::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr double kMicrocoulombs = 1e6;

bool is_trace_of(const Recording& recording, const std::filesystem::path& trace,
                 const std::filesystem::path& store) {
  if (recording.end.trace.empty()) return false;
  std::error_code error;
  return std::filesystem::equivalent(store.parent_path() / recording.end.trace, trace, error);
}

const char* state_of(const MeasuredWindow& window) {
  return window.state == WindowState::complete ? "complete" : "incomplete";
}

std::string vector_of(const MeasuredWindow& window) { return window.vector ? to_string(*window.vector) : ""; }

}  // namespace

RecordedWindows windows_of(const std::filesystem::path& trace, const std::filesystem::path& store) {
  const auto results = store::open_store(store, store::StoreAccess::read_only);
  for (const RunRecord& run : results->runs()) {
    for (Recording& recording : results->recordings(run.id)) {
      if (!is_trace_of(recording, trace, store)) continue;
      if (sha256_of_file(trace) != recording.end.trace_digest) {
        throw Error(ErrorKind::usage,
                    fmt::format("the trace is not the one that run {} recorded: its digest differs", run.id),
                    trace.string(), "look at it without --store, or bring the recorded file back");
      }
      return {run.id, std::move(recording)};
    }
  }
  throw Error(ErrorKind::usage, "no run of the store recorded this trace", trace.string(),
              "name the store in whose folder it lies, or leave --store out");
}

void print_windows(const RecordedWindows& recorded) {
  const Recording& recording = recorded.recording;
  fmt::print("{:<9} {} of run {}, board {}, recording {}\n", "windows", recording.windows.size(),
             recorded.run, recording.info.board, to_string(recording.end.state));
  fmt::print("  {:>12} {:>12}  {:<9} {:>7} {:>6} {:>14}  {:<10} {}\n", "begin s", "length s", "kind",
             "vector", "proven", "charge uC", "state", "model");
  for (const MeasuredWindow& window : recording.windows) {
    fmt::print("  {:>12.6f} {:>12.6f}  {:<9} {:>7} {:>6} {:>14.6g}  {:<10} {}{}\n", window.begin_s,
               window.length_s, to_string(window.kind), vector_of(window), window.report.proven,
               kMicrocoulombs * window.charge_c, state_of(window), window.model,
               window.why.empty() ? "" : " (" + window.why + ")");
  }
}

Json json_of(const RecordedWindows& recorded) {
  Json windows = Json::array();
  for (const MeasuredWindow& window : recorded.recording.windows)
    windows.push_back({{"begin_s", window.begin_s},
                       {"length_s", window.length_s},
                       {"kind", to_string(window.kind)},
                       {"model", window.model},
                       {"vector", window.vector ? Json(window.vector->value) : Json(nullptr)},
                       {"block", window.block},
                       {"proven", window.report.proven},
                       {"charge_uc", kMicrocoulombs * window.charge_c},
                       {"state", state_of(window)},
                       {"why", window.why}});
  return {{"run", recorded.run},
          {"board", recorded.recording.info.board},
          {"state", to_string(recorded.recording.end.state)},
          {"windows", windows}};
}

}  // namespace tinyhil::app
