// SPDX-License-Identifier: Apache-2.0
#include "csv_vectors.hpp"

#include <gmock/gmock.h>

#include <cstring>

#include "base/error.hpp"
#include "vector_set.hpp"

namespace tinyhil {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kTable =
    "x,label,y,group,slice_room\n"
    "1,yes,2,ada,bath\n"
    "3,no,4.5,bob,hall\n"
    "5,yes,6,ada,bath\n";

VectorSet set_of(const std::string& table, const std::optional<Tensor>& input = std::nullopt,
                 const std::vector<std::string>& classes = {}) {
  const std::string content = npz_of(vectors_of_csv(parse_csv(table, "data.csv"), input, classes));
  return parse_vector_set({content.begin(), content.end()}, "vectors.npz");
}

Error refusal_of(const std::string& table, const std::optional<Tensor>& input = std::nullopt) {
  try {
    set_of(table, input);
  } catch (const Error& error) {
    return error;
  }
  return Error(ErrorKind::usage, "no error", "", "");
}

TEST(CsvVectors, AreAVectorSet) {
  const VectorSet set = set_of(kTable);
  EXPECT_EQ(set.count, 3u);
  EXPECT_EQ(set.input.shape(), "1x2 float32");
  float values[2];
  std::memcpy(values, set.vector(1).data(), sizeof values);
  EXPECT_THAT(values, ElementsAre(3, 4.5F));
  EXPECT_THAT(set.classes, ElementsAre("no", "yes")) << "in the order of the alphabet";
  EXPECT_THAT(set.labels, ElementsAre(1, 0, 1));
  ASSERT_EQ(set.group.size(), 3u);
  EXPECT_EQ(set.group[0], set.group[2]);
  EXPECT_NE(set.group[0], set.group[1]);
  ASSERT_EQ(set.slices.size(), 1u);
  EXPECT_EQ(set.slices[0].name, "room");
  EXPECT_THAT(set.slices[0].values, ElementsAre("bath", "hall"));
  EXPECT_THAT(set.slices[0].code, ElementsAre(0, 1, 0));
}

TEST(CsvVectors, TakeTheShapeOfTheModelsInput) {
  EXPECT_EQ(set_of(kTable, Tensor{DType::int8, 4, {1, 2, 1, 1}, 0.5, 0}).input.shape(), "1x2x1x1 float32");
  const Error error = refusal_of(kTable, Tensor{DType::int8, 2, {1, 3, 1, 1}, 0.5, 0});
  EXPECT_THAT(error.what(), HasSubstr("has 2 features, but the models take 1x3 int8"));
}

TEST(CsvVectors, TakeNumbersOfClassesAsTheyAre) {
  const VectorSet set = set_of("x,label\n1,10\n2,2\n");
  EXPECT_EQ(set.classes.size(), 11u);
  EXPECT_THAT(set.labels, ElementsAre(10, 2));
}

TEST(CsvVectors, TakeClassesInTheOrderThatIsGiven) {
  EXPECT_THAT(set_of(kTable, std::nullopt, {"yes", "perhaps", "no"}).labels, ElementsAre(0, 2, 0));
}

TEST(CsvVectors, SayWhatIsMissingOrWrong) {
  EXPECT_THAT(refusal_of("x,Label\n1,a\n").remedy(), HasSubstr("rename `Label`"));
  EXPECT_THAT(refusal_of("label\na\n").what(), HasSubstr("has no features"));
  const Error error = refusal_of("x,label\n1,a\nloud,b\n");
  EXPECT_EQ(error.where(), "data.csv:3");
  EXPECT_THAT(error.what(), HasSubstr("column `x` has `loud`, which is no number"));
}

}  // namespace
}  // namespace tinyhil
