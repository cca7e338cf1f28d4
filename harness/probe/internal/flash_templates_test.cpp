// SPDX-License-Identifier: Apache-2.0
// The templates as they stand. That the programs take these arguments is not shown here: see docs/probes.md.
#include "flash_templates.hpp"

#include <gmock/gmock.h>

namespace tinyhil::probe {
namespace {

using testing::ElementsAre;
using Words = std::vector<std::string>;

const FlashTemplate& tool(const std::string& name) {
  for (const FlashTemplate& each : flash_templates())
    if (each.tool == name) return each;
  throw std::runtime_error("no tool " + name);
}

TEST(FlashTemplate, WordsInBracketsNeedTheirKey) {
  EXPECT_EQ(filled("a [-s {s}] {i}", {{"i", "f"}}).value(), (Words{"a", "f"}));
  EXPECT_EQ(filled("a [-s {s}] {i}", {{"i", "f"}, {"s", "1"}}).value(), (Words{"a", "-s", "1", "f"}));
  EXPECT_FALSE(filled("a {i}", {}));
}

TEST(FlashTemplate, AValueStaysWithinItsWord) {
  EXPECT_EQ(filled("{i} [sn={s}]", {{"i", "a b; rm [x] {s}"}, {"s", "1 2"}}).value(),
            (Words{"a b; rm [x] {s}", "sn=1 2"}));
}

TEST(FlashTemplate, GroupsAreTakenApart) {
  EXPECT_EQ(filled("[-a {a}] [-b {b}]", {{"b", "2"}}).value(), (Words{"-b", "2"}));
}

TEST(FlashTemplate, KeysAreRequiredOrNot) {
  EXPECT_THAT(keys_of(tool("probe-rs")).required, ElementsAre("chip"));
  EXPECT_THAT(keys_of(tool("probe-rs")).optional, ElementsAre("serial", "format", "address"));
  EXPECT_THAT(keys_of(tool("esptool")).required, ElementsAre("chip", "port", "address"));
  EXPECT_THAT(keys_of(tool("jlink")).optional, ElementsAre("serial", "address"));
  EXPECT_THAT(keys_of(tool("west")).required, ElementsAre("build"));
}

TEST(FlashTemplate, ProbeRsDownloadsAndResets) {
  const FlashValues values = {
      {"chip", "nRF52840_xxAA"}, {"serial", "1366:1015:683"}, {"image", "/a/agent.elf"}};
  EXPECT_EQ(filled(tool("probe-rs").flash, values).value(),
            (Words{"download", "--chip", "nRF52840_xxAA", "--probe", "1366:1015:683", "/a/agent.elf"}));
  EXPECT_EQ(filled(tool("probe-rs").reset, values).value(),
            (Words{"reset", "--chip", "nRF52840_xxAA", "--probe", "1366:1015:683"}));
}

TEST(FlashTemplate, EveryToolCanBeToldToEraseAllAndIsNotUnlessItIsTold) {
  FlashValues values{{"chip", "c"}, {"port", "p"}, {"address", "0"}, {"build", "b"}, {"image", "i"}};
  for (const FlashTemplate& each : flash_templates()) {
    const std::string words = each.flash + ' ' + each.flash_script;
    EXPECT_THAT(words, testing::HasSubstr("{erase}")) << each.tool;
    const std::string& where = each.flash_script.empty() ? each.flash : each.flash_script;
    values.erase("erase");
    const Words without = filled(where.substr(0, where.find("loadfile")), values).value_or(Words());
    EXPECT_THAT(without, testing::Not(testing::Contains(each.erase))) << each.tool;
    values["erase"] = each.erase;
    values["script"] = "s";
    const Words with = filled(each.flash_script.empty() ? each.flash : "[{erase}]", values).value();
    EXPECT_THAT(with, testing::Contains(each.erase)) << each.tool;
    EXPECT_THAT(keys_of(each).optional, testing::Not(testing::Contains("erase"))) << "no key of users";
  }
}

TEST(FlashTemplate, Stm32CubeTakesTheSerialNumberInOneWord) {
  EXPECT_EQ(
      filled(tool("stm32cube").flash, {{"serial", "0671FF"}, {"image", "a.bin"}, {"address", "0x08000000"}})
          .value(),
      (Words{"-c", "port=SWD", "sn=0671FF", "-w", "a.bin", "0x08000000", "-v", "-rst"}));
}

TEST(FlashTemplate, WestTakesTheImageInTheFormatThatItsRunnerKnows) {
  EXPECT_EQ(filled(tool("west").flash, {{"build", "/b"}, {"format", "hex"}, {"image", "/a.hex"}}).value(),
            (Words{"flash", "--build-dir", "/b", "--skip-rebuild", "--hex-file", "/a.hex"}));
}

}  // namespace
}  // namespace tinyhil::probe
