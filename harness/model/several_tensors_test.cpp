// SPDX-License-Identifier: Apache-2.0
// Vector files for models of several inputs and outputs.
#include <gmock/gmock.h>

#include <algorithm>

#include "testing/complaint.hpp"
#include "testing/npz_builder.hpp"
#include "vector_set.hpp"

namespace tinyhil {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::vector<std::uint8_t> bytes(std::initializer_list<int> values, std::string_view shape) {
  std::vector<std::int8_t> cast;
  for (const int value : values) cast.push_back(static_cast<std::int8_t>(value));
  return test::npy("|i1", shape, test::raw(cast));
}

// Two vectors of two numbers and of one float, and golden outputs of one byte and of two.
test::NpzEntries two_and_two() {
  return {
      {"inputs_0", bytes({1, 2, 3, 4}, "(2, 2)")},
      {"inputs_1", test::npy("<f4", "(2, 1)", test::raw<float>({0.5F, -2.0F}))},
      {"labels", test::npy("|u1", "(2,)", test::raw<std::uint8_t>({0, 1}))},
      {"classes", test::npy("|S3", "(2,)", std::string_view("no\0yes", 6))},
      {"golden_m_0", bytes({9, 8}, "(2, 1)")},
      {"golden_m_1", bytes({7, 6, 5, 4}, "(2, 2)")},
  };
}

VectorSet load_entries(const test::NpzEntries& entries) {
  return parse_vector_set(test::npz(entries), "v.npz");
}

// What a user reads when the file has this array, too.
std::string complaint_beside(const std::string& name, std::vector<std::uint8_t> content) {
  test::NpzEntries entries = two_and_two();
  entries.emplace_back(name, std::move(content));
  return test::complaint([&] { load_entries(entries); });
}

std::string complaint_of_arrays(const std::string& name, std::vector<std::uint8_t> content) {
  test::NpzEntries entries = two_and_two();
  for (auto& entry : entries)
    if (entry.first == name) entry.second = content;
  return test::complaint([&] { load_entries(entries); });
}

TEST(SeveralInputs, AreOneVectorAfterTheOther) {
  const VectorSet set = load_entries(two_and_two());
  EXPECT_EQ(set.count, 2U);
  EXPECT_EQ(set.input.shape(), "1x2 int8 and 1x1 float32");
  const auto second = set.vector(1);
  EXPECT_EQ(std::vector<std::uint8_t>(second.begin(), second.end()),
            (std::vector<std::uint8_t>{3, 4, 0, 0, 0, 0xC0}));
}

TEST(SeveralInputs, HaveAQuantisationEach) {
  test::NpzEntries entries = two_and_two();
  entries.emplace_back("input_scale_0", test::npy("<f8", "()", test::raw<double>({0.5})));
  entries.emplace_back("input_zero_point_0", test::npy("<i8", "()", test::raw<std::int64_t>({-3})));
  const VectorSet set = load_entries(entries);
  EXPECT_EQ(set.input[0].scale, 0.5F);
  EXPECT_EQ(set.input[0].zero_point, -3);
  EXPECT_EQ(set.input[1].scale, 0.0F);
}

TEST(SeveralInputs, AreKnownAgainByAllOfThem) {
  const Digest values = load_entries(two_and_two()).values;
  test::NpzEntries other = two_and_two();
  other[1].second = test::npy("<f4", "(2, 1)", test::raw<float>({0.5F, -3.0F}));
  EXPECT_NE(load_entries(other).values, values);
  other = two_and_two();
  other[4].second = bytes({0, 0}, "(2, 1)");
  EXPECT_EQ(load_entries(other).values, values) << "golden outputs are no part of a vector";
}

TEST(SeveralInputs, ThatAreNumberedOtherwiseAreRefused) {
  EXPECT_THAT(complaint_beside("inputs", bytes({1, 2}, "(2, 1)")),
              StartsWith("v.npz: array `inputs_0` is there beside `inputs`"));
  EXPECT_THAT(complaint_beside("inputs_3", bytes({1, 2}, "(2, 1)")),
              StartsWith("v.npz: array `inputs_3` is there without `inputs_2`"));
  EXPECT_THAT(complaint_beside("inputs_8", bytes({1, 2}, "(2, 1)")),
              StartsWith("v.npz: array `inputs_8` is not known"));
  EXPECT_THAT(complaint_beside("inputs_01", bytes({1, 2}, "(2, 1)")), HasSubstr("is not known"));
  test::NpzEntries none = two_and_two();
  std::erase_if(none, [](const auto& entry) { return entry.first.starts_with("inputs"); });
  EXPECT_THAT(test::complaint([&] { load_entries(none); }), StartsWith("v.npz: array `inputs` is missing"));
}

TEST(SeveralInputs, OfOtherNumbersOfVectorsAreRefused) {
  EXPECT_THAT(complaint_of_arrays("inputs_1", test::npy("<f4", "(3, 1)", test::raw<float>({1, 2, 3}))),
              StartsWith("v.npz: array `inputs_1` has 3 vectors, `inputs_0` 2"));
}

TEST(SeveralInputs, WithAQuantisationOfNoneOfThemAreRefused) {
  EXPECT_THAT(complaint_beside("input_scale", test::npy("<f8", "()", test::raw<double>({0.5}))),
              StartsWith("v.npz: array `input_scale` is of an input that is not there"));
  EXPECT_THAT(complaint_beside("input_scale_2", test::npy("<f8", "()", test::raw<double>({0.5}))),
              StartsWith("v.npz: array `input_scale_2` is of an input that is not there"));
  EXPECT_THAT(complaint_beside("input_zero_point_1", test::npy("<i8", "()", test::raw<std::int64_t>({1}))),
              StartsWith("v.npz: array `input_zero_point_1` is given without `input_scale_1`"));
}

TEST(SeveralGoldenOutputs, AreTogetherWhatTheirCommonNameSays) {
  const VectorSet set = load_entries(two_and_two());
  const Golden& golden = set.golden.at("golden_m");
  EXPECT_EQ(golden.output.shape(), "1x1 int8 and 1x2 int8");
  EXPECT_EQ(golden.bytes_each, 3U);
  EXPECT_EQ(golden.outputs, (std::vector<std::uint8_t>{9, 7, 6, 8, 5, 4}));
  EXPECT_EQ(set.golden.at("golden_m_1").outputs, (std::vector<std::uint8_t>{7, 6, 5, 4}))
      << "of a model that is called m_1";
}

TEST(SeveralGoldenOutputs, AreNotMadeOfOneAloneOrBesideTheirCommonName) {
  test::NpzEntries entries = two_and_two();
  entries.emplace_back("golden_m", bytes({1, 2}, "(2, 1)"));
  EXPECT_EQ(load_entries(entries).golden.at("golden_m").bytes_each, 1U);
  std::erase_if(entries,
                [](const auto& entry) { return entry.first == "golden_m" || entry.first == "golden_m_1"; });
  EXPECT_FALSE(load_entries(entries).golden.contains("golden_m"));
}

}  // namespace
}  // namespace tinyhil
