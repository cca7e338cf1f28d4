// SPDX-License-Identifier: Apache-2.0
// bench-http-host [CONNECTIONS] [REQUESTS]: a server in a process of its own, so many idle connections to it
// (10,000), and then requests (20,000), one after the other on one connection, each with a key, as a CI job
// sends them, and as many events. Prints one line of JSON: the server's memory before and with the
// connections, kilobytes a connection, microseconds a request, an event and a plain exchange of 256 bytes.
// The limit of open files has to allow for as many.
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/temporary_folder.hpp"
#include "daemon/http/client.hpp"
#include "daemon/http/daemon_address.hpp"
#include "daemon/http/event_reader.hpp"
#include "daemon/http/event_source.hpp"
#include "daemon/http/idempotency.hpp"
#include "daemon/http/openapi.hpp"
#include "daemon/http/peer_credentials.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/http/route.hpp"
#include "daemon/http/server.hpp"

namespace {

using namespace tinyhil;
namespace asio = boost::asio;
using Socket = asio::local::stream_protocol::socket;

asio::awaitable<daemon::Reply> lease(const daemon::Request& request) {
  daemon::Reply reply;
  reply.body = request.body;
  co_return reply;
}

class Events : public daemon::EventSource {
 public:
  asio::awaitable<daemon::NextEvent> next(Deadline) override {
    const std::string number = std::to_string(++number_);
    daemon::Event event{number, "lease", R"({"lease": )" + number + "}"};
    co_return event;
  }

 private:
  int number_ = 0;
};

asio::awaitable<daemon::Reply> events(const daemon::Request&) {
  daemon::Reply reply;
  reply.events = std::make_unique<Events>();
  co_return reply;
}

std::vector<daemon::Route> routes() {
  daemon::Route stream;
  stream.path = "/api/v1/events";
  stream.least_role = daemon::Role::viewer;
  stream.handler = events;
  daemon::Route route;
  route.verb = daemon::Verb::post;
  route.path = "/api/v1/leases";
  route.least_role = daemon::Role::user;
  route.handler = lease;
  route.documentation.request_schema = "{}";
  return daemon::with_openapi({stream, route}, "bench", "1");
}

void serve(const std::string& socket) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  asio::io_context io(1);
  daemon::ServerOptions options;
  options.unix_socket = daemon::UnixSocket{socket, 0600, daemon::by_group("")};
  options.keys = std::make_unique<daemon::RememberedReplies>(daemon::RememberingBounds{.number = 1000});
  const daemon::Server server(io.get_executor(), routes(), std::move(options));
  io.run();
}

// Resident, in kilobytes.
long memory_kb(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::strtol(line.c_str() + 6, nullptr, 10);
  }
  return 0;
}

// Each has been served once: a connection that never was costs less.
std::vector<Socket> idle_connections(asio::io_context& io, const std::string& path, int count) {
  std::vector<Socket> sockets;
  std::string reply;
  for (int i = 0; i < count; ++i) {
    Socket& socket = sockets.emplace_back(io);
    socket.connect({path});
    asio::write(socket, asio::buffer(std::string("GET /nowhere HTTP/1.1\r\n\r\n")));
    reply.clear();
    asio::read_until(socket, asio::dynamic_buffer(reply), "\"where\"");
  }
  return sockets;
}

asio::awaitable<void> ask(daemon::Client& client, int count) {
  daemon::Question question;
  question.verb = daemon::Verb::post;
  question.path = "/api/v1/leases";
  question.body = R"({"selector": "board=nucleo", "duration_s": 600})";
  question.headers = {{"Idempotency-Key", ""}};
  for (int i = 0; i < count; ++i) {
    question.headers[0].value = "job-" + std::to_string(i);
    co_await client.ask(question);
  }
}

asio::awaitable<void> read(daemon::EventReader& reader, int count) {
  for (int i = 0; i < count; ++i) co_await reader.next();
}

// Microseconds, each of so many.
double each_us(asio::io_context& io, asio::awaitable<void> task, int count) {
  const auto start = std::chrono::steady_clock::now();
  asio::co_spawn(io, std::move(task), [](const std::exception_ptr& failure) {
    if (failure) std::rethrow_exception(failure);
  });
  io.restart();
  io.run();
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
  return took.count() / count;
}

// Of as many bytes as a request and its reply have, to and fro between two processes, with nothing else.
double plain_us(int count) {
  constexpr std::size_t kBytes = 256;
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) throw std::runtime_error("no pair of sockets");
  std::array<char, kBytes> bytes{};
  const pid_t other = ::fork();
  if (other == 0) {
    ::close(ends[0]);
    while (::recv(ends[1], bytes.data(), kBytes, MSG_WAITALL) == kBytes) {
      ::send(ends[1], bytes.data(), kBytes, MSG_NOSIGNAL);
    }
    ::_exit(0);
  }
  ::close(ends[1]);
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) {
    ::send(ends[0], bytes.data(), kBytes, MSG_NOSIGNAL);
    ::recv(ends[0], bytes.data(), kBytes, MSG_WAITALL);
  }
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
  ::close(ends[0]);
  ::waitpid(other, nullptr, 0);
  return took.count() / count;
}

void wait_for_server(asio::io_context& io, const std::string& path) {
  boost::system::error_code error = asio::error::not_found;
  while (error) {
    Socket socket(io);
    socket.connect({path}, error);
    ::usleep(1000);
  }
}

void measure(const std::string& socket, pid_t server, int connections, int requests) {
  asio::io_context io(1);
  wait_for_server(io, socket);
  idle_connections(io, socket, 1);
  const long before = memory_kb(server);
  const std::vector<Socket> idle = idle_connections(io, socket, connections);
  const long with = memory_kb(server);
  const daemon::DaemonAddress address = daemon::parse_daemon_address("unix:" + socket);
  daemon::Client client(io.get_executor(), address);
  const double request_us = each_us(io, ask(client, requests), requests);
  daemon::Question stream;
  stream.path = "/api/v1/events";
  daemon::EventReader reader(io.get_executor(), address, stream);
  const double event_us = each_us(io, read(reader, requests), requests);
  const double connection_kb = static_cast<double>(with - before) / connections;
  fmt::print(R"({{"connections": {}, "before_kb": {}, "with_kb": {}, "connection_kb": {:.2f}, )", connections,
             before, with, connection_kb);
  fmt::print(R"("requests": {}, "request_us": {:.1f}, "event_us": {:.1f}, "plain_us": {:.1f}}})"
             "\n",
             requests, request_us, event_us, plain_us(requests));
}

}  // namespace

int main(int argc, char** argv) {
  const int connections = argc > 1 ? std::atoi(argv[1]) : 10'000;
  const int requests = argc > 2 ? std::atoi(argv[2]) : 20'000;
  const rlimit files{static_cast<rlim_t>(connections) + 200, static_cast<rlim_t>(connections) + 200};
  if (::setrlimit(RLIMIT_NOFILE, &files) != 0) std::perror("open files");
  const TemporaryFolder folder;
  const std::string socket = folder.path() / "daemon.sock";
  const pid_t server = ::fork();
  if (server == 0) {
    serve(socket);
    ::_exit(0);
  }
  int status = 0;
  try {
    measure(socket, server, connections, requests);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-http-host: %s\n", error.what());
    status = 1;
  }
  ::kill(server, SIGKILL);
  ::waitpid(server, nullptr, 0);
  return status;
}
