// SPDX-License-Identifier: Apache-2.0
// Recordings for tests: amperes with digital lines beside them.
#pragma once

#include <cstring>
#include <filesystem>
#include <vector>

#include "meter/trace_writer.hpp"

namespace tinyhil::meter {

inline TraceStart ampere_start(double rate_hz = 100'000) {
  TraceStart start{.identity = {}, .format = WordFormat::amperes_f32, .start_ns = 1'700'000'000'000'000'000};
  start.identity.driver = "test";
  start.identity.rate_hz = rate_hz;
  start.identity.ranges = {{.top_a = 1, .gain_limit = 0.1, .offset_limit_a = 1e-7, .resolution_a = 1e-6}};
  start.identity.supply_v = 3;
  start.identity.voltage_limit = 0.01;
  return start;
}

inline std::vector<std::uint8_t> as_words(std::span<const float> current) {
  std::vector<std::uint8_t> words(current.size() * sizeof(float));
  std::memcpy(words.data(), current.data(), words.size());
  return words;
}

inline void add_samples(SampleSink& sink, std::uint64_t first, std::span<const float> current,
                        std::span<const std::uint8_t> lines = {}) {
  const std::vector<std::uint8_t> words = as_words(current);
  sink.samples({.first = first, .words = words, .current_a = current, .lines = lines});
}

}  // namespace tinyhil::meter
