// SPDX-License-Identifier: Apache-2.0
// A recording of a PPK2: its bytes go in with the time of their arrival, samples and gaps come out at the
// sink, those first whose completeness the host's clock has confirmed. Pure. Example:
//
//   Ppk2Recording recording(sink, *word_reader(WordFormat::ppk2_u32, calibration), true);
//   recording.push(bytes, now);
//   recording.finish();
#pragma once

#include "meter/internal/held_samples.hpp"
#include "meter/internal/ppk2_stream.hpp"
#include "meter/internal/rate_check.hpp"

namespace tinyhil::meter {

inline constexpr double kPpk2Rate = 100'000;

class Ppk2Recording : private Ppk2Stream::Receiver {
 public:
  // With `clocked` samples are held against the host's clock.
  Ppk2Recording(SampleSink& sink, const WordReader& reader, bool clocked)
      : held_(sink, reader, WordFormat::ppk2_u32), clocked_(clocked) {}

  // Bytes that had waited to be read, nobody knows how long.
  void push(std::span<const std::uint8_t> bytes);
  // Bytes that came just now.
  void push(std::span<const std::uint8_t> bytes, RateCheck::Time now);
  // Whether it is known of all that came that nothing is missing. Until then it is worth reading on.
  bool settled() const { return settled_; }
  // No more bytes will come. What is not confirmed becomes a gap.
  void finish();
  std::uint64_t strange_bytes() const { return stream_.strange_bytes(); }

 private:
  void words(std::span<const std::uint8_t> whole) override { held_.add(whole); }
  void lost(std::uint64_t count, GapCause cause) override { held_.add_gap(count, cause); }

  Ppk2Stream stream_{*this};
  RateCheck check_{{kPpk2Rate, kPpk2CounterEnd}};
  HeldSamples held_;
  bool clocked_;
  bool settled_ = true;
  std::uint64_t lost_by_clock_ = 0;
};

}  // namespace tinyhil::meter
