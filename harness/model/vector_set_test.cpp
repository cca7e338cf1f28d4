// SPDX-License-Identifier: Apache-2.0
#include "vector_set.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "testing/complaint.hpp"
#include "testing/npz_builder.hpp"

namespace tinyhil {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// Three vectors of two by two, two classes, one slice.
test::NpzEntries good() {
  return {
      {"inputs",
       test::npy("|i1", "(3, 2, 2)", test::raw<std::int8_t>({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}))},
      {"labels", test::npy("<i8", "(3,)", test::raw<std::int64_t>({0, 1, 1}))},
      {"classes", test::npy("|S3", "(2,)", std::string_view("no\0yes", 6))},
      {"slice_accent", test::npy("|u1", "(3,)", test::raw<std::uint8_t>({0, 0, 1}))},
      {"slice_accent_names", test::npy("|S2", "(2,)", "usuk")},
      {"golden_shipped", test::npy("|i1", "(3, 2)", test::raw<std::int8_t>({1, -1, 2, -2, 3, -3}))},
  };
}

VectorSet load(const test::NpzEntries& entries) { return parse_vector_set(test::npz(entries), "v.npz"); }

// What a user reads when `name` of the good file holds `content` instead.
std::string complaint_with(const std::string& name, std::vector<std::uint8_t> content) {
  test::NpzEntries entries = good();
  const auto same = [&](const auto& entry) { return entry.first == name; };
  const auto found = std::find_if(entries.begin(), entries.end(), same);
  if (found == entries.end())
    entries.emplace_back(name, std::move(content));
  else
    found->second = std::move(content);
  return test::complaint([&] { load(entries); });
}

std::string complaint_without(const std::string& name) {
  test::NpzEntries entries = good();
  std::erase_if(entries, [&](const auto& entry) { return entry.first == name; });
  return test::complaint([&] { load(entries); });
}

VectorSet with(const std::string& name, const std::vector<std::uint8_t>& content) {
  test::NpzEntries entries = good();
  for (auto& entry : entries)
    if (entry.first == name) entry.second = content;
  return load(entries);
}

TEST(VectorSet, IsKnownAgainByItsInputsAndLabels) {
  const Digest values = load(good()).values;
  EXPECT_EQ(with("labels", test::npy("|u1", "(3,)", test::raw<std::uint8_t>({0, 1, 1}))).values, values);
  EXPECT_EQ(
      with("golden_shipped", test::npy("|i1", "(3, 2)", test::raw<std::int8_t>({0, 0, 0, 0, 0, 0}))).values,
      values);
  EXPECT_NE(with("labels", test::npy("<i8", "(3,)", test::raw<std::int64_t>({1, 1, 1}))).values, values);
  EXPECT_NE(with("inputs",
                 test::npy("|i1", "(3, 4)", test::raw<std::int8_t>({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})))
                .values,
            values);
}

TEST(VectorSet, LoadsInputsLabelsSlicesAndGoldenOutputs) {
  const VectorSet set = load(good());
  EXPECT_EQ(set.count, 3u);
  EXPECT_EQ(set.input.shape(), "1x2x2 int8");
  EXPECT_EQ(std::vector<std::uint8_t>(set.vector(1).begin(), set.vector(1).end()),
            (std::vector<std::uint8_t>{5, 6, 7, 8}));
  EXPECT_EQ(set.labels, (std::vector<std::uint16_t>{0, 1, 1}));
  EXPECT_EQ(set.classes, (std::vector<std::string>{"no", "yes"}));
  ASSERT_NE(set.slice("accent"), nullptr);
  EXPECT_EQ(set.slice("accent")->values, (std::vector<std::string>{"us", "uk"}));
  EXPECT_EQ(set.slice("accent")->code, (std::vector<std::uint16_t>{0, 0, 1}));
  EXPECT_EQ(set.slice("noise"), nullptr);
  EXPECT_EQ(set.golden.at("golden_shipped").bytes_each, 2u);
  EXPECT_EQ(set.golden.at("golden_shipped").outputs.size(), 6u);
  EXPECT_TRUE(set.group.empty());
  EXPECT_EQ(set.group_unit, "group");
  EXPECT_EQ(set.input.only().scale, 0.0f);
}

TEST(VectorSet, ReadsGroupsAndQuantisationWhenGiven) {
  test::NpzEntries entries = good();
  entries.emplace_back("group", test::npy("<i4", "(3,)", test::raw<std::int32_t>({7, 7, 9})));
  entries.emplace_back("group_unit", test::npy("|S7", "(1,)", "speaker"));
  entries.emplace_back("input_scale", test::npy("<f8", "()", test::raw<double>({0.5})));
  entries.emplace_back("input_zero_point", test::npy("<i8", "(1,)", test::raw<std::int64_t>({-128})));
  const VectorSet set = load(entries);
  EXPECT_EQ(set.group, (std::vector<std::uint32_t>{7, 7, 9}));
  EXPECT_EQ(set.group_unit, "speaker");
  EXPECT_EQ(set.input.only().scale, 0.5f);
  EXPECT_EQ(set.input.only().zero_point, -128);
}

// Made by harness/model/testdata/make_npz.py.
TEST(VectorSet, LoadsWhatNumpyWrote) {
  for (const char* name : {"numpy_stored.npz", "numpy_compressed.npz"}) {
    const VectorSet set = load_vector_set(std::string(TINYHIL_SOURCE_DIR "/harness/model/testdata/") + name);
    EXPECT_EQ(set.count, 5u) << name;
    EXPECT_EQ(set.input.shape(), "1x7x3x1 float32") << name;
    EXPECT_EQ(set.labels, (std::vector<std::uint16_t>{0, 1, 2, 0, 1})) << name;
    EXPECT_EQ(set.classes, (std::vector<std::string>{"silence", "yes", "d\u00E9j\u00E0"})) << name;
    EXPECT_EQ(set.slices.at(0).values, (std::vector<std::string>{"female", "male"})) << name;
    EXPECT_EQ(set.golden.at("golden_v1").bytes_each, 12u) << name;
  }
}

TEST(VectorSet, NamesTheArrayWhoseLengthIsWrong) {
  EXPECT_THAT(complaint_with("labels", test::npy("|i1", "(2,)", test::raw<std::int8_t>({0, 1}))),
              StartsWith("v.npz: array `labels` has 2 entries, `inputs` 3; "));
  EXPECT_THAT(complaint_with("slice_accent", test::npy("|i1", "(4,)", test::raw<std::int8_t>({0, 1, 0, 1}))),
              StartsWith("v.npz: array `slice_accent` has 4 entries, `inputs` 3; "));
  EXPECT_THAT(complaint_with("golden_shipped", test::npy("|i1", "(2, 2)", "abcd")),
              StartsWith("v.npz: array `golden_shipped` has 2 entries, `inputs` 3; "));
  EXPECT_THAT(complaint_with("group", test::npy("|i1", "(1,)", "a")),
              StartsWith("v.npz: array `group` has 1 entries, `inputs` 3; "));
}

TEST(VectorSet, NamesTheIndexOfALabelOrCodeOutOfRange) {
  EXPECT_THAT(complaint_with("labels", test::npy("|i1", "(3,)", test::raw<std::int8_t>({0, 1, 2}))),
              StartsWith("v.npz: array `labels` has 2 at index 2, but `classes` has 2 entries; "));
  EXPECT_THAT(complaint_with("labels", test::npy("|i1", "(3,)", test::raw<std::int8_t>({0, -1, 1}))),
              StartsWith("v.npz: array `labels` has -1 at index 1, but `classes` has 2 entries; "));
  EXPECT_THAT(
      complaint_with("slice_accent", test::npy("|i1", "(3,)", test::raw<std::int8_t>({0, 9, 1}))),
      StartsWith("v.npz: array `slice_accent` has 9 at index 1, but `slice_accent_names` has 2 entries"));
  EXPECT_THAT(complaint_with("group", test::npy("<i8", "(3,)", test::raw<std::int64_t>({0, 1, 4294967296}))),
              StartsWith("v.npz: array `group` has 4294967296 at index 2, "));
  EXPECT_THAT(
      complaint_with("labels", test::npy("<u8", "(3,)", test::raw<std::uint64_t>({0, 1, UINT64_MAX}))),
      StartsWith("v.npz: array `labels` has a number beyond int64 at index 2, "));
}

TEST(VectorSet, NamesAMissingArray) {
  EXPECT_THAT(complaint_without("inputs"), StartsWith("v.npz: array `inputs` is missing; "));
  EXPECT_THAT(complaint_without("labels"), StartsWith("v.npz: array `labels` is missing; "));
  EXPECT_THAT(complaint_without("classes"), StartsWith("v.npz: array `classes` is missing; "));
  EXPECT_THAT(complaint_without("slice_accent_names"),
              StartsWith("v.npz: array `slice_accent_names` is missing; "));
  EXPECT_THAT(complaint_without("slice_accent"),
              StartsWith("v.npz: array `slice_accent_names` has no array `slice_accent`; "));
}

TEST(VectorSet, RefusesAnArrayItDoesNotKnowAndNamesTheNearest) {
  EXPECT_THAT(complaint_with("group_unit", test::npy("|S7", "(1,)", "speaker")),
              StartsWith("v.npz: array `group_unit` is not one name beside `group`"));
  EXPECT_THAT(complaint_with("groups", test::npy("|i1", "(3,)", "abc")),
              StartsWith("v.npz: array `groups` is not known; did you mean `group`? "));
}

TEST(VectorSet, RefusesInputsThatNoModelTakes) {
  EXPECT_THAT(complaint_with("inputs", test::npy("<i8", "(1,)", "12345678")),
              HasSubstr("is int64[1], which no tensor of a model can be; convert it with .astype()"));
  EXPECT_THAT(complaint_with("inputs", test::npy("|i1", "()", "a")),
              HasSubstr("does not have 1 to 4 dimensions"));
  EXPECT_THAT(complaint_with("inputs", test::npy("|i1", "(1, 1, 1, 1, 1)", "a")),
              HasSubstr("does not have 1 to 4 dimensions"));
  EXPECT_THAT(complaint_with("inputs", test::npy("|i1", "(0, 4)", "")), HasSubstr("array `inputs` is empty"));
  EXPECT_THAT(complaint_with("inputs", test::npy("|i1", "(3, 0)", "")), HasSubstr("array `inputs` is empty"));
}

TEST(VectorSet, RefusesMoreVectorsThanItsBound) {
  EXPECT_THAT(complaint_with("inputs", test::npy("|i1", "(10000001,)", std::string(10'000'001, 'x'))),
              HasSubstr("more than 10 million vectors"));
}

TEST(VectorSet, RefusesNamesThatAreMissingDoubledOrNotText) {
  EXPECT_THAT(complaint_with("classes", test::npy("|S2", "(2,)", std::string_view("no\0\0", 4))),
              StartsWith("v.npz: array `classes` has no UTF-8 text at index 1; "));
  EXPECT_THAT(complaint_with("classes", test::npy("|S2", "(2,)", "nono")),
              StartsWith("v.npz: array `classes` has `no` twice, again at index 1; "));
  EXPECT_THAT(complaint_with("classes", test::npy("|i1", "(2,)", "ab")),
              StartsWith("v.npz: array `classes` is int8[2], not a list of byte strings; "));
  EXPECT_THAT(complaint_with("classes", test::npy("|S2", "(0,)", "")),
              StartsWith("v.npz: array `classes` is empty; "));
}

TEST(VectorSet, RefusesAQuantisationThatCannotBe) {
  EXPECT_THAT(complaint_with("input_zero_point", test::npy("<i8", "()", test::raw<std::int64_t>({3}))),
              StartsWith("v.npz: array `input_zero_point` is given without `input_scale`; "));
  EXPECT_THAT(complaint_with("input_scale", test::npy("<f4", "()", test::raw<float>({0.0f}))),
              StartsWith("v.npz: array `input_scale` is not a positive number; "));
  EXPECT_THAT(complaint_with("input_scale", test::npy("<f4", "(2,)", test::raw<float>({0.5f, 0.5f}))),
              StartsWith("v.npz: array `input_scale` is float32[2], not one float; "));
}

TEST(VectorSet, RefusesAFileThatIsNoZip) {
  EXPECT_THAT(test::complaint([] {
                parse_vector_set({'a', 'b', 'c'}, "v.npz");
              }),
              StartsWith("v.npz: not a readable .npz file: "));
  EXPECT_THAT(test::complaint([] { parse_vector_set({}, "v.npz"); }),
              StartsWith("v.npz: not a readable .npz file: "));
}

}  // namespace
}  // namespace tinyhil
