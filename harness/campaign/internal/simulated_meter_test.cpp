// SPDX-License-Identifier: Apache-2.0
// That the meter it plugs in works is tested from outside (tests/energy_test.py).
#include "simulated_meter.hpp"

#include "campaign/internal/recorder.hpp"

#include <gmock/gmock.h>

#include "testing/complaint.hpp"
#include "testing/schema_agreement.hpp"

namespace tinyhil::campaign {
namespace {

Board board_with(const std::string& meter,
                 const std::string& link = "{driver: emulated, machine: mps2-an386}") {
  const std::string bench =
      "{bench: desk, boards: [{name: b1, provenance: emulated, image: agent.elf, link: " + link + meter +
      "}]}";
  return parse_bench(bench, "bench.yaml").boards.front();
}

TEST(SimulatedMeter, TakesTheKeysThatTheSchemaLists) {
  const test::Json schema = test::read_schema("bench");
  test::expect_agreement({schema,
                          schema.at("$defs").at("simulated_meter"),
                          {{"simulate", "ppk2"}, {"supply", "3 V"}},
                          test::Json::json_pointer(""),
                          [](const std::string& yaml) {
                            boost::asio::io_context io;
                            const Recorder recorder(io.get_executor(), board_with(", \"meter\": " + yaml));
                          }});
}

TEST(SimulatedMeter, RefusesABoardThatDoesNotTellWhatItDoes) {
  EXPECT_THAT(
      test::complaint([] {
        SimulatedMeter::of(board_with(", meter: {simulate: ppk2, supply: 3 V}", "{driver: tcp, port: 5555}"));
      }),
      testing::HasSubstr("board `b1` does not tell it"));
}

TEST(SimulatedMeter, IsNoneWhereTheMeterIsReal) {
  EXPECT_EQ(SimulatedMeter::of(board_with(", meter: {driver: ppk2, port: /dev/ttyACM1, supply: 3 V}")),
            nullptr);
  EXPECT_EQ(SimulatedMeter::of(board_with("")), nullptr);
}

}  // namespace
}  // namespace tinyhil::campaign
