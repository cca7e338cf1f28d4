// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "run/trial_sink.hpp"
#include "store/store.hpp"

namespace tinyhil {

// Puts a Runner's results into one run of the store.
class StoreSink : public TrialSink {
 public:
  StoreSink(Store& store, std::int64_t run) : store_(store), run_(run) {}

  std::int64_t begin(const TrialInfo& info) override { return store_.begin_trial(run_, info); }
  void append(std::int64_t trial, const InferenceRows& rows) override { store_.append(trial, rows); }
  void survived(std::int64_t trial, const SurvivedFault& fault) override { store_.add_fault(trial, fault); }
  void end(std::int64_t trial, const TrialEnd& end) override { store_.end_trial(trial, end); }

 private:
  Store& store_;
  std::int64_t run_;
};

}  // namespace tinyhil
