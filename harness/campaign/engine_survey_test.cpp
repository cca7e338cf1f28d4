// SPDX-License-Identifier: Apache-2.0
#include "engine_survey.hpp"

#include <gtest/gtest.h>

#include "base/file_content.hpp"
#include "base/tensor_list.hpp"

namespace tinyhil::campaign {
namespace {

std::vector<std::uint8_t> fixture(const std::string& name) {
  return read_file(TINYHIL_SOURCE_DIR "/device-agent/engines/reference/testdata/" + name, 1u << 20, "model");
}

TEST(EngineSurvey, FindsNothingAgainstAModelThatRuns) {
  const EngineSurvey survey = survey_for_reference(fixture("network_0.tflite"));
  EXPECT_EQ(survey.reasons, std::vector<std::string>());
  EXPECT_TRUE(survey.runs());
  EXPECT_GT(survey.arena_bytes, 0u);
  EXPECT_GT(survey.work, 0u);
}

TEST(EngineSurvey, NamesEveryReasonAtOnceWithItsPlaces) {
  const EngineSurvey survey = survey_for_reference(fixture("many_reasons.tflite"));
  EXPECT_EQ(survey.reasons, (std::vector<std::string>{
                                "operator SIN (nodes 0, 3)",
                                "custom operator AcmeFilter (node 1)",
                                "operator MAX_POOL_2D (node 2): input is FLOAT32",
                            }));
  EXPECT_EQ(survey.arena_bytes, 0u);
}

TEST(EngineSurvey, ComparesAModelWithTheRoomOfABoard) {
  const std::vector<std::uint8_t> model = fixture("network_0.tflite");
  const EngineSurvey survey = survey_for_reference(model);
  DeviceIdentity board;
  board.models = {1, 100};
  board.vectors = {1, 1 << 20};
  board.arena_size = 16;
  const std::vector<std::string> found = too_large_for(board, model, survey);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0], "the model has " + std::to_string(model.size()) + " bytes, the board's slots 100");
  EXPECT_EQ(found[1],
            "the arena needs up to " + std::to_string(survey.arena_bytes) + " bytes, the board has 16");
}

}  // namespace
}  // namespace tinyhil::campaign
