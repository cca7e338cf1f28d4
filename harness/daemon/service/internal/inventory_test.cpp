// SPDX-License-Identifier: Apache-2.0
#include "inventory.hpp"

#include <gmock/gmock.h>

#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil::daemon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::StartsWith;
using testing::UnorderedElementsAre;

std::string bench_of(const std::string& name, const std::string& boards) {
  return "bench: " + name + "\nboards:\n" + boards;
}

std::string serial_board(const std::string& name, const std::string& port) {
  return "  - {name: " + name +
         ", provenance: real, labels: {chip: stm32f4}, link: {driver: serial, port: " + port + "}}\n";
}

std::vector<std::string> names_of(const std::vector<InventoryBoard>& boards) {
  std::vector<std::string> names;
  for (const InventoryBoard& each : boards) names.push_back(each.board.name);
  return names;
}

TEST(Inventory, IsOfAllBenchFilesOfAFolder) {
  const test::TestFolder folder;
  folder.write("d/2.yaml", bench_of("two", serial_board("b", "/dev/ttyS8")));
  folder.write("d/1.yml", bench_of("one", serial_board("c", "/dev/ttyS9")));
  folder.write("d/readme.txt", "not one");
  const auto extra = folder.write("extra.yaml", bench_of("three", serial_board("a", "/dev/ttyS7")));
  const auto boards = load_inventory({folder.path() / "d", extra});
  EXPECT_THAT(names_of(boards), ElementsAre("a", "b", "c"));
  EXPECT_THAT(boards[0].labels,
              UnorderedElementsAre(Pair("board", "a"), Pair("bench", "three"), Pair("chip", "stm32f4"),
                                   Pair("driver", "serial"), Pair("provenance", "real")));
}

TEST(Inventory, ANameIsOfOneBoardAndABoardHasOneName) {
  const test::TestFolder folder;
  const auto one = folder.write("1.yaml", bench_of("one", serial_board("a", "/dev/ttyS7")));
  const auto same_name = folder.write("2.yaml", bench_of("two", serial_board("a", "/dev/ttyS8")));
  const auto same_port = folder.write("3.yaml", bench_of("three", serial_board("b", "/dev/ttyS7")));
  EXPECT_THAT(test::complaint(
                  [&] {
                    load_inventory({one, same_name});
                  },
                  folder.path()),
              StartsWith("2.yaml: there is a board `a` in "));
  EXPECT_THAT(test::complaint(
                  [&] {
                    load_inventory({one, same_port});
                  },
                  folder.path()),
              HasSubstr("are one: serial /dev/ttyS7"));
  EXPECT_THAT(test::complaint([&] { load_inventory({folder.path() / "none"}); }), HasSubstr("none"));
}

TEST(Inventory, TellsALeasedProgramHowToReachTheBoard) {
  const test::TestFolder folder;
  const auto file = folder.write("1.yaml", bench_of("one", serial_board("a", "/dev/ttyS7")));
  EXPECT_THAT(lease_environment(load_inventory({file}).front()),
              UnorderedElementsAre(Pair("TINYHIL_BENCH", file.string()), Pair("TINYHIL_BOARD", "a"),
                                   Pair("TINYHIL_PORT", "/dev/ttyS7"), Pair("ESPPORT", "/dev/ttyS7")));
}

}  // namespace
}  // namespace tinyhil::daemon
