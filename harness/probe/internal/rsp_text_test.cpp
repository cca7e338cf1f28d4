// SPDX-License-Identifier: Apache-2.0
#include "rsp_text.hpp"

#include <gmock/gmock.h>

namespace tinyhil::probe {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(RspText, BytesAreTwoDigitsEach) {
  EXPECT_EQ(rsp_hex("\x01\xab"), "01ab");
  EXPECT_EQ(rsp_number(0x20000000), "20000000");
}

TEST(RspText, AStopHasASignal) {
  EXPECT_EQ(rsp_stop_signal("T05thread:1;"), 5);
  EXPECT_EQ(rsp_stop_signal("S02"), 2);
  EXPECT_FALSE(rsp_stop_signal("S0"));
  EXPECT_FALSE(rsp_stop_signal("TTL"));
  EXPECT_FALSE(rsp_stop_signal("OK"));
}

TEST(RspText, AnErrorHasANumberOrWords) {
  EXPECT_TRUE(rsp_is_error("E01"));
  EXPECT_TRUE(rsp_is_error("E.no such thing"));
  EXPECT_FALSE(rsp_is_error("E0"));
  EXPECT_FALSE(rsp_is_error("E011"));  // memory: two bytes
  EXPECT_FALSE(rsp_is_error("EFG"));
}

TEST(RspText, FeaturesHaveAValueOrASign) {
  EXPECT_THAT(rsp_features("PacketSize=4000;QStartNoAckMode+;;vFlash-"),
              ElementsAre(Pair("PacketSize", "4000"), Pair("QStartNoAckMode", "+"), Pair("vFlash", "-")));
}

TEST(RspText, RegistersAreNumberedOnWhereNothingIsStated) {
  unsigned next = 0;
  EXPECT_THAT(rsp_registers(R"(<feature><reg name="r0" bitsize="32"/><reg name='PC' bitsize='32' regnum="15"/>
                               <reg name="xPSR" bitsize="32"/><reg name="d0" bitsize="64"/></feature>)",
                            next),
              ElementsAre(Pair("d0", RspRegister{17, 64}), Pair("pc", RspRegister{15, 32}),
                          Pair("r0", RspRegister{0, 32}), Pair("xpsr", RspRegister{16, 32})));
  EXPECT_EQ(next, 18u);
  EXPECT_THAT(rsp_registers(R"(<register name="no"><reg bitsize="32"/><reg name="r1")", next), IsEmpty());
}

TEST(RspText, AllRegistersComeByTheirNumberAndTheirSize) {
  const RspRegisters registers = {{"pc", {15, 32}}, {"r0", {0, 32}}, {"d0", {20, 64}}, {"mask", {30, 8}}};
  EXPECT_THAT(rsp_values("0100000078563412"
                         "0011223344556677"
                         "05",
                         registers),
              ElementsAre(Pair("mask", 5), Pair("pc", 0x12345678), Pair("r0", 1)));
  EXPECT_THAT(rsp_values("xxxxxxxx78563412", registers), ElementsAre(Pair("pc", 0x12345678)));
  EXPECT_THAT(rsp_values("0100", registers), IsEmpty());
}

TEST(RspText, ADescriptionNamesItsParts) {
  EXPECT_THAT(rsp_includes(R"(<target><xi:include href="arm-m-profile.xml"/><xi:include/></target>)"),
              ElementsAre("arm-m-profile.xml"));
}

TEST(RspText, FlashHasItsBlocks) {
  EXPECT_THAT(rsp_flash(R"(<memory-map><memory type="ram" start="0x20000000" length="0x1000"/>
      <memory type="flash" start="0x8000000" length="0x10000"><property name="blocksize">0x400</property></memory>
      <memory type="flash" start="0" length="0x10"></memory></memory-map>)"),
              ElementsAre(RspFlash{0x8000000, 0x10000, 0x400}));
  EXPECT_THAT(rsp_flash("<memory type=\"flash\""), IsEmpty());
}

}  // namespace
}  // namespace tinyhil::probe
