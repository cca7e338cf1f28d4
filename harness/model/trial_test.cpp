// SPDX-License-Identifier: Apache-2.0
#include "trial.hpp"

#include <gtest/gtest.h>

namespace tinyhil {
namespace {

TrialInfo slim_on_m4() {
  TrialInfo info;
  info.model = "slim";
  info.model_digest = sha256("model");
  info.vectors_digest = sha256("vectors");
  info.repeats = 2;
  info.board.kind = "mps2-an386";
  info.board.serial = "0001";
  info.board.image = sha256("image");
  info.input = Tensor{DType::int8, 2, {1, 490, 1, 1}, 0.5f, 83};
  info.output = Tensor{DType::int8, 2, {1, 12, 1, 1}, 0.25f, 0};
  return info;
}

// Whether a trial still continues slim_on_m4() after `change`.
template <class Change>
bool same_after(Change change) {
  TrialInfo info = slim_on_m4();
  change(info);
  return same_subject(slim_on_m4(), info);
}

TEST(SameSubject, HoldsForTheSameModelRunInTheSameWayOnTheSameBoard) {
  EXPECT_TRUE(same_subject(slim_on_m4(), slim_on_m4()));
}

TEST(SameSubject, DoesNotCareForNames) {
  EXPECT_TRUE(same_after([](TrialInfo& info) { info.model = "renamed"; }));
  EXPECT_TRUE(same_after([](TrialInfo& info) { info.board.name = "desk-2"; }));
}

TEST(SameSubject, EndsWithAnotherModelOrOtherVectors) {
  EXPECT_FALSE(same_after([](TrialInfo& info) { info.model_digest = sha256("other"); }));
  EXPECT_FALSE(same_after([](TrialInfo& info) { info.vectors_digest = sha256("other"); }));
  EXPECT_FALSE(same_after([](TrialInfo& info) { info.input.only().zero_point = 84; }));
  EXPECT_FALSE(same_after([](TrialInfo& info) { info.output.only().dims[1] = 11; }));
}

TEST(SameSubject, EndsWithAnotherWayOfRunning) {
  EXPECT_FALSE(same_after([](TrialInfo& info) { info.repeats = 3; }));
  EXPECT_FALSE(same_after([](TrialInfo& info) { info.mode = RunMode::throughput; }));
  EXPECT_FALSE(same_after([](TrialInfo& info) { info.top_k = 3; }));
  EXPECT_FALSE(same_after([](TrialInfo& info) { info.polled = true; }));
}

TEST(SameSubject, EndsWithAnotherBoardOrFirmware) {
  EXPECT_FALSE(same_after([](TrialInfo& info) { info.board.kind = "mps2-an500"; }));
  EXPECT_FALSE(same_after([](TrialInfo& info) { info.board.serial = "0002"; }));
  EXPECT_FALSE(same_after([](TrialInfo& info) { info.board.image = sha256("other"); }));
}

TEST(RowStatus, HasANameForEveryCode) {
  EXPECT_STREQ(to_string(RowStatus{0}), "ok");
  EXPECT_STREQ(to_string(RowStatus{1}), "invoke failed");
  EXPECT_STREQ(to_string(RowStatus{2}), "clock suspect");
  EXPECT_STREQ(to_string(RowStatus{3}), "disturbed");
  EXPECT_STREQ(to_string(RowStatus{4}), "quarantined");
  EXPECT_STREQ(to_string(RowStatus{5}), "unknown");
}

}  // namespace
}  // namespace tinyhil
