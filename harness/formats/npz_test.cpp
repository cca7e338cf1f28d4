// SPDX-License-Identifier: Apache-2.0
#include "npz.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "testing/complaint.hpp"
#include "testing/npz_builder.hpp"

namespace tinyhil {
namespace {

using testing::HasSubstr;

void replace_all(std::vector<std::uint8_t>& file, std::string_view from, std::string_view to) {
  auto at = std::search(file.begin(), file.end(), from.begin(), from.end());
  ASSERT_NE(at, file.end()) << from;
  for (; at != file.end(); at = std::search(at, file.end(), from.begin(), from.end()))
    at = std::copy(to.begin(), to.end(), at);
}

TEST(Npz, ListsItsArraysInTheFilesOrder) {
  const Npz npz({test::npz({{"z", test::npy("|i1", "(1,)", "a")}, {"a", test::npy("|i1", "(1,)", "b")}})},
                "v.npz");
  EXPECT_EQ(npz.names(), (std::vector<std::string>{"z", "a"}));
  EXPECT_TRUE(npz.has("a"));
  EXPECT_FALSE(npz.has("b"));
  EXPECT_EQ(npz.read("a").integer(0), 'b');
}

TEST(Npz, RefusesAnArrayWhoseChecksumIsWrong) {
  auto file = test::npz({{"a", test::npy("|i1", "(8,)", "abcdefgh")}});
  replace_all(file, "abcdefgh", "abcdefgx");
  const Npz damaged(std::move(file), "v.npz");
  EXPECT_THAT(test::complaint([&] { damaged.read("a"); }), HasSubstr("array `a` is damaged: CRC error"));
}

TEST(Npz, RefusesTwoArraysOfOneName) {
  auto file = test::npz({{"ab", test::npy("|i1", "(1,)", "a")}, {"ac", test::npy("|i1", "(1,)", "b")}});
  replace_all(file, "ac.npy", "ab.npy");
  EXPECT_THAT(test::complaint([&] { Npz(file, "v.npz"); }), HasSubstr("array `ab` is there twice"));
}

TEST(Npz, RefusesEntriesThatAreNoArrays) {
  auto file = test::npz({{"a", test::npy("|i1", "(1,)", "a")}});
  replace_all(file, "a.npy", "a.txt");
  EXPECT_THAT(test::complaint([&] { Npz(file, "v.npz"); }), HasSubstr("does not end in .npy"));
}

TEST(Npz, RefusesMoreThanAThousandArrays) {
  test::NpzEntries entries;
  for (int i = 0; i < 1001; ++i) entries.emplace_back("a" + std::to_string(i), test::npy("|i1", "(1,)", "a"));
  EXPECT_THAT(test::complaint([&] { Npz(test::npz(entries), "v.npz"); }),
              HasSubstr("1001 arrays, more than 1,000"));
}

TEST(Npz, RefusesASizeThatTheFileCannotHoldBeforeTakingMemory) {
  auto file = test::npz({{"a", test::npy("|i1", "(3,)", "abc")}});
  const std::string_view central = "PK\x01\x02";
  const auto entry = std::search(file.begin(), file.end(), central.begin(), central.end());
  ASSERT_NE(entry, file.end());
  const std::string_view half_a_gib("\0\0\0\x20", 4);
  std::copy(half_a_gib.begin(), half_a_gib.end(), entry + 24);  // uncompressed size, APPNOTE 4.3.12
  EXPECT_THAT(test::complaint([&] { Npz(file, "v.npz"); }),
              HasSubstr("announces more than the file can hold"));
}

TEST(Npz, RefusesMoreThanAGibibyte) {
  auto file = test::npz({{"a", test::npy("|i1", "(3,)", "abc")}});
  const std::string_view central = "PK\x01\x02";
  const auto entry = std::search(file.begin(), file.end(), central.begin(), central.end());
  ASSERT_NE(entry, file.end());
  const std::string_view one_and_a_half_gib("\0\0\0\x60", 4);
  std::copy(one_and_a_half_gib.begin(), one_and_a_half_gib.end(), entry + 24);
  EXPECT_THAT(test::complaint([&] { Npz(file, "v.npz"); }), HasSubstr("unpacks to more than 1 GiB"));
}

TEST(Npz, RefusesAFileCutOffAnywhere) {
  const auto whole = test::npz({{"a", test::npy("|i1", "(3,)", "abc")}});
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_THAT(test::complaint([&] {
                  const std::vector<std::uint8_t> part(whole.begin(),
                                                       whole.begin() + static_cast<std::ptrdiff_t>(size));
                  Npz(part, "v.npz").read("a");
                }),
                HasSubstr("not a readable .npz file"))
        << size;
}

}  // namespace
}  // namespace tinyhil
