// SPDX-License-Identifier: Apache-2.0
#include "fake_engine.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

namespace {

struct FakeEngineDeathTest : testing::Test {
  FakeEngineDeathTest() {
    constexpr std::array<std::uint8_t, FAKE_IMAGE_SIZE> kImage{'F', 0, 4, 0, 2, 0, 10};
    fake_engine_on_invoke(nullptr);
    fake_engine_fix_model(false);
    const thil_engine_memory memory{kImage.data(), kImage.size(), arena.data(), arena.size()};
    const auto status = thil_engine_load(&memory, &model, &report);
    EXPECT_EQ(status, THIL_ENGINE_OK);
  }

  thil_engine_status invoke(std::uint8_t first) {
    thil_tensor_info info{};
    thil_engine_tensor(model, THIL_INPUT, 0, &info)[0] = first;
    return thil_engine_invoke(model);
  }

  alignas(16) std::array<std::uint8_t, 64> arena{};
  thil_engine_report report{};
  thil_engine_model* model = nullptr;
};

TEST_F(FakeEngineDeathTest, CrashesOnRequest) {
  EXPECT_EQ(invoke(FAKE_OVERFLOW - 1), THIL_ENGINE_OK);
  EXPECT_DEATH(invoke(FAKE_CRASH), "");
}

TEST_F(FakeEngineDeathTest, FillsTheStackOnRequest) { EXPECT_DEATH(invoke(FAKE_OVERFLOW), ""); }

TEST_F(FakeEngineDeathTest, FailsOnRequest) { EXPECT_EQ(invoke(FAKE_POISON), THIL_ENGINE_INVOKE_FAILED); }

}  // namespace
