// SPDX-License-Identifier: Apache-2.0
// Runs one energy window until it is whole. While it may be under way nothing is sent: a byte would end it.
#pragma once

#include <optional>

#include "activity.hpp"
#include "model/energy_window.hpp"

namespace tinyhil::device {

// What becomes of it. `length`: both rests and the window, by the board's own time; `limit`: the same, and
// the longest that its inferences may take. An answer is `window_ended` of this window's number, asked for or
// not.
//
// clang-format off
//   state     event                                   next      action
//   --------  --------------------------------------  --------  ------------------------------------------------
//   waiting   room, or a while without room           posted    send window
//   posted    passed over                             waiting   the device never heard it
//   posted    refused                                 -         fault
//   posted,   done                                    running   one attempt more, the clock begins anew
//   asked
//   posted    nothing for a while and `limit`         asked     the request or `done` was lost: send window, of
//                                                               the same number
//   running   nothing for `limit` and a while         asked     the same
//   posted,   a damaged frame after `length`          asked     the same: it was the answer
//   running
//   asked     a while more                            asked     send window again
//   asked     nothing for kAskedMost                  -         fault: timeout
//   any       the answer, whole or invoke failed      done
//   any       the answer, disturbed                   waiting   another number
//   any       disturbed kAttemptsMax times            -         fault: corrupt, or timeout when we asked
//   any       an answer that cannot be of the window  -         fault: corrupt
// clang-format on
class WindowStream : public Activity {
 public:
  explicit WindowStream(WindowRequest request);

  void fill(Session& session, Time now) override;
  void take(const FrameView& frame, Session& session, Time now) override;
  Time wake(const Session& session) const override;
  bool finished() const override { return report_ || fault_; }
  const std::optional<Fault>& fault() const override { return fault_; }

  const WindowReport& report() const { return *report_; }  // needs finished() without a fault

 private:
  enum class State { waiting, posted, running, asked };

  void post(Session& session, State next, Time now);
  void note_damage(const Session& session, Time now);
  void take_reply(const FrameView& frame, Time now);
  void take_end(const FrameView& frame);
  void take_disturbed();
  Time due(const Session& session) const;  // when the answer is overdue

  WindowRequest request_;
  State state_ = State::waiting;
  std::uint32_t number_ = 0;    // on the wire; 0: none yet
  std::uint16_t sequence_ = 0;  // of the frame that was posted last
  Time begun_{};                // waiting for room; posted; accepted
  Time next_try_{};
  std::optional<Time> asked_since_;
  std::uint32_t frames_bad_ = 0;
  bool was_damaged_ = false;
  bool counted_ = false;  // this number's window, among the attempts
  std::uint32_t attempts_ = 0;
  int disturbed_ = 0;
  std::optional<WindowReport> report_;
  std::optional<Fault> fault_;
};

}  // namespace tinyhil::device
