// SPDX-License-Identifier: Apache-2.0
// What is started, and what becomes of it: with a stand-in for the programs, which notes its arguments. That
// the programs themselves take them is not shown here.
#include "flash_tool.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "testing/complaint.hpp"
#include "testing/folder.hpp"
#include "testing/schema_agreement.hpp"

namespace tinyhil::probe {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Words = std::vector<std::string>;

struct WithAStandIn : testing::Test {
  void SetUp() override { does("exit 0"); }

  // Each call: its arguments, one a line, then a line with a dot.
  void does(const std::string& commands) const {
    const auto file =
        folder.write("tool", "#!/bin/sh\nprintf '%s\\n' \"$@\" . >> " + noted() + "\n" + commands + "\n");
    ::chmod(file.c_str(), 0755);
  }
  std::string noted() const { return (folder.path() / "noted").string(); }
  std::unique_ptr<FlashTool> tool(const std::string& keys) const {
    const auto file = folder.write("flash.yaml", keys.substr(0, keys.size() - 1) + ", program: ./tool}\n");
    return flash_tool(Section::load(file));
  }
  std::vector<Words> calls() const {
    std::vector<Words> all(1);
    std::ifstream stream(noted());
    for (std::string line; std::getline(stream, line);) {
      if (line == ".") {
        all.emplace_back();
      } else {
        all.back().push_back(line);
      }
    }
    all.pop_back();
    return all;
  }

  test::TestFolder folder;
  std::string image = folder.write("agent file.elf", "content").string();
};

TEST_F(WithAStandIn, TheImageIsOneArgumentWhateverItsName) {
  const auto done = tool("{tool: stm32cube, serial: \"a b; c\"}")->flash(image);
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_THAT(calls(), ElementsAre(Words{"-c", "port=SWD", "sn=a b; c", "-w", image, "-v", "-rst"}));
}

TEST_F(WithAStandIn, AToolThatDoesNotResetAfterFlashingIsCalledTwice) {
  ASSERT_TRUE(tool("{tool: probe-rs, chip: nRF52840_xxAA}")->flash(image));
  EXPECT_THAT(calls(), ElementsAre(Words{"download", "--chip", "nRF52840_xxAA", image},
                                   Words{"reset", "--chip", "nRF52840_xxAA"}));
}

TEST_F(WithAStandIn, AllIsErasedFirstWhenThatIsAskedFor) {
  ASSERT_TRUE(tool("{tool: stm32cube}")->erase_and_flash(image));
  EXPECT_THAT(calls(), ElementsAre(Words{"-c", "port=SWD", "-e", "all", "-w", image, "-v", "-rst"}));
}

TEST_F(WithAStandIn, AScriptIsWrittenForAToolThatTakesOne) {
  does("while [ \"$1\" != -CommandFile ]; do shift; done; cat \"$2\" >&2; exit 7");
  const auto failed = tool("{tool: jlink, chip: NRF52840_XXAA, address: 0x1000}")->flash(image);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().evidence, "r\nloadfile \"" + image + "\" 0x1000\nr\ng\nexit");
  EXPECT_THAT(failed.error().what, HasSubstr("exited with status 7"));
}

TEST_F(WithAStandIn, NoNameOfAFileEndsAQuoteInAScript) {
  const auto jlink = tool("{tool: jlink, chip: X}");
  const std::string evil = folder.write("a\"b.elf", "content").string();
  EXPECT_THAT(test::complaint([&] { jlink->flash(evil).value(); }), HasSubstr("no file with quotes"));
  EXPECT_TRUE(calls().empty());
}

TEST_F(WithAStandIn, AFailureHasTheEndOfWhatWasSaid) {
  does("i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done; echo it broke >&2; exit 3");
  const auto failed = tool("{tool: pyocd, chip: nrf52}")->flash(image);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, FaultKind::refused);
  EXPECT_LE(failed.error().evidence.size(), 2048u);
  EXPECT_THAT(failed.error().evidence, HasSubstr("it broke"));
  EXPECT_THAT(failed.error().evidence, HasSubstr("line 4999"));
}

TEST_F(WithAStandIn, OneThatHangsIsEndedWithAllThatItStarted) {
  does("echo waiting; sleep 100 & wait");
  const auto hung = tool("{tool: pyocd, chip: nrf52, timeout: 300 ms}")->reset();
  ASSERT_FALSE(hung);
  EXPECT_EQ(hung.error().kind, FaultKind::timeout);
  EXPECT_EQ(hung.error().evidence, "waiting");
}

TEST_F(WithAStandIn, OneThatAsksReadsTheEndOfItsInput) {
  does("read answer && exit 9; exit 0");
  EXPECT_TRUE(tool("{tool: pyocd, chip: nrf52, timeout: 20 s}")->reset());
}

TEST_F(WithAStandIn, WestCannotResetAlone) {
  const auto refused = tool("{tool: west, build: build}")->reset();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, HasSubstr("cannot reset"));
  EXPECT_TRUE(calls().empty());
}

TEST_F(WithAStandIn, WhatIsMissingIsSaid) {
  const auto complaint = [this](const std::string& keys) { return test::complaint([&] { tool(keys); }); };
  EXPECT_THAT(complaint("{tool: probers, chip: X}"), HasSubstr("probe-rs"));
  EXPECT_THAT(complaint("{tool: probe-rs}"), HasSubstr("`chip`"));
  EXPECT_THAT(complaint("{tool: probe-rs, chip: X, build: b}"), HasSubstr("`build`"));
  EXPECT_THAT(complaint("{tool: probe-rs, chip: --erase}"), HasSubstr("begins with a dash"));
  EXPECT_THAT(test::complaint([&] { tool("{tool: west, build: b}")->flash("/no/such.elf").value(); }),
              HasSubstr("firmware image"));
}

TEST(FlashTool, AProgramThatIsNotThereIsAFaultOfTheBench) {
  const auto missing =
      flash_tool(Section::parse("{tool: pyocd, chip: X, program: no-such-program}", "bench.yaml"));
  const Error error = test::error_of([&] { missing->reset().value(); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_THAT(error.remedy(), HasSubstr("install `no-such-program`"));
}

TEST(FlashTool, AGdbServerThatIsNotThereIsSaid) {
  const auto gdb = flash_tool(Section::parse("{tool: gdb, server: jlink, port: 1}", "bench.yaml"));
  const auto gone = gdb->reset();
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind, FaultKind::gone);
  EXPECT_THAT(test::complaint([] { flash_tool(Section::parse("{tool: gdb, server: jlnk, port: 1}", "b")); }),
              HasSubstr("jlink"));
  EXPECT_THAT(test::complaint(
                  [] { flash_tool(Section::parse("{tool: gdb, server: jlink, port: 1, host: x}", "b")); }),
              HasSubstr("is no address"));
}

// The schema of each tool's keys, by the tool's name.
std::map<std::string, test::Json> schemas_of_tools(const test::Json& schema) {
  std::map<std::string, test::Json> tools;
  for (const test::Json& one : schema.at("$defs").at("board").at("properties").at("flash").at("oneOf")) {
    const std::string reference = one.at("$ref");
    const test::Json keys = schema.at(test::Json::json_pointer(reference.substr(1)));
    tools[keys.at("properties").at("tool").at("const")] = keys;
  }
  return tools;
}

test::Json shortest_section(const test::Json& schema, const test::Json& keys) {
  test::Json written = test::Json::object();
  for (const std::string key : keys.at("required")) {
    test::Json property = keys.at("properties").at(key);
    while (!property.contains("examples")) {
      const std::string reference = property.at("$ref");
      property = schema.at(test::Json::json_pointer(reference.substr(1)));
    }
    written[key] = property.at("examples").at(0);
  }
  return written;
}

TEST(FlashSchema, ListsTheKeysThatTheToolsTake) {
  const auto load = [](const std::string& yaml) { flash_tool(Section::parse(yaml, "flash.yaml")); };
  const test::Json schema = test::read_schema("bench");
  std::vector<std::string> listed;
  for (const auto& [tool, keys] : schemas_of_tools(schema)) {
    SCOPED_TRACE(tool);
    listed.push_back(tool);
    test::expect_agreement(
        {schema, keys, shortest_section(schema, keys), test::Json::json_pointer(""), load});
  }
  EXPECT_THAT(listed, testing::UnorderedElementsAreArray(flash_tools()));
}

}  // namespace
}  // namespace tinyhil::probe
