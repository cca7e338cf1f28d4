// SPDX-License-Identifier: Apache-2.0
// Losses that a meter's own counter cannot show, because it has come round (64 samples of a PPK2): found by
// the host's clock. Of samples that arrive, arrival - number / rate is a constant plus a delay, which is
// never negative, and often small; so its lower envelope is a line, and a loss raises it for good. Pure: the
// caller passes the time in.
//
// It finds losses of `step` samples and more within a second (of four steps and more within 250 ms), as long
// as some arrivals in that time are not late by half a step, and once the first such arrival has come. A host
// that is always late makes it report a loss where there was none: a record then has a gap too many, never
// one too few.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace tinyhil::meter {

struct RateSettings {
  double rate_hz = 100'000;
  std::uint64_t step = 64;  // losses are multiples of it
  double drift = 100e-6;    // largest difference of the two clocks, relative
};

class RateCheck {
 public:
  using Time = std::chrono::nanoseconds;  // of any clock that goes on steadily

  // What an arrival says of the samples up to `end`.
  enum class Finding {
    in_time,  // all before it have come
    late,     // not known yet: they may have been delayed
    loss,     // `lost` samples are missing before `end`, somewhere behind the last that was in time
  };
  struct Outcome {
    Finding finding = Finding::in_time;
    std::uint64_t end = 0;
    std::uint64_t lost = 0;
  };

  explicit RateCheck(RateSettings settings) : settings_(settings) {}

  // `end`: samples that have come so far, with those that the counter showed to be missing. What was found to
  // be lost here is added from then on by itself.
  Outcome arrival(std::uint64_t end, Time now);

 private:
  struct Late {
    Time since;
    int arrivals = 0;
    double least = 0;       // seconds
    std::uint64_t end = 0;  // of the first arrival that was hardly later than that
    double end_delay = 0;
  };

  double tolerance() const { return 0.5 * static_cast<double>(settings_.step) / settings_.rate_hz; }
  void note_late(std::uint64_t end, Time now, double delay);
  bool is_decided(Time now) const;

  RateSettings settings_;
  std::optional<Time> first_;
  Time line_at_{};  // the envelope: its value then, rising with the drift
  double line_ = 0;
  std::uint64_t lost_ = 0;
  std::optional<Late> late_;
};

}  // namespace tinyhil::meter
