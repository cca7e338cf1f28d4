// SPDX-License-Identifier: Apache-2.0
#include "task.hpp"

#include <gmock/gmock.h>

#include <map>

#include "formats/section.hpp"
#include "testing/complaint.hpp"
#include "testing/npz_builder.hpp"
#include "testing/schema_agreement.hpp"
#include "vector_set.hpp"

namespace tinyhil {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

SharedTask task_of(const std::string& yaml) { return make_task(Section::parse(yaml, "campaign.yaml")); }

// Three vectors of two numbers each.
test::NpzEntries with_targets() {
  return {{"inputs", test::npy("|i1", "(3, 1)", test::raw<std::int8_t>({1, 2, 3}))},
          {"targets", test::npy("<f4", "(3, 2)", test::raw<float>({0, 10, 20, 30, -1, 0}))}};
}

VectorSet load_with(const std::string& yaml, const test::NpzEntries& entries) {
  return parse_vector_set(test::npz(entries), "v.npz", task_of(yaml));
}

double scored(const std::string& yaml, std::vector<double> values, std::size_t vector) {
  const VectorSet set = load_with(yaml, with_targets());
  return set.task->score(values, set, vector);
}

TEST(Task, IsClassificationWhereACampaignNamesNone) {
  EXPECT_EQ(classification()->traits().kind, "classification");
  EXPECT_EQ(classification()->traits().measure, "accuracy");
  EXPECT_TRUE(classification()->traits().is_right_or_wrong);
}

TEST(Task, OfAnUnknownKindNamesTheNearest) {
  EXPECT_THAT(test::complaint([] { task_of("kind: regresion\ntolerance: 1"); }), HasSubstr("regression"));
  EXPECT_THAT(test::complaint([] { task_of("kind: classification\ntolerance: 1"); }), HasSubstr("tolerance"));
}

TEST(Task, ReadsTheArraysThatItNeedsAndRefusesThoseOfOthers) {
  const VectorSet set = load_with("{kind: regression, tolerance: 1}", with_targets());
  EXPECT_THAT(set.targets, ElementsAre(0, 10, 20, 30, -1, 0));
  EXPECT_TRUE(set.labels.empty());
  EXPECT_TRUE(set.classes.empty());
  EXPECT_THAT(test::complaint([] { load_with("kind: classification", with_targets()); }),
              HasSubstr("`targets`"));
  test::NpzEntries without = with_targets();
  without.pop_back();
  EXPECT_THAT(test::complaint([&] { load_with("{kind: regression, tolerance: 1}", without); }),
              HasSubstr("`targets` is missing"));
}

TEST(Task, PutsItsAnswersIntoWhatVectorsAreKnownBy) {
  test::NpzEntries other = with_targets();
  other.back().second = test::npy("<f4", "(3, 2)", test::raw<float>({0, 10, 20, 30, -1, 1}));
  EXPECT_NE(load_with("{kind: regression, tolerance: 1}", with_targets()).values,
            load_with("{kind: regression, tolerance: 1}", other).values);
}

TEST(Classification, ScoresTheFirstLargestElement) {
  VectorSet set;
  set.classes = {"a", "b", "c"};
  set.labels = {1, 2};
  EXPECT_EQ(set.task->class_of(std::vector<double>{0.5, 2, 2}), 1);
  EXPECT_EQ(set.task->score(std::vector<double>{0.5, 2, 2}, set, 0), 1);
  EXPECT_EQ(set.task->score(std::vector<double>{0.5, 2, 2}, set, 1), 0);
}

TEST(Classification, WantsOneScorePerClass) {
  VectorSet set;
  set.classes = {"a", "b", "c"};
  const Tensor two{DType::int8, 2, {1, 2, 1, 1}, 0, 0};
  EXPECT_THAT(test::complaint([&] { set.task->check_output("slim", two, set); }),
              HasSubstr("gives 2 scores, but there are 3 classes"));
}

TEST(Regression, IsRightWithinTheToleranceInEveryElement) {
  const std::string task = "{kind: regression, tolerance: 0.5}";
  EXPECT_EQ(scored(task, {0.5, 9.5}, 0), 1);
  EXPECT_EQ(scored(task, {0, 10.51}, 0), 0);
  EXPECT_EQ(scored(task, {-1, 0}, 2), 1);
  EXPECT_EQ(scored("{kind: regression, tolerance: 0.3}", {double{0.1F} * 3, 10}, 0), 1);
  EXPECT_EQ(task_of(task)->traits().measure, "share within 0.5");
  EXPECT_TRUE(task_of(task)->traits().is_right_or_wrong);
}

TEST(Regression, ScoresByTheMeanErrorUpToTheWorst) {
  const std::string task = "{kind: regression, worst_error: 4}";
  EXPECT_EQ(scored(task, {0, 10}, 0), 1);
  EXPECT_DOUBLE_EQ(scored(task, {1, 12}, 0), 1 - 1.5 / 4);
  EXPECT_EQ(scored(task, {100, 10}, 0), 0);
  EXPECT_FALSE(task_of(task)->traits().is_right_or_wrong);
}

TEST(Regression, SaysWhatIsWrongWithItsKeysItsTargetsAndItsModel) {
  EXPECT_THAT(test::complaint([] { task_of("kind: regression"); }),
              HasSubstr("`tolerance` or by `worst_error`"));
  EXPECT_THAT(test::complaint([] { task_of("{kind: regression, tolerance: 1, worst_error: 1}"); }),
              HasSubstr("write one of the two"));
  EXPECT_THAT(test::complaint([] { task_of("{kind: regression, tolerance: 0}"); }),
              HasSubstr("must be above 0"));
  test::NpzEntries entries = with_targets();
  entries.back().second = test::npy("<f4", "(2, 2)", test::raw<float>({1, 2, 3, 4}));
  EXPECT_THAT(test::complaint([&] { load_with("{kind: regression, tolerance: 1}", entries); }),
              HasSubstr("has 2 entries, `inputs` 3"));
  entries.back().second = test::npy("<f4", "(3,)", test::raw<float>({1, NAN, 3}));
  EXPECT_THAT(test::complaint([&] { load_with("{kind: regression, tolerance: 1}", entries); }),
              HasSubstr("no finite float32 at index 1"));
  const VectorSet set = load_with("{kind: regression, tolerance: 1}", with_targets());
  const Tensor three{DType::float32, 2, {1, 3, 1, 1}, 0, 0};
  EXPECT_THAT(test::complaint([&] { set.task->check_output("slim", three, set); }),
              HasSubstr("gives 3 numbers, but a vector has 2 targets"));
}

// docs/schema/campaign.schema.json, by the task's kind.
std::map<std::string, test::Json> tasks_of(const test::Json& schema) {
  std::map<std::string, test::Json> tasks;
  for (const test::Json& one : schema.at("properties").at("task").at("oneOf")) {
    const test::Json& task = schema.at(test::Json::json_pointer(std::string(one.at("$ref")).substr(1)));
    tasks[task.at("properties").at("kind").at("const")] = task;
  }
  return tasks;
}

TEST(TaskSchema, ListsEveryTask) {
  std::vector<std::string> listed;
  for (const auto& [kind, task] : tasks_of(test::read_schema("campaign"))) listed.push_back(kind);
  EXPECT_THAT(listed, testing::UnorderedElementsAreArray(task_kinds()));
}

TEST(TaskSchema, ListsTheKeysThatARegressionTakes) {
  const test::Json keys = tasks_of(test::read_schema("campaign")).at("regression").at("properties");
  for (const auto& [key, value] : keys.items()) {
    if (key == "kind") continue;
    EXPECT_NO_THROW(task_of("{kind: regression, " + key + ": " + value.at("examples").at(0).dump() + "}"))
        << key;
  }
  EXPECT_EQ(keys.size(), 3u);
}

test::NpzEntries with_two_classes(const std::string& classes, const std::string& shape) {
  return {{"inputs", test::npy("|i1", "(3, 1)", test::raw<std::int8_t>({1, 2, 3}))},
          {"labels", test::npy("|u1", "(3,)", test::raw<std::uint8_t>({0, 1, 1}))},
          {"classes", test::npy("|S1", shape, classes)}};
}

TEST(Binary, IsTheSecondClassAtTheThresholdAndAbove) {
  const VectorSet set = load_with("{kind: binary, threshold: 0.5}", with_two_classes("ny", "(2,)"));
  const auto score = [&](double value, std::size_t vector) {
    return set.task->score(std::span(&value, 1), set, vector);
  };
  EXPECT_EQ(score(0.499, 0), 1);
  EXPECT_EQ(score(0.5, 0), 0);
  EXPECT_EQ(score(0.5, 1), 1);
  EXPECT_EQ(score(0.499, 2), 0);
  EXPECT_TRUE(set.task->traits().has_classes);
  EXPECT_TRUE(set.task->traits().is_right_or_wrong);
}

TEST(Binary, NeedsTwoClassesAndOneNumber) {
  const std::string task = "{kind: binary, threshold: 0.5}";
  EXPECT_THAT(test::complaint([&] { load_with(task, with_two_classes("abc", "(3,)")); }),
              HasSubstr("has 3 names; a binary task has two classes"));
  const VectorSet set = load_with(task, with_two_classes("ny", "(2,)"));
  const auto complaint = [&](std::uint32_t numbers) {
    const Tensor output{DType::int8, 2, {1, numbers, 1, 1}, 0.5F, 0};
    return test::complaint([&] { set.task->check_output("m", output, set); });
  };
  EXPECT_EQ(complaint(1), "accepted");
  EXPECT_THAT(complaint(2), HasSubstr("model `m` gives 2 numbers, and a binary task reads a single one"));
  EXPECT_THAT(test::complaint([] { task_of("kind: binary"); }), HasSubstr("threshold"));
}

TEST(TopK, IsRightWhereTheLabelIsAmongTheLargestTheFirstOfEqualOnes) {
  const VectorSet set = load_with("{kind: top_k, k: 2}", with_two_classes("abc", "(3,)"));  // labels 0, 1, 1
  const auto score = [&](std::vector<double> values, std::size_t vector) {
    return set.task->score(values, set, vector);
  };
  EXPECT_EQ(score({2, 3, 1}, 0), 1);
  EXPECT_EQ(score({1, 3, 2}, 0), 0);
  EXPECT_EQ(score({5, 5, 5}, 1), 1);
  EXPECT_EQ(score({5, 4, 5}, 1), 0);
  EXPECT_EQ(set.task->traits().measure, "top-2 accuracy");
  EXPECT_FALSE(set.task->traits().has_classes);
}

TEST(TopK, NeedsMoreClassesThanMayBeRight) {
  EXPECT_THAT(test::complaint([] { load_with("{kind: top_k, k: 3}", with_two_classes("abc", "(3,)")); }),
              HasSubstr("has 3 names, so that every answer is among the 3 largest"));
  EXPECT_THAT(test::complaint([] { task_of("kind: top_k"); }), HasSubstr("`k`"));
}

}  // namespace
}  // namespace tinyhil
