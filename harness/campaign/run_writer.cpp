// SPDX-License-Identifier: Apache-2.0
#include "run_writer.hpp"

#include <algorithm>
#include <future>
#include <iterator>
#include <utility>

#include "model/inference_rows.hpp"

namespace tinyhil::campaign {
namespace {

// Rows that wait for the disk. Beyond, the boards wait with them.
constexpr std::size_t kWaitingMax = 256u << 20;
constexpr std::size_t kAtOnceMax = 1'000;  // facts of a transaction, each of at most some hundred rows

std::size_t bytes_of(const InferenceRows& rows) { return rows.size() * (32 + rows.output_size); }

}  // namespace

RunWriter::RunWriter(asio::any_io_executor executor, StoredRun run, bool keeps_rows, Told told)
    : executor_(std::move(executor)),
      store_(run.store),
      record_(run.record),
      keeps_rows_(keeps_rows),
      told_(std::move(told)),
      written_{run.record, {}, {}, {}, {}} {}

// By a job, when what it writes is durable.
void RunWriter::tell(std::function<void()> news) { written_.news.push_back(std::move(news)); }

void RunWriter::write(Job job) {
  {
    const std::lock_guard lock(waiting_access_);
    waiting_.push_back(std::move(job));
  }
  worker_.post([this] { write_waiting(); });
}

std::vector<RunWriter::Job> RunWriter::take_waiting() {
  const std::lock_guard lock(waiting_access_);
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kAtOnceMax));
  std::vector<Job> jobs(std::move_iterator(waiting_.begin()), std::move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return jobs;
}

void RunWriter::write_waiting() {
  const std::vector<Job> jobs = take_waiting();
  if (jobs.empty() || failure_) return;  // they went with those before them
  try {
    store_.together([&jobs] {
      for (const Job& job : jobs) job();
    });
  } catch (...) {
    failure_ = std::current_exception();
    written_.news = {[this, failure = failure_] { told_.failed(failure); }};
  }
  for (std::function<void()>& news : std::exchange(written_.news, {})) asio::post(executor_, std::move(news));
}

asio::awaitable<std::vector<Trial>> RunWriter::load_earlier() {
  std::vector<Trial> earlier =
      co_await ask([this](const RunRecord& run, store::RunStore& store, RunSoFar& so_far) {
        if (run.id == 0) return std::vector<Trial>();
        std::vector<Trial> trials = store.trials(run.id);
        for (const Trial& trial : trials) written_.ids[trial.id] = trial.id;
        if (keeps_rows_) so_far = RunSoFar(trials);
        return trials;
      });
  for (const Trial& trial : earlier) infos_[trial.id] = trial.info;
  co_return earlier;
}

// Numbers below 0, which no store gives.
std::int64_t RunWriter::begin(const TrialInfo& info) {
  const std::int64_t trial = --begun_;
  infos_[trial] = info;
  write([this, trial, info] {
    RunRecord& run = written_.record;
    if (run.id == 0) {
      run.id = store_.begin_run(run);
      tell([this, id = run.id] { record_.id = id; });
    }
    written_.ids[trial] = store_.begin_trial(run.id, info);
    if (keeps_rows_) written_.so_far.begin(trial, info);
  });
  return trial;
}

void RunWriter::append(std::int64_t trial, const InferenceRows& rows) {
  hold_back_when_full(bytes_of(rows));
  write([this, trial, rows = InferenceRows(rows)]() mutable {
    store_.append(written_.ids.at(trial), rows);
    if (keeps_rows_) written_.so_far.append(trial, rows);
    waiting_bytes_ -= bytes_of(rows);
    tell([this, trial, rows = std::move(rows)]() mutable { told_.rows(infos_.at(trial), std::move(rows)); });
  });
}

// A loop that waits is better than a machine without memory.
void RunWriter::hold_back_when_full(std::size_t bytes) {
  if ((waiting_bytes_ += bytes) <= kWaitingMax) return;
  std::promise<void> written;
  const std::future<void> all_written = written.get_future();
  worker_.post([written = std::move(written)]() mutable { written.set_value(); });
  all_written.wait();
  waiting_bytes_ = bytes;  // also after a failure, when nothing is written
}

void RunWriter::survived(std::int64_t trial, const SurvivedFault& fault) {
  write([this, trial, fault] {
    store_.add_fault(written_.ids.at(trial), fault);
    if (keeps_rows_) written_.so_far.survived(trial, fault);
    tell([this, trial, fault] { told_.fault(infos_.at(trial), fault); });
  });
}

void RunWriter::end(std::int64_t trial, const TrialEnd& end) {
  write([this, trial, end] {
    store_.end_trial(written_.ids.at(trial), end);
    if (keeps_rows_) written_.so_far.end(trial, end);
    tell([this, trial, end] { told_.end(infos_.at(trial), end); });
  });
}

std::int64_t RunWriter::begin_recording(const RecordingInfo& info) {
  const std::int64_t recording = --recordings_begun_;
  write([this, recording, info] {
    written_.recordings[recording] = store_.begin_recording(written_.record.id, info);
  });
  return recording;
}

void RunWriter::add_windows(std::int64_t recording, std::vector<MeasuredWindow> windows) {
  write([this, recording, windows = std::move(windows)] {
    store_.add_windows(written_.recordings.at(recording), windows);
  });
}

void RunWriter::end_recording(std::int64_t recording, const RecordingEnd& end) {
  write([this, recording, end] { store_.end_recording(written_.recordings.at(recording), end); });
}

asio::awaitable<std::vector<Recording>> RunWriter::load_recordings() {
  co_return co_await ask([](const RunRecord& run, store::RunStore& store, RunSoFar&) {
    return run.id == 0 ? std::vector<Recording>() : store.recordings(run.id);
  });
}

asio::awaitable<void> RunWriter::flush() {
  co_await ask([](const RunRecord&, store::RunStore&, RunSoFar&) { return true; });
}

}  // namespace tinyhil::campaign
