// SPDX-License-Identifier: Apache-2.0
// For tests: a folder that goes away, and a run and a trial small enough to read.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "complaint.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace tinyhil::test {

class TestDatabase : public testing::Test {
 protected:
  TestDatabase() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tinyhil-store-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    file_ = folder_ / "results.db";
  }
  ~TestDatabase() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
  std::filesystem::path file_;
};

inline RunRecord wake_word_run() {
  RunRecord run;
  run.campaign = "wake-word";
  run.campaign_file = "scenarios/wake-word/campaign.yaml";
  run.campaign_digest = sha256("campaign");
  run.bench = "desk";
  run.policy_digest = sha256("policy");
  run.started_at = "2026-11-23T14:05:09Z";
  run.host = "Linux 6.1 x86_64";
  run.version = "0.1.0";
  run.machine = "bench-pc";
  run.user = "ada";
  run.commit = "0123456789abcdef0123456789abcdef01234567-dirty";
  return run;
}

inline TrialInfo shipped_on_m4() {
  TrialInfo info;
  info.model = "shipped";
  info.model_digest = sha256("model");
  info.model_size = 53'936;
  info.vectors_digest = sha256("vectors");
  info.vector_count = 1000;
  info.repeats = 2;
  info.board = {.name = "m4",
                .kind = "mps2-an386",
                .serial = "0001",
                .engine = "reference",
                .build = "0.1.0",
                .provenance = Provenance::emulated,
                .image = sha256("image"),
                .clock = "cmsdk-timer0",
                .clock_hz = 25'000'000,
                .timer_hz = 1'000'000,
                .flash_size = 9000,
                .ram_size = 2000};
  info.arena_used = 22'000;
  info.input = Tensor{DType::int8, 4, {1, 49, 10, 1}, 0.5f, 83};
  info.output = Tensor{DType::int8, 2, {1, 2, 1, 1}, 0.00390625f, -128};
  return info;
}

// `count` rows of repeat 0 from vector `first` on, each with two bytes of output.
inline InferenceRows rows_from(std::uint32_t first, std::uint32_t count) {
  InferenceRows rows;
  rows.output_size = 2;
  for (std::uint32_t vector = first; vector < first + count; ++vector) {
    rows.vector.push_back(vector);
    rows.repeat.push_back(0);
    rows.status.push_back(0);
    rows.clock.push_back(1000 + vector);
    rows.timer.push_back(vector);
    rows.outputs.push_back(static_cast<std::uint8_t>(vector));
    rows.outputs.push_back(0xFF);
  }
  return rows;
}

// Vectors 1 and 2, of the first of which it is known where and when it was run.
inline InferenceRows rows_of_known_origin() {
  InferenceRows rows = rows_from(1, 2);
  rows.device_run = {0x901, UINT32_MAX};
  rows.run_index = {0, UINT32_MAX};
  rows.received_us = {1'764'000'000'000'000, INT64_MIN};
  return rows;
}

}  // namespace tinyhil::test
