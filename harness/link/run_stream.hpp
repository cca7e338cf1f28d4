// SPDX-License-Identifier: Apache-2.0
// Runs one range after the other and collects the results until each range is whole: what the line lost is
// asked for again, and a device that has fallen silent is asked whether it is still there.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "activity.hpp"
#include "result_grid.hpp"

namespace tinyhil {

class RunStream : public Activity {
 public:
  // New rows of one model of one request: when the request is done, and every second of a long one.
  using Sink = std::function<void(std::size_t request, std::size_t model, const InferenceRows& rows)>;
  // How many of the requests, from the first, have their vectors on the device by now.
  using Available = std::function<std::size_t()>;

  RunStream(std::vector<RunRequest> requests, Available available, Sink sink);

  void fill(Session& session, Time now) override;
  void take(const FrameView& frame, Session& session, Time now) override;
  Time wake(const Session& session) const override;
  bool finished() const override { return fault_ || current_ == requests_.size(); }
  const std::optional<Fault>& fault() const override { return fault_; }

  // The request in progress, and the first vector (ordinal) of it without a result: where a fault struck.
  std::optional<std::size_t> current() const;
  std::uint32_t first_missing() const { return grid_->first_missing(); }  // needs current()
  // The device has taken a run of ours, and by that dropped the record of an earlier crash.
  bool accepted() const { return accepted_; }
  // After a fault: hands over what has come since the last time.
  void hand_over_rest();
  // Vectors whose output was another one when it was asked for again.
  const std::vector<std::uint32_t>& unsteady() const { return unsteady_; }

 private:
  struct Run {  // on the device
    std::uint32_t id = 0;
    std::uint16_t sequence = 0;
    VectorRange range;
    ResultForm form = ResultForm::full;
    std::uint32_t total = 0;  // inferences
    std::uint32_t front = 0;  // inferences that are known to be made
    bool accepted = false;
  };

  void begin_round(Time now);
  void advance(std::uint32_t front, Time now);
  void end_run(Time now);
  Time probe_after(std::chrono::nanoseconds least, Time now) const;
  Time deadline() const;
  void post_run(Session& session, Time now);
  void watch(Session& session, Time now);
  void take_results(const FrameView& frame, Time now);
  void take_reply(const FrameView& frame, Time now);
  void end_round_if_empty(Time now);
  void flush(Time now);

  std::vector<RunRequest> requests_;
  Available available_;
  Sink sink_;
  std::size_t current_ = 0;
  std::optional<ResultGrid> grid_;  // of the current request
  std::deque<VectorRange> ranges_;  // of this round, not yet run
  std::size_t missing_before_ = 0;  // at the beginning of the round
  int fruitless_ = 0;               // rounds that brought nothing
  std::uint8_t batch_ = 0;
  std::optional<Run> run_;
  Time last_sign_of_life_{};
  Time last_progress_{};
  Time last_results_{};
  Time last_flush_{};
  Time next_probe_{};
  std::chrono::nanoseconds longest_gap_{};  // between two frames of results
  int probes_ = 0;
  bool accepted_ = false;
  std::vector<std::uint32_t> unsteady_;
  std::optional<Fault> fault_;
};

}  // namespace tinyhil
