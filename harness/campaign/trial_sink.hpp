// SPDX-License-Identifier: Apache-2.0
// Where a Runner's results go, at once and for good. Called in the Runner's thread; what it throws ends the
// run.
#pragma once

#include <cstdint>
#include <optional>

#include "model/trial.hpp"

namespace tinyhil {

class TrialSink {
 public:
  virtual ~TrialSink() = default;
  virtual void greeted(const BoardIdentity&) {}  // before its first trial, and after each restart
  virtual std::int64_t begin(const TrialInfo& info) = 0;
  virtual void append(std::int64_t trial, const InferenceRows& rows) = 0;     // durable when it returns
  virtual void survived(std::int64_t trial, const SurvivedFault& fault) = 0;  // the trial goes on
  virtual void end(std::int64_t trial, const TrialEnd& end) = 0;
};

}  // namespace tinyhil
