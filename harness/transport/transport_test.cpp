// SPDX-License-Identifier: Apache-2.0
#include "transport.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>

#include "testing/await.hpp"
#include "testing/complaint.hpp"

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
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_EQ(error.where(), "127.0.0.1:1");
}

TEST_F(TransportTest, AMissingProgramIsABenchFault) {
  const Error error = refusal_of("{driver: process, command: [no-such-program-here]}");
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_EQ(error.where(), "no-such-program-here");
}

TEST_F(TransportTest, AnUnknownDriverNamesTheNearest) {
  const Error error = refusal_of("{driver: serail, port: /dev/ttyACM0}");
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_NE((error.what() + error.remedy()).find("serial"), std::string::npos);
}

TEST_F(TransportTest, AMisspeltKeyIsAnError) {
  const Error error = refusal_of("{driver: serial, port: /dev/ttyACM0, buad: 115200}");
  EXPECT_EQ(error.kind(), ErrorKind::usage);
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
