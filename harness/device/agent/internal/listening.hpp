// SPDX-License-Identifier: Apache-2.0
// Sends nothing: until the agent says that it has booted, or for so long. For boards with a bootloader that
// any byte stops.
#pragma once

#include "activity.hpp"

namespace tinyhil::device {

class Listening : public Activity {
 public:
  explicit Listening(std::chrono::milliseconds limit) : limit_(limit) {}

  void fill(Session& /*session*/, Time now) override {
    if (until_ == Time{}) until_ = now + limit_;
    is_over_ = is_over_ || now >= until_;
  }
  void take(const FrameView& frame, Session& /*session*/, Time /*now*/) override {
    is_over_ = is_over_ || frame.header.type == THIL_ID_booted;
  }
  Time wake(const Session& /*session*/) const override { return until_; }
  bool finished() const override { return is_over_; }
  const std::optional<Fault>& fault() const override { return none_; }

 private:
  std::chrono::milliseconds limit_;
  Time until_{};
  bool is_over_ = false;
  std::optional<Fault> none_;
};

}  // namespace tinyhil::device
