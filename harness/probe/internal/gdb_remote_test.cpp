// SPDX-License-Identifier: Apache-2.0
// Against a server that answers what the test says, in the same loop.
#include "gdb_remote.hpp"

#include <gmock/gmock.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "testing/await.hpp"

namespace tinyhil::probe {
namespace {

using boost::asio::ip::tcp;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

// Answers each packet by the first entry that it begins with; what has none gets the empty answer: not known.
class FakeServer {
 public:
  explicit FakeServer(asio::io_context& io)
      : acceptor_(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    asio::co_spawn(io, serve(), asio::detached);
  }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  std::vector<std::pair<std::string, std::string>> answers = {
      {"qSupported", "PacketSize=100;QStartNoAckMode+"}, {"QStartNoAckMode", "OK"}, {"?", "S05"}};
  std::string raw = {};  // in place of the answer to "m"
  std::vector<std::string> asked = {};

 private:
  std::string answer_to(const std::string& content) const {
    for (const auto& [begin, answer] : answers)
      if (content.starts_with(begin)) return answer;
    return {};
  }

  asio::awaitable<void> serve() {
    boost::system::error_code error;
    tcp::socket socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
    RspReader reader;
    std::array<char, 1024> chunk{};
    while (!error) {
      const std::size_t size = co_await socket.async_read_some(
          asio::buffer(chunk), asio::redirect_error(asio::use_awaitable, error));
      reader.push({chunk.data(), size});
      while (const auto item = reader.next()) {
        if (item->kind != RspItem::Kind::packet) continue;
        asked.push_back(item->content);
        if (item->content == "silence") continue;
        const bool is_raw = !raw.empty() && item->content.starts_with('m');
        const std::string answer = is_raw ? raw : "+" + rsp_packet(answer_to(item->content));
        co_await asio::async_write(socket, asio::buffer(answer),
                                   asio::redirect_error(asio::use_awaitable, error));
      }
    }
  }

  tcp::acceptor acceptor_;
};

struct AtAFakeServer : testing::Test {
  void connect(const std::string& name = "openocd") {
    GdbSettings settings;
    settings.port = server.port();
    settings.server = name;
    settings.limit = milliseconds(300);
    core.emplace(io.get_executor(), settings);
    const auto connected = finish(core->connect());
    ASSERT_TRUE(connected) << connected.error().what;
  }
  template <class T>
  T finish(asio::awaitable<T> task) {
    return test::await_beside(io, std::move(task));
  }

  asio::io_context io{1};
  FakeServer server{io};
  std::optional<GdbRemote> core;
};

TEST_F(AtAFakeServer, MemoryIsReadInPiecesThatThePacketsHold) {
  connect();
  server.answers.emplace_back("m", "0011");
  EXPECT_THAT(finish(core->read(0x20000000, 4)).value(), ElementsAre(0x00, 0x11, 0x00, 0x11));
  EXPECT_THAT(server.asked, testing::IsSupersetOf({"QStartNoAckMode", "m20000000,4", "m20000002,2"}));
}

TEST_F(AtAFakeServer, AServerThatKnowsNoBinaryWriteIsWrittenToInDigits) {
  connect();
  server.answers.emplace_back("M", "OK");
  EXPECT_TRUE(finish(core->write(0x10, {1, 2})));
  EXPECT_TRUE(finish(core->write(0x12, {3})));
  const std::vector<std::string> last(server.asked.end() - 2, server.asked.end());
  EXPECT_THAT(last, ElementsAre("M10,2:0102", "M12,1:03")) << "it is asked once whether it knows X";
}

TEST_F(AtAFakeServer, AnErrorAndAnEmptyAnswerAreRefusals) {
  connect();
  EXPECT_THAT(finish(core->read(0, 4)).error().what, HasSubstr("does not know it"));
  server.answers.emplace_back("m", "E0e");
  const auto refused = finish(core->read(0, 4));
  EXPECT_EQ(refused.error().kind, FaultKind::refused);
  EXPECT_THAT(refused.error().what, HasSubstr("says E0e"));
}

TEST_F(AtAFakeServer, AnswersThatMakeNoSenseAreCorrupt) {
  connect();
  server.answers.emplace_back("m", "0x12");
  EXPECT_EQ(finish(core->read(0, 4)).error().kind, FaultKind::corrupt);
}

TEST_F(AtAFakeServer, MoreThanWasAskedForIsCorrupt) {
  connect();
  server.answers.emplace_back("m", "001122334455");
  EXPECT_EQ(finish(core->read(0, 4)).error().kind, FaultKind::corrupt);
}

TEST_F(AtAFakeServer, ADamagedPacketIsAskedForAgainUntilItIsEnough) {
  server.answers.front().second = "PacketSize=100";
  connect();
  server.raw = "+$00#99$0011#c2";
  EXPECT_THAT(finish(core->read(0, 2)).value(), ElementsAre(0x00, 0x11));
  server.raw = "+$0#99$0#99$0#99$0#99$0#99";
  EXPECT_EQ(finish(core->read(0, 2)).error().kind, FaultKind::corrupt);
}

TEST_F(AtAFakeServer, RegistersComeTogetherWhereTheyDoNotComeAlone) {
  connect();
  std::string all;
  for (int i = 0; i < 16; ++i) all += rsp_hex(std::string{static_cast<char>(i), 0, 0, 0});
  server.answers.emplace_back("g", all);
  EXPECT_EQ(finish(core->registers()).value().at("pc"), 15u);
  server.answers.back().second = "00";
  EXPECT_EQ(finish(core->registers()).error().kind, FaultKind::refused);
}

TEST_F(AtAFakeServer, ACoreThatWouldStayHaltedIsToldToGoOn) {
  connect("jlink");
  server.answers.emplace_back("qRcmd," + rsp_hex("go"), "OK");
  server.answers.emplace_back("D", "OK");
  EXPECT_TRUE(finish(core->detach()));
  const std::vector<std::string> last(server.asked.end() - 2, server.asked.end());
  EXPECT_THAT(last, ElementsAre("qRcmd," + rsp_hex("go"), "D"));
}

TEST_F(AtAFakeServer, WhatACommandPrintsIsReadToItsEnd) {
  connect();
  server.answers.emplace_back("qRcmd," + rsp_hex("version"), rsp_hex("one line\n"));
  EXPECT_EQ(finish(core->monitor("version")).value(), "one line\n");
  EXPECT_EQ(finish(core->monitor("none")).error().kind, FaultKind::refused);
}

TEST_F(AtAFakeServer, EachServerIsResetInItsOwnWords) {
  connect("jlink");
  server.answers.emplace_back("qRcmd," + rsp_hex("reset"), "OK");
  EXPECT_TRUE(finish(core->reset_halt()));
  EXPECT_EQ(server.asked.back(), "qRcmd," + rsp_hex("reset"));
}

TEST_F(AtAFakeServer, ABlackMagicProbeIsAttachedFirst) {
  server.answers.emplace_back("qRcmd," + rsp_hex("swdp_scan"), "OK");
  server.answers.emplace_back("vAttach;1", "T05thread:1;");
  server.answers.emplace_back("vRun;", "T05");
  connect("black-magic");
  EXPECT_TRUE(finish(core->reset_halt()));
  EXPECT_EQ(server.asked.back(), "vRun;");
}

TEST_F(AtAFakeServer, ARunningCoreThatDoesNotStopIsWaitedForUntilTheLimit) {
  connect("qemu");
  server.answers.emplace_back("c", "O" + rsp_hex("printed"));
  EXPECT_TRUE(finish(core->resume()));
  EXPECT_TRUE(core->is_running());
  EXPECT_EQ(finish(core->wait_stop(milliseconds(30))).value(), std::nullopt);
  EXPECT_EQ(finish(core->read(0, 4)).error().kind, FaultKind::refused) << "QEMU would stop it";
}

TEST_F(AtAFakeServer, ImagesAreErasedByBlocksWrittenAndReadBack) {
  server.answers.front().second += ";qXfer:memory-map:read+";
  server.answers.emplace_back("qXfer:memory-map",
                              "l<memory type=\"flash\" start=\"0x1000\" length=\"0x1000\"><property "
                              "name=\"blocksize\">0x400</property></memory>");
  for (const char* each : {"vFlashErase", "vFlashWrite", "vFlashDone"})
    server.answers.emplace_back(each, "OK");
  server.answers.emplace_back("qRcmd", "OK");
  server.answers.emplace_back("m", "0102");
  connect();
  FirmwareImage image;
  image.segments = {{0x13ff, {1, 2}}};
  const auto done = finish(core->flash(image));
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_THAT(server.asked,
              testing::IsSupersetOf({"vFlashErase:1000,400", "vFlashErase:1400,400", "vFlashDone"}));
  image.segments = {{0x13ff, {1, 3}}};
  EXPECT_EQ(finish(core->flash(image)).error().kind, FaultKind::wrong_image);
  image.segments = {{0x1fff, {1, 3}}};
  EXPECT_THAT(finish(core->flash(image)).error().what, HasSubstr("knows no flash at 0x00001fff"));
}

TEST(GdbRemote, WithoutAServerIsGone) {
  asio::io_context io(1);
  tcp::acceptor reserved(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  GdbSettings settings;
  settings.port = reserved.local_endpoint().port();
  reserved.close();
  GdbRemote core(io.get_executor(), settings);
  const auto gone = test::await(io, core.connect());
  EXPECT_EQ(gone.error().kind, FaultKind::gone);
  EXPECT_THAT(gone.error().what, HasSubstr("no GDB server at 127.0.0.1"));
}

TEST(GdbRemote, AServerThatSaysNothingIsATimeout) {
  asio::io_context io(1);
  tcp::acceptor silent(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  GdbSettings settings;
  settings.port = silent.local_endpoint().port();
  settings.limit = milliseconds(50);
  GdbRemote core(io.get_executor(), settings);
  EXPECT_EQ(test::await(io, core.connect()).error().kind, FaultKind::timeout);
  EXPECT_EQ(test::await(io, core.read(0, 4)).error().kind, FaultKind::timeout) << "and stays one";
}

TEST(GdbRemote, KnowsItsServersOnly) {
  asio::io_context io(1);
  GdbSettings settings;
  settings.server = "lauterbach";
  GdbRemote core(io.get_executor(), settings);
  EXPECT_EQ(test::await(io, core.connect()).error().kind, FaultKind::refused);
}

}  // namespace
}  // namespace tinyhil::probe
