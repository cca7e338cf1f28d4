// SPDX-License-Identifier: Apache-2.0
// Where a Runner's results go, in the order in which they are to be stored, and what it does meanwhile.
// Called in the Runner's thread; what it throws ends the run.
#pragma once

#include <cstdint>
#include <optional>

#include "model/device.hpp"
#include "model/inference_rows.hpp"
#include "model/trial.hpp"

namespace tinyhil::campaign {

class TrialSink {
 public:
  virtual ~TrialSink() = default;
  virtual void greeted(const BoardIdentity&) {}  // before its first trial, and after each restart
  // By the names of board and model: what the device lacks of it is pushed, and it is loaded.
  virtual void preparing(const std::string&, const std::string&) {}
  virtual void prepared(const std::string&, const std::string&, const LoadedModel&) {}
  virtual std::int64_t begin(const TrialInfo& info) = 0;
  virtual void append(std::int64_t trial, const InferenceRows& rows) = 0;
  virtual void survived(std::int64_t trial, const SurvivedFault& fault) = 0;  // the trial goes on
  virtual void end(std::int64_t trial, const TrialEnd& end) = 0;
};

}  // namespace tinyhil::campaign
