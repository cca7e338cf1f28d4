// SPDX-License-Identifier: Apache-2.0
// For tests: a run whose windows a meter watched.
#pragma once

#include "stats/seeded_random.hpp"
#include "testing/evidence.hpp"
#include "testing/recording.hpp"

namespace tinyhil::gate {

struct Metered {
  double ratio = 1;        // energy of the candidate by the baseline's
  double scatter = 0.001;  // relative, of each window
  std::uint32_t blocks = 20;
};

// Blocks of 1e-4 C a window between three rests, 1 mA awake and 2 uA asleep, on board m4.
inline test::TestCase metered_case(const Metered& of) {
  test::TestCase made = test::comparable_case();
  made.add_pairs(0, 0, 400);
  Recording recording;
  recording.info = {"m4", test::bench_meter()};
  recording.started_at = "2026-11-29T12:00:00.000Z";
  stats::SeededRandom random(5);
  double at = 0;
  const auto add = [&](MeasuredWindow window, std::uint32_t block) {
    window.begin_s = at += 1;
    window.block = block;
    recording.windows.push_back(std::move(window));
  };
  const auto infer = [&](const std::string& model, std::uint32_t block, double charge_c) {
    add(test::inference_window(model, block, charge_c * (1 + of.scatter * random.normal())), block);
  };
  const auto rest = [&](std::uint32_t block) {
    add(test::resting_window(WindowKind::sleep, 2e-6, 0.5), block);
    add(test::resting_window(WindowKind::idle, 1e-3, 0.1), block);
  };
  rest(0);
  for (std::uint32_t block = 0; block < of.blocks; ++block) {
    infer("shipped", block, 1e-4);
    infer("slim", block, 1e-4 * of.ratio);
    infer("slim", block, 1e-4 * of.ratio);
    infer("shipped", block, 1e-4);
  }
  rest(of.blocks);
  made.recordings = {recording};
  return made;
}

}  // namespace tinyhil::gate
