// SPDX-License-Identifier: Apache-2.0
#include "trace_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "meter/trace_reader.hpp"
#include "store/run_store.hpp"

namespace tinyhil::daemon {

namespace {

using nlohmann::ordered_json;

constexpr double kMicro = 1e6;
constexpr std::size_t kWindowsMost = 500;

struct RecordedRun {
  RunRecord run;
  std::vector<Recording> recordings;  // with a trace
};

RecordedRun recorded_run(const std::filesystem::path& store) {
  RecordedRun found;
  const auto results = store::open_store(store, store::StoreAccess::read_only);
  const std::vector<RunRecord> runs = results->runs();
  if (!runs.empty()) {
    found.run = runs.front();
    found.recordings = results->recordings(found.run.id);
  }
  std::erase_if(found.recordings, [](const Recording& recording) { return recording.end.trace.empty(); });
  if (found.recordings.empty())
    throw Error(ErrorKind::not_found, "no current was recorded", found.run.campaign,
                "give the board a `meter` in its bench file, and the campaign an `energy` section");
  return found;
}

std::set<std::string> models_of(const Recording& recording) {
  std::set<std::string> models;
  for (const MeasuredWindow& window : recording.windows)
    if (!window.model.empty()) models.insert(window.model);
  return models;
}

const Recording& recording_of(const RecordedRun& recorded, const TraceQuestion& question) {
  for (const Recording& recording : recorded.recordings) {
    if (!question.board.empty() && recording.info.board != question.board) continue;
    if (question.model.empty() || models_of(recording).contains(question.model)) return recording;
  }
  throw Error(ErrorKind::usage,
              "no recording has board `" + question.board + "` with model `" + question.model + "`",
              recorded.run.campaign, "leave `board` and `model` out: the reply lists them");
}

// In seconds of the recording.
struct Stretch {
  double from_s = 0;
  double to_s = 0;
};

bool is_of(const MeasuredWindow& window, const std::string& model) {
  return window.length_s > 0 && (model.empty() || window.model == model);
}

// What the windows of a model take, with a twentieth on both sides.
Stretch around_windows(const Recording& recording, const std::string& model, Stretch whole) {
  if (model.empty()) return whole;
  Stretch stretch{whole.to_s, whole.from_s};
  for (const MeasuredWindow& window : recording.windows) {
    if (!is_of(window, model)) continue;
    stretch.from_s = std::min(stretch.from_s, window.begin_s);
    stretch.to_s = std::max(stretch.to_s, window.begin_s + window.length_s);
  }
  const double margin_s = (stretch.to_s - stretch.from_s) / 20;
  if (margin_s <= 0) return whole;
  return {std::max(0.0, stretch.from_s - margin_s), std::min(whole.to_s, stretch.to_s + margin_s)};
}

Stretch stretch_of(const Recording& recording, const TraceQuestion& question,
                   const meter::TraceReader& trace) {
  const double length_s = static_cast<double>(trace.end()) * trace.sample_s();
  Stretch stretch = around_windows(recording, question.model, {0, length_s});
  stretch.from_s = question.from_s.value_or(stretch.from_s);
  stretch.to_s = std::min(length_s, question.to_s.value_or(stretch.to_s));
  if (stretch.to_s - stretch.from_s >= trace.sample_s() * (1 - 1e-9)) return stretch;
  throw Error(ErrorKind::usage,
              fmt::format("less than a sample lies between {:g} s and {:g} s", stretch.from_s, stretch.to_s),
              recording.end.trace,
              fmt::format("choose from_s and to_s within its {:g} s, {:g} s apart at least", length_s,
                          trace.sample_s()));
}

void add_columns(ordered_json& document, const meter::TraceReader& trace, Stretch stretch,
                 std::size_t columns) {
  const double first = stretch.from_s / trace.sample_s(), last = stretch.to_s / trace.sample_s();
  for (const char* key : {"low_ua", "high_ua", "mean_ua"}) document[key] = ordered_json::array();
  const auto add = [&](const char* key, bool is_gap, double value_a) {
    document[key].push_back(is_gap ? ordered_json(nullptr) : ordered_json(kMicro * value_a));
  };
  for (const meter::TraceColumn& column : trace.columns(first, last, columns)) {
    const bool is_gap = column.covered <= 0;
    add("low_ua", is_gap, column.low_a);
    add("high_ua", is_gap, column.high_a);
    add("mean_ua", is_gap, column.mean_a);
  }
  const double covered_s = trace.covered(first, last) * trace.sample_s();
  document["mean_of_range_ua"] = nullptr;
  if (covered_s > 0) document["mean_of_range_ua"] = kMicro * trace.charge_c(first, last) / covered_s;
}

std::string label_of(const MeasuredWindow& window) {
  if (window.kind != WindowKind::inference) return to_string(window.kind);
  return window.model + (window.vector ? ", vector " + std::to_string(window.vector->value) : "");
}

bool is_baseline(const RunRecord& run, const std::string& model) {
  return std::any_of(run.models.begin(), run.models.end(),
                     [&](const ModelOfRun& each) { return each.name == model && !each.is_candidate; });
}

void add_windows(ordered_json& document, const RunRecord& run, const Recording& recording,
                 const TraceQuestion& question) {
  std::size_t left_out = 0;
  document["windows"] = ordered_json::array();
  for (const MeasuredWindow& window : recording.windows) {
    if (!is_of(window, question.model)) continue;
    if (document["windows"].size() == kWindowsMost) {
      ++left_out;
      continue;
    }
    document["windows"].push_back({{"begin_s", window.begin_s},
                                   {"end_s", window.begin_s + window.length_s},
                                   {"label", label_of(window)},
                                   {"is_of_baseline", is_baseline(run, window.model)}});
  }
  document["windows_left_out"] = left_out;
}

std::string words_of(const MeterIdentity& meter) {
  std::string words = meter.driver + (meter.simulated ? ", simulated" : "");
  if (!meter.serial.empty()) words += ", serial " + meter.serial;
  return words + fmt::format(", {:g} samples a second", meter.rate_hz);
}

meter::TraceReader open_trace(const std::filesystem::path& store, const Recording& recording) {
  const std::filesystem::path file = store.parent_path() / recording.end.trace;
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error))
    throw Error(ErrorKind::not_found, "the trace is not there any more", recording.end.trace,
                "its windows are in the results all the same");
  return meter::TraceReader(file);
}

}  // namespace

ordered_json trace_document(const std::filesystem::path& store, const TraceQuestion& question) {
  const RecordedRun recorded = recorded_run(store);
  const Recording& recording = recording_of(recorded, question);
  const meter::TraceReader trace = open_trace(store, recording);
  const Stretch stretch = stretch_of(recording, question, trace);
  ordered_json document{{"board", recording.info.board}, {"boards", ordered_json::array()}};
  std::set<std::string> boards;
  for (const Recording& each : recorded.recordings)
    if (boards.insert(each.info.board).second) document["boards"].push_back(each.info.board);
  document["model"] = question.model;
  document["models"] = models_of(recording);
  document["meter"] = words_of(recording.info.meter);
  document["length_s"] = static_cast<double>(trace.end()) * trace.sample_s();
  document["from_s"] = stretch.from_s;
  document["to_s"] = stretch.to_s;
  document["column_s"] = (stretch.to_s - stretch.from_s) / static_cast<double>(question.columns);
  add_columns(document, trace, stretch, question.columns);
  add_windows(document, recorded.run, recording, question);
  return document;
}

}  // namespace tinyhil::daemon
