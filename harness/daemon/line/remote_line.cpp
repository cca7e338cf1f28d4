// SPDX-License-Identifier: Apache-2.0
#include "remote_line.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "internal/line_client.hpp"
#include "transport/descriptor.hpp"

namespace tinyhil::daemon {

namespace {

class RemoteLine : public transport::Transport {
 public:
  RemoteLine(std::unique_ptr<LineClient> client, std::unique_ptr<transport::Transport> near)
      : client_(std::move(client)), near_(std::move(near)) {}

  Result<std::size_t> read_some(std::span<std::uint8_t> into) override {
    return with_last_words(near_->read_some(into));
  }
  Result<std::size_t> write_some(std::span<const std::uint8_t> bytes) override {
    return with_last_words(near_->write_some(bytes));
  }
  asio::awaitable<void> wait(Until until) override { return near_->wait(until); }
  void stop_waiting() override { near_->stop_waiting(); }
  std::string describe() const override { return near_->describe(); }
  std::string last_words() override { return client_->last_words(); }

 private:
  Result<std::size_t> with_last_words(Result<std::size_t> size) {
    if (size) return size;
    Fault fault = size.error();
    fault.evidence = last_words();
    return fault;
  }

  std::unique_ptr<LineClient> client_;
  std::unique_ptr<transport::Transport> near_;  // ends first, by which the client sees that it is left
};

}  // namespace

std::unique_ptr<transport::Transport> open_remote_line(asio::any_io_executor executor,
                                                       RemoteLineSettings settings) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw Error(ErrorKind::bench_fault, std::string("no socket for the line: ") + std::strerror(errno),
                settings.address.text, "close programs that have many files open");
  const std::string where = settings.address.text;
  auto near = transport::open_descriptor(std::move(executor), ends[0], "line of " + where);
  auto client = std::make_unique<LineClient>(std::move(settings), ends[1]);
  client->open();
  return std::make_unique<RemoteLine>(std::move(client), std::move(near));
}

}  // namespace tinyhil::daemon
