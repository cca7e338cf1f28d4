// SPDX-License-Identifier: Apache-2.0
#include "transport.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>

#include "await_test.hpp"
#include "model/complaint.hpp"

namespace tinyhil {
namespace {

using Bytes = std::vector<std::uint8_t>;

class TransportTest : public ::testing::Test {
 protected:
  std::unique_ptr<Transport> open(const std::string& yaml) {
    const Section link = Section::parse(yaml, "bench.yaml");
    return open_transport(io_.get_executor(), link.text("driver"), link);
  }
  Error refusal_of(const std::string& yaml) {
    return error_of([&] { open(yaml); });
  }
  Bytes read(Transport& transport) {
    Bytes bytes(64);
    const auto size = await(io_, transport.read(bytes));
    bytes.resize(size ? *size : 0);
    return bytes;
  }

  asio::io_context io_{1};
};

// A pseudo-terminal: `master` is what a board would be.
struct Terminal {
  int master = ::posix_openpt(O_RDWR | O_NOCTTY);
  std::string path;
  Terminal() {
    ::grantpt(master);
    ::unlockpt(master);
    path = ::ptsname(master);
  }
  ~Terminal() { ::close(master); }
};

TEST_F(TransportTest, SerialPassesEveryByteValueUnchanged) {
  const Terminal terminal;
  auto serial = open("{driver: serial, port: " + terminal.path + ", baud: 921600}");
  Bytes all(256);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  ASSERT_TRUE(await(io_, serial->write(all)));
  Bytes got(256);
  std::size_t size = 0;
  while (size < got.size()) {
    const ssize_t part = ::read(terminal.master, got.data() + size, got.size() - size);
    ASSERT_GT(part, 0);
    size += static_cast<std::size_t>(part);
  }
  EXPECT_EQ(got, all);
  ASSERT_EQ(::write(terminal.master, all.data(), 64), 64);
  EXPECT_EQ(read(*serial), Bytes(all.begin(), all.begin() + 64));
}

TEST_F(TransportTest, SerialTellsAPseudoTerminalItsRate) {
  const Terminal terminal;
  const auto serial = open("{driver: serial, port: " + terminal.path + ", baud: 921600}");
  termios settings{};
  ASSERT_EQ(::tcgetattr(terminal.master, &settings), 0);
  EXPECT_EQ(::cfgetospeed(&settings), static_cast<speed_t>(B921600));
}

TEST_F(TransportTest, ASerialPortHasOneUser) {
  const Terminal terminal;
  const std::string yaml = "{driver: serial, port: " + terminal.path + "}";
  const auto first = open(yaml);
  const Error error = refusal_of(yaml);
  EXPECT_EQ(error.code(), ExitCode::bench_fault);
  EXPECT_STREQ(error.what(), "the serial port is already in use");
  EXPECT_EQ(error.where(), terminal.path);
}

TEST_F(TransportTest, AMissingSerialPortSaysWhatToDo) {
  const Error error = refusal_of("{driver: serial, port: /dev/ttyNONE}");
  EXPECT_EQ(error.code(), ExitCode::bench_fault);
  EXPECT_NE(error.remedy().find("plug the board in"), std::string::npos);
}

TEST_F(TransportTest, TcpTalksToAListener) {
  using boost::asio::ip::tcp;
  tcp::acceptor acceptor(io_, {boost::asio::ip::address_v4::loopback(), 0});
  auto client = open("{driver: tcp, port: " + std::to_string(acceptor.local_endpoint().port()) + "}");
  tcp::socket server = acceptor.accept();
  ASSERT_TRUE(await(io_, client->write(Bytes{1, 0, 255})));
  Bytes got(3);
  boost::asio::read(server, boost::asio::buffer(got));
  EXPECT_EQ(got, (Bytes{1, 0, 255}));
  server.close();
  Bytes rest(8);
  const auto ended = await(io_, client->read(rest));
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().kind, FaultKind::gone);
}

TEST_F(TransportTest, ARefusedTcpConnectionNamesHostAndPort) {
  const Error error = refusal_of("{driver: tcp, host: 127.0.0.1, port: 1}");
  EXPECT_EQ(error.code(), ExitCode::bench_fault);
  EXPECT_EQ(error.where(), "127.0.0.1:1");
}

TEST_F(TransportTest, AMissingProgramIsABenchFault) {
  const Error error = refusal_of("{driver: process, command: [no-such-program-here]}");
  EXPECT_EQ(error.code(), ExitCode::bench_fault);
  EXPECT_EQ(error.where(), "no-such-program-here");
}

TEST_F(TransportTest, AnUnknownDriverNamesTheNearest) {
  const Error error = refusal_of("{driver: serail, port: /dev/ttyACM0}");
  EXPECT_EQ(error.code(), ExitCode::usage);
  EXPECT_NE((error.what() + error.remedy()).find("serial"), std::string::npos);
}

TEST_F(TransportTest, AMisspeltKeyIsAnError) {
  const Error error = refusal_of("{driver: serial, port: /dev/ttyACM0, buad: 115200}");
  EXPECT_EQ(error.code(), ExitCode::usage);
}

TEST_F(TransportTest, AChildProcessDiesWithItsTransport) {
  auto transport = open("{driver: process, command: [sh, -c, 'echo $$; exec sleep 60']}");
  const Bytes line = read(*transport);
  const pid_t child = std::stoi(std::string(line.begin(), line.end()));
  ASSERT_EQ(::kill(child, 0), 0);
  transport.reset();
  EXPECT_EQ(::kill(child, 0), -1);
}

}  // namespace
}  // namespace tinyhil
