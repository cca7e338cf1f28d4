// SPDX-License-Identifier: Apache-2.0
// Runs one range after the other and collects the results until each range is whole: what the line lost is
// asked for again, and a device that has fallen silent is asked whether it is still there.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <vector>

#include "device/agent/internal/activity.hpp"
#include "device/agent/internal/result_grid.hpp"
#include "device/run_report.hpp"
#include "model/inference_rows.hpp"

namespace tinyhil::device {

// What becomes of the run under way. A request takes a few rounds, and a round is a run for each range of
// vectors that lacks rows when the round begins.
//
// clang-format off
//   state     event                                        next       action
//   --------  -------------------------------------------  ---------  ---------------------------------------
//   idle      the next request's vectors are there         waiting    begin the first round
//   waiting   room, or a while without room                posted     send run, of the round's next range
//   posted    done; rows or health of this run             running    accepted
//   posted    passed over                                  waiting    the range is the next one again
//   posted    refused                                      -          fault
//   posted,   nothing until probe_after()                  same       send check
//   running   no progress for kTalkFactor * limit(), and   -          fault: corrupt
//               frames arrived damaged
//             the same without damage, or nothing for      -          fault: timeout, of the device
//               limit(); kUnaskedMax answers unasked
//             no progress for kTalkFactor * limit()        -          fault: timeout, unexplained
//             nothing for limit()                          overdue    send check
//   overdue   a frame                                      as before  it was late; or slow by the device's
//                                                                     clock, which is a fault
//   overdue   nothing for patience_with_silence()          -          fault: timeout, unexplained
//   running   rows, parts                                  running    into the grid
//   posted,   run_ended; the last row, unless outputs      between    the run is over
//   running     come in parts
//   running   health of another run                        between    the run is over: its end was lost
//   between   a range is left                              waiting
//   between   rows are missing                             waiting    begin a round, with smaller frames
//   between   the same, and more than kEmptyRoundsMax      -          fault: corrupt
//               rounds in a row brought nothing
//   any       all rows of the request are there            idle       hand them over
//   any       rows or a part that cannot be of the run     -          fault: corrupt
// clang-format on
//
// Health that was not asked for is counted and is no sign of life. transitions_test.cpp goes through the
// rows.
class RunStream : public Activity {
 public:
  // New rows of one model of one request: when the request is done, and every second of a long one.
  using Sink = std::function<void(std::size_t request, std::size_t model, const InferenceRows& rows)>;
  // How many of the requests, from the first, have their vectors on the device by now.
  using Available = std::function<std::size_t()>;

  // `utc`: UTC minus the clock whose Time the calls are given, for the time that each row gets.
  RunStream(std::vector<RunRequest> requests, Available available, Sink sink,
            std::chrono::nanoseconds utc = {});

  void fill(Session& session, Time now) override;
  void take(const FrameView& frame, Session& session, Time now) override;
  Time wake(const Session& session) const override;
  bool finished() const override { return fault_ || current_ == requests_.size(); }
  const std::optional<Fault>& fault() const override { return fault_; }

  // The request in progress, and the first vector of it without a result: where a fault struck.
  std::optional<std::size_t> current() const;
  OrderPosition first_missing() const { return grid_->first_missing(); }  // needs current()
  // The device has taken a run of ours, and by that dropped the record of an earlier crash.
  bool accepted() const { return accepted_; }
  // After a fault: hands over what has come since the last time.
  void hand_over_rest();
  Silence silence() const { return silence_; }
  const std::optional<SlowInference>& slow() const { return slow_; }
  const Lateness& late() const { return late_; }
  std::chrono::nanoseconds longest_seen() const { return longest_gap_; }  // between two results
  // Vectors whose output was another one when it was asked for again.
  const std::vector<OrderPosition>& unsteady() const { return unsteady_; }

 private:
  struct Run {  // on the device
    AskedRun asked;
    std::uint16_t sequence = 0;
    std::uint32_t total = 0;  // inferences
    std::uint32_t front = 0;  // inferences that are known to be made
    bool accepted = false;
    bool in_parts = false;         // some outputs are: the end of the run is said, not counted
    std::uint64_t part_bytes = 0;  // that came
  };

  void begin_round(Time now);
  void note_acceptance(bool was_accepted, Time now);
  void take_back_passed_over(const Session& session);
  void end_request_if_complete();
  void advance(std::uint32_t front, Time now);
  void end_run(Time now);
  std::chrono::milliseconds limit() const;
  std::string limit_key() const;
  bool knows_all_models() const;
  void note_models();
  Time probe_after(Time now) const;
  Time talk_limit() const;
  Time deadline() const;
  void post_run(Session& session, Time now);
  void watch(Session& session, Time now);
  void probe(Session& session, Time now);
  void note_damage(const Session& session, Time now);
  void hear(Time now);
  void note_progress(Time now);
  void run_out(Time now);
  void fall_silent(Silence silence, const std::string& what);
  void judge_lateness(const FrameView& frame, std::chrono::nanoseconds by, std::chrono::milliseconds limit);
  void take_results(const FrameView& frame, Time now);
  void take_part(const thil_part& part, Time now);
  void take_reply(const FrameView& frame, Time now);
  void end_round_if_empty(Time now);
  void flush(Time now);

  std::vector<RunRequest> requests_;
  Available available_;
  Sink sink_;
  std::chrono::nanoseconds utc_;
  std::size_t current_ = 0;
  std::optional<ResultGrid> grid_;  // of the current request
  std::deque<VectorRange> ranges_;  // of this round, not yet run
  std::size_t missing_before_ = 0;  // at the beginning of the round
  int empty_rounds_ = 0;            // in a row, that brought nothing
  std::uint8_t batch_ = 0;
  std::optional<Run> run_;
  Time last_heard_{};  // what only this session's device says
  Time last_progress_{};
  std::optional<Time> overdue_;  // since when it is asked whether it is still there
  std::uint32_t frames_bad_ = 0;
  std::uint32_t damaged_ = 0;  // frames since there was progress
  std::uint32_t unasked_ = 0;  // answers to no question, since then
  Time last_results_{};
  Time last_flush_{};
  Time next_probe_{};
  std::chrono::nanoseconds longest_gap_{};  // between two frames of results
  std::set<std::uint8_t> known_models_;     // slots of those that have answered
  int probes_ = 0;
  bool accepted_ = false;
  Silence silence_ = Silence::none;
  std::optional<SlowInference> slow_;
  Lateness late_;
  std::vector<OrderPosition> unsteady_;
  std::optional<Fault> fault_;
};

}  // namespace tinyhil::device
