// SPDX-License-Identifier: Apache-2.0
// One request and its answer.
#pragma once

#include <chrono>
#include <vector>

#include "activity.hpp"

namespace tinyhil::device {

// How long an answer may take, whatever else is heard. Requests that take the device long (a digest, a load)
// are not sent again on silence, which would double the work; the device is asked whether it is still there,
// and its answer shows whether the request had been lost. For them the limit is that of the silence.
struct Patience {
  std::chrono::milliseconds limit;
  bool is_long_work = false;
  std::chrono::milliseconds at_least{50};  // between two attempts: a device that boots is not to be flooded
};

class Exchange : public Activity {
 public:
  Exchange(std::uint8_t type, std::vector<std::uint8_t> payload, Patience patience);

  void fill(Session& session, Time now) override;
  void take(const FrameView& frame, Session& session, Time now) override;
  Time wake(const Session& session) const override;
  bool finished() const override { return reply_ || fault_; }
  const std::optional<Fault>& fault() const override { return fault_; }

  const Frame& reply() const { return *reply_; }  // needs finished() without a fault
  std::size_t attempts() const { return attempts_.size(); }
  // Needs a reply. Whether an attempt before the answered one, or its answer, was lost. The device answers in
  // order, so that an answer to the first shows that all the others were sent for its lateness only.
  bool has_lost() const { return reply_->header.ack != attempts_.front().sequence; }

 private:
  struct Attempt {
    std::uint16_t sequence;
    Time sent;
  };
  std::chrono::nanoseconds pause(const Session& session) const;  // until it is sent again
  void send(Session& session, Time now);
  void note_damage(const Session& session, Time now);
  void hasten(Time now);
  Time deadline() const;

  std::uint8_t type_;
  std::vector<std::uint8_t> payload_;
  Patience patience_;
  std::vector<Attempt> attempts_;
  std::optional<Frame> reply_;
  std::optional<Fault> fault_;
  Time begun_{};
  Time last_sign_of_life_{};
  Time next_try_{};
  int tries_on_silence_ = 0;
  std::uint32_t frames_bad_ = 0;
  bool lost_ = false;
};

}  // namespace tinyhil::device
