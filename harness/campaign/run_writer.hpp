// SPDX-License-Identifier: Apache-2.0
// What a run yields, on its way into the store. A thread of its own writes it, in the order in which it came,
// so that no disk holds up the boards: all that waits at a time in one transaction (RunStore::together), so
// that a slow disk costs few waits more the more boards there are. Everything here is called in the
// executor's thread. Example:
//
//   const std::int64_t trial = writer.begin(info);
//   writer.append(trial, rows);
//   co_await writer.flush();  // now they are durable, or this has thrown why not
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "campaign/internal/recording_sink.hpp"
#include "campaign/internal/run_so_far.hpp"
#include "campaign/internal/worker.hpp"
#include "model/inference_rows.hpp"
#include "store/run_store.hpp"

namespace tinyhil::campaign {

// Where results go: into the store, under this record. The record of a new run (id 0) gets its id with the
// first trial: a run that no board could begin leaves nothing behind.
struct StoredRun {
  store::RunStore& store;
  RunRecord& record;
};

class RunWriter final : public RecordingSink {
 public:
  // Called in the executor's thread; none of it is told after flush() has returned.
  struct Told {
    std::function<void(const TrialInfo&, InferenceRows)> rows;  // they are durable, and so are the others
    std::function<void(const TrialInfo&, const SurvivedFault&)> fault;
    std::function<void(const TrialInfo&, const TrialEnd&)> end;
    std::function<void(std::exception_ptr)> failed;  // once: nothing more is written
  };

  // The store is this writer's alone until it is gone. keeps_rows: the run will be looked at before its end.
  RunWriter(asio::any_io_executor executor, StoredRun run, bool keeps_rows, Told told);

  std::int64_t begin(const TrialInfo& info);  // its number here
  void append(std::int64_t trial, const InferenceRows& rows);
  void survived(std::int64_t trial, const SurvivedFault& fault);
  void end(std::int64_t trial, const TrialEnd& end);

  // What a meter records of a board. Of a run that has begun: a trial was begun before.
  std::int64_t begin_recording(const RecordingInfo& info) override;  // its number here
  void add_windows(std::int64_t recording, std::vector<MeasuredWindow> windows) override;
  void end_recording(std::int64_t recording, const RecordingEnd& end) override;
  asio::awaitable<std::vector<Recording>> load_recordings();  // of the run that is taken up again

  // The trials of the run that is taken up again, which keep their numbers.
  asio::awaitable<std::vector<Trial>> load_earlier();

  std::string place() const { return store_.place(); }  // of the store

  // After all that was handed over before: throws what writing threw.
  asio::awaitable<void> flush();

  // What the work makes of the stored run, after all that was handed over before; it runs in the writer's
  // thread. Throws what writing threw, or the work.
  template <class Work>
  auto ask(Work work) {
    return worker_.run([this, work = std::move(work)]() mutable {
      if (failure_) std::rethrow_exception(failure_);
      return work(std::as_const(written_.record), store_, written_.so_far);
    });
  }

 private:
  // Belongs to the writer's thread.
  struct Written {
    RunRecord record;
    RunSoFar so_far;
    std::map<std::int64_t, std::int64_t> ids;         // of trials in the store, by the number here
    std::map<std::int64_t, std::int64_t> recordings;  // likewise
    std::vector<std::function<void()>> news;          // of what is not durable yet
  };
  using Job = std::function<void()>;

  void write(Job job);
  std::vector<Job> take_waiting();
  void write_waiting();
  void tell(std::function<void()> news);
  void hold_back_when_full(std::size_t bytes);

  asio::any_io_executor executor_;
  store::RunStore& store_;
  RunRecord& record_;
  const bool keeps_rows_;
  Told told_;
  std::map<std::int64_t, TrialInfo> infos_;  // by the number here
  std::int64_t begun_ = 0;
  std::int64_t recordings_begun_ = 0;
  std::atomic<std::size_t> waiting_bytes_{0};
  std::mutex waiting_access_;
  std::deque<Job> waiting_;     // to be written, in this order
  std::exception_ptr failure_;  // the writer's thread
  Written written_;
  Worker worker_;  // the last member: it ends first
};

}  // namespace tinyhil::campaign
