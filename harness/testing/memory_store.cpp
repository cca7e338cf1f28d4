// SPDX-License-Identifier: Apache-2.0
#include "memory_store.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/error.hpp"
#include "store/internal/facts_of_recording.hpp"
#include "store/internal/facts_of_run.hpp"
#include "store/internal/facts_of_trial.hpp"

namespace tinyhil::test {
namespace {

using Place = std::pair<std::uint32_t, std::uint16_t>;  // vector and repeat

Error refused(const std::string& what) {
  return Error(ErrorKind::bench_fault, what, "memory", "the test asks for what a store refuses");
}

Place place_at(const InferenceRows& rows, std::size_t row) { return {rows.vector[row], rows.repeat[row]}; }

std::string words_of(const Place& place) {
  return "vector " + std::to_string(place.first) + ", repeat " + std::to_string(place.second);
}

InferenceRows in_order(InferenceRows rows) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t row) { return place_at(rows, row); });
  rows.permute(order);
  return rows;
}

void check_places(const TrialInfo& info, const InferenceRows& stored, const InferenceRows& rows) {
  std::vector<Place> taken;
  for (std::size_t row = 0; row < stored.size(); ++row) taken.push_back(place_at(stored, row));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const Place place = place_at(rows, row);
    if (place.first >= info.vector_count || place.second >= info.repeats)
      throw refused(words_of(place) + " is outside of the trial");
    const auto found = std::ranges::find(taken, place);
    const bool comes_twice = found - taken.begin() >= static_cast<std::ptrdiff_t>(stored.size());
    if (found != taken.end())
      throw refused(words_of(place) + (comes_twice ? " comes twice" : " is stored already"));
    taken.push_back(place);
  }
}

// Columns whose values may be missing are for InferenceRows::append to line up.
void add_rows(InferenceRows& stored, const InferenceRows& rows) {
  if (stored.size() == 0) {
    stored = rows;
    return;
  }
  if (stored.output_size != rows.output_size)
    throw refused("outputs of " + std::to_string(rows.output_size) + " bytes among outputs of " +
                  std::to_string(stored.output_size) + " bytes");
  stored.append(rows);
}

}  // namespace

MemoryStore::Run& MemoryStore::run_at(std::int64_t id) {
  if (id < 1 || id > std::ssize(runs_)) throw refused("run " + std::to_string(id) + " does not exist");
  return runs_[static_cast<std::size_t>(id - 1)];
}

MemoryStore::StoredTrial& MemoryStore::open_trial(std::int64_t id) {
  if (id < 1 || id > std::ssize(trials_)) throw refused("trial " + std::to_string(id) + " does not exist");
  StoredTrial& stored = trials_[static_cast<std::size_t>(id - 1)];
  const Trial& trial = stored.trial;
  const bool is_whole = trial.state == TrialState::complete && !trial.drawn;
  if (is_whole || trial.state == TrialState::faulted)
    throw refused("trial " + std::to_string(id) + " ended as " + to_string(trial.state));
  return stored;
}

Digest MemoryStore::content_of(const Digest& model) const {
  const auto found = graphs_.find(model.hex());
  return found == graphs_.end() ? model : found->second;
}

Digest MemoryStore::values_of(const Digest& vectors) const {
  const auto found = vectors_.find(vectors.hex());
  return found == vectors_.end() ? vectors : found->second.values;
}

void MemoryStore::count_earlier(const RunRecord& record, ModelOfRun& model) const {
  for (const Run& run : runs_) {
    if (values_of(run.record.vectors_digest) != values_of(record.vectors_digest)) continue;
    const auto before = std::ranges::find_if(run.record.models, [&](const ModelOfRun& other) {
      return other.is_candidate && content_of(other.digest) == content_of(model.digest);
    });
    if (before == run.record.models.end()) continue;
    std::string ending = run.has_ended ? "no verdict stored" : "not finished";
    for (const store::RunVerdict& verdict : run.verdicts)
      if (verdict.model == before->name) ending = verdict.outcome;
    add_earlier_run(model, ending);
  }
}

std::int64_t MemoryStore::begin_run(const RunRecord& run) {
  RunRecord record = run;
  record.id = std::ssize(runs_) + 1;
  for (ModelOfRun& model : record.models)
    if (model.is_candidate) count_earlier(record, model);
  facts_.add_run(store::fact_of_run(record));
  for (const store::Fact& fact : store::facts_beside_run(record)) facts_.add(record.id, fact);
  runs_.push_back({std::move(record)});
  return std::ssize(runs_);
}

void MemoryStore::add_verdict(std::int64_t run, const store::RunVerdict& verdict) {
  run_at(run).verdicts.push_back(verdict);
  facts_.add(run, store::fact_of_verdict(run, verdict));
}

void MemoryStore::add_failed_attempt(std::int64_t run, const FailedAttempt& attempt) {
  run_at(run).record.failed_attempts.push_back(attempt);
  facts_.add(run, store::fact_of_failed_attempt(run, attempt));
}

void MemoryStore::end_run(std::int64_t run) {
  if (std::exchange(run_at(run).has_ended, true)) return;
  facts_.add(run, store::fact_of_run_end(run, clock_()));
}

std::int64_t MemoryStore::begin_trial(std::int64_t run, const TrialInfo& info) {
  run_at(run);
  store::Fact fact = store::fact_of_trial(run, info, clock_());
  for (const store::TrialIdentity& identity : store::identities_of(info))
    fact.set(identity.field, facts_.add_identity(run, identity.fact));
  StoredTrial& stored = trials_.emplace_back();
  stored.run = run;
  stored.trial.id = facts_.add(run, fact);
  stored.trial.info = info;
  for (const store::Fact& tensor : store::facts_of_further_tensors(stored.trial.id, info))
    facts_.add(run, tensor);
  return stored.trial.id;
}

void MemoryStore::append(std::int64_t trial, const InferenceRows& rows) {
  if (rows.size() == 0) return;
  StoredTrial& stored = open_trial(trial);
  check_places(stored.trial.info, stored.trial.rows, rows);
  add_rows(stored.trial.rows, rows);
  facts_.add(stored.run, store::fact_of_block(trial, rows));
}

void MemoryStore::add_fault(std::int64_t trial, const SurvivedFault& fault) {
  StoredTrial& stored = open_trial(trial);
  if (fault.vector && fault.vector->value >= stored.trial.info.vector_count)
    throw refused("vector " + std::to_string(fault.vector->value) + " is outside of the trial");
  stored.trial.survived.push_back(fault);
  facts_.add(stored.run, store::fact_of_survived(trial, fault, clock_()));
}

void MemoryStore::end_trial(std::int64_t trial, const TrialEnd& end) {
  StoredTrial& stored = open_trial(trial);
  stored.trial.state = end.state;
  stored.trial.fault = end.fault;
  stored.trial.drawn = end.drawn;
  facts_.add(stored.run, store::fact_of_trial_end(trial, end, clock_()));
}

void MemoryStore::together(const std::function<void()>& work) {
  MemoryStore before = *this;
  try {
    work();
  } catch (...) {
    *this = std::move(before);
    throw;
  }
}

MemoryStore::StoredRecording& MemoryStore::open_recording(std::int64_t id) {
  if (id < 1 || id > std::ssize(recordings_))
    throw refused("recording " + std::to_string(id) + " does not exist");
  StoredRecording& stored = recordings_[static_cast<std::size_t>(id - 1)];
  if (stored.recording.end.state != RecordingState::running)
    throw refused("recording " + std::to_string(id) + " has ended");
  return stored;
}

std::int64_t MemoryStore::begin_recording(std::int64_t run, const RecordingInfo& info) {
  run_at(run);
  StoredRecording& stored = recordings_.emplace_back();
  const std::vector<double> ranges = store::numbers_of(info.meter.ranges);
  stored.run = run;
  const store::FactTime now = clock_();
  stored.recording.id = facts_.add(run, store::fact_of_recording(run, info, ranges, now));
  stored.recording.started_at = store::to_text(now);
  stored.recording.info = info;
  return stored.recording.id;
}

void MemoryStore::add_windows(std::int64_t recording, std::span<const MeasuredWindow> windows) {
  StoredRecording& stored = open_recording(recording);
  for (const MeasuredWindow& window : windows) {
    facts_.add(stored.run, store::fact_of_window({stored.run, recording}, window));
    stored.recording.windows.push_back(window);
  }
}

void MemoryStore::end_recording(std::int64_t recording, const RecordingEnd& end) {
  StoredRecording& stored = open_recording(recording);
  facts_.add(stored.run, store::fact_of_recording_end({stored.run, recording}, end, clock_()));
  stored.recording.end = end;
}

std::vector<Recording> MemoryStore::recordings(std::int64_t run) const {
  std::vector<Recording> recordings;
  for (const StoredRecording& stored : recordings_)
    if (stored.run == run) recordings.push_back(stored.recording);
  return recordings;
}

std::vector<RunRecord> MemoryStore::runs() const {
  std::vector<RunRecord> records;
  for (auto run = runs_.rbegin(); run != runs_.rend(); ++run) records.push_back(run->record);
  return records;
}

std::optional<RunRecord> MemoryStore::latest_run(const std::string& campaign) const {
  for (auto run = runs_.rbegin(); run != runs_.rend(); ++run)
    if (run->record.campaign == campaign) return run->record;
  return std::nullopt;
}

std::optional<RunRecord> MemoryStore::run(std::int64_t id) const {
  if (id < 1 || id > std::ssize(runs_)) return std::nullopt;
  return runs_[static_cast<std::size_t>(id - 1)].record;
}

bool MemoryStore::has_ended(std::int64_t run) const {
  return run >= 1 && run <= std::ssize(runs_) && runs_[static_cast<std::size_t>(run - 1)].has_ended;
}

std::vector<store::RunVerdict> MemoryStore::verdicts(std::int64_t run) const {
  if (run < 1 || run > std::ssize(runs_)) return {};
  return runs_[static_cast<std::size_t>(run - 1)].verdicts;
}

std::vector<Trial> MemoryStore::trials(std::int64_t run) const {
  std::vector<Trial> trials = trials_without_rows(run);
  for (Trial& trial : trials) {
    trial.rows = rows(trial.id);
    trial.rows.device_run.clear();
    trial.rows.run_index.clear();
    trial.rows.received_us.clear();
  }
  return trials;
}

std::vector<Trial> MemoryStore::trials_without_rows(std::int64_t run) const {
  std::vector<Trial> trials;
  for (const StoredTrial& stored : trials_) {
    if (stored.run != run) continue;
    trials.push_back(stored.trial);
    trials.back().rows = {};
  }
  return trials;
}

InferenceRows MemoryStore::rows(std::int64_t trial) const {
  if (trial < 1 || trial > std::ssize(trials_)) return {};
  return in_order(trials_[static_cast<std::size_t>(trial - 1)].trial.rows);
}

void MemoryStore::know_model(const Digest& file, const Digest& graph) { graphs_.emplace(file.hex(), graph); }

void MemoryStore::know_vectors(const Digest& file, const store::VectorContent& content) {
  vectors_.emplace(file.hex(), content);
}

std::optional<store::VectorContent> MemoryStore::vectors_of(const Digest& file) const {
  const auto found = vectors_.find(file.hex());
  if (found == vectors_.end()) return std::nullopt;
  return found->second;
}

std::vector<store::SeenRun> MemoryStore::seen_runs() const {
  std::vector<store::SeenRun> seen;
  for (const Run& run : runs_) {
    store::SeenRun shown{run.record.id, run.record.order_seed, run.record.sampling, {}, {}};
    for (const StoredTrial& stored : trials_) {
      if (stored.run != run.record.id || stored.trial.rows.size() == 0) continue;
      shown.vectors = stored.trial.info.vectors_digest;
      shown.models.push_back(content_of(stored.trial.info.model_digest));
    }
    std::ranges::sort(shown.models, {}, &Digest::bytes);
    const auto same = std::ranges::unique(shown.models);
    shown.models.erase(same.begin(), same.end());
    if (!shown.models.empty()) seen.push_back(std::move(shown));
  }
  return seen;
}

Digest MemoryStore::chain_head(std::int64_t run) const { return facts_.head(run); }

std::optional<store::BrokenLink> MemoryStore::verify_chain(std::int64_t run) const {
  MemoryRun stored(facts_, run);
  return store::find_broken_link(stored);
}

}  // namespace tinyhil::test
