// SPDX-License-Identifier: Apache-2.0
#include "bench.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::StartsWith;

constexpr char kBench[] =
    "bench: desk\n"
    "boards:\n"
    "  - name: m4\n"
    "    provenance: emulated\n"
    "    image: agent.elf\n"
    "    link: {driver: emulated, machine: mps2-an386}\n"
    "  - name: local\n"
    "    provenance: process\n"
    "    link: {driver: process}\n";

class BenchFile : public testing::Test {
 protected:
  BenchFile() { folder.write("agent.elf", "elf"); }

  Bench load(std::string_view yaml) const { return load_bench(folder.write("bench.yaml", yaml)); }

  std::string after_change(const std::string& from, const std::string& to) const {
    std::string yaml = kBench;
    yaml.replace(yaml.find(from), from.size(), to);
    return test::complaint([&] { load(yaml); }, folder.path());
  }

  test::TestFolder folder;
};

TEST_F(BenchFile, LoadsItsBoardsInOrder) {
  const Bench bench = load(kBench);
  EXPECT_EQ(bench.name, "desk");
  ASSERT_EQ(bench.boards.size(), 2u);
  EXPECT_EQ(bench.boards[0].name, "m4");
  EXPECT_EQ(bench.boards[0].provenance, Provenance::emulated);
  EXPECT_EQ(bench.boards[0].image, folder.path() / "agent.elf");
  EXPECT_EQ(bench.boards[1].provenance, Provenance::process);
  EXPECT_EQ(bench.boards[1].image, std::nullopt);
}

TEST_F(BenchFile, LeavesTheLinksOwnKeysToItsDriver) {
  const Bench bench = load(kBench);
  const Board& board = bench.board("m4");
  EXPECT_EQ(board.driver, "emulated");
  EXPECT_THAT(test::complaint([&] { board.link.finish(); }, folder.path()),
              StartsWith("bench.yaml:6: unknown key `machine`"));
  EXPECT_EQ(board.link.text("machine"), "mps2-an386");
  EXPECT_EQ(test::complaint([&] { board.link.finish(); }), "accepted");
}

TEST_F(BenchFile, ListsItsBoardsWhenAskedForOneItHasNot) {
  const Bench bench = load(kBench);
  EXPECT_EQ(
      test::complaint([&] { bench.board("m5"); }, folder.path()),
      "bench.yaml: there is no board `m5` on bench `desk`; did you mean `m4`? choose one of `m4`, `local`");
}

TEST_F(BenchFile, NamesWhatIsWrongWithABoard) {
  EXPECT_THAT(after_change("image:", "imgae:"),
              StartsWith("bench.yaml:5: unknown key `imgae`; did you mean `image`?"));
  EXPECT_THAT(after_change("provenance: emulated", "provenance: simulated"),
              StartsWith("bench.yaml:4: `provenance` is `simulated`"));
  EXPECT_THAT(after_change("{driver: process}", "{machine: x}"),
              StartsWith("bench.yaml:9: key `driver` is missing"));
  EXPECT_THAT(after_change("name: local", "name: m4"),
              StartsWith("bench.yaml:7: there are two boards named `m4`"));
  EXPECT_THAT(after_change("name: local", "name: 'no spaces'"),
              StartsWith("bench.yaml:7: `no spaces` cannot be the name of a board"));
}

TEST_F(BenchFile, SaysHowLongABoardMayTake) {
  const Bench bench = load(
      "bench: desk\nboards:\n  - {name: m4, provenance: real, boot: 15 s, quiet_boot: 3 s, "
      "longest_inference: 5 min, link: {driver: serial}}\n");
  EXPECT_EQ(bench.boards[0].boot, std::chrono::seconds(15));
  EXPECT_EQ(bench.boards[0].quiet_boot, std::chrono::seconds(3));
  EXPECT_EQ(bench.boards[0].longest_inference, std::chrono::minutes(5));
}

TEST_F(BenchFile, WithoutPatienceOfItsOwnABoardHasTenSecondsAndIsAskedAtOnce) {
  const Bench bench = load(kBench);
  EXPECT_EQ(bench.boards[0].boot, std::chrono::seconds(10));
  EXPECT_EQ(bench.boards[0].quiet_boot, std::chrono::seconds(0));
}

TEST_F(BenchFile, ABoardHasTheLabelsThatItIsGiven) {
  EXPECT_THAT(load(kBench).boards[0].labels, IsEmpty());
  const Bench bench = load(
      "bench: desk\nboards:\n  - {name: m4, provenance: real, labels: {chip: stm32f4, cores: 2}, "
      "link: {driver: serial}}\n");
  EXPECT_THAT(bench.boards[0].labels, ElementsAre(Pair("chip", "stm32f4"), Pair("cores", "2")));
}

TEST_F(BenchFile, ALabelIsAWordThatNoBoardHasAlready) {
  const auto with_labels = [&](const std::string& labels) {
    return after_change("provenance: emulated", "labels: " + labels + "\n    provenance: emulated");
  };
  EXPECT_THAT(with_labels("{board: m4}"),
              StartsWith("bench.yaml:4: every board has a label `board` already"));
  EXPECT_THAT(with_labels("{chip: a b}"), StartsWith("bench.yaml:4: `a b` cannot be the name of a label"));
  EXPECT_THAT(with_labels("{chip: [a]}"), StartsWith("bench.yaml:4: `chip`"));
}

TEST_F(BenchFile, AQuietBootLeavesTimeToAsk) {
  EXPECT_THAT(after_change("provenance: emulated", "quiet_boot: 10 s\n    provenance: emulated"),
              StartsWith("bench.yaml:4: `quiet_boot` leaves no time to ask"));
}

TEST_F(BenchFile, WithoutBoardsIsRefused) {
  EXPECT_EQ(test::complaint([&] { load("bench: desk\nboards: []\n"); }, folder.path()),
            "bench.yaml:2: there are no boards; describe at least one board");
}

TEST(Provenance, IsNamedAsInTheFile) {
  EXPECT_STREQ(to_string(Provenance::real), "real");
  EXPECT_STREQ(to_string(Provenance::emulated), "emulated");
  EXPECT_STREQ(to_string(Provenance::process), "process");
}

}  // namespace
}  // namespace tinyhil
