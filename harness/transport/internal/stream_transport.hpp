// SPDX-License-Identifier: Apache-2.0
// The part that every Asio byte stream shares: reading and writing with our kind of failure.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "transport/transport.hpp"

namespace tinyhil::transport {

template <class Stream>
class StreamTransport : public Transport {
 public:
  StreamTransport(Stream stream, std::string description)
      : stream_(std::move(stream)), description_(std::move(description)) {
    stream_.non_blocking(true);
  }

  Result<std::size_t> read_some(std::span<std::uint8_t> into) override {
    boost::system::error_code error;
    const std::size_t size = stream_.read_some(asio::buffer(into.data(), into.size()), error);
    return outcome(size, error);
  }

  Result<std::size_t> write_some(std::span<const std::uint8_t> bytes) override {
    boost::system::error_code error;
    const std::size_t size = stream_.write_some(asio::buffer(bytes.data(), bytes.size()), error);
    return outcome(size, error);
  }

  // Cancelled or failed, it returns all the same: the next call reports why.
  asio::awaitable<void> wait(Until until) override {
    boost::system::error_code error;
    co_await stream_.async_wait(until == Until::readable ? Stream::wait_read : Stream::wait_write,
                                asio::redirect_error(asio::use_awaitable, error));
  }

  void stop_waiting() override {
    boost::system::error_code ignored;
    stream_.cancel(ignored);
  }

  std::string describe() const override { return description_; }

 protected:
  Stream& stream() { return stream_; }
  void redescribe(std::string description) { description_ = std::move(description); }

 private:
  Result<std::size_t> outcome(std::size_t size, const boost::system::error_code& error) {
    if (error == asio::error::would_block || error == asio::error::try_again) return std::size_t{0};
    if (error) return Fault{FaultKind::gone, description_ + " ended: " + error.message(), last_words()};
    return size;
  }

  Stream stream_;
  std::string description_;
};

}  // namespace tinyhil::transport
