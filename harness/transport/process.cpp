// SPDX-License-Identifier: Apache-2.0
#include "process.hpp"

#include <boost/asio/local/stream_protocol.hpp>

#include "transport/child_process.hpp"
#include "transport/internal/stream_transport.hpp"

namespace tinyhil::transport {

namespace {

using Socket = asio::local::stream_protocol::socket;

class ProcessTransport : public Transport {
 public:
  ProcessTransport(const asio::any_io_executor& executor, const std::vector<std::string>& command)
      : child_(command),
        stream_(Socket(executor, asio::local::stream_protocol(), child_.release_socket()),
                "process " + command[0]) {}

  Result<std::size_t> read_some(std::span<std::uint8_t> into) override {
    return with_last_words(stream_.read_some(into));
  }
  Result<std::size_t> write_some(std::span<const std::uint8_t> bytes) override {
    return with_last_words(stream_.write_some(bytes));
  }
  asio::awaitable<void> wait(Until until) override { return stream_.wait(until); }
  void stop_waiting() override { stream_.stop_waiting(); }

  void finish_writing() override { stream_.finish_writing(); }
  std::string describe() const override { return stream_.describe(); }
  std::string last_words() override { return child_.last_words(); }

 private:
  Result<std::size_t> with_last_words(Result<std::size_t> size) {
    if (size) return size;
    Fault fault = size.error();
    fault.evidence = last_words();
    return fault;
  }

  ChildProcess child_;
  StreamTransport<Socket> stream_;
};

}  // namespace

std::unique_ptr<Transport> open_process(asio::any_io_executor executor, std::vector<std::string> command) {
  return std::make_unique<ProcessTransport>(executor, command);
}

}  // namespace tinyhil::transport
