// SPDX-License-Identifier: Apache-2.0
// A fixture for runs: a model that gives sum + 10 and the number after it, and four vectors of four bytes.
#pragma once

#include "fake_host.hpp"
#include "thil/cursor.h"

namespace agent_test {

struct Row {
  std::uint8_t status = 0;
  std::uint32_t clock = 0;
  std::uint32_t timer = 0;
  Bytes output;
};

struct Running : testing::Test {
  static constexpr std::uint16_t kVectors = 7;

  Running() {
    of_callback = &host;
    host.hello();
    host.push(THIL_SLOT_MODEL, 0, fake_model(4, 2, 10));
    host.push(THIL_SLOT_VECTORS, kVectors, {1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, FAKE_POISON, 0, 0, 0, 99});
    load(0);
  }

  void load(std::uint16_t slot) { host.ask(thil_load{0, slot}).as<thil_loaded>(); }

  thil_run run(std::uint16_t first, std::uint16_t count, std::uint16_t repeats = 1) {
    thil_run made{};
    made.run = 42;
    made.ordinal = 1000;
    made.vector_slot = kVectors;
    made.first = first;
    made.count = count;
    made.repeats = repeats;
    made.mode = THIL_RUN_MEASURE;
    made.form = THIL_RESULT_FULL;
    made.models = {models.data(), models.size()};
    return made;
  }

  std::vector<Frame> start(const thil_run& request) {
    host.put(host.line_of(request));
    return host.settle();
  }

  // Starts it and makes so many inferences.
  std::vector<Frame> begin(const thil_run& request, int inferences) {
    host.put(host.line_of(request));
    for (int i = 0; i < 1 + inferences; ++i) thil_agent_step();
    return host.take();
  }

  // Every row that `frames` hold; checks that the inferences are numbered without a gap from `first` on.
  static std::vector<Row> rows_of(const std::vector<Frame>& frames, std::size_t output, bool measured = true,
                                  std::uint32_t first = 0) {
    std::vector<Row> rows;
    for (const Frame& frame : frames) {
      if (frame.header.type != THIL_ID_results) continue;
      const auto results = frame.as<thil_results>();
      EXPECT_EQ(results.first, first + rows.size());
      thil_reader from{results.rows.bytes, results.rows.size, false};
      while (from.left > 0 && !from.failed) rows.push_back(read_row(&from, output, measured));
      EXPECT_FALSE(from.failed);
    }
    return rows;
  }

  static Row read_row(thil_reader* from, std::size_t output, bool measured) {
    Row row;
    thil_u8_get(from, &row.status);
    thil_u32_get(from, &row.clock);
    if (measured) thil_u32_get(from, &row.timer);
    if (row.status == THIL_RESULT_INVOKE_FAILED) return row;
    row.output.resize(output);
    for (auto& byte : row.output) thil_u8_get(from, &byte);
    return row;
  }

  // The first output byte of each row.
  static Bytes outputs_of(const std::vector<Row>& rows) {
    Bytes outputs;
    for (const Row& row : rows) outputs.push_back(row.output.empty() ? 0 : row.output[0]);
    return outputs;
  }

  static std::vector<std::uint8_t> types_of(const std::vector<Frame>& frames) {
    std::vector<std::uint8_t> types;
    for (const Frame& frame : frames) types.push_back(frame.header.type);
    return types;
  }

  static inline FakeHost* of_callback = nullptr;  // what an on_invoke callback reaches
  FakeHost host;
  Bytes models{0};
};

}  // namespace agent_test
