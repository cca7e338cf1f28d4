// SPDX-License-Identifier: Apache-2.0
#include "rsp_packet.hpp"

#include <gmock/gmock.h>

namespace tinyhil::probe {
namespace {

using testing::ElementsAre;
using Kind = RspItem::Kind;

std::vector<RspItem> items(std::initializer_list<std::string_view> parts) {
  RspReader reader;
  std::vector<RspItem> found;
  for (const std::string_view part : parts) {
    reader.push(part);
    while (auto item = reader.next()) found.push_back(std::move(*item));
  }
  return found;
}

RspItem packet(const std::string& content) { return {Kind::packet, content}; }

TEST(RspPacket, HasItsSumAndEscapesWhatWouldEndIt) {
  EXPECT_EQ(rsp_packet("OK"), "$OK#9a");
  EXPECT_EQ(rsp_packet(""), "$#00");
  EXPECT_EQ(rsp_packet("a#b"),
            "$a}\x03"
            "b#43");
}

TEST(RspPacket, ComesBackAsItWasWhateverItsBytesAre) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_THAT(items({rsp_packet(all)}), ElementsAre(packet(all)));
}

TEST(RspReader, TakesItemsApartHoweverTheyArrive) {
  EXPECT_THAT(items({"+$O", "K#9", "a-%Stop:T05#99"}),
              ElementsAre(RspItem{Kind::accepted}, packet("OK"), RspItem{Kind::rejected},
                          RspItem{Kind::notification, "Stop:T05"}));
}

TEST(RspReader, ExpandsRuns) {
  EXPECT_THAT(items({"$0* #7a"}), ElementsAre(packet("0000")));  // ' ' is 32: three more
}

TEST(RspReader, ReportsAWrongSumAndGoesOn) {
  EXPECT_THAT(items({"$OK#00$OK#9a"}), ElementsAre(RspItem{Kind::damaged}, packet("OK")));
  EXPECT_THAT(items({"$OK#xy$OK#9a"}), ElementsAre(RspItem{Kind::damaged}, packet("OK")));
}

TEST(RspReader, ARunOfNothingAndAnEscapeOfNothingAreDamaged) {
  EXPECT_THAT(items({"$* #4a"}), ElementsAre(RspItem{Kind::damaged}));
  EXPECT_THAT(items({"$}#7d"}), ElementsAre(RspItem{Kind::damaged}));
}

TEST(RspReader, APacketWithoutAnEndIsGivenUp) {
  const std::string endless = "$" + std::string(kRspContentMost + 1, 'a');
  EXPECT_THAT(items({endless, "$OK#9a"}), ElementsAre(RspItem{Kind::damaged}, packet("OK")));
}

}  // namespace
}  // namespace tinyhil::probe
