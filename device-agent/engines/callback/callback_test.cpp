// SPDX-License-Identifier: Apache-2.0
#include "thil/callback.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>

namespace {

struct Loaded {
  thil_engine_model* model = nullptr;
  thil_engine_report report{};
  thil_engine_memory nothing{};
  thil_engine_status status = thil_engine_load(&nothing, &model, &report);
};

std::array<int8_t, 2> scores_of(thil_engine_model* model, int8_t sample) {
  thil_tensor_info info{};
  std::memset(thil_engine_tensor(model, THIL_INPUT, 0, &info), sample, 64);
  EXPECT_EQ(thil_engine_invoke(model), THIL_ENGINE_OK);
  std::array<int8_t, 2> scores{};
  std::memcpy(scores.data(), thil_engine_tensor(model, THIL_OUTPUT, 0, &info), scores.size());
  return scores;
}

TEST(CallbackEngine, LoadsTheModelThatIsLinkedIn) {
  Loaded loaded;
  EXPECT_EQ(loaded.status, THIL_ENGINE_OK);
  EXPECT_STREQ(loaded.report.detail, "");
  EXPECT_FALSE(thil_engine_loads_models());
  EXPECT_STREQ(thil_engine_name(), "callback");
}

TEST(CallbackEngine, DescribesTheTensorsAsTheIntegratorWroteThem) {
  Loaded loaded;
  thil_tensor_info input{};
  thil_tensor_info output{};
  EXPECT_NE(thil_engine_tensor(loaded.model, THIL_INPUT, 0, &input), nullptr);
  EXPECT_NE(thil_engine_tensor(loaded.model, THIL_OUTPUT, 0, &output), nullptr);
  thil_tensor_info none{};
  EXPECT_EQ(thil_engine_tensor(loaded.model, THIL_OUTPUT, 1, &none), nullptr);
  EXPECT_EQ(input.bytes, 64u);
  EXPECT_EQ(output.dims[1], 2u);
  EXPECT_EQ(output.zero_point, -128);
}

TEST(CallbackEngine, RunsTheIntegratorsCode) {
  Loaded loaded;
  EXPECT_EQ(scores_of(loaded.model, 0), (std::array<int8_t, 2>{127, -128}));
  EXPECT_EQ(scores_of(loaded.model, -100), (std::array<int8_t, 2>{-128, 127}));
  EXPECT_EQ(scores_of(loaded.model, 10), (std::array<int8_t, 2>{64, -65}));
}

TEST(CallbackEngine, RefusesAPushedModel) {
  const uint8_t image[] = {1, 2, 3, 4};
  thil_engine_model* model = nullptr;
  thil_engine_report report{};
  const thil_engine_memory memory{image, sizeof image, nullptr, 0};
  EXPECT_EQ(thil_engine_load(&memory, &model, &report), THIL_ENGINE_UNSUPPORTED);
  EXPECT_EQ(model, nullptr);
  EXPECT_STREQ(report.detail, "the model is compiled into the firmware");
}

}  // namespace
