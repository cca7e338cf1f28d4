// SPDX-License-Identifier: Apache-2.0
#include "identity.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <utility>
#include <vector>

#include "thil/cursor.h"

namespace tinyhil::device {
namespace {

// A tensor's type on the wire is the engine's thil_dtype, and the host casts it to its own.
static_assert(static_cast<int>(DType::int8) == THIL_DTYPE_INT8);
static_assert(static_cast<int>(DType::uint8) == THIL_DTYPE_UINT8);
static_assert(static_cast<int>(DType::int16) == THIL_DTYPE_INT16);
static_assert(static_cast<int>(DType::int32) == THIL_DTYPE_INT32);
static_assert(static_cast<int>(DType::float32) == THIL_DTYPE_FLOAT32);

thil_tensor_info tensor(std::uint8_t dtype, std::uint8_t rank, std::array<std::uint32_t, 4> dims) {
  thil_tensor_info made{};
  made.dtype = dtype;
  made.rank = rank;
  std::copy(dims.begin(), dims.end(), made.dims);
  return made;
}

// The first input, the first output, and then each after its role.
using Further = std::vector<std::pair<std::uint8_t, thil_tensor_info>>;

std::vector<std::uint8_t> written(const thil_tensor_info& input, const thil_tensor_info& output,
                                  const Further& further = {}) {
  std::vector<std::uint8_t> bytes(THIL_MTU_MAX);
  thil_writer to{bytes.data(), bytes.size(), false};
  thil_tensor_put(&to, &input);
  thil_tensor_put(&to, &output);
  for (const auto& [role, each] : further) {
    thil_u8_put(&to, &role);
    thil_tensor_put(&to, &each);
  }
  bytes.resize(bytes.size() - to.left);
  return bytes;
}

std::optional<LoadedModel> model_of_bytes(const std::vector<std::uint8_t>& tensors) {
  thil_loaded made{};
  made.tensors = {tensors.data(), tensors.size()};
  return model_of(made);
}

std::optional<LoadedModel> model_of_tensors(const thil_tensor_info& input, const thil_tensor_info& output,
                                            const Further& further = {}) {
  return model_of_bytes(written(input, output, further));
}

const thil_tensor_info kInputTensor = tensor(1, 4, {1, 49, 10, 1});
const thil_tensor_info kOutputTensor = tensor(5, 2, {1, 12, 1, 1});

TEST(ModelOf, TakesTensorsAsTheyAre) {
  const auto model = model_of_tensors(kInputTensor, kOutputTensor);
  ASSERT_TRUE(model);
  EXPECT_EQ(model->input.bytes(), 490U);
  EXPECT_EQ(model->output.bytes(), 48U);
}

TEST(ModelOf, RefusesTensorsWhoseSizeOverflows) {
  const std::uint32_t large = 1U << 16;
  EXPECT_FALSE(model_of_tensors(tensor(1, 4, {large, large, large, large}), kOutputTensor)) << "2^64 is 0";
  EXPECT_FALSE(model_of_tensors(kInputTensor, tensor(1, 4, {large, large, large, large})));
  EXPECT_FALSE(model_of_tensors(tensor(4, 4, {1U << 31, 1U << 31, 1, 1}), kOutputTensor));
  EXPECT_FALSE(model_of_tensors(kInputTensor, tensor(1, 2, {UINT32_MAX, UINT32_MAX, 1, 1})));
}

TEST(ModelOf, RefusesWhatNoMemoryCanHold) {
  const std::uint32_t most = 1U << 24;
  EXPECT_TRUE(model_of_tensors(kInputTensor, tensor(1, 2, {1, most, 1, 1})));
  EXPECT_FALSE(model_of_tensors(kInputTensor, tensor(1, 2, {1, most + 1, 1, 1})));
  EXPECT_FALSE(model_of_tensors(kInputTensor, tensor(5, 2, {1, most / 4 + 1, 1, 1})));
  EXPECT_FALSE(model_of_tensors(tensor(1, 1, {UINT32_MAX, 1, 1, 1}), kOutputTensor));
}

TEST(ModelOf, RefusesUnknownTypesRanksAndEmptyTensors) {
  EXPECT_FALSE(model_of_tensors(tensor(0, 1, {4, 1, 1, 1}), kOutputTensor));
  EXPECT_FALSE(model_of_tensors(tensor(6, 1, {4, 1, 1, 1}), kOutputTensor));
  EXPECT_FALSE(model_of_tensors(tensor(1, 5, {4, 1, 1, 1}), kOutputTensor));
  EXPECT_FALSE(model_of_tensors(tensor(1, 2, {0, 4, 1, 1}), kOutputTensor));
  EXPECT_FALSE(model_of_tensors(kInputTensor, tensor(255, 1, {1, 1, 1, 1})));
}

TEST(ModelOf, RefusesAScaleThatIsNoNumber) {
  for (const float scale :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), -1.0F}) {
    thil_tensor_info output = kOutputTensor;
    output.scale = scale;
    EXPECT_FALSE(model_of_tensors(kInputTensor, output)) << scale;
  }
}

TEST(ModelOf, TakesSeveralInputsAndOutputsInTheirOrder) {
  const auto model = model_of_tensors(kInputTensor, kOutputTensor,
                                      {{THIL_INPUT, tensor(5, 2, {1, 6, 1, 1})},
                                       {THIL_OUTPUT, tensor(2, 1, {3, 1, 1, 1})},
                                       {THIL_OUTPUT, kOutputTensor}});
  ASSERT_TRUE(model);
  EXPECT_EQ(model->input.shape(), "1x49x10x1 int8 and 1x6 float32");
  EXPECT_EQ(model->output.shape(), "1x12 float32, 3 uint8 and 1x12 float32");
}

TEST(ModelOf, RefusesMoreTensorsThanThereMayBe) {
  Further inputs(7, {THIL_INPUT, kInputTensor});
  EXPECT_TRUE(model_of_tensors(kInputTensor, kOutputTensor, inputs));
  inputs.push_back(inputs.front());
  EXPECT_FALSE(model_of_tensors(kInputTensor, kOutputTensor, inputs));
}

TEST(ModelOf, RefusesTensorsThatAreTooLargeTogether) {
  const thil_tensor_info half = tensor(1, 1, {1U << 23, 1, 1, 1});
  EXPECT_TRUE(model_of_tensors(kInputTensor, half, {{THIL_OUTPUT, half}}));
  EXPECT_FALSE(model_of_tensors(kInputTensor, half, {{THIL_OUTPUT, half}, {THIL_OUTPUT, half}}));
}

TEST(ModelOf, RefusesTensorsThatAreCutShortOrOfNoRole) {
  EXPECT_FALSE(model_of_tensors(kInputTensor, kOutputTensor, {{2, kOutputTensor}}));
  const std::vector<std::uint8_t> whole =
      written(kInputTensor, kOutputTensor, {{THIL_OUTPUT, kOutputTensor}});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const bool is_one_of_each = size == 52;
    EXPECT_EQ(model_of_bytes({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}).has_value(),
              is_one_of_each)
        << size;
  }
}

TEST(IdentityOf, ATextOfTheDeviceStaysInItsLineAndSteersNothing) {
  const std::string text = "x\x1b[2J\npass";
  thil_identity from{};
  from.engine = {text.data(), static_cast<std::uint8_t>(text.size())};
  EXPECT_EQ(identity_of(from).board.engine, "x\\u001b[2J\\npass");
}

TEST(IdentityOf, TakesTextsSlotsAndCapabilities) {
  const std::string board = "nucleo";
  thil_identity from{};
  from.board = {board.data(), static_cast<std::uint8_t>(board.size())};
  from.capabilities = THIL_CAN_UNPACK;
  from.vector_slots = 3;
  from.vector_slot_size = 4096;
  const DeviceIdentity identity = identity_of(from);
  EXPECT_EQ(identity.board.kind, "nucleo");
  EXPECT_EQ(identity.board.serial, "");
  EXPECT_EQ(identity.vectors.count, 3);
  EXPECT_EQ(identity.vectors.size, 4096U);
  EXPECT_TRUE(identity.unpacks);
  EXPECT_FALSE(identity.loads_models);
  EXPECT_FALSE(identity.crash);
}

TEST(VersionOf, IsReadFromAnIdentityWithOtherFields) {
  thil_identity ours{};
  ours.version = THIL_WIRE_VERSION;
  EXPECT_EQ(version_of(pack(ours)), THIL_WIRE_VERSION) << "these two fields stay where they are";
  const std::vector<std::uint8_t> theirs{0x78, 0x56, 0x34, 0x12, 99, 1, 2, 3};
  EXPECT_EQ(version_of(theirs), 99);
  EXPECT_EQ(version_of(std::span(theirs).first(4)), std::nullopt);
}

TEST(CrashRecord, NamesEachCauseOfTheWire) {
  const auto words = [](std::uint32_t cause) {
    CrashRecord record;
    record.cause = static_cast<CrashCause>(cause);
    return record.describe().substr(0, record.describe().find(','));
  };
  EXPECT_EQ(words(THIL_FAULT_PROCESSOR), "processor fault");
  EXPECT_EQ(words(THIL_FAULT_WATCHDOG), "watchdog");
  EXPECT_EQ(words(THIL_FAULT_STACK), "stack overflow");
  EXPECT_EQ(words(99), "unknown cause");
}

TEST(RunId, GivesTheTagBack) {
  EXPECT_EQ(tag_of_run(run_id(0x123456, 255)), 0x123456U);
  EXPECT_NE(run_id(0x123456, 1), run_id(0x123456, 2));
}

TEST(IdentityOf, ACrashRecordNamesWhatItStruck) {
  thil_identity from{};
  from.crash = {2, 0x10000, 0x1A2C, 0x1A01, 0x20000FF0, run_id(0x123456, 7), 40, 1, 3};
  const DeviceIdentity identity = identity_of(from);
  ASSERT_TRUE(identity.crash);
  EXPECT_EQ(identity.crash->tag, 0x123456U) << "without the number of the run";
  EXPECT_EQ(identity.crash->vector, OrderPosition{40});
  EXPECT_EQ(identity.crash->model_slot, 1U);
  EXPECT_EQ(identity.crash->repeat, 3U);
  EXPECT_EQ(identity.crash->describe(),
            "watchdog, status 0x00010000, PC 0x00001a2c, LR 0x00001a01, SP 0x20000ff0");
}

}  // namespace
}  // namespace tinyhil::device
