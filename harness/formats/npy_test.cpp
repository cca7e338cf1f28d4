// SPDX-License-Identifier: Apache-2.0
#include "npy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/complaint.hpp"
#include "testing/npz_builder.hpp"

namespace tinyhil {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const ArrayPlace kPlace{"v.npz", "a"};

NpyArray parse(std::vector<std::uint8_t> content) { return parse_npy(std::move(content), kPlace); }

std::string complaint_about_npy(std::vector<std::uint8_t> content) {
  return test::complaint([&] { parse(std::move(content)); });
}

std::string complaint_about_header(std::string_view text) {
  return test::complaint([&] { parse_npy_header(text, kPlace); });
}

TEST(Npy, ReadsShapeTypeAndValues) {
  const NpyArray array =
      parse(test::npy("<i2", "(2, 3)", test::raw<std::int16_t>({1, -2, 3, -4, 5, -32768})));
  EXPECT_EQ(array.header.shape, (std::vector<std::size_t>{2, 3}));
  EXPECT_EQ(array.header.description(), "int16[2, 3]");
  EXPECT_EQ(array.size(), 6u);
  EXPECT_EQ(array.integer(1), -2);
  EXPECT_EQ(array.integer(5), -32768);
}

TEST(Npy, ReadsIntegersOfEveryWidthWithTheirSign) {
  EXPECT_EQ(parse(test::npy("|b1", "(1,)", test::raw<std::uint8_t>({1}))).integer(0), 1);
  EXPECT_EQ(parse(test::npy("|i1", "(1,)", test::raw<std::int8_t>({-1}))).integer(0), -1);
  EXPECT_EQ(parse(test::npy("|u1", "(1,)", test::raw<std::uint8_t>({255}))).integer(0), 255);
  EXPECT_EQ(parse(test::npy("<u2", "(1,)", test::raw<std::uint16_t>({65535}))).integer(0), 65535);
  EXPECT_EQ(parse(test::npy("<i4", "(1,)", test::raw<std::int32_t>({-70000}))).integer(0), -70000);
  EXPECT_EQ(parse(test::npy("<u4", "(1,)", test::raw<std::uint32_t>({4000000000}))).integer(0), 4000000000);
  EXPECT_EQ(parse(test::npy("<i8", "(1,)", test::raw<std::int64_t>({INT64_MIN}))).integer(0), INT64_MIN);
  EXPECT_EQ(parse(test::npy("<u8", "(1,)", test::raw<std::uint64_t>({UINT64_MAX}))).integer(0), std::nullopt);
}

TEST(Npy, ReadsFloatsAndTexts) {
  EXPECT_EQ(parse(test::npy("<f4", "()", test::raw<float>({0.25f}))).real(0), 0.25);
  EXPECT_EQ(parse(test::npy("<f8", "()", test::raw<double>({0.1}))).real(0), 0.1);
  const NpyArray texts = parse(test::npy("|S3", "(3,)", std::string_view("yesno\0\0\0\0", 9)));
  EXPECT_EQ(texts.text(0), "yes");
  EXPECT_EQ(texts.text(1), "no");
  EXPECT_EQ(texts.text(2), "");
}

TEST(Npy, ReadsTheLongerHeadersOfVersions2And3) {
  std::vector<std::uint8_t> content = test::npy("|i1", "(1,)", "x");
  content[6] = 2;
  content.insert(content.begin() + 10, {0, 0});
  EXPECT_EQ(parse(content).integer(0), 'x');
  content[6] = 3;
  EXPECT_EQ(parse(content).integer(0), 'x');
  content[6] = 4;
  EXPECT_EQ(complaint_about_npy(content),
            "v.npz: array `a` has .npy version 4; 1 to 3 are known; save the file again with np.savez");
}

TEST(Npy, RefusesTypesItDoesNotKnowAndSaysHowToConvert) {
  EXPECT_THAT(complaint_about_npy(test::npy("|O", "(1,)", "12345678")), HasSubstr("holds Python objects"));
  EXPECT_THAT(complaint_about_npy(test::npy("<U2", "(1,)", "12345678")), HasSubstr("np.char.encode"));
  EXPECT_THAT(complaint_about_npy(test::npy(">i4", "(1,)", "1234")), HasSubstr("is big-endian"));
  EXPECT_THAT(complaint_about_npy(test::npy("<f2", "(1,)", "12")),
              HasSubstr("type `<f2`, which is not supported"));
  EXPECT_THAT(complaint_about_npy(test::npy("<i3", "(1,)", "123")), HasSubstr("not supported"));
  EXPECT_THAT(complaint_about_npy(test::npy("|S0", "(1,)", "")), HasSubstr("not supported"));
}

TEST(Npy, RefusesFortranOrderAndRecords) {
  EXPECT_THAT(complaint_about_header("{'descr': '|i1', 'fortran_order': True, 'shape': (2, 2)}"),
              HasSubstr("is in Fortran order; save np.ascontiguousarray"));
  EXPECT_THAT(complaint_about_header("{'descr': [('x', '<i4')], 'fortran_order': False, 'shape': (2,)}"),
              HasSubstr("has records as elements"));
}

TEST(Npy, RefusesAHeaderThatNumpyDidNotWrite) {
  for (const char* text :
       {"", "{", "{}", "{'descr': '|i1'}", "{'descr': '|i1', 'fortran_order': False, 'shape': (2,}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (-2,)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (2,)} x",
        "{'descr': '|i1', 'descr': '|i1', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '|i1', 'fortran_order': maybe, 'shape': (2,)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (99999999999999999999,)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (2,), 'extra': 'x'}"})
    EXPECT_THAT(complaint_about_header(text), HasSubstr("has a header that numpy did not write")) << text;
}

TEST(Npy, RefusesMoreOrFewerValuesThanTheShapeSays) {
  EXPECT_EQ(complaint_about_npy(test::npy("|i1", "(4,)", "abc")),
            "v.npz: array `a` announces int8[4] but holds 3 bytes; save the file again; it is damaged");
  EXPECT_THAT(complaint_about_npy(test::npy("|i1", "(4,)", "abcde")), HasSubstr("but holds 5 bytes"));
}

TEST(Npy, RefusesAShapeWhoseSizeWrapsAround) {
  EXPECT_THAT(complaint_about_npy(test::npy("<i4", "(4294967296, 4294967296)", "")),
              HasSubstr("but holds 0 bytes"));
}

TEST(Npy, RefusesAFileCutOffAnywhere) {
  const auto whole = test::npy("<i4", "(2,)", "12345678");
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_THAT(complaint_about_npy({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}),
                StartsWith("v.npz: array `a` "))
        << size;
}

}  // namespace
}  // namespace tinyhil
