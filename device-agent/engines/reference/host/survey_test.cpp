// SPDX-License-Identifier: Apache-2.0
#include "survey.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "../fixture.hpp"

namespace tinyhil {
namespace {

struct Survey {
  std::vector<std::string> details;
  thil_survey_needs needs{};
  thil_engine_status status;

  explicit Survey(const fixture::Bytes& bytes) {
    fixture::Aligned image(bytes), scratch(thil_survey_scratch());
    const thil_engine_memory memory{image.data(), image.size(), scratch.data(), scratch.size()};
    status = thil_survey_model(
        &memory,
        [](void* context, const thil_survey_finding* finding) {
          static_cast<std::vector<std::string>*>(context)->emplace_back(finding->detail);
        },
        &details, &needs);
  }
};

class EverySurvey : public testing::TestWithParam<std::string> {};

TEST_P(EverySurvey, FindsNothingAgainstWhatRunsAndCountsNoLessArenaThanItTakes) {
  const fixture::Bytes image = fixture::read(GetParam() + ".tflite");
  const Survey survey(image);
  EXPECT_EQ(survey.status, THIL_ENGINE_OK);
  EXPECT_EQ(survey.details, std::vector<std::string>());
  const fixture::Loaded loaded(image);
  EXPECT_GE(survey.needs.arena_bytes, loaded.report.arena_needed);
  EXPECT_LE(survey.needs.arena_bytes, loaded.report.arena_needed + 2048);
}

TEST_P(EverySurvey, RefusesADamagedImageWhenALoadDoes) {
  std::mt19937 random(11);
  for (int round = 0; round < 300; round++) {
    fixture::Bytes image = fixture::read(GetParam() + ".tflite");
    for (int i = 0; i < 3; i++) image[random() % image.size()] = static_cast<uint8_t>(random());
    const fixture::Loaded loaded(image, 1 << 16);
    const Survey survey(image);
    const bool runs = loaded.status == THIL_ENGINE_OK || loaded.status == THIL_ENGINE_ARENA_TOO_SMALL;
    EXPECT_EQ(survey.status == THIL_ENGINE_OK, runs) << loaded.report.detail;
  }
}

INSTANTIATE_TEST_SUITE_P(ReferenceEngine, EverySurvey, testing::ValuesIn(fixture::runnable_models()),
                         [](const auto& fixture) { return fixture.param; });

TEST(ModelSurvey, GoesOnBehindAnOperatorThatIsNotThere) {
  const Survey survey(fixture::read("many_reasons.tflite"));
  EXPECT_EQ(survey.status, THIL_ENGINE_UNSUPPORTED);
  EXPECT_EQ(survey.details, (std::vector<std::string>{
                                "operator SIN (subgraph 0, node 0)",
                                "custom operator AcmeFilter (subgraph 0, node 1)",
                                "operator SIN (subgraph 0, node 3)",
                                "operator MAX_POOL_2D (node 2): input is FLOAT32",
                            }));
}

TEST(ModelSurvey, SaysOnceWhyAFileIsNoModel) {
  const Survey survey(fixture::Bytes(64, 0xff));
  EXPECT_EQ(survey.status, THIL_ENGINE_MALFORMED);
  EXPECT_EQ(survey.details, std::vector<std::string>{"not a .tflite flatbuffer, or a truncated one"});
}

}  // namespace
}  // namespace tinyhil
