// SPDX-License-Identifier: Apache-2.0
#include "transport.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>

#include "process.hpp"
#include "tcp.hpp"
#include "testing/await.hpp"
#include "testing/complaint.hpp"

namespace tinyhil::transport {
namespace {

using Bytes = std::vector<std::uint8_t>;

class TransportTest : public ::testing::Test {
 protected:
  Bytes read(Transport& transport) {
    Bytes bytes(64);
    const auto size = test::await(io_, transport.read(bytes));
    bytes.resize(size ? *size : 0);
    return bytes;
  }

  asio::io_context io_{1};
};

TEST_F(TransportTest, TcpTalksToAListener) {
  using boost::asio::ip::tcp;
  tcp::acceptor acceptor(io_, {boost::asio::ip::address_v4::loopback(), 0});
  auto client = open_tcp(io_.get_executor(), "127.0.0.1", acceptor.local_endpoint().port());
  tcp::socket server = acceptor.accept();
  ASSERT_TRUE(test::await(io_, client->write(Bytes{1, 0, 255})));
  Bytes got(3);
  boost::asio::read(server, boost::asio::buffer(got));
  EXPECT_EQ(got, (Bytes{1, 0, 255}));
  server.close();
  Bytes rest(8);
  const auto ended = test::await(io_, client->read(rest));
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().kind, FaultKind::gone);
}

TEST_F(TransportTest, ARefusedTcpConnectionNamesHostAndPort) {
  const Error error = test::error_of([&] { open_tcp(io_.get_executor(), "127.0.0.1", 1); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_EQ(error.where(), "127.0.0.1:1");
}

// A queue that is full lets nobody else in, and does not say so.
TEST_F(TransportTest, AServerThatDoesNotAnswerIsABenchFaultInTime) {
  using boost::asio::ip::tcp;
  tcp::acceptor acceptor(io_, tcp::v4());
  acceptor.bind({boost::asio::ip::address_v4::loopback(), 0});
  acceptor.listen(0);
  const std::uint16_t port = acceptor.local_endpoint().port();
  const auto waiting = open_tcp(io_.get_executor(), "127.0.0.1", port);
  const Error error =
      test::error_of([&] { open_tcp(io_.get_executor(), "127.0.0.1", port, std::chrono::milliseconds(50)); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_EQ(std::string(error.what()), "cannot connect: no answer within 50 ms");
}

TEST_F(TransportTest, AMissingProgramIsABenchFault) {
  const Error error = test::error_of([&] { open_process(io_.get_executor(), {"no-such-program-here"}); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_EQ(error.where(), "no-such-program-here");
}

TEST_F(TransportTest, AChildProcessDiesWithItsTransport) {
  auto transport = open_process(io_.get_executor(), {"sh", "-c", "echo $$; exec sleep 60"});
  const Bytes line = read(*transport);
  const pid_t child = std::stoi(std::string(line.begin(), line.end()));
  ASSERT_EQ(::kill(child, 0), 0);
  transport.reset();
  EXPECT_EQ(::kill(child, 0), -1);
}

}  // namespace
}  // namespace tinyhil::transport
