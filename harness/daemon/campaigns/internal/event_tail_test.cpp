// SPDX-License-Identifier: Apache-2.0
#include "event_tail.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "testing/folder.hpp"

namespace tinyhil::daemon {
namespace {

class ATail : public testing::Test {
 protected:
  std::filesystem::path file() const { return folder_.path() / "events.jsonl"; }
  void write(const std::string& text) const { std::ofstream(file(), std::ios::app) << text; }

  const test::TestFolder folder_;
};

TEST_F(ATail, IsQuietBeforeThereIsAFile) { EXPECT_FALSE(EventTail(file(), 0).next()); }

TEST_F(ATail, GivesEachLineOnceAsTheFileGrows) {
  EventTail tail(file(), 0);
  write(R"({"event":"a"})"
        "\n"
        R"({"event":"b"})");
  EXPECT_EQ(tail.next()->name, "a");
  EXPECT_FALSE(tail.next()) << "the line is not whole";
  write("\n");
  EXPECT_EQ(tail.next()->text, R"({"event":"b"})");
  EXPECT_FALSE(tail.next());
}

TEST_F(ATail, GoesOnFromWhereAnotherOneStopped) {
  write("{\"event\":\"a\"}\n{\"event\":\"b\"}\n");
  const std::uint64_t end = EventTail(file(), 0).next()->end;
  EXPECT_EQ(EventTail(file(), end).next()->name, "b");
  EXPECT_FALSE(EventTail(file(), 1'000).next()) << "beyond its end";
}

TEST_F(ATail, PassesOverWhatIsNoEvent) {
  write("{\"eve\n\n[]\n{\"event\":7}\n" + std::string(3UL << 20U, 'x') + "\n{\"event\":\"a\"}\n");
  EventTail tail(file(), 0);
  EXPECT_EQ(tail.next()->name, "a");
}

TEST_F(ATail, GivesALineThatIsReadInManyPieces) {
  const std::string line = R"({"event":"long","what":")" + std::string(200'000, 'y') + R"("})";
  write("{\"event\":\"a\"}\n" + line + "\n{\"event\":\"b\"}\n");
  EventTail tail(file(), 0);
  EXPECT_EQ(tail.next()->name, "a");
  EXPECT_EQ(tail.next()->text, line);
  EXPECT_EQ(tail.next()->name, "b");
  EXPECT_FALSE(tail.next());
}

TEST_F(ATail, IsAppendedToBehindHalfALine) {
  write("{\"event\":\"a\"}\n{\"event\":");
  append_event(file(), R"({"event":"b"})");
  append_event(file(), R"({"event":"c"})");
  EventTail tail(file(), 0);
  EXPECT_EQ(tail.next()->name, "a");
  EXPECT_EQ(tail.next()->name, "b");
  EXPECT_EQ(tail.next()->name, "c");
}

}  // namespace
}  // namespace tinyhil::daemon
