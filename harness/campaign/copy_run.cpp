// SPDX-License-Identifier: Apache-2.0
#include "copy_run.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>
#include <vector>

namespace tinyhil::campaign {

namespace {

constexpr std::size_t kRowsAtOnce = 4'096;

using RowKey = std::pair<std::uint32_t, std::uint16_t>;

std::vector<std::int64_t> first_arrivals(const store::RunStore& store, std::int64_t run) {
  std::vector<std::int64_t> arrivals;
  for (const Trial& trial : store.trials_without_rows(run)) {
    const InferenceRows rows = store.rows(trial.id);
    arrivals.push_back(rows.received_us.empty() ? 0 : rows.received_us.front());
  }
  return arrivals;
}

// Runs that began in the same second, as those of two boards do, are told apart by when their first results
// arrived. Of a copy without any, another copy does no harm.
bool is_copy(const RunCopy& copy, const RunRecord& record, const store::RunStore& to) {
  const RunRecord& wanted = copy.record;
  if (record.campaign_digest != wanted.campaign_digest || record.started_at != wanted.started_at ||
      record.order_seed != wanted.order_seed || record.boards != wanted.boards)
    return false;
  const std::vector<std::int64_t> here = first_arrivals(to, record.id);
  const std::vector<std::int64_t> there = first_arrivals(copy.from, copy.run);
  for (std::size_t i = 0; i < here.size() && i < there.size(); ++i)
    if (here[i] != 0 && here[i] == there[i]) return true;
  return false;
}

std::int64_t begun(const RunCopy& copy, store::RunStore& to) {
  for (const RunRecord& record : to.runs())
    if (is_copy(copy, record, to)) return record.id;
  return to.begin_run(copy.record);
}

InferenceRows rows_that_lack(const InferenceRows& there, const InferenceRows& here) {
  std::set<RowKey> known;
  for (std::size_t i = 0; i < here.size(); ++i) known.emplace(here.vector[i], here.repeat[i]);
  std::vector<std::size_t> lacking;
  for (std::size_t i = 0; i < there.size(); ++i)
    if (!known.contains({there.vector[i], there.repeat[i]})) lacking.push_back(i);
  InferenceRows rows;
  rows.append(there, lacking);
  return rows;
}

bool has_ended_so(const Trial& trial, const Trial& other) {
  return trial.state == other.state && trial.drawn == other.drawn;
}

void copy_trial(const RunCopy& copy, const Trial& there, const Trial& here, store::RunStore& to) {
  if (here.state == TrialState::complete && has_ended_so(here, there)) return;
  const InferenceRows rows = rows_that_lack(copy.from.rows(there.id), to.rows(here.id));
  for (std::size_t first = 0; first < rows.size(); first += kRowsAtOnce)
    to.append(here.id, rows.part(first, std::min(kRowsAtOnce, rows.size() - first)));
  for (std::size_t i = here.survived.size(); i < there.survived.size(); ++i)
    to.add_fault(here.id, there.survived[i]);
  if (there.state != TrialState::running && (!has_ended_so(here, there) || rows.size() > 0))
    to.end_trial(here.id, {there.state, there.fault, there.drawn});
}

void copy_trials(const RunCopy& copy, std::int64_t run, store::RunStore& to) {
  std::vector<Trial> here = to.trials_without_rows(run);
  const std::vector<Trial> there = copy.from.trials_without_rows(copy.run);
  for (std::size_t i = 0; i < there.size(); ++i) {
    if (i >= here.size()) {
      Trial added;
      added.id = to.begin_trial(run, there[i].info);
      here.push_back(std::move(added));
    }
    copy_trial(copy, there[i], here[i], to);
  }
}

void copy_recordings(const RunCopy& copy, std::int64_t run, store::RunStore& to) {
  std::vector<Recording> here = to.recordings(run);
  const std::vector<Recording> there = copy.from.recordings(copy.run);
  for (std::size_t i = 0; i < there.size(); ++i) {
    if (i >= here.size()) {
      Recording added;
      added.id = to.begin_recording(run, there[i].info);
      here.push_back(std::move(added));
    }
    if (here[i].end.state != RecordingState::running) continue;  // it takes no more
    const std::vector<MeasuredWindow> windows(
        there[i].windows.begin() + static_cast<std::ptrdiff_t>(here[i].windows.size()),
        there[i].windows.end());
    to.add_windows(here[i].id, windows);
    if (there[i].end.state == RecordingState::running) continue;
    RecordingEnd end = there[i].end;
    end.trace = copied_trace(copy, end.trace);
    to.end_recording(here[i].id, end);
  }
}

}  // namespace

std::string copied_trace(const RunCopy& copy, const std::string& trace) {
  if (trace.empty()) return "";
  const std::filesystem::path path(trace);
  return (path.parent_path() / (copy.trace_prefix + path.filename().string())).string();
}

std::int64_t copy_run(const RunCopy& copy, store::RunStore& to) {
  const std::int64_t run = begun(copy, to);
  to.add_new_attempts(run, copy.record.failed_attempts);
  copy_trials(copy, run, to);
  copy_recordings(copy, run, to);
  if (copy.from.has_ended(copy.run) && !to.has_ended(run)) to.end_run(run);
  return run;
}

}  // namespace tinyhil::campaign
