// SPDX-License-Identifier: Apache-2.0
#include "run_so_far.hpp"

#include <gtest/gtest.h>

#include <random>

#include "model/inference_rows.hpp"
#include "testing/database.hpp"
#include "testing/memory_store.hpp"

namespace tinyhil::campaign {
namespace {

void expect_same_rows(const InferenceRows& a, const InferenceRows& b) {
  for_each_row_column(
      [&](const auto& column) { EXPECT_EQ(a.*column.values, b.*column.values) << column.name; });
  EXPECT_EQ(a.output_size, b.output_size);
}

void expect_same(const std::vector<Trial>& a, const std::vector<Trial>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].info.model, b[i].info.model);
    EXPECT_EQ(a[i].state, b[i].state);
    EXPECT_EQ(a[i].drawn, b[i].drawn);
    EXPECT_EQ(a[i].fault.has_value(), b[i].fault.has_value());
    EXPECT_EQ(a[i].survived.size(), b[i].survived.size());
    expect_same_rows(a[i].rows, b[i].rows);
  }
}

InferenceRows rows_of(const std::vector<std::uint32_t>& vectors) {
  InferenceRows rows;
  for (const std::uint32_t vector : vectors) {
    const InferenceRows one = test::rows_from(vector, 1);
    rows.size() == 0 ? rows = one : (rows.append(one), rows);
  }
  rows.device_run.assign(rows.size(), 7);
  rows.run_index.assign(rows.size(), 8);
  rows.received_us.assign(rows.size(), 9);
  return rows;
}

TEST(RunSoFar, GivesAtEachMomentWhatTheStoreWould) {
  std::mt19937 random(5);
  std::vector<std::uint32_t> order(200);
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::shuffle(order.begin(), order.end(), random);
  test::MemoryStore store;
  RunSoFar so_far;
  const std::int64_t run = store.begin_run(test::wake_word_run());
  TrialInfo slim = test::shipped_on_m4();
  slim.model = "slim";
  const std::int64_t trials[] = {store.begin_trial(run, test::shipped_on_m4()), store.begin_trial(run, slim)};
  so_far.begin(trials[0], test::shipped_on_m4());
  so_far.begin(trials[1], slim);
  for (std::size_t first = 0; first < order.size(); first += 20) {
    for (const std::int64_t trial : trials) {
      const InferenceRows block = rows_of({order.begin() + static_cast<std::ptrdiff_t>(first),
                                           order.begin() + static_cast<std::ptrdiff_t>(first + 20)});
      store.append(trial, block);
      so_far.append(trial, block);
    }
    if (first % 60 == 0) expect_same(so_far.trials(), store.trials(run));
  }
  const SurvivedFault fault{{FaultKind::reset, "it crashed", "", ""}, VectorNumber{17}, true};
  store.add_fault(trials[0], fault);
  so_far.survived(trials[0], fault);
  store.end_trial(trials[1], {TrialState::complete, {}, 150});
  so_far.end(trials[1], {TrialState::complete, {}, 150});
  expect_same(so_far.trials(), store.trials(run));
  expect_same(RunSoFar(store.trials(run)).trials(), store.trials(run));
}

}  // namespace
}  // namespace tinyhil::campaign
