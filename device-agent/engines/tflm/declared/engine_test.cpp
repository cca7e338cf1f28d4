// SPDX-License-Identifier: Apache-2.0
#include "thil/engine.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdarg>
#include <string>
#include <vector>

#include "tensorflow/lite/micro/debug_log.h"
#include "tensorflow/lite/micro/micro_mutable_op_resolver.h"
#include "thil/tflm.h"

namespace {

std::vector<std::string> said;

void micro_printf(const char* format, ...) {
  va_list args;
  va_start(args, format);
  DebugLog(format, args);
  va_end(args);
}

}  // namespace

extern "C" void thil_agent_log(uint8_t, const char* text) { said.emplace_back(text); }

TfLiteStatus tflite::MicroInterpreter::AllocateTensors() {
  if (fake.complaint != nullptr) {
    micro_printf("%s", fake.complaint);
    micro_printf("\r\n");
    micro_printf("AllocateTensors() failed");
  }
  return fake.allocated;
}

namespace {

class TflmEngine : public testing::Test {
 protected:
  TflmEngine() {
    tflite::fake = {};
    said.clear();
  }

  thil_engine_status load(const std::string& image) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(image.data());
    const thil_engine_memory memory{bytes, image.size(), arena_.data(), arena_size_};
    return thil_engine_load(&memory, &model_, &report_);
  }

  alignas(16) std::array<uint8_t, 1024> arena_{};
  size_t arena_size_ = arena_.size();
  thil_engine_model* model_ = nullptr;
  thil_engine_report report_{};
};

const std::string kModel("TFL\3", 4);

TEST_F(TflmEngine, LoadsAModelIntoItsArena) {
  ASSERT_EQ(load(kModel), THIL_ENGINE_OK);
  EXPECT_GT(report_.arena_needed, 100u);
  EXPECT_LT(report_.arena_needed, arena_size_);
  EXPECT_STREQ(report_.detail, "");
  EXPECT_EQ(thil_engine_invoke(model_), THIL_ENGINE_OK);
  thil_tensor_info info{};
  const uint8_t* input = thil_engine_tensor(model_, THIL_INPUT, 0, &info);
  EXPECT_GE(input, arena_.data());
  EXPECT_LT(input, arena_.data() + arena_.size());
}

TEST_F(TflmEngine, DescribesInputAndOutput) {
  ASSERT_EQ(load(kModel), THIL_ENGINE_OK);
  thil_tensor_info input{};
  thil_tensor_info output{};
  ASSERT_NE(thil_engine_tensor(model_, THIL_INPUT, 0, &input), nullptr);
  ASSERT_NE(thil_engine_tensor(model_, THIL_OUTPUT, 0, &output), nullptr);
  EXPECT_EQ(input.dtype, THIL_DTYPE_INT8);
  EXPECT_EQ(input.rank, 2);
  EXPECT_EQ(input.dims[1], 4u);
  EXPECT_EQ(input.dims[3], 1u);
  EXPECT_EQ(input.bytes, 4u);
  EXPECT_EQ(output.scale, 0.5f);
  EXPECT_EQ(output.zero_point, -3);
}

TEST_F(TflmEngine, DescribesEachOfSeveralInputs) {
  tflite::fake.inputs = 2;
  ASSERT_EQ(load(kModel), THIL_ENGINE_OK);
  thil_tensor_info first{};
  thil_tensor_info second{};
  const uint8_t* there = thil_engine_tensor(model_, THIL_INPUT, 0, &first);
  EXPECT_EQ(thil_engine_tensor(model_, THIL_INPUT, 1, &second), there + 4);
  EXPECT_EQ(second.scale, 0.25f);
  EXPECT_EQ(thil_engine_tensor(model_, THIL_INPUT, 2, &second), nullptr);
  EXPECT_EQ(thil_engine_tensor(model_, THIL_OUTPUT, 1, &second), nullptr);
}

TEST_F(TflmEngine, RefusesADamagedImage) {
  EXPECT_EQ(load("TF"), THIL_ENGINE_MALFORMED);
  EXPECT_EQ(load(std::string("TFL\2", 4)), THIL_ENGINE_UNSUPPORTED);
  EXPECT_EQ(model_, nullptr);
}

TEST_F(TflmEngine, GivesTflmsFirstWordsForAFailureItCannotTell) {
  tflite::fake.complaint = "Didn't find op for builtin opcode 'TRANSPOSE_CONV'";
  tflite::fake.allocated = kTfLiteError;
  EXPECT_EQ(load(kModel), THIL_ENGINE_LOAD_FAILED);
  EXPECT_STREQ(report_.detail, "Didn't find op for builtin opcode 'TRANSPOSE_CONV'");
  EXPECT_EQ(report_.arena_needed, 0u) << "TFLM does not tell";
  EXPECT_EQ(said, (std::vector<std::string>{tflite::fake.complaint, "AllocateTensors() failed"}));
}

TEST_F(TflmEngine, SaysThatTflmGaveNoReason) {
  tflite::fake.allocated = kTfLiteError;
  EXPECT_EQ(load(kModel), THIL_ENGINE_LOAD_FAILED);
  EXPECT_STREQ(report_.detail, "TFLM gave no reason");
}

TEST_F(TflmEngine, RefusesWhatTinyhilDoesNotExchange) {
  tflite::fake.inputs = 9;
  EXPECT_EQ(load(kModel), THIL_ENGINE_UNSUPPORTED);
  tflite::fake = {};
  tflite::fake.outputs = 0;
  EXPECT_EQ(load(kModel), THIL_ENGINE_UNSUPPORTED);
  tflite::fake = {};
  tflite::fake.type = kTfLiteInt64;
  EXPECT_EQ(load(kModel), THIL_ENGINE_UNSUPPORTED);
  tflite::fake = {};
  tflite::fake.dims = {5, {1, 1, 1, 1, 4}};
  EXPECT_EQ(load(kModel), THIL_ENGINE_UNSUPPORTED);
}

TEST_F(TflmEngine, RefusesAnArenaWithoutRoomForTheInterpreter) {
  arena_size_ = 16;
  EXPECT_EQ(load(kModel), THIL_ENGINE_LOAD_FAILED);
  EXPECT_STREQ(report_.detail, "the arena has no room for TFLM itself");
}

TEST_F(TflmEngine, TrustsModels) {
  EXPECT_TRUE(thil_engine_loads_models());
  EXPECT_FALSE(thil_engine_checks_models());
  EXPECT_STREQ(thil_engine_name(), "tflm");
}

TEST_F(TflmEngine, ReportsAFailedInference) {
  ASSERT_EQ(load(kModel), THIL_ENGINE_OK);
  tflite::fake.invoked = kTfLiteError;
  EXPECT_EQ(thil_engine_invoke(model_), THIL_ENGINE_INVOKE_FAILED);
}

TEST_F(TflmEngine, FailsAnInferenceWhoseModelCouldNotBeReset) {
  ASSERT_EQ(load(kModel), THIL_ENGINE_OK);
  tflite::fake.reset = kTfLiteError;
  thil_engine_reset(model_);
  EXPECT_EQ(thil_engine_invoke(model_), THIL_ENGINE_INVOKE_FAILED);
}

TEST(TflmOperators, AreAllAdded) {
  EXPECT_EQ(static_cast<const tflite::MicroMutableOpResolver<15>&>(thil_tflm_operators()).size(), 15u);
}

}  // namespace
