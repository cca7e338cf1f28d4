// SPDX-License-Identifier: Apache-2.0
#include "archive.hpp"

#include <gmock/gmock.h>

#include "testing/complaint.hpp"

namespace tinyhil::evidence {
namespace {

using testing::HasSubstr;

Files two_files() { return {{"a.txt", "hello"}, {"models/b.tflite", std::string(600, 'x')}}; }

std::string complaint_about(const std::string& archive) {
  const Error error = test::error_of([&] { read_archive(archive); });
  EXPECT_EQ(error.kind(), ErrorKind::broken_evidence);
  return error.where() + ": " + error.what();
}

TEST(Archive, GivesBackWhatWasPutIn) {
  EXPECT_EQ(read_archive(write_archive(two_files())), two_files());
  EXPECT_EQ(read_archive(write_archive({})), Files{});
  EXPECT_EQ(read_archive(write_archive({{"empty", ""}})), (Files{{"empty", ""}}));
}

TEST(Archive, IsWholeBlocksWithAnEndOfTwo) {
  EXPECT_EQ(write_archive(two_files()).size(), 512u * (1 + 1 + 1 + 2 + 2));
  EXPECT_EQ(write_archive(two_files()), write_archive(two_files()));
}

TEST(Archive, FindsAnyByteThatIsFlippedOutsideOfContent) {
  const std::string whole = write_archive({{"a", "x"}});
  for (std::size_t at = 0; at < whole.size(); ++at) {
    if (at == 512) continue;  // the content: for the manifest to find
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    bool refused = false;
    try {
      refused = read_archive(flipped).count("a") == 0;
    } catch (const Error&) {
      refused = true;
    }
    EXPECT_TRUE(refused) << at;
  }
}

TEST(Archive, IsRefusedWhenCutAnywhere) {
  const std::string whole = write_archive(two_files());
  for (std::size_t size = 0; size < whole.size(); size += 100)
    EXPECT_THROW(read_archive(whole.substr(0, size)), Error) << size;
  EXPECT_THAT(complaint_about(whole.substr(0, 1900)), HasSubstr("models/b.tflite: the archive ends"));
}

TEST(Archive, IsRefusedWhenSomethingFollows) {
  EXPECT_THAT(complaint_about(write_archive(two_files()) + "x"), HasSubstr("something follows"));
}

TEST(Archive, HoldsFilesInOrderAndEachOnce) {
  const std::string a = write_archive({{"a", "1"}}).substr(0, 1024);
  const std::string b = write_archive({{"b", "2"}});
  EXPECT_EQ(read_archive(a + b).size(), 2u);
  EXPECT_THAT(complaint_about(a + a + b), HasSubstr("a: files are not in order"));
}

TEST(Archive, TakesNoNameThatLeadsElsewhere) {
  for (const std::string name :
       {"", "/etc/passwd", "../up", "a/../b", "a//b", ".hidden", "a/", "a b", "a\nb"})
    EXPECT_FALSE(is_archive_name(name)) << name;
  EXPECT_FALSE(is_archive_name(std::string(101, 'a')));
  for (const std::string name : {"a", "models/shipped-2.tflite", "a/b/c_d"})
    EXPECT_TRUE(is_archive_name(name)) << name;
}

}  // namespace
}  // namespace tinyhil::evidence
